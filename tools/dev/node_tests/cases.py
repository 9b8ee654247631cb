"""ONNX's node tests: what each is about, decided from its model alone.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import contextlib
import copy

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper
from onnx.backend.test.loader import load_model_tests

USUAL_TYPES = {"BOOL", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64",
               "FLOAT16", "FLOAT", "DOUBLE"}
PARAMETER_TYPES = USUAL_TYPES - {"FLOAT16", "FLOAT", "DOUBLE"}
MOST_PARAMETER_ELEMENTS = 64
# Operators whose first input is a parameter, too, as the names of their cases begin.
ALL_PARAMETERS = ("test_range_", "test_constantofshape_", "test_blackmanwindow", "test_hammingwindow",
                  "test_hannwindow", "test_melweightmatrix")

# Operators by the reason why their cases are no job of a compiler for static shapes.
OUT_OF_SCOPE = {
    "string": {"StringConcat", "StringSplit", "StringNormalizer", "RegexFullMatch"},
    "training": {"Adagrad", "Adam", "Gradient", "Momentum"},
    "data-dependent-shape": {"NonMaxSuppression", "NonZero", "Unique"},
    "image-decoder": {"ImageDecoder"},
    "random": {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform",
               "RandomUniformLike"},
}
# Attributes that hold an element type.
TYPE_ATTRIBUTES = {"to", "dtype", "output_dtype", "softmax_precision", "stash_type",
                   "precision", "qk_matmul_precision"}


@contextlib.contextmanager
def exact_transforms():
    """NumPy 1 transforms in doubles, as what ONNX expects was made; NumPy 2 transforms
    floats in floats, and its errors would stand where zeros are expected."""
    names = ["fft", "ifft", "rfft", "irfft"]
    kept = {name: getattr(np.fft, name) for name in names}

    def in_doubles(name):
        return lambda x, *args, **options: kept[name](
            np.asarray(x, np.result_type(x, np.float64)), *args, **options)

    try:
        for name in names:
            setattr(np.fft, name, in_doubles(name))
        yield
    finally:
        for name in names:
            setattr(np.fft, name, kept[name])


def load_cases():
    """All node tests by name: name, model and data sets."""
    with exact_transforms():
        cases = load_model_tests(kind="node")
    return {case.name: case for case in sorted(cases, key=lambda c: c.name)}


def nodes_of(graph):
    """The nodes of a graph and of the graphs inside it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                yield from nodes_of(inner)


def all_nodes(model):
    yield from nodes_of(model.graph)
    for function in model.functions:
        yield from nodes_of(function)


def value_types(model):
    """The types that the model declares for its inputs, outputs and values inside."""
    def of_graph(graph):
        for value in [*graph.input, *graph.output, *graph.value_info]:
            yield value.type
        for node in graph.node:
            for attribute in node.attribute:
                for inner in [attribute.g, *attribute.graphs]:
                    yield from of_graph(inner)
    yield from of_graph(model.graph)


def tensor_types(kind):
    """Names of the element types inside a type."""
    which = kind.WhichOneof("value")
    if which in ("tensor_type", "sparse_tensor_type"):
        return {TensorProto.DataType.Name(getattr(kind, which).elem_type)}
    if which in ("sequence_type", "optional_type"):
        return tensor_types(getattr(kind, which).elem_type)
    return set()


def kinds_of(kind):
    """Which constructors a type is made of: sequence_type, optional_type ..."""
    which = kind.WhichOneof("value")
    inner = getattr(kind, which).elem_type if which in ("sequence_type", "optional_type") else None
    return {which} | (kinds_of(inner) if inner is not None else set())


def element_types(model):
    """Names of all element types that the model touches."""
    found = set()
    for kind in value_types(model):
        found |= tensor_types(kind)
    tensors = list(model.graph.initializer)
    for node in all_nodes(model):
        for attribute in node.attribute:
            if attribute.HasField("t"):
                tensors.append(attribute.t)
            if attribute.name in TYPE_ATTRIBUTES and attribute.i:
                found.add(TensorProto.DataType.Name(attribute.i))
            if attribute.strings and attribute.name.endswith("_strings"):
                found.add("STRING")
    found |= {TensorProto.DataType.Name(tensor.data_type) for tensor in tensors}
    return found - {"UNDEFINED"}


def is_training(node, model):
    """Dropout and batch normalization behave differently while training."""
    if node.op_type == "BatchNormalization":
        return any(a.name == "training_mode" and a.i for a in node.attribute) or len(node.output) > 1
    # The mode is an input; only its presence shows, its value is data.
    return node.op_type == "Dropout" and len(node.input) > 2 and node.input[2] != ""


def out_of_scope(case):
    """Why a case is out of scope: a sorted list, empty for one in scope."""
    model, reasons = case.model, set()
    for node in all_nodes(model):
        for reason, operators in OUT_OF_SCOPE.items():
            if node.op_type in operators:
                reasons.add(reason)
        if node.op_type.startswith("Sequence") or node.op_type.endswith(("ToSequence", "FromSequence")):
            reasons.add("sequence")
        if node.op_type.startswith("Optional"):
            reasons.add("optional")
        if is_training(node, model):
            reasons.add("training")
    # Also where a preview operator has been expanded into others.
    for opset in model.opset_import:
        if opset.domain.startswith("ai.onnx.preview"):
            reasons.add("preview" if opset.domain == "ai.onnx.preview" else "training")
    for kind in value_types(model):
        for constructor in kinds_of(kind):
            if constructor in ("sequence_type", "optional_type"):
                reasons.add(constructor.removesuffix("_type"))
    if "STRING" in element_types(model):
        reasons.add("string")
    return sorted(reasons)


def narrow_types(case):
    """Element types below 16 bits or of the bfloat kind, sorted."""
    return sorted(name.lower() for name in element_types(case.model) - USUAL_TYPES - {"STRING"})


def scope(case):
    """`usual`, `narrow` (in scope, with narrow types) or `out`."""
    if out_of_scope(case):
        return "out"
    return "narrow" if narrow_types(case) else "usual"


def is_parameter(value, array):
    """Whether an input is a parameter such as axes, sizes or k rather than data:
    integers, booleans or a single number, at most 64 elements."""
    if array is None or value.type.WhichOneof("value") != "tensor_type":
        return False
    name = TensorProto.DataType.Name(value.type.tensor_type.elem_type)
    count = getattr(array, "size", MOST_PARAMETER_ELEMENTS + 1)
    if name in PARAMETER_TYPES:
        return count <= MOST_PARAMETER_ELEMENTS
    return name in USUAL_TYPES and count == 1


def bind_parameters(model, inputs, first):
    """The model with its parameter inputs bound as constants, from input number
    `first` on, and the inputs that remain; None where there is nothing to bind."""
    bound = copy.deepcopy(model)
    rest, data = [], []
    for index, (value, array) in enumerate(zip(model.graph.input, inputs)):
        if index >= first and is_parameter(value, array):
            bound.graph.initializer.append(numpy_helper.from_array(array, value.name))
        else:
            rest.append(value)
            data.append(array)
    if len(rest) == len(model.graph.input):
        return None
    del bound.graph.input[:]
    bound.graph.input.extend(rest)
    return bound, data


def normalized(value):
    """ONNX's own cases hold a few protobufs between their arrays."""
    if isinstance(value, onnx.TensorProto):
        return numpy_helper.to_array(value)
    if isinstance(value, onnx.SequenceProto):
        return numpy_helper.to_list(value)
    if isinstance(value, onnx.OptionalProto):
        return numpy_helper.to_optional(value)
    return value
