"""nncc: neural networks compiled ahead of time to object files.

    import nncc
    model = nncc.compile("model.onnx")        # or bytes, or an onnx.ModelProto
    y, = model(x)                             # NumPy arrays in and out
    model.save("model.o")                     # the very object that ran, and model.h

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
from nncc._core import version as __version__
from nncc.compiler import compile, targets
from nncc.errors import Diagnostic, Error
from nncc.model import Model, Outputs, TensorInfo

__all__ = ["Diagnostic", "Error", "Model", "Outputs", "TensorInfo", "__version__", "compile",
           "targets"]
