# REQUIRES: ninja
# RUN: %python %s %source %build %t
"""Adds operators by the steps of docs/how-to/add-an-op.md, taken from the page itself.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from how_to import HowTo

page = HowTo("add-an-op.md", *sys.argv[1:])
page.generate("dialects/Nnc/IR")
page.compile("dialects/Nnc/IR/NncDialect.cpp")
for program in ("nncc", "nncc-run"):
    page.link(program, *page.objects)
listing, imported, _, values, squares = page.run()
assert "com.example.QuickGelu" in listing, "the operator is not listed"
assert "nnc.sigmoid" in imported and "nnc.mul" in imported, "it is not composed"
assert "y: f32[3] -0.149612 0 1.93566" in values, "it computes something else"
assert "z: f32[3] 0.25 0 4" in squares, "the elementwise operation computes something else"
