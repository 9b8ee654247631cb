# RUN: %python %s %S/Inputs
"""Many threads compile and run at the same time, and Python goes on meanwhile.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import concurrent.futures
import os
import sys
import tempfile
import threading

import numpy as np
import onnx

import nncc

sys.path.insert(0, sys.argv[1])
from networks import affine, parse, raises


def network(size):
    """A network whose result tells which one it is."""
    model = parse(f"""
        network (float[1,{size}] x) => (float[1,{size}] y, float[1,{size}] z) {{
          y = Relu (x)
          z = Softmax <axis = 1> (x)
        }}""")
    offset = onnx.numpy_helper.from_array(np.full((1, size), size, np.float32), "offset")
    model.graph.initializer.append(offset)
    model.graph.node.append(onnx.helper.make_node("Add", ["z", "offset"], ["w"]))
    model.graph.output.append(onnx.helper.make_tensor_value_info("w", 1, [1, size]))
    return model


def compile_and_run(size, folder):
    model = nncc.compile(network(size), name=f"network_{size}")
    model.save(os.path.join(folder, f"network_{size}.so"))
    x = np.linspace(-1, 1, size, dtype=np.float32)[None]
    for _ in range(20):
        y, z, w = model(x)
        np.testing.assert_array_equal(y, np.maximum(x, 0))
        np.testing.assert_allclose(z.sum(), 1, rtol=1e-5)
        np.testing.assert_array_equal(w, z + np.float32(size))
    return model.object


with concurrent.futures.ThreadPoolExecutor(8) as pool, tempfile.TemporaryDirectory() as folder:
    sizes = [5, 17, 64, 100] * 4
    objects = list(pool.map(compile_and_run, sizes, [folder] * len(sizes)))
    for size, one in zip(sizes, objects):
        assert one == objects[sizes.index(size)], "threads change an object"

# One model, called by all.
model = nncc.compile(affine())
random = np.random.default_rng(0)
w, b = random.standard_normal((8, 16), np.float32), random.standard_normal(16, np.float32)
xs = [random.standard_normal((4, 8), np.float32) for _ in range(200)]
model.threads = 2
alone = [model(x, w, b) for x in xs]
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    for got, want in zip(pool.map(lambda x: model(x, w, b), xs), alone):
        np.testing.assert_array_equal(got[0], want[0])
        np.testing.assert_array_equal(got[1], want[1])

# Errors in one thread do not disturb others.
bad = parse("bad (float[2] x) => (float[2] y) { y = NoSuchOperator (x) }")


def fail(_):
    with raises("NoSuchOperator") as caught:
        nncc.compile(bad)
    assert len(caught[0].diagnostics) == 1


with concurrent.futures.ThreadPoolExecutor(4) as pool:
    list(pool.map(fail, range(16)))

# The interpreter is free while the compiler works and while a network runs: this
# thread counts between the beginning and the end of either.
product = parse("p (float[700,700] a) => (float[700,700] b) { b = MatMul (a, a) }")
big = nncc.compile(product)
operand = np.ones((700, 700), np.float32)
for work in (lambda: nncc.compile(product), lambda: [big(operand) for _ in range(20)]):
    worker = threading.Thread(target=work)
    worker.start()
    turns = 0
    while worker.is_alive():
        worker.join(0.0005)
        turns += 1
    assert turns > 10, f"the interpreter had {turns} turns only"
