# RUN: %python -W error %s %S/Inputs
"""How arrays are passed, and what is said about wrong ones.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import sys

import numpy as np

import nncc

sys.path.insert(0, sys.argv[1])
from networks import affine, parse, raises

model = nncc.compile(affine())
random = np.random.default_rng(0)
x, w, b = (random.standard_normal(shape, np.float32) for shape in ((4, 8), (8, 16), (16,)))
expected = model(x, w, b)


def same(outputs):
    for got, want in zip(outputs, expected):
        np.testing.assert_array_equal(got, want)


# In order, by name, mixed, in a dictionary.
same(model(x, w, b))
same(model(b=b, x=x, w=w))
same(model(x, w, b=b))
same(model({"b": b, "x": x, "w": w}))

# Strided, misaligned and read-only arrays, lists.
same(model(np.asfortranarray(x), w, b))
same(model(x, np.concatenate([w, w], axis=1)[:, :16], b[::-1].copy()[::-1]))
bytes_of = np.zeros(x.nbytes + 1, np.uint8)
misaligned = np.ndarray(x.shape, np.float32, bytes_of.data, offset=1)
misaligned[...] = x
same(model(misaligned, w, b))
x.setflags(write=False)
same(model(x, w, b))
same(model(x.tolist(), w, b))

# Calls do not share memory.
first = model(x, w, b)
second = model(2 * x, w, b)
same(first)
assert not np.array_equal(first[0], second[0])

# Everything that is wrong, at once.
with raises(r"^cannot run 'model': input 'x' must be float32, got float64; "
            r"input 'w' must have the shape \[8, 16\], got \[16, 8\]; input 'b' is missing$"):
    model(x.astype(np.float64), w.T)
with raises("no input is called 'z', there are 'x', 'w', 'b'"):
    model(x, w, b, z=x)
with raises("input 'x' is given twice"):
    model(x, w, b, x=x)
with raises("got 4 inputs, the model has 3: 'x', 'w', 'b'"):
    model(x, w, b, b)
with raises("input 'b' is no array of float32: could not convert"):
    model(x, w, ["a"] * 16)
with raises("must be float32, got >f4"):
    model(x.astype(">f4"), w, b)
with raises("threads must be 1 to 1024, got 0"):
    model.threads = 0
try:
    expected["z"]
except KeyError as error:
    assert "no output is called 'z', there are 'y', 'total'" in str(error)
else:
    raise AssertionError("an unknown output is no error")

# Numbers without dimension, names that are no identifiers.
scalar = nncc.compile(parse("s (float x, float[2] v) => (float y, float[2] z)"
                            "{ y = Relu (x) z = Add (x, v) }"))
y, z = scalar(np.float32(3), np.ones(2, np.float32))
assert y.shape == () and y == 3 and list(z) == [4, 4]
assert scalar(3.0, [1, 1])["y"] == 3
with raises(r"input 'x' must have the shape \[\], got \[1\]"):
    scalar(np.ones(1, np.float32), np.ones(2, np.float32))
named = parse("n (float[2] a) => (float[2] c) { c = Relu (a) }")
named.graph.input[0].name = named.graph.node[0].input[0] = "x:0/ä"
assert list(nncc.compile(named)({"x:0/ä": [1, -1]})[0]) == [1, 0]

# Threads change nothing in the results.
model.threads = 3
same(model(x, w, b))
assert model.threads == 3
