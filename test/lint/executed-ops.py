# RUN: %python %s %source
"""Every operator that nncc imports is executed by a network of test/run, for every row
of its table: an old meaning needs a network of an old opset.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem, root

# Its result is a sequence of maps, which networks of test/run have no type for.
IMPORTED_ONLY = {("ai.onnx.ml", "ZipMap")}
ROW = re.compile(r'^\s*\{"([\w.]*)", "(\w+)", (\d+), (\d+|anyNewer),')
OPSET = re.compile(r'"([\w.]*)" : (\d+)')
NODE = re.compile(r"= (?:([\w.]+)\.)?(\w+) *[<(]")

executed = {}  # (domain, operator) -> opsets
for path in files(".onnxtxt", under="test/run"):
    text = (root / path).read_text()
    opsets = {domain: int(version) for domain, version in OPSET.findall(text)}
    for domain, name in NODE.findall(text):
        executed.setdefault((domain, name), set()).add(opsets.get(domain, 0))
for path in files(".cpp", under="lib/Frontend/OnnxOps"):
    for number, text in lines(path):
        row = ROW.match(text)
        if not row or row.groups()[:2] in IMPORTED_ONLY:
            continue
        domain, name, first, last = row.groups()
        last = sys.maxsize if last == "anyNewer" else int(last)
        if not any(int(first) <= opset <= last for opset in executed.get((domain, name), ())):
            problem(path, number, f"operator '{name}' of opset {first} and later is executed by "
                                  "no network of test/run")
finish()
