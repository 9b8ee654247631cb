"""Remembers which runs of networks passed, so that the same one is not repeated.

The same compiler makes the same object of the same network, and the same object computes
the same values on the same machine: a run is known by the hashes of what decides it.
Marks of passed runs lie in the user's cache; NNCC_RERUN=1 in the environment makes
everything run again. Runs that fail are never remembered.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import functools
import hashlib
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "nncc" / "passed"
# What else has a part in a run: the programs around an object, and what runs them.
HARNESS = ("tools/nncc-run", "examples/bare-metal", "runtime", "tools/dev/network_runs.py",
           "tools/dev/passed_runs.py")
EMULATORS = ("qemu-aarch64", "qemu-arm", "qemu-riscv64", "qemu-system-arm", "qemu-system-riscv32", "node",
             "clang-19", "aarch64-linux-gnu-gcc", "arm-linux-gnueabihf-gcc",
             "riscv64-linux-gnu-gcc")


def digest(*parts):
    """The hash of strings, bytes and the contents of paths."""
    result = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, pathlib.Path) else part
        content = content.encode() if isinstance(content, str) else content
        result.update(len(content).to_bytes(8, "little") + content)
    return result.hexdigest()


def output_of(*command):
    if not shutil.which(command[0]):
        return f"no {command[0]}"
    return subprocess.run(command, capture_output=True, text=True).stdout


def facts_of(program):
    """What changes when a program does, without starting it."""
    path = shutil.which(program)
    if not path:
        return f"no {program}"
    facts = os.stat(path)
    return f"{os.path.realpath(path)} {facts.st_size} {facts.st_mtime_ns}"


@functools.cache
def compiler():
    """The compiler as it is now, with the libraries it was built for."""
    return digest(*(pathlib.Path(shutil.which(tool)) for tool in ("nncc", "nncc-run")),
                  output_of("nncc", "--version"), output_of("dpkg-query", "-W", "libllvm19", "libmlir-19"))


@functools.cache
def machine():
    """This machine, its emulators and the programs that objects are put into."""
    cpu = [line for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
           if line.startswith(("flags", "model name", "Features"))][:2]
    sources = sorted(path for part in HARNESS for path in [ROOT / part, *(ROOT / part).rglob("*")]
                     if path.is_file() and "__pycache__" not in path.parts)
    return digest(*cpu, *map(facts_of, EMULATORS), *sources)


class Run:
    """One network with its case on one target; `key` names everything that decides it."""

    def __init__(self, *key):
        self.mark = CACHE / digest(machine(), *key)

    def has_passed(self):
        if os.environ.get("NNCC_RERUN") or not self.mark.exists():
            return False
        self.mark.touch()  # marks that nobody asks for are removed in time
        return True

    def remember(self):
        CACHE.mkdir(parents=True, exist_ok=True)
        self.mark.touch()
