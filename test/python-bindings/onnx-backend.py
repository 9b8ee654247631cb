# RUN: %python -W ignore %s %S/Inputs
"""ONNX's interface of backends, by hand and by ONNX's own runner.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import io
import sys
import unittest

import numpy as np
import onnx
import onnx.backend.test

import nncc
import nncc.onnx_backend as backend

sys.path.insert(0, sys.argv[1])
from networks import affine, parse, raises

x, w, b = np.ones((4, 8), np.float32), np.ones((8, 16), np.float32), np.zeros(16, np.float32)
y, total = backend.run_model(affine(), [x, w, b])
assert y.shape == (4, 16) and (y == 8).all() and (total == 128).all()
prepared = backend.prepare(affine(), "CPU", strict=True)
assert (prepared.run({"x": x, "w": w, "b": b})["y"] == 8).all()
relu = parse("r (float[2] a) => (float[2] c) { c = Relu (a) }")
assert list(backend.run_model(relu, np.array([-1, 1], np.float32))[0]) == [0, 1]
node = onnx.helper.make_node("Gemm", ["a", "b", ""], ["c"], transB=1)
(c,) = backend.run_node(node, [x, x])
assert (c == 8).all() and c.shape == (4, 4)
(c,) = backend.run_node(node, [x, x], opset_version=11)
assert (c == 8).all()

bad = parse("bad (float[2] x) => (float[2] y) { y = NoSuchOperator (x) }")
assert backend.is_compatible(affine()) and not backend.is_compatible(bad)
assert backend.supports_device("CPU") and backend.supports_device("CPU:0")
assert not backend.supports_device("CUDA") and not backend.supports_device("abacus")
assert not backend.is_compatible(affine(), "CUDA")
with raises("device 'CUDA' is not supported, use 'CPU'"):
    backend.prepare(affine(), "CUDA")

# ONNX's runner finds its tests by the module's functions.
runner = onnx.backend.test.BackendTest(backend, __name__)
runner.include("^test_(relu|add|matmul_2d|gemm_all_attributes|averagepool_2d_ceil)_(cpu|cuda)$")
cases = runner.test_cases["OnnxBackendNodeModelTest"]
suite = unittest.defaultTestLoader.loadTestsFromTestCase(cases)
log = io.StringIO()
result = unittest.TextTestRunner(log, verbosity=2).run(suite)
assert result.wasSuccessful(), log.getvalue()
assert log.getvalue().count("... ok") == 5, log.getvalue()
