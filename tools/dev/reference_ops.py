"""Operators that onnx.reference computes wrongly, as the specification defines them.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import itertools
import math

import numpy as np
import onnx.reference
import onnx.reference.ops.op_grid_sample
import onnx.reference.ops.op_non_max_suppression
import onnx.reference.ops.op_resize
from onnx.reference.op_run import OpRun

from network_runs import type_of


class Pad(OpRun):
    """onnx.reference refuses negative amounts, which cut."""

    def _run(self, data, pads=None, constant=None, axes=None, mode=None, value=None):
        fill = value or 0 if constant is None else constant.item()
        axes = range(data.ndim) if axes is None else [int(axis) for axis in axes]
        amounts = [(0, 0)] * data.ndim
        for i, axis in enumerate(axes):
            amounts[axis] = (int(pads[i]), int(pads[len(axes) + i]))
        border = {"constant_values": fill} if mode in (None, "constant") else {"mode": mode}
        grown = np.pad(data, [(max(b, 0), max(e, 0)) for b, e in amounts], **border)
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
    """onnx.reference shifts the windows where ceil_mode adds a partial one; like ONNX
    Runtime, windows pass over what is no number."""

    def _run(self, x, storage_order=None, **attributes):
        return (pool(x, lambda part, _: np.fmax.reduce(part, axis=-1, initial=-np.inf), **attributes),)


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


class ConvTranspose(OpRun):
    """onnx.reference mixes up the channels of groups."""

    def _run(self, x, w, b=None, auto_pad=None, dilations=None, group=None, kernel_shape=None,
             output_padding=None, output_shape=None, pads=None, strides=None):
        rank, kernel = x.ndim - 2, w.shape[2:]
        strides, dilations = strides or [1] * rank, dilations or [1] * rank
        extra, pads = output_padding or [0] * rank, pads or [0] * 2 * rank
        full = [strides[i] * (x.shape[i + 2] - 1) + extra[i] + (kernel[i] - 1) * dilations[i] + 1
                for i in range(rank)]
        shape = [full[i] - pads[i] - pads[rank + i] for i in range(rank)]
        begin = pads[:rank]
        same = auto_pad in ("SAME_UPPER", "SAME_LOWER")
        if output_shape or same:
            shape = output_shape or [x.shape[i + 2] * strides[i] for i in range(rank)]
            total = [max(full[i] - shape[i], 0) for i in range(rank)]
            begin = [t // 2 if auto_pad == "SAME_UPPER" else t - t // 2 for t in total]
        room = [max(full[i], begin[i] + shape[i]) + max(-begin[i], 0) for i in range(rank)]
        y = np.zeros((x.shape[0], group, w.shape[1], *room))
        parts = x.reshape(x.shape[0], group, -1, *x.shape[2:])
        filters = w.reshape(group, -1, *w.shape[1:])
        for tap in itertools.product(*map(range, kernel)):
            reached = tuple(slice(max(-begin[i], 0) + tap[i] * dilations[i],
                                  max(-begin[i], 0) + tap[i] * dilations[i]
                                  + strides[i] * (x.shape[i + 2] - 1) + 1, strides[i])
                            for i in range(rank))
            y[(..., *reached)] += np.einsum("ngc...,gcm->ngm...", parts, filters[(..., *tap)])
        kept = tuple(slice(max(begin[i], 0), max(begin[i], 0) + shape[i]) for i in range(rank))
        y = y.reshape(x.shape[0], -1, *room)[(..., *kept)]
        bias = 0 if b is None else b.reshape(-1, *[1] * rank)
        return ((y + bias).astype(x.dtype),)


class GatherElements(OpRun):
    """onnx.reference wants indices as large as the data in the other dimensions."""

    def _run(self, data, indices, axis=None):
        place = list(np.indices(indices.shape))
        place[axis] = indices
        return (data[tuple(place)],)


def resized_asymmetric(x, scales, mode):
    """Resize as it was before coordinates could be chosen, and Upsample."""
    for axis, scale in enumerate(scales):
        extent = x.shape[axis]
        at = np.arange(int(np.floor(extent * scale))) / scale
        if mode == "nearest":
            at = np.ceil(at) if scale < 1 else np.trunc(at)
            x = np.take(x, np.clip(at.astype(int), 0, extent - 1), axis)
        else:
            x = np.apply_along_axis(lambda line: np.interp(at, range(len(line)), line), axis, x)
    return x.astype(np.float32)


class Resize(onnx.reference.ops.op_resize.Resize):
    """onnx.reference knows no Resize without a region."""

    def _run(self, x, roi, scales=None, sizes=None, mode=None, **attributes):
        if self.run_params["opsets"][""] < 11:
            return (resized_asymmetric(x, roi, mode),)
        return super()._run(x, roi, scales, sizes, mode=mode, **attributes)


class Upsample(OpRun):
    """onnx.reference repeats only, and takes scales only as input."""

    def _run(self, x, factors=None, scales=None, mode=None):
        return (resized_asymmetric(x, scales if factors is None else factors, mode),)


class GridSample(onnx.reference.ops.op_grid_sample.GridSample):
    """onnx.reference knows modes by their names since opset 20 only."""

    def _run(self, x, grid, mode=None, **attributes):
        return super()._run(x, grid, mode=mode and mode.removeprefix("bi"), **attributes)


class Scatter(OpRun):
    """onnx.reference does not know ScatterElements by its old name."""

    def _run(self, data, indices, updates, axis=None):
        result = data.copy()
        np.put_along_axis(result, indices, updates, axis)
        return (result,)


class Softmax(OpRun):
    """onnx.reference uses today's meaning of the axis in old networks, too."""

    def _run(self, x, axis=None):
        flat = self.run_params["opsets"][""] < 13
        if not any(attribute.name == "axis" for attribute in self.onnx_node.attribute):
            axis = 1 if flat else -1
        axes = tuple(range(axis % x.ndim, x.ndim)) if flat else axis
        powers = np.exp(x - x.max(axis=axes, keepdims=True))
        return ((powers / powers.sum(axis=axes, keepdims=True)).astype(x.dtype),)


