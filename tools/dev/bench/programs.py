"""Networks and the peak probe, loaded into this process and timed.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import ctypes
import json
import pathlib
import subprocess
import tempfile
import time

import numpy as np

TYPES = {"f32": np.float32, "f64": np.float64, "f16": np.float16, "i8": np.int8, "ui8": np.uint8,
         "u8": np.uint8, "i32": np.int32, "i64": np.int64, "i1": np.bool_, "bool": np.bool_}
ALIGNMENT = 64


# The time this thread spent on its core: that of other work on the machine is no part.
clock = time.thread_time


class Failure(Exception):
    """A network that does not compile, or a tool that is missing."""


def execute(*command):
    """Runs a command; a failure carries the first line of what it said."""
    try:
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    except FileNotFoundError:
        raise Failure(f"{command[0]} is not in the PATH") from None
    if result.returncode:
        said = [line for line in result.stderr.splitlines() if "error" in line]
        raise Failure(said[0] if said else f"{command[0]} failed ({result.returncode})")
    return result.stdout


def aligned(shape, dtype):
    """Zeros whose address is a multiple of a cache line."""
    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    raw = np.zeros(size + ALIGNMENT, np.uint8)
    at = -raw.ctypes.data % ALIGNMENT
    return raw[at:at + size].view(dtype).reshape(shape)


class Program:
    """A compiled network with made-up inputs."""

    def __init__(self, model, folder, options=()):
        with tempfile.TemporaryDirectory(dir=folder) as own:
            facts = self.load(model, pathlib.Path(own) / "network", options)
        self.allocate(facts)
        code = self.entry(self.io)
        if code:
            raise Failure(f"the network returned {code}")

    def load(self, model, base, options):
        """Sets the entry; what the object says about the network."""
        objects, library = f"{base}.o", f"{base}.so"
        execute("nncc", model, "-name=network", "-o", objects, *options)
        execute("clang-19", "-shared", "-nostdlib", "-fuse-ld=lld-19", objects, "-o", library)
        execute("llvm-objcopy-19", f"--dump-section=.nncc.info={base}.json", objects, "/dev/null")
        symbols = execute("llvm-nm-19", "--defined-only", "--extern-only", objects).split()
        entry = next(name for name in symbols if name.startswith("network_run"))
        self.entry = getattr(ctypes.CDLL(library), entry)
        return json.loads(pathlib.Path(f"{base}.json").read_text().rstrip("\0"))

    def allocate(self, facts):
        """Sets the inputs, the outputs and the argument of the entry."""
        random = np.random.RandomState(0)
        self.inputs, self.outputs = {}, {}
        for tensor in facts["inputs"]:
            value = self.inputs[tensor["name"]] = aligned(tensor["shape"], TYPES[tensor["type"]])
            if value.dtype.kind == "f":
                value[...] = random.uniform(-1, 1, value.shape)
        for tensor in facts["outputs"]:
            self.outputs[tensor["name"]] = aligned(tensor["shape"], TYPES[tensor["type"]])
        arena = aligned([facts["arena"]["bytes"]], np.uint8)
        state = aligned([facts["state"]["bytes"]], np.uint8)
        self.buffers = [*self.inputs.values(), *self.outputs.values(), arena, state]
        # The structure of the header: pointers in order, parallel = NULL, cpu = 0.
        self.io = (ctypes.c_void_p * (len(self.buffers) + 2))(
            *(buffer.ctypes.data for buffer in self.buffers), None, None)

    def time(self):
        """Seconds of one run."""
        begin = clock()
        self.entry(self.io)
        return clock() - begin


class Peak:
    """The multiply-add rate of this core."""

    def __init__(self, folder):
        source = pathlib.Path(__file__).with_name("fma_peak.c")
        library = pathlib.Path(folder) / "fma_peak.so"
        execute("clang-19", "-O2", "-march=native" if self.is_x86() else "-mcpu=native",
                "-ffp-contract=fast", "-shared", "-fPIC", "-fuse-ld=lld-19", source,
                "-o", library)
        probe = ctypes.CDLL(str(library))
        self.entry, self.entry.argtypes = probe.fma_peak, [ctypes.c_long]
        self.entry.restype = ctypes.c_float
        self.operations = ctypes.c_long.in_dll(probe, "fma_peak_operations").value
        self.rounds = 1000
        while self.time() < 2e-3:
            self.rounds *= 2

    @staticmethod
    def is_x86():
        return execute("uname", "-m").strip() == "x86_64"

    def time(self):
        begin = clock()
        self.entry(self.rounds)
        return clock() - begin

    def rate(self, seconds):
        """Operations per second if that is how long one call took."""
        return self.operations * self.rounds / seconds
