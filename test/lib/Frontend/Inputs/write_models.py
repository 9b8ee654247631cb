"""Writes the binary models of the tests into the folder given: byte by byte, without ONNX's own library."""
import os
import struct
import sys


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number, value):
    """A protobuf field: an int as a varint, text and bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


FLOAT, UINT8, INT32, INT64, BOOL, FLOAT16, DOUBLE, UINT32 = 1, 2, 6, 7, 9, 10, 11, 12
FLOAT_DATA, INT32_DATA, RAW_DATA, DOUBLE_DATA, UINT64_DATA = 4, 5, 9, 10, 11


def tensor(name, dims, element, number=None, data=b""):
    content = b"".join(field(1, dim) for dim in dims) + field(2, element) + field(8, name)
    return content + (field(number, data) if number else b"")


def value(name, *dims):
    shape = b"".join(field(1, field(1, dim)) for dim in dims)
    return field(1, name) + field(2, field(1, field(1, FLOAT) + field(2, shape)))


def node(op, inputs, output, attributes=b""):
    return b"".join(field(1, i) for i in inputs) + field(2, output) + field(4, op) + attributes


def graph(nodes, initializers=(), outputs=("y",)):
    return (b"".join(field(1, n) for n in nodes) + field(2, "g") + b"".join(field(5, t) for t in initializers) +
            field(11, value("x", 4)) + b"".join(field(12, field(1, name)) for name in outputs))


def model(content):
    return field(1, 8) + field(8, field(2, 17)) + field(7, content)


def nested(depth):
    """If in If in If ..."""
    body = field(1, node("Relu", "x", "y")) + field(12, value("y", 4))
    for _ in range(depth):
        branch = field(5, field(1, "then_branch") + field(20, 5) + field(6, body))
        body = field(1, node("If", "x", "y", branch)) + field(12, value("y", 4))
    return body


def floats(*values):
    return struct.pack("<%df" % len(values), *values)


relu = [node("Relu", "x", "y")]
good = [
    tensor("raw", [20], FLOAT, RAW_DATA, floats(*range(20))),
    tensor("typed", [20], FLOAT, FLOAT_DATA, floats(*range(20))),
    tensor("splat", [1000], FLOAT, RAW_DATA, floats(7) * 1000),
    tensor("halves", [2], FLOAT16, INT32_DATA, varint(0x3C00) + varint(0xC000)),
    tensor("doubles", [1], DOUBLE, DOUBLE_DATA, struct.pack("<d", 0.5)),
    tensor("bytes", [3], UINT8, INT32_DATA, varint(1) + varint(200) + varint(3)),
    tensor("words", [2], UINT32, UINT64_DATA, varint(1) + varint(4000000000)),
    tensor("ints", [2], INT32, RAW_DATA, struct.pack("<ii", -5, 5)),
    tensor("flags", [3], BOOL, RAW_DATA, b"\1\0\1"),
    tensor("empty", [0, 3], INT64),
    tensor("scalar", [], FLOAT, FLOAT_DATA, floats(3)),
]
bad = [
    tensor("short", [4], FLOAT, RAW_DATA, floats(1, 2, 3)),
    tensor("long", [2], FLOAT, RAW_DATA, floats(1, 2, 3)),
    tensor("wrongType", [2], DOUBLE, RAW_DATA, floats(1, 2)),
    tensor("wrongField", [2], FLOAT, DOUBLE_DATA, struct.pack("<dd", 1, 2)),
    tensor("missing", [4], INT64),
    tensor("huge", [1 << 31, 4], FLOAT, RAW_DATA, b""),
    tensor("overflow", [1 << 62, 1 << 62], FLOAT, RAW_DATA, b""),
    tensor("negative", [2, -3], FLOAT, RAW_DATA, b""),
    tensor("ranks", [1] * 100, FLOAT, RAW_DATA, floats(1)),
    tensor("unknown", [1], 99, RAW_DATA, b"\0"),
    tensor("untyped", [1], 0, RAW_DATA, b"\0"),
    tensor("segment", [1], FLOAT, RAW_DATA, floats(1)) + field(3, field(1, 0) + field(2, 1)),
]
names = ("raw", "typed", "splat", "halves", "doubles", "bytes", "words", "ints", "flags", "empty", "scalar")
files = {
    "good.onnx": model(graph(relu, good, ("y",) + names)),
    "bad.onnx": model(graph(relu, bad)),
    "empty.onnx": b"",
    "text.onnx": b"this is no protobuf\n",
    "truncated.onnx": model(graph(relu, good))[:-9],
    "no-graph.onnx": field(1, 8),
    "no-opset.onnx": field(1, 8) + field(7, graph(relu)),
    "nested.onnx": model(nested(50)),
    "nested.onnxtxt": b'<ir_version: 8, opset_import: ["" : 17]> g (float[4] x) => (float[4] y) ' +
                      b"{ y = If (x) <then_branch = t () => (float[4] y) " * 10000,
}
for name, content in files.items():
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        file.write(content)
