"""Small networks for the tests of the package.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import contextlib
import re

import onnx
import onnx.parser

import nncc


def parse(text):
    return onnx.parser.parse_model('<ir_version: 8, opset_import: ["" : 17]>\n' + text)


def affine():
    """relu(x . w + b), and the sum of its rows."""
    return parse("""
        affine (float[4,8] x, float[8,16] w, float[16] b) => (float[4,16] y, float[4,1] total) {
          p = MatMul (x, w)
          q = Add (p, b)
          y = Relu (q)
          axes = Constant <value = int64[1] {1}> ()
          total = ReduceSum (y, axes)
        }""")


@contextlib.contextmanager
def raises(pattern):
    """Expects an nncc.Error whose text has the pattern; yields a place for it."""
    caught = []
    try:
        yield caught
    except nncc.Error as error:
        assert re.search(pattern, str(error)), f"'{pattern}' is not in: {error}"
        caught.append(error)
    else:
        raise AssertionError(f"no error, expected one with '{pattern}'")
