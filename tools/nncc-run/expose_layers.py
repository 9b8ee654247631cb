"""Makes the value of every node that is no constant an output of a network and asks ONNX Runtime for
what it should be: the preparation of `nncc-run --compare-layers`.

    expose_layers.py model.onnx folder [--case f.npz] [--input name=f.npy] [--dim name=n]

writes to the folder: layers.onnx, layers.npz (in/<name>, out/<name>) and layers.txt
(value, node, operator per line, in the order of execution).

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import argparse
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import helper


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--case")
    parser.add_argument("--input", action="append", default=[])
    parser.add_argument("--dim", action="append", default=[])
    return parser.parse_args()


def given_inputs(args, names):
    """The arrays of the command line, by input name."""
    arrays = {}
    if args.case:
        with np.load(args.case) as case:
            arrays = {k[3:]: case[k] for k in case.files if k.startswith("in/")}
    for text in args.input:
        name, _, path = text.rpartition("=")
        arrays[name or names[0]] = np.load(path)
    return arrays


def shape_of(value, dims):
    """A static shape: symbols by name, otherwise one, as the compiler pins them."""
    return [int(dims.get(d.dim_param, 1)) if d.dim_param or not d.HasField("dim_value")
            else d.dim_value for d in value.type.tensor_type.shape.dim]


def made_up(value, shape, random):
    dtype = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    if np.issubdtype(dtype, np.floating):
        return random.uniform(-1, 1, shape).astype(dtype)
    return np.zeros(shape, dtype)


def expose(model, inputs):
    """Makes the values that depend on the inputs' data the outputs; returns the
    list of (value, node, operator)."""
    known = {v.name: v for v in onnx.shape_inference.infer_shapes(model).graph.value_info}
    outputs = {o.name: o for o in model.graph.output}
    varying, layers = set(inputs), []
    for node in model.graph.node:
        varies = node.op_type not in ("Shape", "Size") and varying.intersection(node.input)
        for name in node.output:
            if varies:
                varying.add(name)
            if name in outputs or (varies and name in known):
                layers.append((name, node.name or node.output[0], node.op_type))
    del model.graph.output[:]
    model.graph.output.extend(outputs.get(name, known.get(name)) for name, _, _ in layers)
    return layers


def main():
    args = arguments()
    model = onnx.load(args.model)
    dims = dict(text.rsplit("=", 1) for text in args.dim)
    initializers = {i.name for i in model.graph.initializer}
    inputs = [i for i in model.graph.input if i.name not in initializers]
    given = given_inputs(args, [i.name for i in inputs])
    random = np.random.default_rng(1)
    feeds = {}
    for value in inputs:
        array = given.get(value.name)
        feeds[value.name] = made_up(value, shape_of(value, dims), random) if array is None else array
        static = helper.make_tensor_type_proto(value.type.tensor_type.elem_type, feeds[value.name].shape)
        value.type.CopyFrom(static)
    layers = expose(model, feeds)

    options = onnxruntime.SessionOptions()
    # The nodes as they are written, not what the optimizer makes of them.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3  # errors
    session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])
    names = [name for name, _, _ in layers]
    values = session.run(names, feeds)
    onnx.save(model, args.folder / "layers.onnx")
    np.savez(args.folder / "layers.npz",
             **{"in/" + k: v for k, v in feeds.items()},
             **{"out/" + k: v for k, v in zip(names, values)})
    (args.folder / "layers.txt").write_text("".join("\t".join(row) + "\n" for row in layers))


main()
