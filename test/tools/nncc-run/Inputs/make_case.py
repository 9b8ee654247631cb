"""Writes a case for a network: seeded inputs and ONNX Runtime's outputs.

    make_case.py model.onnx case.npz

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import sys

import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1])
random = np.random.default_rng(3)
feeds = {i.name: random.uniform(0, 1, i.shape).astype(np.float32) for i in session.get_inputs()}
outputs = {o.name: v for o, v in zip(session.get_outputs(), session.run(None, feeds))}
np.savez(sys.argv[2], **{"in/" + k: v for k, v in feeds.items()}, **{"out/" + k: v for k, v in outputs.items()})
