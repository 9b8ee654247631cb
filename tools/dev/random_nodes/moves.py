"""Operators that move elements and do not compute.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import math

import numpy as np

FLOATS = ("float32", "float16", "float64")
ALL = ("float32",) * 4 + ("float16", "float64", "int64", "int32", "int8", "uint8", "bool")


def move(g, op, inputs, results=1, **attributes):
    g.add(op, inputs, results, exact=True, **attributes)


def transpose(g):
    x = g.value(ranks=[2, 3, 4, 5], types=ALL, empty=True)
    if x:
        rank = len(g.shape(x))
        move(g, "Transpose", [x], perm=g.random.sample(range(rank), rank))


def reshape(g):
    x = g.value(types=ALL)
    if not x:
        return
    size, shape = math.prod(g.shape(x)), []
    while len(shape) < g.random.randrange(5):
        shape.append(g.random.choice([d for d in range(1, size + 1) if size % d == 0]))
        size //= shape[-1]
    move(g, "Reshape", [x, g.integers(shape + [g.pick(size, -1)])])


def flatten(g):
    x = g.value(ranks=[1, 2, 3, 4, 5], types=ALL)
    if x:
        move(g, "Flatten", [x], axis=g.random.randrange(len(g.shape(x)) + 1))


def unsqueeze(g):
    x = g.value(ranks=range(5), types=ALL, empty=True)
    if x:
        move(g, "Unsqueeze", [x, g.integers([g.random.randint(0, len(g.shape(x)))])])


def squeeze(g):
    x = g.value(types=ALL, empty=True)
    ones = [i for i, extent in enumerate(g.shape(x)) if extent == 1] if x else []
    if ones:
        move(g, "Squeeze", [x, g.integers([g.random.choice(ones)])])


def expand(g):
    x = g.value(ranks=range(5), types=ALL, empty=True)
    if x:
        shape = [g.pick(2, 3) if extent == 1 else extent for extent in g.shape(x)]
        move(g, "Expand", [x, g.integers(g.pick([], [2]) + shape)])


def tile(g):
    x = g.value(ranks=range(1, 5), types=ALL, empty=True)
    if x:
        move(g, "Tile", [x, g.integers([g.pick(1, 1, 2, 3) for _ in g.shape(x)])])


def pad(g):
    x = g.value(ranks=[1, 2, 3, 4, 5], types=FLOATS + ("int32",))
    if not x:
        return
    mode = g.pick("constant", "constant", "constant", "edge", "reflect", "wrap")
    least = -1 if mode == "constant" else 0
    def amounts():
        return [g.random.randint(least, 0 if mode == "constant" else min(extent - 1, 2)) if g.chance(0.3)
                else g.random.randint(0, min(2, extent - 1 if mode != "constant" else 2)) for extent in g.shape(x)]

    begin, end = amounts(), amounts()
    if any(extent + min(b, 0) + min(e, 0) <= 0 for extent, b, e in zip(g.shape(x), begin, end)):
        return
    value = [g.constant(np.array(g.pick(2, -1), g.type(x)))] if mode == "constant" else []
    move(g, "Pad", [x, g.integers(begin + end)] + g.pick([], value), mode=mode)


def slices(g):
    x = g.value(ranks=range(1, 6), types=ALL)
    if not x:
        return
    rank = len(g.shape(x))
    axes = g.random.sample(range(rank), g.random.randint(1, rank))
    starts, ends, steps = [], [], []
    for axis in axes:
        extent, step = g.shape(x)[axis], g.pick(1, 1, 2, 3, -1, -2)
        low, high = sorted([g.random.randint(0, extent), g.random.randint(0, extent)])
        steps.append(step)
        starts.append(low if step > 0 else high - 1 if high else 0)
        ends.append(g.pick(high, high - extent if high < extent else 2**62) if step > 0
                    else low - 1 if low else -2**62)
    move(g, "Slice", [x] + [g.integers(numbers) for numbers in
                            (starts, ends, [axis - g.pick(0, rank) for axis in axes], steps)])


def split(g):
    x = g.value(ranks=range(1, 6), types=ALL)
    if not x:
        return
    axis = g.random.randrange(len(g.shape(x)))
    extent = g.shape(x)[axis]
    if extent < 2:
        return
    cuts = sorted(g.random.sample(range(1, extent), min(extent - 1, g.pick(1, 1, 2, 3))))
    sizes = [b - a for a, b in zip([0] + cuts, cuts + [extent])]
    move(g, "Split", [x, g.integers(sizes)], results=len(sizes), axis=axis)


def concat(g):
    x = g.value(ranks=range(1, 6), types=ALL, empty=True)
    if not x:
        return
    shape, axis = list(g.shape(x)), g.random.randrange(len(g.shape(x)))
    fitting = [y for y, array in g.values.items() if array.dtype.name == g.type(x) and array.ndim == len(shape)
               and all(i == axis or a == b for i, (a, b) in enumerate(zip(array.shape, shape)))]
    shape[axis] = g.pick(1, 2, 4, 8, 3)
    parts = [g.pick(x, g.random.choice(fitting), g.weight(shape, g.type(x))) for _ in range(g.pick(1, 1, 2, 3))]
    parts.append(x)
    g.random.shuffle(parts)
    move(g, "Concat", parts, axis=g.pick(axis, axis - len(shape)))


def depth_to_space(g):
    x = g.value(ranks=[4], types=ALL)
    block = g.pick(2, 2, 3)
    if x and g.shape(x)[1] % block**2 == 0:
        move(g, "DepthToSpace", [x], blocksize=block, mode=g.pick("DCR", "CRD"))


def space_to_depth(g):
    x = g.value(ranks=[4], types=ALL)
    block = g.pick(2, 2, 3)
    if x and all(extent % block == 0 for extent in g.shape(x)[2:]):
        move(g, "SpaceToDepth", [x], blocksize=block)


def resize(g):
    x = g.value(ranks=[3, 4, 5])
    if not x:
        return
    scales = [1, 1] + [g.pick(1, 2, 3, 0.5) for _ in g.shape(x)[2:]]
    if any(extent * scale < 1 or extent * scale % 1 for extent, scale in zip(g.shape(x), scales)):
        return
    scales = g.constant(np.array(scales, np.float32))
    if g.chance(0.5):
        move(g, "Resize", [x, "", scales], mode="nearest", coordinate_transformation_mode=g.pick(
            "asymmetric", "half_pixel"), nearest_mode=g.pick("floor", "round_prefer_floor"))
    else:
        g.add("Resize", [x, "", scales], mode=g.pick("linear", "cubic"), coordinate_transformation_mode=g.pick(
            "half_pixel", "align_corners", "asymmetric"))


OPERATORS = [transpose, reshape, flatten, unsqueeze, squeeze, expand, tile, pad, pad, slices, slices, split, split,
             concat, concat, concat, depth_to_space, space_to_depth, resize]
