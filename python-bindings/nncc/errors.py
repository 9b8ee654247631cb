"""What is wrong with a model, an option or a call.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
from __future__ import annotations

import dataclasses
from typing import Iterable


@dataclasses.dataclass(frozen=True)
class Diagnostic:
    """One thing the compiler has to say about a model."""

    severity: str  #: "error", "warning" or "note"
    message: str  #: starts with the node, if it is about one
    node: str | None = None  #: name of the ONNX node; "#3" for the fourth of those without a name

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}"


class Error(Exception):
    """Every failure of this package. A model's problems are all in `diagnostics`."""

    message: str  #: one line that says what failed
    diagnostics: list[Diagnostic]  #: every problem the compiler found, in order

    def __init__(self, message: str, diagnostics: Iterable[Diagnostic] = ()) -> None:
        self.message = message
        self.diagnostics = list(diagnostics)
        super().__init__(message, self.diagnostics)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {one}" for one in self.diagnostics)])
