# RUN: %python %s %source
"""One thing, one name: the pass -nnc-fold-pad is declared in a Passes.td, lives in
FoldPad.cpp beside it and is tested by fold-pad.mlir in the mirrored test folder; if it
reports errors, fold-pad-invalid.mlir tests them. Nothing is called Utils or Common.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem, root

PASS = re.compile(r'^def\s+\w+\s*:\s*Pass<"([\w-]+)"')
BY_HAND = re.compile(r"\bPassWrapper<|\blet constructor\b")
REPORTS = re.compile(r"\bemit(Op)?Error\(")


def check_pass(path, number, flag):
    folder = path.parent
    # The prefix is the dialect or the room: dialects/Nnc/Transforms, lib/Codegen.
    prefix = folder.parts[1].lower() + "-"
    if not flag.startswith(prefix):
        problem(path, number, f"the name of pass '{flag}' must start with '{prefix}'")
        return
    kebab = flag[len(prefix):]
    source = folder / ("".join(word.capitalize() for word in kebab.split("-")) + ".cpp")
    if not (root / source).exists():
        # LLVM and the like keep their capitals.
        same = [p for p in (root / folder).glob("*.cpp") if p.name.lower() == source.name.lower()]
        if not same:
            problem(path, number, f"pass '{flag}' has no file {source}")
            return
        source = same[0].relative_to(root)
    wanted = [f"test/{folder}/{kebab}.mlir"]
    if REPORTS.search((root / source).read_text()):
        wanted.append(f"test/{folder}/{kebab}-invalid.mlir")
    for test in wanted:
        if not (root / test).exists():
            problem(path, number, f"pass '{flag}' has no test {test}")


for path in files(".td"):
    for number, text in lines(path):
        match = PASS.match(text)
        if match and path.name != "Passes.td":
            problem(path, number, f"pass '{match[1]}' must be declared in a Passes.td")
        elif match:
            check_pass(path, number, match[1])
        if BY_HAND.search(text):
            problem(path, number, "TableGen writes constructors of passes")
for path in files(".h", ".cpp", ".c", ".td", ".py"):
    if re.search(r"utils|common", path.name, re.IGNORECASE):
        problem(path, 1, "name what is inside: Utils and Common are no names")
    if path.suffix == ".cpp" and any(BY_HAND.search(text) for _, text in lines(path)):
        problem(path, 1, "declare passes in a Passes.td instead of PassWrapper")
finish()
