"""Operators that onnx.reference computes wrongly, as the specification defines them.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import itertools

import numpy as np
from onnx.reference.op_run import OpRun


class Pad(OpRun):
    """onnx.reference refuses negative amounts, which cut."""

    def _run(self, data, pads=None, constant=None, axes=None, mode=None, value=None):
        fill = value or 0 if constant is None else constant.item()
        axes = range(data.ndim) if axes is None else [int(axis) for axis in axes]
        amounts = [(0, 0)] * data.ndim
        for i, axis in enumerate(axes):
            amounts[axis] = (int(pads[i]), int(pads[len(axes) + i]))
        grown = np.pad(data, [(max(b, 0), max(e, 0)) for b, e in amounts], constant_values=fill)
        kept = tuple(slice(max(-b, 0), extent - max(-e, 0))
                     for (b, e), extent in zip(amounts, grown.shape))
        return (grown[kept].astype(data.dtype),)


def pool_windows(extent, kernel, stride, dilation, begin, end, auto_pad, ceil_mode):
    """For every window along one dimension: the positions it reaches, and where the
    padding at the end ends."""
    reach = (kernel - 1) * dilation + 1
    if auto_pad in ("SAME_UPPER", "SAME_LOWER"):
        total = max((-(-extent // stride) - 1) * stride + reach - extent, 0)
        small, large = total // 2, total - total // 2
        begin, end = (small, large) if auto_pad == "SAME_UPPER" else (large, small)
    elif auto_pad == "VALID":
        begin = end = 0
    room = extent + begin + end - reach
    count = (-(-room // stride) if ceil_mode else room // stride) + 1
    if (count - 1) * stride >= extent + begin:
        count -= 1  # no window begins in the padding at the end
    starts = [at * stride - begin for at in range(count)]
    return [[start + k * dilation for k in range(kernel)] for start in starts], extent + end


def pool(x, reduce, kernel_shape, auto_pad=None, ceil_mode=None, dilations=None, pads=None,
         strides=None):
    """reduce(elements inside, how many positions in input and padding) of every window."""
    rank = len(kernel_shape)
    strides, dilations = strides or [1] * rank, dilations or [1] * rank
    pads = pads or [0] * 2 * rank
    windows, limits = zip(*(
        pool_windows(extent, kernel_shape[i], strides[i], dilations[i], pads[i], pads[rank + i],
                     auto_pad, ceil_mode)
        for i, extent in enumerate(x.shape[2:])))
    y = np.zeros(x.shape[:2] + tuple(map(len, windows)), x.dtype)
    for position in itertools.product(*(range(len(dimension)) for dimension in windows)):
        reached = [windows[i][at] for i, at in enumerate(position)]
        inside = [[at for at in line if 0 <= at < extent]
                  for line, extent in zip(reached, x.shape[2:])]
        counted = np.prod([sum(at < limit for at in line) for line, limit in zip(reached, limits)])
        part = x[np.ix_(range(x.shape[0]), range(x.shape[1]), *inside)]
        y[(..., *position)] = reduce(part.reshape(*x.shape[:2], -1), counted)
    return y


class MaxPool(OpRun):
    """onnx.reference shifts the windows where ceil_mode adds a partial one."""

    def _run(self, x, storage_order=None, **attributes):
        return (pool(x, lambda part, _: part.max(axis=-1, initial=-np.inf), **attributes),)


class AveragePool(OpRun):
    """The same mistake as in MaxPool."""

    def _run(self, x, count_include_pad=None, **attributes):
        def mean(part, counted):
            return part.sum(axis=-1) / (counted if count_include_pad else part.shape[-1])

        return (pool(x, mean, **attributes),)


class GlobalMaxPool(OpRun):
    """onnx.reference leaves a dimension of volumes."""

    def _run(self, x):
        return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)


class GatherElements(OpRun):
    """onnx.reference wants indices as large as the data in the other dimensions."""

    def _run(self, data, indices, axis=None):
        place = list(np.indices(indices.shape))
        place[axis] = indices
        return (data[tuple(place)],)


class Softmax(OpRun):
    """onnx.reference uses today's meaning of the axis in old networks, too."""

    def _run(self, x, axis=None):
        flat = self.run_params["opsets"][""] < 13
        if not any(attribute.name == "axis" for attribute in self.onnx_node.attribute):
            axis = 1 if flat else -1
        axes = tuple(range(axis % x.ndim, x.ndim)) if flat else axis
        powers = np.exp(x - x.max(axis=axes, keepdims=True))
        return ((powers / powers.sum(axis=axes, keepdims=True)).astype(x.dtype),)


CORRECTED = [Pad, MaxPool, AveragePool, GlobalMaxPool, GatherElements, Softmax]
