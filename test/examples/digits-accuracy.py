# RUN: %python %s %source
"""The digits network is as accurate as README.md and the demo say, by ONNX Runtime.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys

import numpy as np
import onnxruntime

root = pathlib.Path(sys.argv[1])
examples = root / "examples" / "digits"


def array(name, text):
    """The numbers of one C array of the test set."""
    body = re.search(name + r"[^=]*= \{(.*?)\};", text, re.DOTALL)[1]
    return np.array([int(n) for n in re.findall(r"\d+", body)])


text = (examples / "digits_test.h").read_text()
labels = array("digits_test_labels", text)
images = array("digits_test_images", text).reshape(len(labels), 1, 1, 8, 8).astype(np.float32) / 16
session = onnxruntime.InferenceSession(examples / "digits.onnx")
right = sum(session.run(None, {"image": image})[0].argmax() == label
            for image, label in zip(images, labels))

readme = (root / "README.md").read_text()
claim = re.search(r"(\d+) of the\s+(\d+) held-out digits right \(([\d.]+) %\)", readme)
assert (int(claim[1]), int(claim[2])) == (right, len(labels)), f"{right} of {len(labels)} are right"
assert float(claim[3]) == round(100 * right / len(labels), 1)
assert right / len(labels) > 0.97
size = (examples / "digits.onnx").stat().st_size
assert size < 100_000
kilobytes = re.search(r"`examples/digits`: (\d+) KB", readme)
assert int(kilobytes[1]) == round(size / 1000), f"digits.onnx has {size} bytes"
