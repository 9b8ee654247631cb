#!/usr/bin/env python3
"""Trains the demo network on scikit-learn's 8x8 digits with NumPy alone.

    python3 train.py            writes digits.onnx and digits_test.h beside this file

The network is  conv 3x3 (16) - relu - maxpool - conv 3x3 (32) - relu - maxpool
- gemm (10).  Its input is an image of 8x8 pixels in 0..1, its output ten scores;
the largest is the digit. Everything is seeded: a second run on the same machine
writes the same files.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits

HERE = pathlib.Path(__file__).resolve().parent
HELD_OUT = 297  # images the training never sees: the test set of the demo
CHANNELS = (16, 32)
EPOCHS, BATCH, RATE = 40, 50, 2e-3


def split(rng):
    """The data set as (train images, train labels, test pixels, test labels)."""
    digits = load_digits()
    order = rng.permutation(len(digits.target))
    pixels = digits.images[order].astype(np.uint8)  # 0..16
    labels = digits.target[order].astype(np.uint8)
    images = (pixels[HELD_OUT:] / 16).astype(np.float32)[:, None]
    return images, labels[HELD_OUT:], pixels[:HELD_OUT], labels[:HELD_OUT]


# A layer's forward function returns its output and what its backward function
# needs; backward returns the gradient of the input, then those of the weights.


def columns(x):
    """N C H W -> N H W (C 9): the 3x3 neighbourhood of every pixel."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    n, c, h, w = x.shape
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(n, h, w, c * 9)


def conv(x, weight, bias):
    cols = columns(x)
    y = cols @ weight.reshape(len(weight), -1).T + bias
    return y.transpose(0, 3, 1, 2), cols


