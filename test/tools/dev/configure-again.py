# RUN: %python %s %source %build %t
"""The dev preset configures a second time with another PATH that has the same compiler.

CMake compares a compiler that a preset sets in the cache with the one it found before, by
path, and forgets all options where they differ. What it takes from the environment it
keeps.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import os
import pathlib
import shutil
import subprocess
import sys

source, build, scratch = map(pathlib.Path, sys.argv[1:])
cache = (build / "CMakeCache.txt").read_text().splitlines()
options = [f"-D{line}" for line in cache
           if line.startswith(("CMAKE_PREFIX_PATH:", "Python3_EXECUTABLE:"))]
assert len(options) == 2, options

shutil.rmtree(scratch, ignore_errors=True)
links = scratch / "bin"
links.mkdir(parents=True)
for compiler in ("clang-19", "clang++-19"):
    (links / compiler).symlink_to(shutil.which(compiler))

for path in (os.environ["PATH"], f"{links}{os.pathsep}{os.environ['PATH']}"):
    run = subprocess.run(["cmake", "-S", source, "--preset", "dev", "-B", scratch / "build", *options],
                         env=os.environ | {"PATH": path}, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    assert "have changed" not in run.stdout + run.stderr
