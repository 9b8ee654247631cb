"""Architectures that tools/dev/exported-networks exports, narrow and with random weights.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

ARCHITECTURES = {}  # name: a function that returns a module and its inputs


def architecture(make):
    """Registers what the decorated function makes under its name."""
    ARCHITECTURES[make.__name__] = make
    return make
