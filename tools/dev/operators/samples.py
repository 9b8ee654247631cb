"""One node of each operator from the networks of test/run, and its inputs.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import dataclasses
import pathlib

import numpy as np
import onnx
import onnx.parser
import onnx.shape_inference

from network_runs import made_up_inputs, with_constants

NETWORKS = pathlib.Path(__file__).resolve().parents[3] / "test" / "run"


@dataclasses.dataclass
class Sample:
    """A node, its opset, and per input name a constant or the type of a value."""
    node: onnx.NodeProto
    domain: str
    opset: int
    opsets: dict
    constants: dict
    types: dict


def networks():
    """The networks of test/run, with their constants and all types known."""
    for path in sorted(NETWORKS.glob("*.onnxtxt")):
        text = path.read_text()
        model = onnx.parser.parse_model(text)
        model, _ = with_constants(model, made_up_inputs(model, text))
        yield onnx.shape_inference.infer_shapes(model, data_prop=True)


def constants_of(graph):
    """Initializers, and what Constant nodes hold."""
    found = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute and node.attribute[0].HasField("t"):
            found[node.output[0]] = onnx.numpy_helper.to_array(node.attribute[0].t)
    return found


def types_of(graph):
    return {value.name: value.type.tensor_type
            for value in [*graph.input, *graph.value_info, *graph.output]
            if value.type.HasField("tensor_type")}


def has_types(node, constants, types):
    return all(name in constants or (name in types and types[name].HasField("shape"))
               for name in node.input if name)


def find(rows):
    """A sample for each row (domain, name, first opset, last opset), None where no
    network has one whose inputs are all known."""
    samples = dict.fromkeys(rows)
    for model in networks():
        opsets = {entry.domain: entry.version for entry in model.opset_import}
        constants, types = constants_of(model.graph), types_of(model.graph)
        for node in model.graph.node:
            opset = opsets.get(node.domain, 0)
            for row in rows:
                domain, name, first, last = row
                if (samples[row] is None and (node.domain, node.op_type) == (domain, name)
                        and first <= opset <= last and has_types(node, constants, types)):
                    samples[row] = Sample(
                        node, domain, opset, opsets,
                        {name: constants[name] for name in node.input if name in constants},
                        {name: types[name] for name in node.input if name in types})
    return samples


def as_type(array, dtype):
    """`array` with elements of another type, if it has a NumPy type."""
    with np.errstate(all="ignore"):
        return array.astype(onnx.helper.tensor_dtype_to_np_dtype(dtype))
