# RUN: env XDG_CACHE_HOME=%t %python %s %source/tools/dev %t
"""A run that passed is not repeated; one with other values is, and fails.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import os
import pathlib
import shutil
import sys

tools, scratch = map(pathlib.Path, sys.argv[1:])
shutil.rmtree(scratch, ignore_errors=True)
scratch.mkdir(parents=True)
sys.path.insert(0, str(tools))
import network_runs
import numpy as np
import onnx

graph = """<ir_version: 8, opset_import: ["" : 19]>
negation (float[3] x) => (float[3] y) { y = Neg (x) }"""
onnx.save(onnx.parser.parse_model(graph), scratch / "negation.onnx")
x = np.array([1, 2, 3], np.float32)
network_runs.write_case(scratch / "good.npz", {"x": x}, {"y": -x})
network_runs.write_case(scratch / "bad.npz", {"x": x}, {"y": x})
called = []
original = network_runs.call


def call(command):
    called.append(pathlib.Path(command[0]).name)
    return original(command)


network_runs.call = call


def run(case, *options, network="negation.onnx"):
    """What went wrong, and the programs that had to be called."""
    called.clear()
    return network_runs.run(scratch / network, scratch / case, "x86-64-v2", *options), list(called)


assert run("good.npz") == (None, ["nncc", "nncc-run"])
assert run("good.npz") == (None, [])
for _ in range(2):
    problem, programs = run("bad.npz")
    assert "TOO LARGE" in problem and programs == ["nncc", "nncc-run"], (problem, programs)
# Another option is another run.
assert run("good.npz", "--strict") == (None, ["nncc-run"])
# The same network in another file compiles to the same object but for its name.
shutil.copy(scratch / "negation.onnx", scratch / "other.onnx")
assert run("good.npz", network="other.onnx") == (None, [])
# A compiler that was built anew, but makes the same object.
network_runs.compiler = lambda: "new"
assert run("good.npz") == (None, ["nncc"])
os.environ["NNCC_RERUN"] = "1"
assert run("good.npz") == (None, ["nncc", "nncc-run"])