def conv_backward(dy, cols, weight):
    dy = dy.transpose(0, 2, 3, 1)
    flat = dy.reshape(-1, dy.shape[-1])
    dweight = (flat.T @ cols.reshape(len(flat), -1)).reshape(weight.shape)
    # The gradient of the input is the convolution with the turned kernel.
    turned = weight[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    dx, _ = conv(dy.transpose(0, 3, 1, 2), turned, 0)
    return dx, dweight, flat.sum(axis=0)


def maxpool(x):
    n, c, h, w = x.shape
    tiles = x.reshape(n, c, h // 2, 2, w // 2, 2)
    y = tiles.max(axis=(3, 5))
    return y, tiles == y[:, :, :, None, :, None]


def maxpool_backward(dy, chosen):
    share = chosen / chosen.sum(axis=(3, 5), keepdims=True)
    dx = share * dy[:, :, :, None, :, None]
    n, c, h, _, w, _ = dx.shape
    return dx.reshape(n, c, 2 * h, 2 * w)


def initialize(rng):
    """He initialization of the three layers' weights; biases are zero."""
    shapes = [(CHANNELS[0], 1, 3, 3), (CHANNELS[1], CHANNELS[0], 3, 3), (10, CHANNELS[1] * 4)]
    weights = []
    for shape in shapes:
        deviation = np.sqrt(2 / np.prod(shape[1:]))
        weights += [rng.normal(0, deviation, shape), np.zeros(shape[0])]
    return [w.astype(np.float32) for w in weights]


def scores(images, weights):
    """The network: scores and what `gradients` needs."""
    w1, b1, w2, b2, w3, b3 = weights
    c1, cols1 = conv(images, w1, b1)
    p1, chosen1 = maxpool(np.maximum(c1, 0))
    c2, cols2 = conv(p1, w2, b2)
    p2, chosen2 = maxpool(np.maximum(c2, 0))
    flat = p2.reshape(len(p2), -1)
    return flat @ w3.T + b3, (c1, cols1, chosen1, c2, cols2, chosen2, flat, p2.shape)


def gradients(images, labels, weights):
    """Gradients of the mean cross entropy, in the order of `weights`."""
    w1, _, w2, _, w3, _ = weights
    logits, (c1, cols1, chosen1, c2, cols2, chosen2, flat, pooled) = scores(images, weights)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    p /= len(labels)
    dflat, dw3, db3 = p @ w3, p.T @ flat, p.sum(axis=0)
    dc2 = maxpool_backward(dflat.reshape(pooled), chosen2) * (c2 > 0)
    dp1, dw2, db2 = conv_backward(dc2, cols2, w2)
    dc1 = maxpool_backward(dp1, chosen1) * (c1 > 0)
    _, dw1, db1 = conv_backward(dc1, cols1, w1)
    return [dw1, db1, dw2, db2, dw3, db3]


def train(images, labels, weights, rng):
    """Adam with a cosine schedule."""
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    step, steps = 0, EPOCHS * (len(labels) // BATCH)
    for _ in range(EPOCHS):
        order = rng.permutation(len(labels))
        for at in range(0, len(labels) - BATCH + 1, BATCH):
            pick = order[at:at + BATCH]
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for i, g in enumerate(gradients(images[pick], labels[pick], weights)):
                first[i] = 0.9 * first[i] + 0.1 * g
                second[i] = 0.999 * second[i] + 0.001 * g * g
                move = first[i] / (1 - 0.9**step)
                move /= np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8
                weights[i] = (weights[i] - rate * move).astype(np.float32)
    return weights


def export(weights):
    names = ["w1", "b1", "w2", "b2", "w3", "b3"]
    square = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    half = {"kernel_shape": [2, 2], "strides": [2, 2]}
    nodes = [
        helper.make_node("Conv", ["image", "w1", "b1"], ["c1"], "conv1", **square),
        helper.make_node("Relu", ["c1"], ["r1"], "relu1"),
        helper.make_node("MaxPool", ["r1"], ["p1"], "pool1", **half),
        helper.make_node("Conv", ["p1", "w2", "b2"], ["c2"], "conv2", **square),
        helper.make_node("Relu", ["c2"], ["r2"], "relu2"),
        helper.make_node("MaxPool", ["r2"], ["p2"], "pool2", **half),
        helper.make_node("Flatten", ["p2"], ["flat"], "flatten"),
        helper.make_node("Gemm", ["flat", "w3", "b3"], ["scores"], "gemm", transB=1),
    ]
    graph = helper.make_graph(
        nodes, "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, 8, 8])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 10])],
        [numpy_helper.from_array(w, name) for w, name in zip(weights, names)])
    model = helper.make_model(graph, producer_name="nncc-examples", ir_version=8,
                              opset_imports=[helper.make_opsetid("", 17)])
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, HERE / "digits.onnx")


def write_test_set(pixels, labels):
    def rows(values, width):
        text = [", ".join(str(v) for v in values[at:at + width])
                for at in range(0, len(values), width)]
        return ",\n".join("  " + row for row in text)

    images = ",\n".join(
        "{" + ",".join(str(v) for v in image.reshape(-1)) + "}" for image in pixels)
    (HERE / "digits_test.h").write_text(f"""\
/* {len(labels)} handwritten digits that train.py kept out of the training: 8x8 pixels
 * in 0..16, row by row, from the UCI "Optical Recognition of Handwritten Digits"
 * data set (E. Alpaydin, C. Kaynak; CC BY 4.0). Written by train.py. */
#ifndef DIGITS_TEST_H
#define DIGITS_TEST_H
#include <stdint.h>

#define DIGITS_TEST_COUNT {len(labels)}

static const uint8_t digits_test_labels[DIGITS_TEST_COUNT] = {{
{rows(labels, 30)}}};

static const uint8_t digits_test_images[DIGITS_TEST_COUNT][64] = {{
{images}}};

#endif
""")


def main():
    rng = np.random.default_rng(7)
    images, labels, test_pixels, test_labels = split(rng)
    weights = train(images, labels, initialize(rng), rng)
    test_images = (test_pixels / 16).astype(np.float32)[:, None]
    right = (scores(test_images, weights)[0].argmax(axis=1) == test_labels).sum()
    export(weights)
    write_test_set(test_pixels, test_labels)
    size = (HERE / "digits.onnx").stat().st_size
    print(f"{right} of {len(test_labels)} held-out digits right "
          f"({100 * right / len(test_labels):.1f} %), digits.onnx {size} bytes")


if __name__ == "__main__":
    main()
