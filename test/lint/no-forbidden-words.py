# RUN: %python %s %source
"""Text that does not belong into the repository: paths of a machine, notes to
oneself, tabs, blanks at the end of lines.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem, root

# Spelled in pieces, or this file would contain them.
NOTES = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
MACHINE = re.compile(r"(?<![\w.~$}*])/(wo" + r"rk|ro" + r"ot|ho" + r"me|t" + r"mp)/")

for path in files(".h", ".cpp", ".c", ".td", ".py", ".sh", ".mlir", ".test", ".md", ".txt", ".cmake",
                  ".json", ".ld", ".in", ""):
    if "Written by" in (root / path).read_text(encoding="utf-8")[:500]:
        continue
    for number, text in lines(path):
        for pattern, what in ((NOTES, "a note to oneself"), (MACHINE, "a path of one machine")):
            match = pattern.search(text)
            if match:
                problem(path, number, f"'{match[0]}' is {what}")
        if "\t" in text:
            problem(path, number, "a tab")
        if text != text.rstrip():
            problem(path, number, "blanks at the end of the line")
finish()
