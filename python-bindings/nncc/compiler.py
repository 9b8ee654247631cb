"""compile() and the targets it knows.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Callable, Mapping

import numpy as np

from nncc import _core
from nncc.errors import Diagnostic, Error
from nncc.model import Model

if TYPE_CHECKING:
    import onnx

MOST_THREADS = 1024


def targets() -> dict[str, str]:
    """What `target=` accepts beside "host", each with a line of description."""
    return dict(_core.targets())


def compile(model: str | os.PathLike[str] | bytes | bytearray | memoryview | onnx.ModelProto,
            target: str = "host", *, cpu: str = "", features: str = "", name: str = "",
            dims: Mapping[str, int] | None = None, values: Mapping[str, object] | None = None,
            opt_level: int | str = 3,
            strict: bool = False, threads: int = 8, save_stages: str | os.PathLike[str] = "",
            progress: Callable[[str, int, int], object] | None = None) -> Model:
    """Compiles an ONNX model.

    The options are those of the command line (`python -m nncc --help`):

    model        path of a .onnx or .onnxtxt file, a protobuf as bytes, or an onnx.ModelProto
    target       machine to compile for: "host" or one of `targets()`
    cpu          LLVM's name of the exact processor (-mcpu=)
    features     features to add or remove, "+a,-b" (-mattr=)
    name         prefix of the symbols; by default from the file's name, or "model"
    dims         extents of dimensions that the model leaves open, by name or "input:index"
    values       inputs that become constants: a number or an array of numbers each
    opt_level    0 to 3, or "s" for size
    strict       results do not depend on tile, layout or tuning
    threads      the most threads that a call may use
    save_stages  folder for the IR after every stage
    progress     called with the stage and kernel k of n (0 of 0 between kernels)

    Raises Error with every problem of the model. Warnings are Python warnings. Other
    threads go on while this one compiles.
    """
    path, data = _source(model)
    optimize_size = opt_level == "s"
    level = 2 if optimize_size else opt_level
    if not isinstance(level, int) or not 0 <= level <= 3:
        raise Error(f"opt_level must be 0 to 3 or 's', got {opt_level!r}")
    if not isinstance(threads, int) or not 1 <= threads <= MOST_THREADS:
        raise Error(f"threads must be 1 to {MOST_THREADS}, got {threads!r}")
    for dim, extent in (dims or {}).items():
        if not isinstance(extent, int) or not 1 <= extent < 2**63:
            raise Error(f"dims[{dim!r}] must be a positive integer, got {extent!r}")
    outcome = _core.compile(path, data, target, cpu, features, name, dict(dims or {}),
                            {key: _numbers(value) for key, value in (values or {}).items()}, level,
                            optimize_size, strict, threads, os.fspath(save_stages), progress)
    diagnostics = [Diagnostic(severity, text, node or None)
                   for severity, text, node in outcome.messages]
    if outcome.model is None:
        raise Error(outcome.problem, diagnostics)
    for diagnostic in diagnostics:
        warnings.warn(diagnostic.message, stacklevel=2)
    return Model(outcome.model, diagnostics)


def _numbers(value: object) -> str:
    """A number, or the elements of an array, as the command line writes them."""
    elements = np.asarray(value).ravel().tolist()
    return ",".join(str(e).lower() if isinstance(e, bool) else repr(e) for e in elements)


def _source(model: object) -> tuple[str, bytes | None]:
    """Path and content of what compile() got."""
    if isinstance(model, (str, os.PathLike)):
        return os.fspath(model), None
    if isinstance(model, (bytes, bytearray, memoryview)):
        return "model", bytes(model)
    serialize = getattr(model, "SerializeToString", None)
    if serialize is None:
        raise Error("a model is a path, bytes or an onnx.ModelProto, "
                    f"got {type(model).__name__}")
    try:
        return "model", serialize()
    except Exception as error:  # protobuf's own, for more than 2 GiB
        raise Error(f"cannot serialize the model, save it and compile its path: {error}") from error
