"""Networks of any size: chains of n nodes of several kinds, and large transformers.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save_model

OPSET = 17


class Builder:
    """Collects nodes and weights; `node` returns the name of the result."""

    def __init__(self):
        self.nodes, self.weights, self.counts = [], {}, {}
        self.numbers = np.random.RandomState(1)

    def node(self, op, *inputs, **attributes):
        return self.several(op, 1, *inputs, **attributes)[0]

    def several(self, op, results, *inputs, **attributes):
        name = f"{op.lower()}_{len(self.nodes)}"
        names = [f"{name}_{i}" for i in range(results)]
        self.nodes.append(helper.make_node(op, list(inputs), names, name=name, **attributes))
        return names

    def constant(self, values):
        name = f"c{len(self.weights)}"
        self.weights[name] = values
        return name

    def weight(self, *shape):
        bound = np.float32(1 / np.sqrt(shape[0]))
        values = self.numbers.random_sample(int(np.prod(shape))).astype(np.float32)
        return self.constant((values * 2 * bound - bound).reshape(shape))

    def save(self, path, shape, outputs, external=False):
        """The input is `x`; outputs are names, their shapes are not declared."""
        inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)]
        results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
                   for name in outputs]
        initializers = [numpy_helper.from_array(values, name)
                        for name, values in self.weights.items()]
        graph = helper.make_graph(self.nodes, "scale", inputs, results, initializers)
        model = helper.make_model(graph, ir_version=8,
                                  opset_imports=[helper.make_opsetid("", OPSET)])
        path = pathlib.Path(path)
        path.with_suffix(".bin").unlink(missing_ok=True)  # saving would append
        save_model(model, path, save_as_external_data=external,
                   location=path.with_suffix(".bin").name)


# Chains: n -> builder, shape of the input, names of the outputs

def elementwise_chain(n):
    b, before, x = Builder(), "x", "x"
    for i in range(n):
        before, x = x, b.node("Add", x, before) if i % 2 else b.node("Tanh", x)
    return b, [4, 64], [x]


def conv_chain(n):
    """Convolutions with an activation, each weight its own; a shortcut every fourth node."""
    b, x, shortcut = Builder(), "x", "x"
    for i in range(n):
        if i % 4 == 3:
            x = shortcut = b.node("Add", x, shortcut)
        elif i % 2:
            x = b.node("Relu", x)
        else:
            x = b.node("Conv", x, b.weight(8, 8, 3, 3), pads=[1, 1, 1, 1])
    return b, [1, 8, 8, 8], [x]


def matmul_chain(n):
    b, x = Builder(), "x"
    for i in range(n):
        x = b.node("Softmax", x) if i % 4 == 3 else b.node("MatMul", x, b.weight(16, 16))
    return b, [8, 16], [x]


def concat_chain(n):
    """Halves that change places, and are computed on in between."""
    b, x = Builder(), "x"
    halves = b.constant(np.array([8, 8], np.int64))
    while len(b.nodes) < n:
        low, high = b.several("Split", 2, x, halves, axis=1)
        x = b.node("Concat", b.node("Neg", high), low, axis=1)
    return b, [2, 16], [x]


def shape_chain(n):
    b, x = Builder(), "x"
    shapes = [b.constant(np.array(shape, np.int64)) for shape in ([4, 6], [2, 12])]
    for i in range(n):
        x = b.node("Transpose", x, perm=[1, 0]) if i % 2 else b.node("Reshape", x, shapes[i // 2 % 2])
    return b, [2, 12], [x]


def many_outputs(n):
    """Independent nodes, each with an output of the network."""
    b = Builder()
    outputs = [b.node("Mul", "x", b.weight(4, 64)) for _ in range(n)]
    return b, [4, 64], outputs


def wide_sum(n):
    """One node that reads what all others compute."""
    b = Builder()
    parts = [b.node("MatMul", "x", b.weight(16, 4)) for _ in range(n - 1)]
    return b, [1, 16], [b.node("Concat", *parts, axis=1)]


def constant_chain(n):
    """All of it is computed while compiling."""
    b, x = Builder(), None
    x = b.weight(2, 8)
    for i in range(n - 1):
        x = b.node("Neg" if i % 2 else "Tanh", x)
    return b, [2, 8], [b.node("Add", x, "x")]


CHAINS = [elementwise_chain, conv_chain, matmul_chain, concat_chain, shape_chain, many_outputs,
          wide_sum, constant_chain]


# Large networks

def normalize(b, x, width):
    """A layer norm as it is exported for opset 17 and before."""
    mean = b.node("ReduceMean", x, axes=[-1])
    centered = b.node("Sub", x, mean)
    variance = b.node("ReduceMean", b.node("Mul", centered, centered), axes=[-1])
    deviation = b.node("Sqrt", b.node("Add", variance, b.constant(np.float32(1e-12))))
    scaled = b.node("Mul", b.node("Div", centered, deviation), b.weight(width))
    return b.node("Add", scaled, b.weight(width))


def gelu(b, x):
    half = b.node("Mul", x, b.constant(np.float32(0.5)))
    bell = b.node("Erf", b.node("Div", x, b.constant(np.float32(np.sqrt(2)))))
    return b.node("Mul", half, b.node("Add", bell, b.constant(np.float32(1))))


def linear(b, x, inputs, outputs):
    return b.node("Add", b.node("MatMul", x, b.weight(inputs, outputs)), b.weight(outputs))


def attention(b, x, length, width, heads):
    split = b.constant(np.array([1, length, heads, width // heads], np.int64))
    joined = b.constant(np.array([1, length, width], np.int64))

    def part(perm):
        return b.node("Transpose", b.node("Reshape", linear(b, x, width, width), split), perm=perm)

    query, key, value = part([0, 2, 1, 3]), part([0, 2, 3, 1]), part([0, 2, 1, 3])
    scale = b.constant(np.float32(1 / np.sqrt(width // heads)))
    scores = b.node("Softmax", b.node("Mul", b.node("MatMul", query, key), scale))
    mixed = b.node("Transpose", b.node("MatMul", scores, value), perm=[0, 2, 1, 3])
    return linear(b, b.node("Reshape", mixed, joined), width, width)


def transformer(layers, width, length=128, vocabulary=30522):
    """An encoder like BERT; of the vocabulary those words count whose number is x."""
    b = Builder()
    ids = b.node("Cast", "x", to=TensorProto.INT64)
    x = b.node("Add", b.node("Gather", b.weight(vocabulary, width), ids), b.weight(length, width))
    for _ in range(layers):
        x = normalize(b, b.node("Add", x, attention(b, x, length, width, width // 64)), width)
        inner = gelu(b, linear(b, x, width, 4 * width))
        x = normalize(b, b.node("Add", x, linear(b, inner, 4 * width, width)), width)
    return b, [1, length], [x]
