# RUN: rm -rf %t && mkdir %t && %python %s %t %S/Inputs
"""One exception with every problem of a model.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import os
import pickle
import sys
import warnings

import numpy as np
import onnx

import nncc

sys.path.insert(0, sys.argv[2])
from networks import affine, parse, raises

wrong = parse("""
    wrong (float[4,8] x, float[7,16] w) => (float[4,16] y, float[4,8] z, float[4,8] v) {
      [product] y = MatMul (x, w)
      [odd] z = NoSuchOperator (x)
      v = Softmax <axis = 5> (x)
    }""")
with raises("cannot compile 'model'") as caught:
    nncc.compile(wrong)
error = caught[0]
assert error.message == "cannot compile 'model'"
assert {one.node for one in error.diagnostics} == {"product", "odd", "#2"}, error.diagnostics
assert all(one.severity == "error" for one in error.diagnostics)
lines = str(error).splitlines()
assert len(lines) == 4 and all(line.startswith("  error: node ") for line in lines[1:]), lines
assert str(pickle.loads(pickle.dumps(error))) == str(error)

# Files and bytes that are no models.
with raises("cannot read the file: No such file"):
    nncc.compile(os.path.join(sys.argv[1], "none.onnx"))
for junk in (b"", b"junk", affine().SerializeToString()[:-7]):
    with raises("not an ONNX model"):
        nncc.compile(junk)
with raises("a model is a path, bytes or an onnx.ModelProto, got int"):
    nncc.compile(7)
outside = affine()
tensor = outside.graph.initializer.add(name="w", data_type=onnx.TensorProto.FLOAT, dims=[8, 16])
tensor.data_location = onnx.TensorProto.EXTERNAL
tensor.external_data.add(key="location", value="weights.bin")
with raises("external data 'weights.bin' lies beside a model's file, this model is in memory"):
    nncc.compile(outside)

# Options.
with raises("unknown target 'z80', known targets: host, "):
    nncc.compile(affine(), target="z80")
with raises("unknown CPU 'z80'"):
    nncc.compile(affine(), cpu="z80")
for level in (4, -1, "x", None):
    with raises("opt_level must be 0 to 3 or 's'"):
        nncc.compile(affine(), opt_level=level)
with raises("threads must be 1 to 1024, got 0"):
    nncc.compile(affine(), threads=0)
for extent in (0, 2.5, 2**63):
    with raises("must be a positive integer"):
        nncc.compile(affine(), dims={"N": extent})

# Warnings are Python's.
unnamed = parse("u (float[N,3] x) => (float[N,3] y) { y = Relu (x) }")
unnamed.graph.input[0].type.tensor_type.shape.dim[0].Clear()
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    model = nncc.compile(unnamed)
assert len(said) == 1 and "the batch dimension has no extent" in str(said[0].message)
assert said[0].filename == __file__
assert [one.severity for one in model.diagnostics] == ["warning"]
assert model(np.ones((1, 3), np.float32))[0].shape == (1, 3)
