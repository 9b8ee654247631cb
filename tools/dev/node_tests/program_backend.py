"""A backend that drives the program `nncc` of a build folder.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import ctypes
import pathlib
import re
import subprocess
import tempfile

import ml_dtypes
import numpy as np
import onnx

TYPES = {"float": np.float32, "double": np.float64, "uint16_t": np.uint16, "int8_t": np.int8,
         "int16_t": np.int16, "int32_t": np.int32, "int64_t": np.int64, "uint8_t": np.uint8,
         "uint32_t": np.uint32, "uint64_t": np.uint64}
SAME_WIDTH = {"uint16_t": {"FLOAT16": np.float16, "BFLOAT16": ml_dtypes.bfloat16},
              "uint8_t": {"BOOL": np.bool_}}


class Refused(Exception):
    pass


class Program:
    def __init__(self, header, library, model):
        self.facts = dict(re.findall(r"#define NETWORK_(\w+) (.*?)(?: /\*.*)?\n", header))
        members = re.findall(r"^  (?:const )?(\w+) \*\w+; /\* (input|output) '(.*)' \*/$", header, re.M)
        names = {self.facts[key][1:-1]: key[:-5] for key in self.facts if key.endswith("_NAME")}
        declared = {value.name: onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type)
                    for value in [*model.graph.input, *model.graph.output]}
        self.tensors = []
        for kind, role, name in members:
            key = names[name]
            rank = int(self.facts[key + "_RANK"])
            shape = [int(n) for n in re.findall(r"\d+", self.facts[key + "_SHAPE"])][:rank]
            dtype = SAME_WIDTH.get(kind, {}).get(declared[name], TYPES[kind])
            self.tensors.append((role, np.dtype(dtype), shape))
        self.entry = getattr(ctypes.CDLL(str(library)), "network_run")

    def run(self, inputs):
        given, pointers, outputs, kept = iter(inputs), [], [], []
        for role, dtype, shape in self.tensors:
            if role == "input":
                array = np.asarray(next(given), order="C")
                if array.dtype != dtype or list(array.shape) != list(shape):
                    raise TypeError(f"input is {array.dtype}{array.shape}, not {dtype}{shape}")
            else:
                array = np.empty(shape, dtype)
                outputs.append(array)
            kept.append(array)
            pointers.append(array.ctypes.data)
        arena = np.empty(int(self.facts["ARENA_BYTES"]) + 64, np.uint8)
        pointers.append((arena.ctypes.data + 63) // 64 * 64)
        io = (ctypes.c_uint64 * (len(pointers) + 3))(*pointers, 0, 0, 0)
        code = self.entry(io)
        if code:
            raise TypeError(f"the network returned {code}")
        return outputs


class ProgramBackend:
    def __init__(self, build):
        self.nncc = pathlib.Path(build).resolve() / "bin" / "nncc"

    def prepare(self, model, device):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            onnx.save(model, path / "network.onnx")
            command = [self.nncc, "network.onnx", "-name=network", "-o", "network.so"]
            result = subprocess.run(command, cwd=path, capture_output=True, text=True)
            if result.returncode < 0:
                raise SystemExit(f"nncc: signal {-result.returncode}: {result.stderr[:200]}")
            if result.returncode:
                raise Refused(re.sub(r"^error: ", "", result.stderr, flags=re.M))
            header = (path / "network.h").read_text()
            return Program(header, path / "network.so", model)
