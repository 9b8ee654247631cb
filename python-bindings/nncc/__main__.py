"""`python -m nncc`: the command line of the compiler.

It is the program `nncc` itself, which the package carries.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
from __future__ import annotations

import os
import pathlib
import sys
from typing import NoReturn


def main() -> NoReturn:
    program = pathlib.Path(__file__).parent / "bin" / "nncc"
    sys.stdout.flush()
    os.execv(program, ["nncc", *sys.argv[1:]])


if __name__ == "__main__":
    main()
