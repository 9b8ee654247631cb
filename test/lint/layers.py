# RUN: %python %s %source
"""Who may include what. Languages (dialects/) know no rooms (lib/), rooms know no
other rooms, tools see only the doors (include/), what ships (runtime/) only itself.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem

# The first row whose pattern matches a file's path applies; \1 is its group.
RULES = [
    (r"runtime/", [r"runtime/", r"nncc_[\w]+\.h$"]),
    (r"include/nncc/", [r"nncc/"]),
    (r"include/nncc-c/", [r"nncc-c/"]),
    (r"dialects/(\w+)/IR/", [r"dialects/\1/IR/", r"dialects/Packed/IR/"]),
    (r"dialects/\w+/(\w+)/", [r"dialects/\w+/IR/", r"dialects/\w+/\1/"]),
    (r"lib/Pipeline/", [r"nncc/", r"dialects/", r"lib/Pipeline/", r"lib/\w+/Passes\.h$"]),
    (r"lib/CAPI/", [r"nncc/", r"nncc-c/", r"lib/CAPI/"]),
    (r"lib/(\w+)/", [r"lib/\1/", r"nncc/\1\.h$", r"nncc/Target\.h$", r"dialects/"]),
    (r"python-bindings/", [r"nncc/", r"runtime/nncc_rt\.h$", r"[^/]+$"]),
    (r"tools/([\w-]+)/", [r"nncc/", r"nncc-c/", r"tools/\1/", r"runtime/nncc_rt\.h$", r"[^/]+$"]),
]
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')


def allowed(path, included):
    for pattern, patterns in RULES:
        match = re.match(pattern, path)
        if match:
            own = match[1] if match.re.groups else ""
            return any(re.match(p.replace(r"\1", own), included) for p in patterns)
    return True


for path in files(".h", ".cpp", ".c"):
    for number, text in lines(path):
        match = INCLUDE.match(text)
        if not match or match[1].endswith(".inc"):
            continue
        if match[1].startswith(("mlir/", "llvm/")):
            problem(path, number, f'"{match[1]}" must be <{match[1]}>: quotes miss the precompiled header')
        elif not allowed(path.as_posix(), match[1]):
            problem(path, number, f'may not include "{match[1]}"')
finish()
