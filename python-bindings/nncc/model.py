"""A compiled model: called like a function, saved like a file.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
from __future__ import annotations

import dataclasses
import functools
import json
import os
from typing import Any, Iterable, Mapping, Tuple

import numpy as np

from nncc import _core
from nncc.errors import Diagnostic, Error

try:
    from ml_dtypes import bfloat16 as _bfloat16
except ImportError:  # NumPy has none of its own: then the bits
    _bfloat16 = np.uint16

_DTYPES = {"f16": np.float16, "f32": np.float32, "f64": np.float64, "bool": np.bool_,
           "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64,
           "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64,
           "bf16": _bfloat16}

_CODES = {-1: "an argument is missing", -2: "an array is not aligned",
          -3: "an index in the data is out of range"}


@dataclasses.dataclass(frozen=True)
class TensorInfo:
    """An input or output of a model."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.name}: {self.dtype}{list(self.shape)}"


class Outputs(Tuple[np.ndarray, ...]):
    """What a call returns: the arrays in the model's order, and by name."""

    names: tuple[str, ...]

    def __new__(cls, names: tuple[str, ...], arrays: Iterable[np.ndarray]) -> Outputs:
        outputs = super().__new__(cls, arrays)
        outputs.names = names
        return outputs

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        if key not in self.names:
            raise KeyError(f"no output is called {key!r}, there are {_quoted(self.names)}")
        return super().__getitem__(self.names.index(key))


class Model:
    """A compiled model; compile() makes them.

    Calls may come from several threads at a time: each has an arena of its own.
    """

    diagnostics: list[Diagnostic]  #: the compiler's warnings

    def __init__(self, compiled: _core.CompiledModel, diagnostics: list[Diagnostic]) -> None:
        self.diagnostics = diagnostics
        self._compiled = compiled
        self._program, problem = _core.program(compiled)
        if self._program is None:
            raise Error(problem)
        self._inputs = _tensors(self._program.inputs)
        self._outputs = _tensors(self._program.outputs)
        self._names = tuple(tensor.name for tensor in self._outputs)
        self._threads = 1
        self._loaded = False

    @property
    def inputs(self) -> tuple[TensorInfo, ...]:
        """Name, type and shape of every input, in order."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorInfo, ...]:
        """Name, type and shape of every output, in order."""
        return self._outputs

    @property
    def name(self) -> str:
        """Prefix of the object's symbols."""
        return self._compiled.name

    @property
    def target(self) -> str:
        """The machine that the object is for."""
        return self._compiled.target

    @functools.cached_property
    def report(self) -> dict[str, Any]:
        """Sizes, bounds and kernels, as `nncc -report` writes them."""
        report: dict[str, Any] = json.loads(self._compiled.report)
        return report

    @property
    def object(self) -> bytes:
        """The object file."""
        return self._compiled.object

    @property
    def header(self) -> str:
        """The C header that belongs to the object."""
        return self._compiled.header

    @property
    def threads(self) -> int:
        """Threads of a call, 1 at first; more than were compiled for do not help."""
        return self._threads

    @threads.setter
    def threads(self, count: int) -> None:
        if not isinstance(count, int) or not 1 <= count <= 1024:
            raise Error(f"threads must be 1 to 1024, got {count!r}")
        self._threads = count

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the object (.o), an archive (.a) or a shared library (.so), and the
        C header beside it."""
        problem = self._compiled.save(os.fspath(path))
        if problem:
            raise Error(problem)

    def __call__(self, *args: Any, **kwargs: Any) -> Outputs:
        """Runs the network on this machine.

        Inputs are given in order or by name; names that are no Python identifiers go
        into a dictionary: `model({"x:0": x})`. Arrays must have the dtype and shape of
        the input, except that Python numbers and lists are converted.
        """
        arrays = self._arguments(args, kwargs)
        if not self._loaded:
            problem = self._program.load()
            if problem:
                raise Error(problem)
            self._loaded = True
        results = [np.empty(tensor.shape, tensor.dtype) for tensor in self._outputs]
        code = self._program.run([array.ctypes.data for array in (*arrays, *results)],
                                 self._threads)
        if code:
            raise Error(f"'{self.name}' returned {code}: {_CODES.get(code, 'unknown code')}")
        return Outputs(self._names, results)

    def _arguments(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[np.ndarray]:
        """The array of every input, in order; all that is wrong in one error."""
        if len(args) == 1 and isinstance(args[0], Mapping) and not kwargs:
            kwargs, args = args[0], ()
        names = [tensor.name for tensor in self._inputs]
        problems = []
        if len(args) > len(names):
            problems.append(f"got {len(args)} inputs, the model has {len(names)}: {_quoted(names)}")
        given = dict(zip(names, args))
        for name, value in kwargs.items():
            if name not in names:
                problems.append(f"no input is called {name!r}, there are {_quoted(names)}")
            elif name in given:
                problems.append(f"input '{name}' is given twice")
            given[name] = value
        arrays = []
        for tensor in self._inputs:
            if tensor.name not in given:
                problems.append(f"input '{tensor.name}' is missing")
            else:
                arrays.append(_convert(given[tensor.name], tensor, problems))
        if problems:
            raise Error(f"cannot run '{self.name}': {'; '.join(problems)}")
        return arrays

    def __repr__(self) -> str:
        inputs = ", ".join(map(str, self._inputs))
        outputs = ", ".join(map(str, self._outputs))
        return f"<nncc.Model '{self.name}' for {self.target}: ({inputs}) -> ({outputs})>"


def _tensors(facts: Iterable[tuple[str, str, list[int]]]) -> tuple[TensorInfo, ...]:
    return tuple(TensorInfo(name, np.dtype(_DTYPES[dtype]), tuple(shape))
                 for name, dtype, shape in facts)


def _convert(value: Any, tensor: TensorInfo, problems: list[str]) -> np.ndarray:
    """The value as an array that the network can read; appends what is wrong."""
    is_array = isinstance(value, (np.ndarray, np.generic))
    try:
        # Strided and misaligned arrays are copied, others are not.
        array = np.require(value, None if is_array else tensor.dtype, ["C", "A"])
    except (TypeError, ValueError, OverflowError) as error:
        problems.append(f"input '{tensor.name}' is no array of {tensor.dtype}: {error}")
        return np.empty(0)
    if array.dtype != tensor.dtype or not array.dtype.isnative:
        problems.append(f"input '{tensor.name}' must be {tensor.dtype}, got {array.dtype}")
    elif array.shape != tensor.shape:
        problems.append(f"input '{tensor.name}' must have the shape {list(tensor.shape)}, "
                        f"got {list(array.shape)}")
    return array


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "none"
