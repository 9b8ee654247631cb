"""Single layers: how much of the core's multiply-add rate they reach.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import dataclasses
import math
import pathlib
import time

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bench.programs import Program

# Layers of the two chains of which the difference is taken: what converts between
# layouts at the edges is in both.
SHORT, LONG = 2, 6
# Times a layer below its floor is measured again: other work on the machine only
# ever makes it slower.
ATTEMPTS = 4


@dataclasses.dataclass
class Layer:
    """A matrix product (no filter) or a convolution, whose result has its input's shape."""
    name: str
    shape: list
    filter: int
    floor: float
    groups: int = 1

    @property
    def channels(self):
        """Of a group, which is the depth of the product."""
        return self.shape[1] // self.groups

    def operations(self):
        return 2 * math.prod(self.shape) * self.channels * max(self.filter, 1)**2

    def chain(self, length):
        """`length` such layers, one after the other."""
        random, nodes, weights = np.random.RandomState(0), [], []
        window = [self.filter, self.filter] if self.filter else []
        deviation = np.sqrt((2 if self.filter else 1) / (self.channels * np.prod(window)))
        for i in range(length):
            values = random.standard_normal([self.shape[1], self.channels, *window]) * deviation
            weights.append(numpy_helper.from_array(values.astype(np.float32), f"w{i}"))
            if self.filter:
                pads = [self.filter // 2] * 4
                nodes.append(helper.make_node("Conv", [f"v{i}", f"w{i}"], [f"c{i}"], pads=pads,
                                              group=self.groups))
                nodes.append(helper.make_node("Relu", [f"c{i}"], [f"v{i + 1}"]))
            else:
                nodes.append(helper.make_node("MatMul", [f"v{i}", f"w{i}"], [f"v{i + 1}"]))
        ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, self.shape)
                for name in ("v0", f"v{length}")]
        graph = helper.make_graph(nodes, "chain", ends[:1], ends[1:], weights)
        return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 19)])

    def compile(self, folder, options):
        """The programs of the two chains."""
        programs = []
        for length in (SHORT, LONG):
            path = pathlib.Path(folder) / f"layer{length}.onnx"
            onnx.save(self.chain(length), path)
            programs.append(Program(path, folder, options))
        return programs


# A product of 512 x 512 matrices, and the convolutions of ResNet, ResNeXt (groups of 4, 8
# and 16 channels) and ShuffleNet (groups of 34 and 68). Where the channels of a group do not
# fill vectors of every target, loads and permutations decide: there is no floor.
LAYERS = [Layer("gemm 512^3", [512, 512], 0, 0.90)] + [
    Layer(f"conv {filter}x{filter} {channels}@{extent}", [1, channels, extent, extent], filter,
          0.85)
    for filter in (3, 1) for channels, extent in ((64, 56), (128, 28), (256, 14), (512, 7))
] + [
    Layer(f"conv {filter}x{filter} {channels}@{extent} / {groups}", [1, channels, extent, extent],
          filter, floor, groups)
    for filter, channels, extent, groups, floor in (
        (3, 128, 56, 32, 0), (3, 256, 28, 32, 0), (3, 512, 14, 32, 0.85), (1, 136, 28, 4, 0),
        (1, 272, 14, 4, 0))]


def measure(peak, programs, seconds):
    """Least times of the probe and of both chains, taken in turns."""
    least = [np.inf] * 3
    end = time.perf_counter() + seconds
    while True:
        for i, timed in enumerate([peak, *programs]):
            least[i] = min(least[i], timed.time())
        if time.perf_counter() >= end:
            return least


def measure_layer(layer, peak, folder, options, seconds, check):
    """(seconds per layer, operations per second, fraction of the peak)"""
    programs = layer.compile(folder, options)
    best = None
    for _ in range(ATTEMPTS if check else 1):
        probe, short, long = measure(peak, programs, seconds)
        spent = max(long - short, 1e-9) / (LONG - SHORT)
        rate = layer.operations() / spent
        row = spent, rate, rate / peak.rate(probe)
        best = max(best or row, row, key=lambda candidate: candidate[2])
        if best[2] >= layer.floor:
            break
    return best


def run(peak, folder, options, seconds, check):
    """Prints the table; the names of layers below their floor."""
    print(f"{'layer':20} {'time':>10} {'GFLOP/s':>9} {'of peak':>8} {'floor':>7}")
    below = []
    for layer in LAYERS:
        spent, rate, fraction = measure_layer(layer, peak, folder, options, seconds, check)
        low = fraction < layer.floor
        below += [layer.name] if low else []
        print(f"{layer.name:20} {spent * 1e6:7.1f} us {rate / 1e9:9.1f} {fraction:8.1%} "
              f"{f'{layer.floor:.0%}' if layer.floor else '':>7}{'  below' if low else ''}",
              flush=True)
    return below
