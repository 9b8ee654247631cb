# RUN: rm -rf %t && mkdir %t && ln -s %source/examples %t && cd %t
# RUN: %python %s %source/README.md | FileCheck %s
"""The Python lines of the README do what it says.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import os
import sys

text = open(sys.argv[1], encoding="utf-8").read()
section = text.split("\n## In Python\n")[1].split("\n## ")[0]
code = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))
exec(code)
assert os.path.exists("digits.o") and os.path.exists("digits.h")
assert scores.shape == (1, 10) and model.target == "cortex-m4"
# CHECK: TensorInfo(name='image', dtype=dtype('float32'){{.*}}'proven_optimal': True
