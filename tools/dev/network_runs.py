"""Networks with made-up values, and runs of both with nncc-run.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import functools
import pathlib
import re
import subprocess
import tempfile
import zlib

import numpy as np
import onnx
import onnx.parser

from passed_runs import Run, compiler

TIMEOUT = 300  # seconds, of one run on one target

# The prefix of inputs that become constants of the network.
CONSTANT = "c_"
# `# VALUES: x = 0.5..2` gives the range of an input; others are in -1..1, integers in
# -100..100 or 0..100.
VALUES = re.compile(r"^\s*# VALUES: (\w+) = (\S+)\.\.(\S+)$", re.MULTILINE)


@functools.cache
def places():
    """Where each target runs, as `nncc-run --list-targets` says."""
    listing = subprocess.run(["nncc-run", "--list-targets"], capture_output=True, text=True,
                             check=True)
    return dict(line.split(": ", 1) for line in listing.stdout.splitlines())


def unavailable(target):
    """Why a target cannot run on this machine; None if it can."""
    place = places().get(target, "here")
    return place.removeprefix("not here, ") if place.startswith("not here") else None


def shape_of(value):
    return [dim.dim_value for dim in value.type.tensor_type.shape.dim]


def type_of(value):
    return onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)


def made_up_inputs(model, text=""):
    """A value for every input that depends on its name, type and range only."""
    ranges = {name: (low, high) for name, low, high in VALUES.findall(text)}
    inputs = {}
    for value in model.graph.input:
        # The old generator: its sequences are the same in every version of NumPy.
        random = np.random.RandomState(zlib.crc32(value.name.encode()))
        dtype, shape = type_of(value), shape_of(value)
        if dtype.kind == "b":
            inputs[value.name] = random.randint(2, size=shape).astype(bool)
        elif dtype.kind in "iu":
            low, high = ranges.get(value.name, (0 if dtype.kind == "u" else -100, 100))
            inputs[value.name] = random.randint(int(low), int(high) + 1, shape, np.int64).astype(dtype)
        else:
            low, high = map(float, ranges.get(value.name, (-1, 1)))
            inputs[value.name] = random.uniform(low, high, shape).astype(dtype)
    return inputs


def with_constants(model, inputs):
    """The network with its inputs c_* as constants, and its other inputs."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    del result.graph.input[:]
    rest = {}
    for value in model.graph.input:
        if value.name.startswith(CONSTANT):
            tensor = onnx.numpy_helper.from_array(inputs[value.name], value.name)
            result.graph.initializer.append(tensor)
        else:
            result.graph.input.append(value)
            rest[value.name] = inputs[value.name]
    return result, rest


def write_case(path, inputs, outputs):
    """An archive for nncc-run's --case."""
    arrays = {f"in/{name}": value for name, value in inputs.items()}
    arrays |= {f"out/{name}": value for name, value in outputs.items()}
    np.savez(path, **arrays)


def run(model, case, target, *options):
    """Compiles and runs; what went wrong, or None. What has passed before is not
    repeated, see passed_runs.py."""
    model, case = pathlib.Path(model), pathlib.Path(case)
    whole = Run(compiler(), model, case, target, *options)
    if whole.has_passed():
        return None
    with tempfile.TemporaryDirectory() as folder:
        network, same = [str(model)], None
        if not options:  # another compiler may make the same object
            built = pathlib.Path(folder) / f"{model.stem}.o"
            command = ["nncc", str(model), f"-target={target}", "-o", str(built)]
            if call(command).returncode == 0:
                network = ["--object", str(built)]
                same = Run(built, built.with_suffix(".h"), case, target)
        problem = None
        if not (same and same.has_passed()):
            problem = outcome(["nncc-run", *network, f"--case={case}", *options,
                               *([] if same else [f"--target={target}"])])
    if problem is None:
        for passed in filter(None, (whole, same)):
            passed.remember()
    return problem


def call(command):
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT,
                          stdin=subprocess.DEVNULL)


def outcome(command):
    """What went wrong when nncc-run ran, or None."""
    try:
        result = call(command)
    except subprocess.TimeoutExpired:
        return f"took more than {TIMEOUT} s"
    if result.returncode == 0:
        return None
    wrong = re.findall(r".*TOO LARGE\n.*", result.stdout)
    if result.returncode < 0:
        return f"crashed with signal {-result.returncode}\n{result.stderr.strip()}"
    return "\n".join(wrong) or result.stderr.strip() or f"exit code {result.returncode}"
