# RUN: %python %s %t %S/Inputs
"""Broken models end in one message per problem and a status, quickly, in little memory,
and leave nothing behind; whatever the file claims, contains or points to.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import resource
import shutil
import subprocess
import sys

scratch = pathlib.Path(sys.argv[1])
sys.path.insert(0, sys.argv[2])
from hostile_models import CASES

SECONDS, BYTES = 60, 3 << 30


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def says(line, message):
    """Whether a line of the output is this message, or one that matches."""
    kind, _, text = line.partition(": ")
    return kind == "error" and (message.fullmatch(text) if isinstance(message, re.Pattern) else message == text)


def problem(files, expected):
    """What is wrong about the way nncc refuses the model, or None."""
    shutil.rmtree(scratch, ignore_errors=True)
    folder = scratch / "model"
    folder.mkdir(parents=True)
    (scratch / "secret.bin").write_bytes(bytes(2048))
    (folder / "link.bin").symlink_to(scratch / "secret.bin")
    (folder / "dev").symlink_to("/dev/zero")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    before = sorted(scratch.rglob("*"))
    model = next(name for name in files if name.startswith("model"))
    try:
        result = subprocess.run(["nncc", model, "-o", "model.o"], cwd=folder, text=True,
                                capture_output=True, timeout=SECONDS, preexec_fn=limit_memory)
    except subprocess.TimeoutExpired:
        return f"takes more than {SECONDS} s"
    if result.returncode != 1:
        return f"status {result.returncode}\n{result.stderr[-2000:]}"
    lines = [line for line in result.stderr.splitlines() if not line.startswith("warning: ")]
    if not lines or not lines.pop().startswith(f"nncc: error: cannot compile '{model}'"):
        return f"does not say which file: {result.stderr[-2000:]}"
    if len(lines) != len(expected) or not all(map(says, lines, expected)):
        return "\n".join(lines)[:2000]
    if sorted(scratch.rglob("*")) != before:
        return "leaves files"
    return None


wrong = 0
for name, (files, expected) in CASES.items():
    found = problem(files, expected)
    if found:
        wrong += 1
        print(f"{name}: {found}", flush=True)
print(f"{len(CASES)} models, {wrong} wrong")
sys.exit(wrong != 0)