class NonMaxSuppression(onnx.reference.ops.op_non_max_suppression.NonMaxSuppression):
    """With its largest shape: the rows behind the selected boxes are -1."""

    def _run(self, boxes, scores, limit=0, overlap=0.0, minimum=None, center_point_box=None):
        limit = min(int(np.ravel(limit)[0]), boxes.shape[1])
        result = np.full((scores.shape[0] * scores.shape[1] * limit, 3), -1, np.int64)
        if limit:
            rows, = super()._run(boxes, scores, np.array([limit]), np.ravel(overlap or 0.0),
                                 None if minimum is None else np.ravel(minimum),
                                 center_point_box=center_point_box)
            result[:len(rows)] = rows
        return (result,)


class Erf(OpRun):
    """onnx.reference rounds to f32."""

    def _run(self, x):
        return (np.vectorize(math.erf, otypes=[np.float64])(x).astype(x.dtype),)


class Softsign(OpRun):
    """onnx.reference cannot do scalars."""

    def _run(self, x):
        return ((x / (1 + np.abs(x))).astype(x.dtype),)


CORRECTED = [ConvTranspose, Erf, Pad, MaxPool, AveragePool, GlobalMaxPool, GatherElements, GridSample,
             NonMaxSuppression, Resize, Scatter, Upsample, Softmax, Softsign]


def reference_outputs(model, inputs):
    """What onnx.reference computes with these operators instead of its own."""
    with np.errstate(all="ignore"):
        values = onnx.reference.ReferenceEvaluator(model, new_ops=CORRECTED).run(None, inputs)
        return {output.name: np.asarray(value).astype(type_of(output), copy=False)
                for output, value in zip(model.graph.output, values)}
