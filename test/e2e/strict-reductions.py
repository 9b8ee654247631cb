# RUN: %python %s %source/tools/dev
"""With -strict, sums of reductions have the order that docs/arithmetic.md defines: the
same bits on every target and in every layout.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import itertools
import sys
import tempfile

import numpy as np
import onnx

sys.path.insert(0, sys.argv[1])
from network_runs import places, run, unavailable, write_case

# The pooling before the second mean gives its operand a blocked layout.
NETWORK = """<ir_version: 10, opset_import: ["" : 17]>
sums (float[3,5,37] x, float[1,20,9,21] image) => (float[3,5,1] row, float[5] mean, float[1,20,1,1] blocked,
                                                    float[1,20,7,19] average)
<int64[1] axis = {2}> {
  row = ReduceSum(x, axis)
  mean = ReduceMean<axes = [0, 2], keepdims = 0>(x)
  largest = MaxPool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(image)
  blocked = ReduceMean<axes = [2, 3]>(largest)
  average = AveragePool<kernel_shape = [3, 3]>(largest)
}"""
CHAINS = 16


def strict_sum(x, axes):
    """Sums of `x` over ascending `axes`: index j of the last axis goes to partial sum
    j mod 16, outer axes follow each other; then the halves are added."""
    axes = list(axes)
    kept = [axis for axis in range(x.ndim) if axis not in axes]
    x = np.transpose(x, [*kept, *axes])
    shape = x.shape[:len(kept)]
    chains = np.zeros([CHAINS, *shape], np.float32)
    for index in itertools.product(*map(range, x.shape[len(kept):])):
        chains[index[-1] % CHAINS] += x[(..., *index)]
    while len(chains) > 1:
        half = len(chains) // 2
        chains = chains[:half] + chains[half:]
    return chains[0]


def windows(x, size):
    """Windows of size x size as two more axes."""
    return np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))


def reference(x, image):
    padded = np.pad(image, [(0, 0), (0, 0), (1, 1), (1, 1)], constant_values=-np.inf)
    largest = windows(padded, 3).max(axis=(4, 5))
    pixels = largest.shape[2] * largest.shape[3]
    return {"row": strict_sum(x, [2])[..., None],
            "mean": strict_sum(x, [0, 2]) * np.float32(1 / (x.shape[0] * x.shape[2])),
            "blocked": (strict_sum(largest, [2, 3]) * np.float32(1 / pixels))[..., None, None],
            "average": strict_sum(windows(largest, 3), [4, 5]) * np.float32(1 / 9)}


random = np.random.RandomState(7)
inputs = {"x": random.standard_normal([3, 5, 37]).astype(np.float32),
          "image": random.standard_normal([1, 20, 9, 21]).astype(np.float32)}
failed = []
with tempfile.TemporaryDirectory() as folder:
    onnx.save(onnx.parser.parse_model(NETWORK), f"{folder}/sums.onnx")
    write_case(f"{folder}/sums.npz", inputs, reference(**inputs))
    for target in places():
        reason = unavailable(target)
        if reason:
            print(f"{target}: not run, {reason}")
            continue
        problem = run(f"{folder}/sums.onnx", f"{folder}/sums.npz", target, "--strict",
                      "--tolerance=0")
        print(f"{target}: {problem or 'the same bits'}")
        failed += [target] if problem else []
sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
