"""The element types for which operators are imported, found by trying them.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import copy
import re
import subprocess
import tempfile

import onnx
from onnx import TensorProto, helper

from .samples import as_type

# ONNX's names of the types that tensors of nncc have, and ours.
NAMES = {"bool": TensorProto.BOOL,
         **{f"int{n}": getattr(TensorProto, f"INT{n}") for n in (8, 16, 32, 64)},
         **{f"uint{n}": getattr(TensorProto, f"UINT{n}") for n in (8, 16, 32, 64)},
         "float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16,
         "float": TensorProto.FLOAT, "double": TensorProto.DOUBLE}
GROUPS = {"floats": ["float16", "bfloat16", "float", "double"],
          "integers": [f"{sign}int{n}" for sign in ("", "u") for n in (8, 16, 32, 64)],
          "bool": ["bool"]}


def schema_of(sample):
    return onnx.defs.get_schema(sample.node.op_type, sample.opset, sample.domain)


def parameter_of(schema):
    """The type parameter of the first input: its name, and the types it may have."""
    if not schema.inputs:
        return None, []
    name = schema.inputs[0].type_str
    allowed = [text.removeprefix("tensor(").removesuffix(")")
               for constraint in schema.type_constraints if constraint.type_param_str == name
               for text in constraint.allowed_type_strs]
    return name, [text for text in NAMES if text in allowed]


def variant(sample, label, element):
    """The sample with elements `element` where its first input's type parameter says
    so: the node, its graph inputs and its constants, with names of their own."""
    schema = schema_of(sample)
    parameter, _ = parameter_of(schema)
    node = copy.deepcopy(sample.node)
    node.name = label
    inputs, constants = [], []
    for i, name in enumerate(sample.node.input):
        if not name:
            continue
        formal = schema.inputs[min(i, len(schema.inputs) - 1)]
        isParameter = formal.type_str == parameter
        node.input[i] = f"{label}/{i}"
        if name in sample.constants:
            array = sample.constants[name]
            array = as_type(array, element) if isParameter else array
            constants.append(onnx.numpy_helper.from_array(array, node.input[i]))
        else:
            declared = sample.types[name]
            shape = [dim.dim_value for dim in declared.shape.dim]
            inputs.append(helper.make_tensor_value_info(
                node.input[i], element if isParameter else declared.elem_type, shape))
    node.output[:] = [name and f"{label}/out{i}" for i, name in enumerate(node.output)]
    return node, inputs, constants


def refused(nodes, inputs, constants, opsets):
    """The names of the nodes that cannot be imported."""
    first = next(name for node in nodes for name in node.output if name)
    output = onnx.ValueInfoProto(name=first)
    graph = helper.make_graph(nodes, "types", inputs, [output], constants)
    model = helper.make_model(graph, opset_imports=[
        helper.make_opsetid(domain, version) for domain, version in opsets])
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        onnx.save(model, file.name)
        result = subprocess.run(["nncc-translate", "--import-onnx", file.name],
                                capture_output=True, text=True)
    if result.returncode < 0:
        raise RuntimeError(f"nncc-translate crashed:\n{result.stderr[-2000:]}")
    return set(re.findall(r"error: node '([^']+)'", result.stderr))


def accepted(samples):
    """Per row the list of types that its sample is imported with, and the list of
    those that ONNX allows."""
    groups = {}  # nodes of one opset are tried in one model
    for number, (row, sample) in enumerate(samples.items()):
        if sample is None:
            continue
        key = tuple(sorted(sample.opsets.items()))
        for name in parameter_of(schema_of(sample))[1]:
            groups.setdefault(key, []).append((row, name, variant(sample, f"{number} {name}", NAMES[name])))
    found = {row: [] for row in samples}
    for opsets, variants in groups.items():
        nodes, inputs, constants = zip(*(one for _, _, one in variants))
        bad = refused(nodes, sum(inputs, []), sum(constants, []), opsets)
        for row, name, (node, _, _) in variants:
            if node.name not in bad:
                found[row].append(name)
    allowed = {row: parameter_of(schema_of(sample))[1] if sample else []
               for row, sample in samples.items()}
    return {row: (found[row], allowed[row]) for row in samples}


def text_of(found, allowed):
    """Types in words: a group where all that ONNX allows are accepted."""
    words = []
    for group, members in GROUPS.items():
        wanted = [name for name in members if name in allowed]
        have = [name for name in wanted if name in found]
        if have and have == wanted:
            words.append(group)
        else:
            words += have
    return ", ".join(words)
