"""Operators whose results depend on positions, and others made of many steps.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import math

import numpy as np

ALL = ("float32",) * 3 + ("float64", "int64", "int32")


def axis_of(g, x):
    return g.random.randrange(len(g.shape(x)))


def cumulative(g):
    x = g.value(ranks=[1, 2, 3, 4, 5], types=ALL)
    if x:
        axis = g.constant(np.array(axis_of(g, x), np.int64))
        g.add("CumSum", [x, axis], exclusive=g.pick(0, 1), reverse=g.pick(0, 1))


def triangle(g):
    x = g.value(ranks=[2, 3, 4], types=ALL)
    if x:
        diagonal = [g.constant(np.array(g.random.randint(-3, 3), np.int64))]
        g.add("Trilu", [x] + g.pick([], diagonal), exact=True, upper=g.pick(0, 1))


def extreme_position(g):
    # Positions of numbers that are equal but for rounding would differ.
    x = g.value(ranks=[1, 2, 3, 4], types=ALL, exact=True)
    if x:
        g.add(g.pick("ArgMax", "ArgMin"), [x], axis=axis_of(g, x), keepdims=g.pick(0, 1),
              select_last_index=g.pick(0, 1))


def einsum(g):
    """A product that sums, keeps or shares each dimension of a tensor by chance."""
    x = g.value(ranks=[1, 2, 3, 4])
    if not x:
        return
    letters = "abcd"[:len(g.shape(x))]
    shared = [letter for letter in letters if g.chance(0.5)]
    own = g.random.choice(["", "x", "xy"])
    extents = dict(zip(letters, g.shape(x))) | {"x": 3, "y": 5}
    other = g.random.sample(shared + list(own), len(shared) + len(own))
    result = [letter for letter in letters + own
              if letter not in shared and g.chance(0.9) or g.chance(0.4)]
    g.random.shuffle(result)
    g.add("Einsum", [x, g.weight([extents[letter] for letter in other])],
          equation=f"{letters},{''.join(other)}->{''.join(result)}")


def normalization(g):
    """Of lines with norms of one size: others multiply the errors of what they read."""
    x = g.value(ranks=[2, 3, 4])
    if not x:
        return
    axis, array = axis_of(g, x), g.get(x)
    norms = np.abs(array).sum(axis=axis)
    if norms.min(initial=0) > 0.1 * norms.max(initial=0):
        g.add("LpNormalization", [x], axis=axis, p=g.pick(1, 2))
    channels = array.reshape(*array.shape[:2], -1).std(axis=-1)
    if array.ndim > 2 and channels.min(initial=0) > 0.1 * np.abs(array).max(initial=0):
        g.add("InstanceNormalization", [x] + [g.weight(array.shape[1:2]) for _ in range(2)])


def grid_sample(g):
    x = g.value(ranks=[4])
    # With one pixel there is nothing to reflect at.
    if x and math.prod(g.shape(x)) < 2000 and min(g.shape(x)[2:]) > 1:
        points = [g.shape(x)[0], g.pick(1, 2, 5), g.pick(1, 2, 5), 2]
        g.add("GridSample", [x, g.weight(points)], mode="bilinear",
              padding_mode=g.pick("zeros", "border", "reflection"), align_corners=g.pick(0, 1))


def reverse_sequence(g):
    x = g.value(ranks=[2, 3, 4], types=ALL)
    if x:
        time, batch = g.shape(x)[:2]
        lengths = g.integers([g.random.randint(0, time) for _ in range(batch)])
        g.add("ReverseSequence", [x, lengths], exact=True, time_axis=0, batch_axis=1)


def compress(g):
    x = g.value(ranks=[1, 2, 3, 4], types=ALL)
    if x:
        axis = axis_of(g, x)
        kept = np.array([g.chance(0.7) for _ in range(g.shape(x)[axis])])
        g.add("Compress", [x, g.constant(kept)], exact=True, axis=axis)


OPERATORS = [cumulative, triangle, extreme_position, einsum, normalization, grid_sample,
             reverse_sequence, compress]
