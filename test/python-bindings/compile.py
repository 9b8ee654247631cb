# RUN: rm -rf %t && mkdir %t && %python -W error %s %t %S/Inputs
"""Models from files, bytes and protobufs; what a compiled model knows and saves.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import subprocess
import sys

import numpy as np
import onnx

import nncc

folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, sys.argv[2])
from networks import affine, parse, raises

random = np.random.default_rng(0)
x, w, b = (random.standard_normal(shape, np.float32) for shape in ((4, 8), (8, 16), (16,)))
expected = np.maximum(x @ w + b, 0)


def check(model):
    outputs = model(x, w, b)
    np.testing.assert_allclose(outputs["y"], expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(outputs[1], expected.sum(1, keepdims=True), rtol=1e-5)
    assert len(outputs) == 2 and outputs.names == ("y", "total")


# Every way to hand over a model.
path = folder / "affine.onnx"
onnx.save(affine(), path)
check(nncc.compile(path))
check(nncc.compile(str(path)))
check(nncc.compile(path.read_bytes()))
check(nncc.compile(memoryview(path.read_bytes())))
check(nncc.compile(affine()))
text = folder / "affine.onnxtxt"
text.write_text(onnx.printer.to_text(affine()))
check(nncc.compile(text))

# An input that is always the same.
fixed = nncc.compile(path, values={"b": b})
assert [tensor.name for tensor in fixed.inputs] == ["x", "w"]
np.testing.assert_allclose(fixed(x, w)["y"], expected, rtol=1e-5, atol=1e-6)

# What a model knows.
model = nncc.compile(path)
assert [str(tensor) for tensor in model.inputs] == \
    ["x: float32[4, 8]", "w: float32[8, 16]", "b: float32[16]"], model.inputs
assert model.outputs == (nncc.TensorInfo("y", np.dtype(np.float32), (4, 16)),
                         nncc.TensorInfo("total", np.dtype(np.float32), (4, 1)))
assert model.name == "affine" and nncc.compile(affine()).name == "model"
assert model.target.startswith("x86-64") or model.target == "aarch64"
assert model.report["arena"]["proven_optimal"] and model.report["launches"]
assert model.header.startswith("/* affine: ") and model.object.startswith(b"\x7fELF")
assert model.diagnostics == []
assert repr(model).startswith("<nncc.Model 'affine' for "), repr(model)

# What is saved is what the command line writes.
model.save(folder / "saved.o")
subprocess.run(["nncc", path, "-o", folder / "direct.o"], check=True)
for suffix in (".o", ".h"):
    assert (folder / f"saved{suffix}").read_bytes() == (folder / f"direct{suffix}").read_bytes()
assert (folder / "saved.o").read_bytes() == model.object
model.save(folder / "saved.a")
model.save(folder / "saved.so")
assert (folder / "saved.a").read_bytes().startswith(b"!<arch>")
with raises("cannot tell from '.*saved.txt' what to write: use .o, .a or .so"):
    model.save(folder / "saved.txt")
with raises("cannot write '.*none/saved.o'"):
    model.save(folder / "none" / "saved.o")

# Options.
assert nncc.compile(path, name="other").name == "other"
assert set(nncc.targets()) >= {"x86-64-v3", "aarch64", "cortex-m4"}
check(nncc.compile(path, opt_level=0))
check(nncc.compile(path, opt_level="s", strict=True))
nncc.compile(path, save_stages=folder / "stages")
assert (folder / "stages" / "1-graph.mlir").exists()
open_batch = parse("open (float[N,3] x) => (float[N,3] y) { y = Relu (x) }")
assert nncc.compile(open_batch, dims={"N": 5}).inputs[0].shape == (5, 3)
seen = []
nncc.compile(path, progress=lambda *step: seen.append(step))
assert ("import", 0, 0) in seen and any(k == n > 0 for _, k, n in seen), seen
try:
    nncc.compile(path, progress=lambda *step: 1 // 0)
except ZeroDivisionError:
    pass
else:
    raise AssertionError("an exception in progress got lost")

# Objects for other machines are saved, not run.
other = nncc.compile(path, target="cortex-m4")
other.save(folder / "m4.o")
with raises("an object for target 'cortex-m4' does not run on this machine"):
    other(x, w, b)
