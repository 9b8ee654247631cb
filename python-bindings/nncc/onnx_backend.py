"""nncc as a backend of ONNX's own test runner and of tools that use its interface.

    import nncc.onnx_backend as backend
    y, = backend.run_model(model, [x])

Keyword arguments of every function are options of nncc.compile.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np
import onnx
from onnx.backend.base import Backend, BackendRep, Device, DeviceType

import nncc


class NnccBackendRep(BackendRep):
    """A compiled model behind ONNX's interface."""

    def __init__(self, model: nncc.Model) -> None:
        self.model = model

    def run(self, inputs: Any, **kwargs: Any) -> nncc.Outputs:
        """Runs on a sequence of arrays, a dictionary of them by name, or one array."""
        if isinstance(inputs, Mapping):
            return self.model(inputs)
        if isinstance(inputs, np.ndarray):
            return self.model(inputs)
        return self.model(*inputs)


class NnccBackend(Backend):
    """Compiles for the processor that this process runs on."""

    @classmethod
    def is_compatible(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs: Any) -> bool:
        """Whether the model compiles; `prepare` says why not."""
        try:
            cls.prepare(model, device, **kwargs)
        except nncc.Error:
            return False
        return True

    @classmethod
    def prepare(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs: Any) -> NnccBackendRep:
        if not cls.supports_device(device):
            raise nncc.Error(f"device '{device}' is not supported, use 'CPU'")
        return NnccBackendRep(nncc.compile(model, **kwargs))

    @classmethod
    def run_model(cls, model: onnx.ModelProto, inputs: Any, device: str = "CPU",
                  **kwargs: Any) -> nncc.Outputs:
        return cls.prepare(model, device, **kwargs).run(inputs)

    @classmethod
    def run_node(cls, node: onnx.NodeProto, inputs: Any, device: str = "CPU",
                 outputs_info: Sequence[tuple[np.dtype, tuple[int, ...]]] | None = None,
                 **kwargs: Any) -> nncc.Outputs:
        """Runs one node: `inputs` as for `run`, `opset_version` chooses its meaning. The
        types of its outputs follow from the node."""
        opset = kwargs.pop("opset_version", onnx.defs.onnx_opset_version())
        names = [name for name in node.input if name]
        if isinstance(inputs, np.ndarray):
            inputs = [inputs]
        if not isinstance(inputs, Mapping):
            inputs = dict(zip(names, inputs))
        values = [onnx.helper.make_tensor_value_info(
            name, onnx.helper.np_dtype_to_tensor_dtype(inputs[name].dtype), inputs[name].shape)
            for name in dict.fromkeys(names)]
        results = [onnx.helper.make_empty_tensor_value_info(name) for name in node.output if name]
        graph = onnx.helper.make_graph([node], node.name or node.op_type, values, results)
        opsets = [onnx.helper.make_opsetid(node.domain, opset)]
        return cls.run_model(onnx.helper.make_model(graph, opset_imports=opsets),
                             inputs, device, **kwargs)

    @classmethod
    def supports_device(cls, device: str) -> bool:
        try:
            return bool(Device(device).type == DeviceType.CPU)
        except (AttributeError, ValueError):
            return False


is_compatible = NnccBackend.is_compatible
prepare = NnccBackend.prepare
run_model = NnccBackend.run_model
run_node = NnccBackend.run_node
supports_device = NnccBackend.supports_device
