# RUN: %python %s %source
"""Command-line options exist in tools/ only. What a user can choose is in
CompileOptions, what a developer can tune is an option of a pass.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem

OPTION = re.compile(r"\bcl::(opt|list|bits|alias)\b|\bgetenv\s*\(")

for folder in ("include", "dialects", "lib", "runtime"):
    for path in files(".h", ".cpp", ".c", under=folder):
        for number, text in lines(path):
            match = OPTION.search(text)
            if match:
                problem(path, number, f"'{match[0]}' outside of tools/")
finish()
