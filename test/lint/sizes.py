# RUN: %python %s %source
"""Files stay small enough to know by heart: at most 800 lines, better 400, and
functions at most 80 lines. What is between better and worst is only printed.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem

SOFT, HARD, FUNCTION = 400, 800, 80
NO_FUNCTION = ("namespace", "class", "struct", "enum", "union", "extern", "typedef", "#")


def check_functions(path, text):
    """LLVM's format puts the first line of a function and its closing brace, and
    nothing in between, in column one."""
    begin = None
    for number, line in enumerate(text, 1):
        if line.startswith("}"):
            if begin and number - begin > FUNCTION:
                problem(path, begin, f"a function of {number - begin} lines, at most {FUNCTION}")
            begin = None
        elif line[:1] not in ("", " ", "/", "*"):
            begin = None if "(" not in line or "= {" in line or line.startswith(NO_FUNCTION) else number


for path in files(".h", ".cpp", ".c", ".td", ".py", ".cmake", ".mlir", ".md"):
    text = [line for _, line in lines(path)]
    if any("Written by" in line for line in text[:5]):
        continue
    if len(text) > HARD:
        problem(path, len(text), f"{len(text)} lines, at most {HARD}")
    elif len(text) > SOFT:
        print(f"{path}: note: {len(text)} lines, better {SOFT}")
    if path.suffix in (".h", ".cpp", ".c"):
        check_functions(path, text)
finish()
