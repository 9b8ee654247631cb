# RUN: %python %s %source
"""Every C and C++ file starts with its name, its purpose and the licence.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem

for path in files(".h", ".cpp", ".c"):
    head = [text for _, text in lines(path)][:8]
    if path.parts[0] == "cmake" or "Inputs" in path.parts or any("Written by" in text for text in head):
        continue  # nothing to license, data of a test, or the output of a script
    banner = head[0] if head else ""
    match = re.match(r"(?://|/\*)===- ([\w.-]+) - \S", banner)
    if not match:
        problem(path, 1, "starts with no line '//===- Name.cpp - purpose ---===//'")
    elif match[1] != path.name:
        problem(path, 1, f"calls itself {match[1]}")
    if not any("SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception" in text for text in head):
        problem(path, 1, "names no licence")
finish()
