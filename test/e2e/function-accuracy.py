# RUN: %python %s
"""Errors of elementary functions over all of their arguments, in units in the last place
of the result, on every processor family that this machine is. Prints them as a table.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import ctypes
import math
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx.parser

COUNT = 1 << 17
# The largest error allowed, in units in the last place.
LIMITS = {"Exp": 1, "Log": 1, "Tanh": 2.5, "Sinh": 2.5, "Cosh": 1.5, "Asinh": 2, "Acosh": 2,
          "Atanh": 2.5, "Erf": 2.5, "Sin": 1.5, "Cos": 1.5, "Tan": 3, "Asin": 2.5, "Acos": 1.5,
          "Atan": 2.5, "Sqrt": 0.5, "Floor": 0, "Ceil": 0, "Round": 0, "Pow": 2}
EXACT = {"Asin": "arcsin", "Acos": "arccos", "Atan": "arctan", "Asinh": "arcsinh",
         "Acosh": "arccosh", "Atanh": "arctanh", "Round": "rint", "Pow": "power"}
TYPES = {"float": np.float32, "double": np.float64}


def exact(name, *arguments):
    """The function in a type that has more digits."""
    if name == "Erf":
        return np.array([math.erf(x) for x in arguments[0].astype(np.float64)], np.longdouble)
    function = getattr(np, EXACT.get(name, name.lower()))
    return function(*(x.astype(np.longdouble) for x in arguments))


def samples(dtype, random):
    """Any bits, and the numbers that people use."""
    bits = random.integers(0, 2 ** (dtype().itemsize * 8), COUNT // 2, np.uint64)
    anything = bits.astype(f"u{dtype().itemsize}").view(dtype)
    special = [0.0, -0.0, 1, -1, 0.5, -0.5, 2, np.inf, -np.inf, np.nan, np.pi, np.pi / 2, 1e-40]
    scales = 10 ** random.uniform(-8, 4, COUNT // 2 - len(special))
    usual = random.standard_normal(scales.size) * scales
    # No signalling NaN: what becomes of them is the processor's business.
    anything[np.isnan(anything)] = np.nan
    return np.concatenate([anything, np.array([*special, *usual], dtype)])


def errors(got, expected, dtype):
    """In units in the last place of `expected`; 0 for the same infinity or NaN."""
    with np.errstate(all="ignore"):
        rounded = expected.astype(dtype)
        unit = np.spacing(np.abs(rounded)).astype(np.longdouble)
        error = np.abs(got.astype(np.longdouble) - expected) / unit
    # Beyond the largest number it is the distance to infinity that counts.
    same = (got == rounded) | (np.isnan(got) & np.isnan(rounded))
    return np.where(same & ~np.isfinite(expected), 0, np.where(np.isfinite(got), error, np.where(
        same, 0, np.inf)))


class Network:
    """A network compiled into this process."""

    def __init__(self, folder, target, kind, names):
        calls = "".join(f"  y{name} = {name} (x{', e' if name == 'Pow' else ''})\n" for name in names)
        outputs = ", ".join(f"{kind}[{COUNT}] y{name}" for name in names)
        text = (f'<ir_version: 8, opset_import: ["" : 19]>\nfunctions ({kind}[{COUNT}] x, '
                f"{kind}[{COUNT}] e) => ({outputs})\n{{\n{calls}}}")
        path = pathlib.Path(folder) / f"{kind}-{target}"
        onnx.save(onnx.parser.parse_model(text), f"{path}.onnx")
        subprocess.run(["nncc", f"{path}.onnx", f"-target={target}", "-name=f", "-o", f"{path}.so"],
                       check=True, stdout=subprocess.DEVNULL)
        header = path.with_suffix(".h").read_text()
        entry = re.search(r"#define f_run (\w+)", header)[1]
        self.arena = int(re.search(r"F_ARENA_BYTES (\d+)", header)[1])
        self.run = getattr(ctypes.CDLL(f"{path}.so"), entry)

    def __call__(self, inputs, count, dtype):
        outputs = [aligned(COUNT * dtype().itemsize).view(dtype) for _ in range(count)]
        arena = aligned(self.arena + 64)
        inside = []
        for value in inputs:
            inside.append(aligned(value.nbytes).view(dtype))
            inside[-1][:] = value
        pointers = [array.ctypes.data for array in inside + outputs + [arena]] + [0] * 3
        code = self.run((ctypes.c_uint64 * len(pointers))(*pointers))
        assert code == 0, code
        return outputs


def aligned(size):
    memory = np.zeros(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start:start + size]


def main():
    flags = pathlib.Path("/proc/cpuinfo").read_text().split()
    targets = [target for target, flag in (("x86-64-v2", "sse4_2"), ("x86-64-v3", "fma"),
                                           ("x86-64-v4", "avx512bw")) if flag in flags]
    names, failed = list(LIMITS), []
    with tempfile.TemporaryDirectory() as folder:
        for kind, dtype in TYPES.items():
            random = np.random.default_rng(7)
            x, y = samples(dtype, random), samples(dtype, random)
            random.shuffle(y)
            with np.errstate(all="ignore"):
                expected = {name: exact(name, x, y) if name == "Pow" else exact(name, x)
                            for name in names}
            for target in targets:
                outputs = Network(folder, target, kind, names)([x, y], len(names), dtype)
                for name, got in zip(names, outputs):
                    error = errors(got, expected[name], dtype)
                    worst = int(np.argmax(error))
                    good = error[worst] <= LIMITS[name]
                    print(f"{kind:7} {target:10} {name:6} {float(error[worst]):6.2f} at {x[worst]!r}"
                          + (f", {y[worst]!r}" if name == "Pow" else "")
                          + ("" if good else f": {got[worst]!r} is not {expected[name][worst]!r}"))
                    failed += [] if good else [f"{name} of {kind} on {target}"]
    sys.exit("too large: " + ", ".join(failed) if failed else 0)


main()
