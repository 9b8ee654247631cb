# REQUIRES: ninja
# RUN: %python %s %source %build %t
"""Adds a pass by the steps of docs/how-to/add-a-pass.md, taken from the page itself.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from how_to import HowTo

page = HowTo("add-a-pass.md", *sys.argv[1:])
page.generate("dialects/Nnc/Transforms")
page.compile("lib/Pipeline/RegisterAll.cpp")
page.link("nncc-opt", *page.objects)
tested, stage = page.run()
assert not tested, "the pass does not do what its test says"
assert "nnc.neg" not in stage, "the graph stage does not run the pass"
