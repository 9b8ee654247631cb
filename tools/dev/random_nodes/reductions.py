"""Sums, means, extremes and what is made of them.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

WIDE = ("float32", "float32", "float64")


def axes_of(g, x):
    rank = len(g.shape(x))
    return g.random.sample(range(-rank, 0), g.random.randint(1, rank))


def reduce(g):
    x = g.value(ranks=[1, 2, 3, 4, 5], types=WIDE)
    if x:
        op = g.pick("ReduceMean", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceL1",
                    "ReduceSumSquare")
        if op == "ReduceL2" and g.type(x) == "float64":
            return  # ONNX defines it by a root of f32
        g.add(op, [x, g.integers(axes_of(g, x))], exact=op in ("ReduceMax", "ReduceMin"), keepdims=g.pick(0, 1))


def reduce_integers(g):
    x = g.value(ranks=[1, 2, 3, 4, 5], types=("int32", "int64"))
    if x:
        g.add(g.pick("ReduceSum", "ReduceMax", "ReduceMin"), [x, g.integers(axes_of(g, x))],
              keepdims=g.pick(0, 1))


def softmax(g):
    x = g.value(ranks=[1, 2, 3, 4, 5], types=WIDE, low=-10, high=10)
    if x:
        g.add("Softmax", [x], axis=g.random.randrange(len(g.shape(x))))


def layer_norm(g):
    """As exporters write it."""
    x = g.value(ranks=[2, 3, 4], low=-10, high=10)
    if not x or g.get(x).std(axis=-1).min() < 0.1:
        return
    before = len(g.nodes)
    axis = g.integers([-1])
    g.add("ReduceMean", [x, axis], keepdims=1)
    if len(g.nodes) == before:
        return
    g.add("Sub", [x, g.nodes[-1].output[0]])
    if len(g.nodes) != before + 2:
        return
    centered = g.nodes[-1].output[0]
    g.add("ReduceSumSquare", [centered, axis], keepdims=1)
    if len(g.nodes) == before + 3:
        g.add("Div", [centered, g.nodes[-1].output[0]])


OPERATORS = [reduce, reduce, reduce_integers, softmax, layer_norm]
