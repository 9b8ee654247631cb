"""Convolutions, pooling and matrix products.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""


def windows(g, spatial):
    """Attributes of a window that fits into the extents, with padding."""
    kernel, strides, dilations, begin, end = [], [], [], [], []
    for extent in spatial:
        kernel.append(g.pick(1, 2, 3, 3, 3, 4, 5))
        dilations.append(g.pick(1, 1, 1, 2, 3))
        strides.append(g.pick(1, 1, 2, 3))
        reach = (kernel[-1] - 1) * dilations[-1] + 1
        begin.append(g.random.randrange(min(reach, 4)) if reach > 1 else 0)
        end.append(g.random.randrange(min(reach, 4)) if reach > 1 else 0)
        if extent + begin[-1] + end[-1] < reach:
            return None
    window = {"kernel_shape": kernel, "strides": strides, "dilations": dilations}
    if g.chance(0.15) and not any(d > 1 for d in dilations):
        return window | {"auto_pad": g.pick("SAME_UPPER", "SAME_LOWER")}
    return window | {"pads": begin + end}


def conv(g):
    x = g.value(ranks=[3, 4, 5])
    window = x and windows(g, g.shape(x)[2:])
    if not window:
        return
    channels = g.shape(x)[1]
    groups = [n for n in range(1, channels + 1) if channels % n == 0]
    group = g.pick(1, 1, 1, channels, g.random.choice(groups))
    outputs = group * g.pick(1, 1, 2, 3) if group > 1 else g.channels()
    inputs = [x, g.weight([outputs, channels // group] + window["kernel_shape"])]
    if g.chance(0.5):
        inputs.append(g.weight([outputs]))
    g.add("Conv", inputs, group=group, **window)


def conv_transpose(g):
    x = g.value(ranks=[3, 4, 5])
    window = x and windows(g, [extent + 8 for extent in g.shape(x)[2:]])
    if not window or "auto_pad" in window:
        return
    channels = g.shape(x)[1]
    group = g.pick(1, 1, channels)
    window["output_padding"] = [g.random.randrange(max(stride, dilation)) for stride, dilation in
                                zip(window["strides"], window["dilations"])]
    spatial = [(extent - 1) * stride + (kernel - 1) * dilation + 1 for extent, stride, kernel, dilation in zip(
        g.shape(x)[2:], window["strides"], window["kernel_shape"], window["dilations"])]
    if any(extent <= begin + end for extent, begin, end in
           zip(spatial, window["pads"], window["pads"][len(spatial):])):
        return
    inputs = [x, g.weight([channels, g.pick(1, 2, 3)] + window["kernel_shape"])]
    g.add("ConvTranspose", inputs, group=group, **window)


def pool(g):
    x = g.value(ranks=[3, 4, 5])
    window = x and windows(g, g.shape(x)[2:])
    if not window:
        return
    extra = {"ceil_mode": g.pick(0, 0, 1)} if "pads" in window else {}
    op = g.pick("MaxPool", "AveragePool")
    if op == "AveragePool":
        extra["count_include_pad"] = g.pick(0, 1)
    g.add(op, [x], exact=op == "MaxPool", **window, **extra)


def global_pool(g):
    x = g.value(ranks=[3, 4, 5])
    if x:
        g.add(g.pick("GlobalAveragePool", "GlobalMaxPool"), [x])


def matmul(g):
    x = g.value(ranks=[1, 2, 3, 4], types=("float32", "float32", "float64"))
    if not x:
        return
    shape, dtype = g.shape(x), g.type(x)
    columns = g.pick(g.channels(), 33, 48)
    others = [y for y, array in g.values.items()
              if array.ndim == 2 and array.shape[0] == shape[-1] and array.dtype.name == dtype]
    form = g.random.random()
    if others and form < 0.3:
        g.add("MatMul", [x, g.random.choice(others)])
    elif form < 0.4:
        g.add("MatMul", [x, g.weight([shape[-1]], dtype)])
    elif form < 0.5 and len(shape) > 2:
        g.add("MatMul", [x, g.weight([*shape[:-2], shape[-1], columns], dtype)])
    elif form < 0.6 and len(shape) > 1:
        g.add("MatMul", [g.weight([columns, shape[-2]], dtype), x])
    else:
        g.add("MatMul", [x, g.weight([shape[-1], columns], dtype)])


def gemm(g):
    x = g.value(ranks=[2])
    if not x:
        return
    turned_a, turned_b = g.pick(0, 1), g.pick(0, 1)
    rows, depth = g.shape(x)[::-1] if turned_a else g.shape(x)
    columns = g.channels()
    inputs = [x, g.weight([columns, depth] if turned_b else [depth, columns])]
    if g.chance(0.7):
        inputs.append(g.weight(g.pick([columns], [rows, columns], [rows, 1], [1], [])))
    g.add("Gemm", inputs, transA=turned_a, transB=turned_b, alpha=g.pick(1.0, 1.0, 0.5),
          beta=g.pick(1.0, 1.0, 2.0))


def batch_normalization(g):
    x = g.value(ranks=[2, 3, 4, 5])
    if x:
        channels = g.shape(x)[1]
        parameters = [g.constant(g.array([channels])) for _ in range(3)]
        parameters.append(g.constant(g.array([channels]) / 2 + 1))
        g.add("BatchNormalization", [x] + parameters)


OPERATORS = [conv] * 10 + [matmul] * 4 + [pool] * 3 + [conv_transpose, global_pool, gemm, batch_normalization]
