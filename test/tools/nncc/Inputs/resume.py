"""Goes on from the IR that each stage left; the object must always be the same.

    resume.py STAGES OBJECT

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import subprocess
import sys

stages, wanted = map(pathlib.Path, sys.argv[1:])
saved = sorted(stages.glob("*.mlirbc"))
names = [path.stem.split("-")[1] for path in saved] + ["emit"]
if len(saved) != 8:
    sys.exit(f"{len(saved)} stages were saved, not 8")
for path, following in zip(saved, names[1:]):
    subprocess.run(["nncc", path, f"-start-at={following}", "-o", "resumed.o"], check=True)
    if pathlib.Path("resumed.o").read_bytes() != wanted.read_bytes():
        sys.exit(f"another object from stage {following} on")
