"""Operators that read or write where a tensor of indices says, and order elements.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import numpy as np

ALL = ("float32",) * 4 + ("float16", "float64", "int64", "int32", "int8", "uint8", "bool")


def indices(g, shape, extent):
    """Numbers of positions, from the end, too; constants or an input."""
    array = g.numbers.randint(-extent, extent, shape).astype(g.pick(np.int64, np.int32))
    return g.add_input(array) if g.chance(0.5) else g.constant(array)


def source(g, ranks=range(1, 6)):
    return g.value(ranks=ranks, types=ALL)


def gather(g):
    x = source(g)
    if x:
        axis = g.random.randrange(len(g.shape(x)))
        shape = g.pick([], [3], [1], [2, 3], [g.shape(x)[axis]])
        g.add("Gather", [x, indices(g, shape, g.shape(x)[axis])], exact=True, axis=axis)


def gather_elements(g):
    x = source(g)
    if x:
        axis = g.random.randrange(len(g.shape(x)))
        shape = [g.random.randint(1, extent) for extent in g.shape(x)]
        shape[axis] = g.random.randint(1, 5)
        g.add("GatherElements", [x, indices(g, shape, g.shape(x)[axis])], exact=True, axis=axis)


def gather_nd(g):
    x = source(g)
    if x:
        depth = g.random.randint(1, len(g.shape(x)))
        array = np.stack([g.numbers.randint(-extent, extent, [2, 3]) for extent in g.shape(x)[:depth]], axis=-1)
        name = g.add_input(array) if g.chance(0.5) else g.constant(array)
        g.add("GatherND", [x, name], exact=True)


def scatter_elements(g):
    x = source(g)
    if not x:
        return
    axis = g.random.randrange(len(g.shape(x)))
    extent = g.shape(x)[axis]
    shape = [g.random.randint(1, size) for size in g.shape(x)]
    # Two updates of one element have no order: distinct positions along the axis.
    order = np.argsort(g.numbers.uniform(size=shape[:axis] + [extent] + shape[axis + 1:]), axis=axis)
    array = np.take(order, range(shape[axis]), axis=axis).astype(np.int64)
    name = g.add_input(array) if g.chance(0.5) else g.constant(array)
    g.add("ScatterElements", [x, name, g.weight(shape, g.type(x))], exact=True, axis=axis)


def scatter_nd(g):
    x = source(g)
    if x:
        rows = g.random.sample(range(g.shape(x)[0]), g.random.randint(1, g.shape(x)[0]))
        g.add("ScatterND", [x, g.integers([[row] for row in rows]),
                            g.weight([len(rows), *g.shape(x)[1:]], g.type(x))], exact=True)


def top_k(g):
    """Equal elements come in the order of their indices."""
    x = g.value(ranks=range(1, 5), types=("float32", "float64", "int64", "int32"), exact=True)
    if x:
        axis = g.random.randrange(len(g.shape(x)))
        g.add("TopK", [x, g.integers([g.random.randint(1, g.shape(x)[axis])])], results=2, exact=True, axis=axis,
              largest=g.pick(0, 1), sorted=1)


OPERATORS = [gather, gather, gather_elements, gather_nd, scatter_elements, scatter_nd, top_k]
