# RUN: %python %s %S/Inputs %t %source/tools/dev
"""Programs around objects on every emulated machine: contract.c tries what is promised
of an object, lib-calls-net.c the functions that LLVM calls on its own.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import shutil
import subprocess
import sys

inputs, scratch, tools = map(pathlib.Path, sys.argv[1:])
sys.path.insert(0, str(tools))
from network_runs import places, unavailable

PROGRAMS = [("contract.c", ["two", "three"], "contract holds"),
            ("lib-calls-net.c", ["net"], "values are right")]


def compile_all(target, folder):
    """The objects and headers of the programs."""
    two = (inputs / "two-kernels.mlir").read_text().replace("TARGET", target)
    sources = {"two": two, "three": two.replace('"two"', '"three"').replace("0.125", "0.25"),
               "net": (inputs / "lib-calls.mlir").read_text().replace("TARGET", target)}
    for name, source in sources.items():
        for kind, suffix in [("object", "o"), ("header", "h")]:
            subprocess.run(["nncc-translate", f"--mlir-to-{kind}", "-o", folder / f"{name}.{suffix}"],
                           input=source, text=True, check=True)


def problems(target, folder):
    for program, objects, expected in PROGRAMS:
        command = ["nncc-run", "--program", inputs / program]
        for name in objects:
            command += ["--object", folder / f"{name}.o"]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode or result.stdout.strip() != expected:
            yield f"{target}, {program}: {result.stdout}{result.stderr}"


shutil.rmtree(scratch, ignore_errors=True)
found = []
for target, place in places().items():
    if place == "here" or unavailable(target):
        print(f"{target}: not run, {place}")
        continue
    folder = scratch / target
    folder.mkdir(parents=True)
    compile_all(target, folder)
    found += problems(target, folder)
    print(f"{target}: run", flush=True)
sys.exit("\n".join(found) or 0)
