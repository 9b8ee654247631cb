"""What the lint tests share: the files of the source tree and the verdict.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import os
import pathlib
import sys

root = pathlib.Path(sys.argv[1]).resolve()
problems = []


def files(*suffixes, under=""):
    """Text files below `under` as paths relative to the root, sorted."""
    for folder, folders, names in os.walk(root / under):
        # Builds, and the rules' own examples of what is wrong.
        folders[:] = sorted(f for f in folders if not f.startswith(("build", ".git", "__pycache__"))
                            and not os.path.join(folder, f).endswith("test/lint/Inputs"))
        for name in sorted(set(names) - {".git"}):
            path = pathlib.Path(folder, name).relative_to(root)
            if path.suffix in suffixes:
                yield path


def lines(path):
    """(number, text) of every line."""
    return enumerate((root / path).read_text(encoding="utf-8").splitlines(), 1)


def problem(path, number, text):
    problems.append(f"{path}:{number}: {text}")


def finish():
    for text in problems:
        print(text)
    sys.exit(1 if problems else 0)
