# RUN: %python %s %source
"""Paths that documentation cites exist, in pages and in descriptions of passes.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem, root

TOP = r"(?:\.ci|cmake|dialects|docs|examples|include|lib|runtime|test|tools|python-bindings)"
PATH = re.compile(r"(?<![\w/.-])(" + TOP + r"/[\w./-]*)")
# Files that the reader of a page makes.
CREATED = re.compile(r"^ *As (\S+):$")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]*)?\)")

for path in files(".md", ".td"):
    created = {match[1] for _, text in lines(path) if (match := CREATED.match(text))}
    for number, text in lines(path):
        if path.suffix == ".td" and re.match(r'\s*(#|include\b)', text):
            continue
        for match in PATH.finditer(text):
            cited = match[1].rstrip(".")
            # A placeholder follows: only the folder is cited.
            if text[match.end():match.end() + 1] in ("<", "{", "*"):
                cited = cited.rpartition("/")[0]
            if not cited.endswith(".inc") and cited not in created and not (root / cited).exists():
                problem(path, number, f"cites {cited}, which does not exist")
        for match in LINK.finditer(text) if path.suffix == ".md" else ():
            if not (root / path.parent / match[1]).exists():
                problem(path, number, f"links to {match[1]}, which does not exist")
finish()
