"""Random networks of the operators that nncc imports, with the values of all tensors.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import math
import random

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from network_runs import reference_outputs

OPSET = 19
CHANNELS = [1, 2, 3, 4, 5, 8, 10, 12, 16, 17, 24, 32, 40]
EXTENTS = [1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 20, 28]
MOST_ELEMENTS = 10000


def value_info(name, array):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, array.shape)


def make_model(nodes, inputs, constants, outputs):
    """A network from nodes and dictionaries of arrays."""
    graph = helper.make_graph(
        nodes, "random", [value_info(*item) for item in inputs.items()],
        [value_info(*item) for item in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in constants.items()])
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", OPSET)])


class RandomGraph:
    """Grows node by node; `values` has what each tensor is, `nodes` the operators."""

    def __init__(self, seed, size):
        self.random = random.Random(seed)
        self.numbers = np.random.RandomState(seed % 2**32)
        self.nodes, self.inputs, self.constants, self.values = [], {}, {}, {}
        for _ in range(self.random.choice([1, 1, 2, 3])):
            self.add_input(self.network_shape())
        if self.random.random() < 0.2:  # what follows from it is computed while compiling
            name = self.constant(self.array(self.network_shape()))
            self.values[name] = self.constants[name]
        for _ in range(50 * size):
            if len(self.nodes) >= size:
                break
            getattr(self, self.random.choice(OPERATORS))()

    # Tensors

    def pick(self, *choices):
        return self.random.choice(choices)

    def network_shape(self):
        batch, extent = self.pick(1, 1, 1, 2, 3), lambda: self.random.choice(EXTENTS)
        channels = self.random.choice(CHANNELS)
        rank = self.pick(0, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4, 5)
        shape = ([batch, channels] + [extent() for _ in range(rank - 2)])[:rank]
        return shape if math.prod(shape) <= MOST_ELEMENTS else self.network_shape()

    def array(self, shape):
        return np.asarray(self.numbers.uniform(-1, 1, shape), np.float32)

    def add_input(self, shape):
        name = f"x{len(self.inputs)}"
        self.inputs[name] = self.values[name] = self.array(shape)
        return name

    def weight(self, shape):
        """Mostly a constant, sometimes an input."""
        if self.random.random() < 0.15:
            return self.add_input(shape)
        return self.constant(self.array(shape))

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants[name] = array
        return name

    def integers(self, numbers):
        return self.constant(np.array(numbers, np.int64))

    def value(self, ranks=range(6), largest=math.inf):
        """A tensor of the network, recent ones more often; None if none fits."""
        fitting = [name for name, array in self.values.items()
                   if array.ndim in ranks and np.abs(array).max(initial=0) <= largest]
        if not fitting:
            return None
        return self.random.choice(fitting[-3:] if self.random.random() < 0.6 else fitting)

    def shape(self, name):
        return self.values.get(name, self.constants.get(name)).shape

    def add(self, op, inputs, **attributes):
        """Adds a node unless its values are no test: huge, lost digits, too many."""
        name = f"y{len(self.nodes)}"
        node = helper.make_node(op, inputs, [name], name=f"{op.lower()}_{len(self.nodes)}",
                                **attributes)
        constants = {i: self.constants[i] for i in inputs if i in self.constants}
        known = {i: self.values[i] for i in inputs if i in self.values and i not in constants}
        model = make_model([node], known, constants, {name: np.zeros(())})
        del model.graph.output[0].type.tensor_type.shape.dim[:]
        result = reference_outputs(model, known)[name]
        largest = np.abs(result).max(initial=0)
        before = max([np.abs(array).max(initial=0) for array in known.values()], default=1)
        if not result.size or result.size > MOST_ELEMENTS or result.ndim > 5:
            return
        if not 1e-3 * min(before, 1) < largest < 200 or before > 1e3 * largest:
            return
        self.nodes.append(node)
        self.values[name] = result

    # Operators

    def windows(self, spatial):
        """Attributes of a window that fits into the extents, with padding."""
        kernel, strides, dilations, begin, end = [], [], [], [], []
        for extent in spatial:
            kernel.append(self.pick(1, 2, 3, 3, 3, 4, 5))
            dilations.append(self.pick(1, 1, 1, 2, 3))
            strides.append(self.pick(1, 1, 2, 3))
            reach = (kernel[-1] - 1) * dilations[-1] + 1
            begin.append(self.random.randrange(min(reach, 4)) if reach > 1 else 0)
            end.append(self.random.randrange(min(reach, 4)) if reach > 1 else 0)
            if extent + begin[-1] + end[-1] < reach:
                return None
        return {"kernel_shape": kernel, "strides": strides, "dilations": dilations,
                "pads": begin + end}

    def conv(self):
        x = self.value(ranks=[3, 4, 5])
        window = x and self.windows(self.shape(x)[2:])
        if not window:
            return
        channels = self.shape(x)[1]
        groups = [g for g in range(1, channels + 1) if channels % g == 0]
        group = self.pick(1, 1, 1, channels, self.random.choice(groups))
        outputs = self.random.choice(CHANNELS)
        if group > 1:
            outputs = group * self.pick(1, 1, 2, 3)
        filter_shape = [outputs, channels // group] + window["kernel_shape"]
        inputs = [x, self.weight(filter_shape)]
        if self.random.random() < 0.5:
            inputs.append(self.weight([outputs]))
        self.add("Conv", inputs, group=group, **window)

    def pool(self):
        x = self.value(ranks=[3, 4, 5])
        window = x and self.windows(self.shape(x)[2:])
        if not window:
            return
        extra = {"ceil_mode": self.pick(0, 0, 1)}
        op = self.pick("MaxPool", "AveragePool")
        if op == "AveragePool":
            extra["count_include_pad"] = self.pick(0, 1)
        self.add(op, [x], **window, **extra)

    def global_pool(self):
        x = self.value(ranks=[3, 4, 5])
        if x:
            self.add(self.pick("GlobalAveragePool", "GlobalMaxPool"), [x])

    def matmul(self):
        x = self.value(ranks=[1, 2, 3, 4])
        if not x:
            return
        shape = self.shape(x)
        columns = self.random.choice(CHANNELS + [33, 48])
        others = [y for y in self.values if self.shape(y) and len(self.shape(y)) > 1
                  and self.shape(y)[-2] == shape[-1] and len(self.shape(y)) == 2]
        form = self.random.random()
        if others and form < 0.3:
            self.add("MatMul", [x, self.random.choice(others)])
        elif form < 0.4:
            self.add("MatMul", [x, self.weight([shape[-1]])])
        elif form < 0.5 and len(shape) > 2:
            self.add("MatMul", [x, self.weight([*shape[:-2], shape[-1], columns])])
        elif form < 0.6 and len(shape) > 1:
            self.add("MatMul", [self.weight([columns, shape[-2]]), x])
        else:
            self.add("MatMul", [x, self.weight([shape[-1], columns])])

    def gemm(self):
        x = self.value(ranks=[2])
        if not x:
            return
        turned_a, turned_b = self.pick(0, 1), self.pick(0, 1)
        rows, depth = self.shape(x)[::-1] if turned_a else self.shape(x)
        columns = self.random.choice(CHANNELS)
        inputs = [x, self.weight([columns, depth] if turned_b else [depth, columns])]
        if self.random.random() < 0.7:
            inputs.append(self.weight(self.pick([columns], [rows, columns], [rows, 1], [1], [])))
        self.add("Gemm", inputs, transA=turned_a, transB=turned_b,
                 alpha=self.pick(1.0, 1.0, 0.5), beta=self.pick(1.0, 1.0, 2.0))

    def unary(self):
        x = self.value()
        op = self.pick("Relu", "Relu", "Neg", "Sigmoid", "Tanh", "LeakyRelu", "HardSigmoid")
        self.add(op, [x])

    def exponential(self):
        x = self.value(largest=5)
        if x:
            self.add("Exp", [x])

    def clip(self):
        low, high = self.pick("", 0.0, -0.5), self.pick("", 0.25, 1.0)
        self.add("Clip", [self.value()] + [limit if limit == "" else
                 self.constant(np.array(limit, np.float32)) for limit in (low, high)])

    def broadcast_shape(self, shape):
        """What broadcasts to `shape`: ones here and there, leading dimensions gone."""
        kept = [extent if self.random.random() < 0.6 else 1 for extent in shape]
        return kept[self.random.randrange(len(kept) + 1):]

    def binary(self):
        x = self.value()
        shape = self.shape(x)
        others = [y for y in self.values if self.shape(y) == shape]
        partners = [y for y in self.values if fits(self.shape(y), shape)]
        kind = self.random.random()
        y = (self.random.choice(others) if kind < 0.4 else
             self.random.choice(partners) if kind < 0.7 else
             self.weight(self.broadcast_shape(shape)))
        operands = [x, y]
        self.random.shuffle(operands)
        self.add(self.pick("Add", "Add", "Sub", "Mul", "Max", "Min"), operands)

    def variadic(self):
        x = self.value()
        others = [y for y in self.values if fits(self.shape(y), self.shape(x))]
        self.add(self.pick("Max", "Min", "Sum"),
                 [x] + [self.random.choice(others) for _ in range(self.pick(0, 1, 2, 3))])

    def batch_normalization(self):
        x = self.value(ranks=[2, 3, 4, 5])
        if not x:
            return
        channels = self.shape(x)[1]
        parameters = [self.constant(self.array([channels])) for _ in range(3)]
        parameters.append(self.constant(self.array([channels]) / 2 + 1))
        self.add("BatchNormalization", [x] + parameters)

    def reduce(self):
        x = self.value(ranks=[1, 2, 3, 4, 5])
        if not x:
            return
        rank = len(self.shape(x))
        axes = self.random.sample(range(-rank, 0), self.random.randint(1, rank))
        op = self.pick("ReduceMean", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin")
        self.add(op, [x, self.integers(axes)], keepdims=self.pick(0, 1))

    def softmax(self):
        x = self.value(ranks=[1, 2, 3, 4, 5], largest=10)
        if x:
            self.add("Softmax", [x], axis=self.random.randrange(len(self.shape(x))))

    def transpose(self):
        x = self.value(ranks=[2, 3, 4, 5])
        if x:
            rank = len(self.shape(x))
            self.add("Transpose", [x], perm=self.random.sample(range(rank), rank))

    def reshape(self):
        x = self.value()
        size, shape = math.prod(self.shape(x)), []
        while len(shape) < self.random.randrange(5):
            shape.append(self.random.choice([d for d in range(1, size + 1) if size % d == 0]))
            size //= shape[-1]
        self.add("Reshape", [x, self.integers(shape + [size])])

    def flatten(self):
        x = self.value(ranks=[1, 2, 3, 4, 5])
        if x:
            self.add("Flatten", [x], axis=self.random.randrange(len(self.shape(x)) + 1))

    def unsqueeze(self):
        x = self.value(ranks=range(5))
        if x:
            self.add("Unsqueeze", [x, self.integers([self.random.randint(0, len(self.shape(x)))])])

    def squeeze(self):
        x = self.value()
        ones = [i for i, extent in enumerate(self.shape(x)) if extent == 1]
        if ones:
            self.add("Squeeze", [x, self.integers([self.random.choice(ones)])])

    def expand(self):
        x = self.value(ranks=range(5))
        if x:
            shape = [self.pick(2, 3) if extent == 1 else extent for extent in self.shape(x)]
            self.add("Expand", [x, self.integers(self.pick([], [2]) + shape)])

    def pad(self):
        x = self.value(ranks=[1, 2, 3, 4, 5])
        if not x:
            return
        begin = [self.pick(0, 0, 1, 2, -1) for _ in self.shape(x)]
        end = [self.pick(0, 0, 1, 2, -1) for _ in self.shape(x)]
        if all(extent + min(b, 0) + min(e, 0) > 0
               for extent, b, e in zip(self.shape(x), begin, end)):
            value = [self.constant(np.array(self.pick(2.0, -1.5), np.float32))]
            self.add("Pad", [x, self.integers(begin + end)] + self.pick([], value))

    def cumulative(self):
        x = self.value(ranks=[1, 2, 3, 4, 5])
        if x:
            axis = self.constant(np.array(self.random.randrange(len(self.shape(x))), np.int64))
            self.add("CumSum", [x, axis], exclusive=self.pick(0, 1), reverse=self.pick(0, 1))

    def triangle(self):
        x = self.value(ranks=[2, 3, 4])
        if x:
            diagonal = [self.constant(np.array(self.random.randint(-3, 3), np.int64))]
            self.add("Trilu", [x] + self.pick([], diagonal), upper=self.pick(0, 1))

    def einsum(self):
        """A product that sums, keeps or shares each dimension of a tensor by chance."""
        x = self.value(ranks=[1, 2, 3, 4])
        if not x:
            return
        letters = "abcd"[:len(self.shape(x))]
        shared = [letter for letter in letters if self.random.random() < 0.5]
        own = self.random.choice(["", "x", "xy"])
        extents = dict(zip(letters, self.shape(x))) | {"x": 3, "y": 5}
        other = self.random.sample(shared + list(own), len(shared) + len(own))
        result = [letter for letter in letters + own
                  if letter not in shared and self.random.random() < 0.9 or self.random.random() < 0.4]
        self.random.shuffle(result)
        self.add("Einsum", [x, self.weight([extents[letter] for letter in other])],
                 equation=f"{letters},{''.join(other)}->{''.join(result)}")

    def normalization(self):
        """Of lines with norms of one size: others multiply the errors of what they read."""
        x = self.value(ranks=[2, 3, 4])
        if not x:
            return
        axis, array = self.random.randrange(len(self.shape(x))), self.values[x]
        norms = np.abs(array).sum(axis=axis)
        if norms.min(initial=0) > 0.1 * norms.max(initial=0):
            self.add("LpNormalization", [x], axis=axis, p=self.pick(1, 2))
        channels = array.reshape(*array.shape[:2], -1).std(axis=-1)
        if array.ndim > 2 and channels.min() > 0.1 * np.abs(array).max():
            parameters = [self.weight(array.shape[1:2]) for _ in range(2)]
            self.add("InstanceNormalization", [x] + parameters)

    def grid_sample(self):
        x = self.value(ranks=[4])
        # With one pixel there is nothing to reflect at.
        if x and math.prod(self.shape(x)) < 2000 and min(self.shape(x)[2:]) > 1:
            spatial = len(self.shape(x)) - 2
            points = [self.shape(x)[0]] + [self.pick(1, 2, 5) for _ in range(spatial)] + [spatial]
            self.add("GridSample", [x, self.weight(points)], mode="bilinear",
                     padding_mode=self.pick("zeros", "border", "reflection"),
                     align_corners=self.pick(0, 1))

    def transform(self):
        x = self.value(ranks=[2, 3, 4])
        if x:
            end = self.constant(np.array([len(self.shape(x))], np.int64))
            self.add("Unsqueeze", [x, end])
            signal = f"y{len(self.nodes) - 1}"
            if signal in self.values and self.shape(signal)[:-1] == self.shape(x):
                self.add("DFT", [signal], axis=self.random.randrange(len(self.shape(x))),
                         onesided=self.pick(0, 1))

    def reverse_sequence(self):
        x = self.value(ranks=[2, 3, 4])
        if x:
            time, batch = self.shape(x)[:2]
            lengths = self.integers([self.random.randint(0, time) for _ in range(batch)])
            self.add("ReverseSequence", [x, lengths], time_axis=0, batch_axis=1)

    def compress(self):
        x = self.value(ranks=[1, 2, 3, 4])
        if x:
            axis = self.random.randrange(len(self.shape(x)))
            kept = [self.random.random() < 0.7 for _ in range(self.shape(x)[axis])]
            self.add("Compress", [x, self.constant(np.array(kept))], axis=axis)

    def outputs(self):
        """What nothing reads, and some of what is read."""
        read = {name for node in self.nodes for name in node.input}
        return [node.output[0] for node in self.nodes
                if node.output[0] not in read or self.random.random() < 0.1]


OPERATORS = (["conv"] * 6 + ["pool"] * 2 + ["matmul", "unary"] * 2 + ["binary"] * 4 +
             ["global_pool", "gemm", "exponential", "clip", "variadic", "batch_normalization",
              "reduce", "softmax", "transpose", "reshape", "flatten", "unsqueeze", "squeeze",
              "expand", "pad", "cumulative", "triangle", "einsum", "normalization", "grid_sample",
              "transform", "reverse_sequence", "compress"])


def fits(shape, to):
    """Whether `shape` broadcasts to `to`."""
    return len(shape) <= len(to) and all(a in (1, b) for a, b in zip(shape[::-1], to[::-1]))
