"""Models that are broken on purpose, and what nncc must say about each.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import re

import onnx
from onnx import TensorProto, helper

HUGE = 1 << 62
HEADER = '<ir_version: 10, opset_import: ["" : 19, "local" : 1]>\n'


def text(graph):
    return {"model.onnxtxt": (HEADER + graph).encode()}


def one_node(node, weights="", inputs="float[1,4,8,8] x"):
    """A network of the one node that `y` comes from."""
    return text(f"g ({inputs}) => (float[n] y) {f'<{weights}>' if weights else ''} {{ [node] {node} }}")


def external(**entries):
    """A tensor of 256 floats whose data lies outside of the model."""
    return tensor_file(TensorProto(name="w", dims=[256], data_type=TensorProto.FLOAT,
                                   data_location=TensorProto.EXTERNAL), entries)


def tensor_file(tensor, entries=()):
    for key in entries:
        tensor.external_data.add(key=key, value=str(entries[key]))
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [256]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Add", ["x", "w"], ["y"])], "g", [x], [y], [tensor])
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    return {"model.onnx": model.SerializeToString(), "weights.bin": bytes(1020)}


def claim(*dims):
    """A few bytes that say they are a tensor of the dimensions."""
    return tensor_file(TensorProto(name="w", dims=dims, data_type=TensorProto.FLOAT, raw_data=b"1234"))


# Protobuf by hand: what ONNX's library would refuse to write, or take forever for.

def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def nested(heads, core, depth):
    """`core` inside `depth` times the fields that `heads` says, outermost first: (number
    of the field, other fields before it)."""
    pieces, size = [core], len(core)
    for number, before in reversed(heads * depth):
        head = varint(number << 3 | 2) + varint(size)
        pieces += [head, before]
        size += len(head) + len(before)
    return b"".join(reversed(pieces))


def deep_graphs(depth):
    """If in If in If: field 1 of a graph is a node, 5 of a node an attribute, 6 of an
    attribute a graph."""
    graph = nested([(1, b""), (5, b"\x22\x02If"), (6, b"")], b"", depth)
    return {"model.onnx": b"\x08\x08\x42\x02\x10\x11" + b"\x3a" + varint(len(graph)) + graph}


def deep_types(depth):
    """An input that is a sequence of sequences of sequences."""
    elem = nested([(4, b""), (1, b"")], b"", depth)
    info = b"\x0a\x01x\x12" + varint(len(elem)) + elem
    graph = b"\x5a" + varint(len(info)) + info
    return {"model.onnx": b"\x08\x08\x42\x02\x10\x11" + b"\x3a" + varint(len(graph)) + graph}


def functions(bodies):
    """Functions by name, each with the one operator that it calls."""
    model = onnx.parser.parse_model(HEADER + "g (float[4] x) => (float[4] y) { y = local.f0 (x) }")
    for name, called in bodies.items():
        model.functions.append(helper.make_function(
            "local", name, ["a"], ["b"],
            [helper.make_node(called, ["a"], ["b"], "call", domain="local" if called in bodies else "")],
            [helper.make_opsetid("", 19), helper.make_opsetid("local", 1)]))
    return {"model.onnx": model.SerializeToString()}


def call_chain(length):
    return functions({f"f{i}": f"f{i + 1}" if i + 1 < length else "Neg" for i in range(length)})


def node(op, problem):
    return f"node 'node' ({op}): {problem}"


def entry(op, attribute, value, least):
    return node(op, f"attribute '{attribute}' has the entry {value}, the smallest one allowed is {least} "
                    "and the largest one 2147483647")


TOO_LARGE = "exceeds the limit of 2^31 - 1"
OUTSIDE = "initializer 'w': external data '{}' lies outside the model's folder"
CASES = {
    # Files beside the model
    "parent": (external(location="../secret.bin"), [OUTSIDE.format("../secret.bin")]),
    "absolute": (external(location="/etc/passwd"), [OUTSIDE.format("/etc/passwd")]),
    "symlink": (external(location="link.bin"), [OUTSIDE.format("link.bin")]),
    "too-short": (external(location="weights.bin"),
                  ["initializer 'w': external data needs 1024 bytes at offset 0, 'weights.bin' has 1020"]),
    "offset-overflow": (external(location="weights.bin", offset=2**64 - 4),
                        ["initializer 'w': external data needs 1024 bytes at offset 18446744073709551612, "
                         "'weights.bin' has 1020"]),
    "offset-beyond-64-bits": (external(location="weights.bin", offset=2**64),
                              ["initializer 'w': external data has the malformed offset "
                               "'18446744073709551616'"]),
    "device": (external(location="dev"), [OUTSIDE.format("dev")]),
    # More than there is
    "claim-3-gb": (claim(750, 1000, 1000),
                   ["initializer 'w': holds 4 bytes, 750x1000x1000 elements of float need 3000000000"]),
    "claim-wraps-to-0": (claim(1 << 32, 1 << 32),
                         ["initializer 'w': a tensor of 4294967296x4294967296 elements " + TOO_LARGE]),
    "claim-wraps-to-4": (claim((1 << 62) + 1, 4),
                         ["initializer 'w': a tensor of 4611686018427387905x4 elements " + TOO_LARGE]),
    "claim-8-gb": (text("g (float[1, 4] x) => (float[n, m] y) <int64[2] s = {4, 500000000}> "
                        "{ [fill] w = ConstantOfShape <value = float[1] {2.0}> (s) [product] y = MatMul (x, w) }"),
                   ["node 'w': needs a constant of 8000000000 bytes, an object holds less than 2147483648"]),
    "nameless-input": (text('g (float[4] "") => (float[4] y) { [node] y = Relu ("") }'),
                       [node("Relu", "input #0 is missing")]),
    "nameless-output": (text('g (float[4] x) => (float[4] "") { [node] y = Relu (x) }'),
                        ["output '' is not defined by any node, input or initializer"]),
    # Depth
    "deep-text": (text("g (float[4] x) => (float[4] y) " + "{ y = If (x) <then_branch = t () => () " * 100000),
                  ["malformed ONNX text: line 2: brackets nest deeper than 64"]),
    "deep-graphs": (deep_graphs(100000), ["not an ONNX model: the protobuf is damaged or truncated"]),
    "deep-types": (deep_types(100000), ["not an ONNX model: the protobuf is damaged or truncated"]),
    "deep-calls": (call_chain(100000),
                   [re.compile(r"node '(#0/)?(call/){31,32}call' \(f\d+\): functions call each other deeper than 32")]),
    "calls-itself": (functions({"f0": "f0"}),
                     [re.compile(r"node '.*' \(f0\): functions call each other deeper than 32")]),
    "calls-in-a-circle": (functions({"f0": "f1", "f1": "f2", "f2": "f0"}),
                          [re.compile(r"node '.*' \(f\d\): functions call each other deeper than 32")]),
    # Sizes that overflow, one operator each
    "reshape": (one_node("y = Reshape (x, s)", f"int64[2] s = {{{HUGE}, 4}}"),
        [node("Reshape", "cannot reshape 1x4x8x8 to 4611686018427387904x4")]),
    "expand": (one_node("y = Expand (x, s)", f"int64[5] s = {{{HUGE}, 1, 4, 8, 8}}"),
        [node("Expand", f"result: a tensor of 4611686018427387904x1x4x8x8 elements {TOO_LARGE}")]),
    "tile": (one_node("y = Tile (x, s)", f"int64[4] s = {{{HUGE}, {HUGE}, 2, 2}}"),
        [node("Tile", "cannot repeat dimension 0 4611686018427387904 times")]),
    "pad": (one_node("y = Pad (x, s)", f"int64[8] s = {{0, 0, {HUGE}, 0, 0, 0, {HUGE}, {HUGE}}}"),
        [node("Pad", "cannot pad by 4611686018427387904 elements")]),
    "pad-most": (one_node("y = Pad (x, s)", f"int64[8] s = {{0, 0, {2**63 - 1}, 0, 0, 0, {2**63 - 1}, 0}}"),
        [node("Pad", "cannot pad by 9223372036854775807 elements")]),
    "pad-negative": (one_node("y = Pad (x, s)", f"int64[8] s = {{0, 0, {-2**63}, 0, 0, 0, {-2**63}, 0}}"),
        [node("Pad", "cannot pad by -9223372036854775808 elements")]),
    "constant-of-shape": (one_node("y = ConstantOfShape (s)", f"int64[2] s = {{{HUGE}, {HUGE}}}"),
        [node("ConstantOfShape", f"a tensor of 4611686018427387904x4611686018427387904 elements {TOO_LARGE}")]),
    "conv-pads": (one_node(f"y = Conv <pads = [{HUGE}, {HUGE}, {HUGE}, {HUGE}]> (x, w)",
                           "float[1,4,1,1] w = {1, 2, 3, 4}"),
        [entry("Conv", "pads", HUGE, 0)]),
    "conv-dilations": (one_node(f"y = Conv <dilations = [{HUGE}, {HUGE}]> (x, w)",
                                "float[1,4,1,2] w = {1, 2, 3, 4, 5, 6, 7, 8}"),
        [entry("Conv", "dilations", HUGE, 1)]),
    "conv-strides": (one_node(f"y = Conv <strides = [{-2**63}, {HUGE}]> (x, w)",
                              "float[1,4,1,1] w = {1, 2, 3, 4}"),
        [entry("Conv", "strides", -2**63, 1)]),
    "pool-kernel": (one_node(f"y = MaxPool <kernel_shape = [{HUGE}, {HUGE}]> (x)"),
        [entry("MaxPool", "kernel_shape", HUGE, 1)]),
    "pool-pads": (one_node(f"y = AveragePool <kernel_shape = [2, 2], pads = [{HUGE}, 1, {HUGE}, 1]> (x)"),
        [entry("AveragePool", "pads", HUGE, 0)]),
    "transposed-strides": (one_node(f"y = ConvTranspose <strides = [{HUGE}, {HUGE}]> (x, w)",
                                    "float[4,1,1,1] w = {1, 2, 3, 4}"),
        [entry("ConvTranspose", "strides", HUGE, 1)]),
    "transposed-output-padding": (one_node(f"y = ConvTranspose <output_padding = [{HUGE}, {2**63 - 1}]> (x, w)",
                                           "float[4,1,1,1] w = {1, 2, 3, 4}"),
        [entry("ConvTranspose", "output_padding", HUGE, 0)]),
    "blocks": (one_node(f"y = DepthToSpace <blocksize = {1 << 32}> (x)"),
        [node("DepthToSpace", "attribute 'blocksize' must be 1 to 32767, got 4294967296")]),
    "blocks-to-depth": (one_node(f"y = SpaceToDepth <blocksize = {1 << 32}> (x)"),
        [node("SpaceToDepth", "attribute 'blocksize' must be 1 to 32767, got 4294967296")]),
    "resize-scales": (one_node("y = Resize (x, , s)", "float[4] s = {1, 1, 1e30, 1e30}"),
        [node("Resize", "the list of scales (input #2) has the entry 1.000000e+30")]),
    "resize-sizes": (one_node("y = Resize (x, , , s)", f"int64[4] s = {{1, 4, {HUGE}, {HUGE}}}"),
        [node("Resize", "cannot resize dimension 2 of extent 8 to 4611686018427387904 by a factor of 5.764608e+17")]),
    "axis": (one_node(f"y = Softmax <axis = {-2**63}> (x)"),
        [node("Softmax", "axis -9223372036854775808 is outside rank 4")]),
    "flatten-axis": (one_node(f"y = Flatten <axis = {2**63 - 1}> (x)"),
        [node("Flatten", "axis 9223372036854775807 is outside rank 4")]),
    "transpose-perm": (one_node(f"y = Transpose <perm = [{2**63 - 1}, {-2**63}, 0, 1]> (x)"),
        [node("Transpose", "perm is no permutation of 4 dimensions: entry 9223372036854775807")]),
    "split-count": (one_node(f"y = Split <num_outputs = {HUGE}> (x)"),
        [node("Split", "attribute 'num_outputs' is 4611686018427387904, the node has 1 outputs")]),
    "split-sizes": (one_node(f"y, z = Split (x, s)", f"int64[2] s = {{{HUGE}, {-HUGE}}}"),
        [node("Split", "cannot split extent 1 into 4611686018427387904x-4611686018427387904 for 2 outputs")]),
    "unsqueeze-axes": (one_node("y = Unsqueeze (x, s)", f"int64[2] s = {{{2**63 - 1}, {-2**63}}}"),
        [node("Unsqueeze", "axis 9223372036854775807 is outside rank 6")]),
    "gather-index": (one_node("y = Gather (x, s)", f"int64[2] s = {{{HUGE}, {-2**63}}}"),
        [node("Gather", "index 4611686018427387904 is outside extent 1")]),
    "one-group-each": (one_node(f"y = Conv <group = {-2**63}> (x, w)", "float[1,4,1,1] w = {1, 2, 3, 4}"),
        [node("Conv", "4 input channels are not divisible by group -9223372036854775808")]),
    "most-of-top-k": (one_node("y, z = TopK (x, k)", f"int64[1] k = {{{HUGE}}}"),
        [node("TopK", "cannot take 4611686018427387904 of 8 elements")]),
    "loop-without-end": (text(f"g (float[4] x) => (float[4] y) <int64 n = {{{HUGE}}}, bool c = {{1}}> "
                              "{ [node] y = Loop (n, c, x) <body = b (int64 i, bool d, float[4] p) => "
                              "(bool d, float[4] q) { q = Neg (p) }> }"),
        [node("Loop", "functions and loops expand to more than 65536 calls")]),
    "input": (text(f"g (float[{1 << 32},{1 << 32}] x) => (float[4] y) {{ y = Relu (x) }}"),
        [f"input 'x': a tensor of 4294967296x4294967296 elements {TOO_LARGE}"]),
    # Names
    "two-inputs": (text("g (float[4] x, float[4] x) => (float[4] y) { y = Relu (x) }"), ["input 'x' is listed twice"]),
    "two-outputs": (text("g (float[4] x) => (float[4] y, float[4] y) { y = Relu (x) }"),
                    ["output 'y' is listed twice"]),
    "two-initializers": (text("g (float[1] x) => (float[1] y) <float[1] w = {1}, float[1] w = {2}> { y = Add (x, w) }"),
                         ["initializer 'w' is defined twice"]),
    "two-producers": (text("g (float[4] x) => (float[4] y) { [a] y = Relu (x) [b] y = Neg (x) }"),
                      [re.compile(r"node 'b' \(Neg\): defines 'y', which is already defined")]),
    "cycle": (text("g (float[4] x) => (float[4] y) { [a] z = Add (x, y) [b] y = Neg (z) }"),
              [re.compile(r"node '[ab]' \(\w+\): lies on a cycle: its input '[yz]' depends on its own result")]),
}
