"""Random networks of the operators that nncc imports, with the values of all tensors.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import math
import random

import numpy as np
import onnx
import onnx.shape_inference
from onnx import helper, numpy_helper

from reference_ops import reference_outputs
from random_nodes import OPERATORS

OPSET = 19
CHANNELS = [1, 2, 3, 4, 5, 8, 10, 12, 16, 17, 24, 32, 40]
EXTENTS = [1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 20, 28]
MOST_ELEMENTS = 10000
FLOATS = ("float32", "float16", "float64")
SIGNED = ("int64", "int32", "int16", "int8")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGERS = SIGNED + UNSIGNED
ALL = FLOATS + INTEGERS + ("bool",)


def value_info(name, array):
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)


def make_model(nodes, inputs, constants, outputs):
    """A network from nodes and dictionaries of arrays."""
    graph = helper.make_graph(
        nodes, "random", [value_info(*item) for item in inputs.items()],
        [value_info(*item) for item in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in constants.items()])
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", OPSET)])


class RandomGraph:
    """Grows node by node; `values` has what each tensor is, `nodes` the operators.

    `exact` names the tensors whose every bit is known: a step, a comparison or an order
    may depend on those only, or a harmless rounding would change all that follows.
    """

    def __init__(self, seed, size):
        self.random = random.Random(seed)
        self.numbers = np.random.RandomState(seed % 2**32)
        self.nodes, self.inputs, self.constants, self.values = [], {}, {}, {}
        self.exact = set()
        for _ in range(self.pick(1, 1, 2, 3)):
            self.add_input(self.array(self.network_shape(), self.network_type()))
        if self.random.random() < 0.2:  # what follows from it is computed while compiling
            name = self.constant(self.array(self.network_shape(), self.network_type()))
            self.values[name] = self.constants[name]
        for _ in range(50 * size):
            if len(self.nodes) >= size:
                break
            self.random.choice(OPERATORS)(self)

    # Tensors

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    def network_type(self):
        return "float32" if self.chance(0.7) else self.random.choice(ALL)

    def network_shape(self):
        """Ranks 0 to 5; seldom without elements."""
        batch, extent = self.pick(1, 1, 1, 2, 3), lambda: self.random.choice(EXTENTS)
        rank = self.pick(0, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4, 5)
        shape = ([batch, self.channels()] + [extent() for _ in range(rank - 2)])[:rank]
        if rank and self.chance(0.02):
            shape[self.random.randrange(rank)] = 0
        return shape if math.prod(shape) <= MOST_ELEMENTS else self.network_shape()

    def channels(self):
        return self.random.choice(CHANNELS)

    def array(self, shape, dtype="float32", low=None, high=None):
        """Random elements; integers of few digits, which meet each other."""
        if dtype == "bool":
            return self.numbers.randint(2, size=shape).astype(bool)
        if dtype in INTEGERS:
            low = (0 if dtype in UNSIGNED else -9) if low is None else low
            return np.asarray(self.numbers.randint(low, (9 if high is None else high) + 1, shape), dtype)
        return np.asarray(self.numbers.uniform(-1 if low is None else low, 1 if high is None else high,
                                               shape), dtype)

    def add_input(self, array):
        name = f"x{len(self.inputs)}"
        self.inputs[name] = self.values[name] = array
        self.exact.add(name)
        return name

    def weight(self, shape, dtype="float32", low=None, high=None):
        """Mostly a constant, sometimes an input."""
        array = self.array(shape, dtype, low, high)
        return self.add_input(array) if self.chance(0.15) else self.constant(array)

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants[name] = np.asarray(array)
        self.exact.add(name)
        return name

    def integers(self, numbers):
        return self.constant(np.array(numbers, np.int64))

    def value(self, ranks=range(6), types=("float32",), low=-math.inf, high=math.inf, exact=False,
              empty=False):
        """A tensor of the network, recent ones more often; None if none fits."""
        def fits(name, array):
            if array.ndim not in ranks or array.dtype.name not in types or (exact and name not in self.exact):
                return False
            return array.min() >= low and array.max() <= high if array.size else empty

        fitting = [name for name, array in self.values.items() if fits(name, array)]
        if not fitting:
            return None
        return self.random.choice(fitting[-3:] if self.chance(0.6) else fitting)

    def get(self, name):
        return self.values[name] if name in self.values else self.constants[name]

    def shape(self, name):
        return self.get(name).shape

    def type(self, name):
        return self.get(name).dtype.name

    # Nodes

    def add(self, op, inputs, results=1, exact=False, **attributes):
        """Adds a node unless its values are no test: huge, lost digits, too many. With
        `exact` its results are as exact as its inputs are."""
        names = [f"y{len(self.nodes)}" + (f"_{i}" if i else "") for i in range(results)]
        node = helper.make_node(op, inputs, names, name=f"{op.lower()}_{len(self.nodes)}", **attributes)
        self.add_node(node, exact)

    def repeat(self):
        """The same node once more: a common subexpression."""
        if self.nodes:
            node = onnx.NodeProto()
            node.CopyFrom(self.random.choice(self.nodes))
            exact = node.output[0] in self.exact
            node.name = f"again_{len(self.nodes)}"
            for i, name in enumerate(node.output):
                node.output[i] = f"y{len(self.nodes)}" + (f"_{i}" if i else "")
            self.add_node(node, exact)

    def add_node(self, node, exact):
        used = [name for name in node.input if name]
        constants = {name: self.constants[name] for name in used if name in self.constants}
        known = {name: self.values[name] for name in used if name in self.values and name not in constants}
        model = make_model([node], known, constants, {name: np.zeros((), np.float32) for name in node.output})
        for output in model.graph.output:
            output.ClearField("type")
        results = reference_outputs(onnx.shape_inference.infer_shapes(model), known)
        if not all(is_test(result, known.values(), node.op_type) for result in results.values()):
            return
        self.nodes.append(node)
        self.values |= results
        if exact and all(name in self.exact for name in used):
            self.exact |= set(results)
        self.exact |= {name for name, result in results.items() if result.dtype.kind in "iub"}

    def outputs(self):
        """What nothing reads, and some of what is read."""
        read = {name for node in self.nodes for name in node.input}
        return [name for node in self.nodes for name in node.output
                if name not in read or self.chance(0.1)]


def is_test(result, inputs, op):
    """Whether a wrong result would be noticed."""
    if result.size > MOST_ELEMENTS or result.ndim > 5:
        return False
    if result.dtype.kind != "f" or not result.size:
        return True
    largest = np.abs(result).max()
    before = max([np.abs(array).max() for array in inputs if array.dtype.kind == "f" and array.size], default=1)
    return 1e-3 * min(before, 1) < largest < 200 and before <= 1e3 * largest
