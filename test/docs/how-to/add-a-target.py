# REQUIRES: ninja
# RUN: %python %s %source %build %t
"""Adds a target by the steps of docs/how-to/add-a-target.md, taken from the page itself.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from how_to import HowTo

page = HowTo("add-a-target.md", *sys.argv[1:])
assert len(page.files) == 2 and len(page.commands) == 5, (page.files, page.commands)
page.compile()
page.link("nncc", "lib/Target/Arm/ArmTargets.cpp")
page.link("nncc-run", *page.objects)
targets, _, undefined, places, _ = page.run()
assert "cortex-m35p " in targets and not undefined, "the new target is not there"
assert "cortex-m35p: qemu-system-arm" in places, "the new target has no machine"
