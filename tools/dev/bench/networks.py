"""Whole networks on one thread, beside ONNX Runtime if it is installed.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import statistics
import time

import numpy as np

from bench.programs import Failure, Program, clock

try:
    import onnxruntime
except ImportError:
    onnxruntime = None

FEWEST_RUNS = 5
# Above this error, relative to the largest value, the times mean nothing.
TOLERANCE = 1e-3


class Peer:
    """ONNX Runtime with the inputs of a program."""

    def __init__(self, path, program):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(path), options,
                                                    providers=["CPUExecutionProvider"])
        self.inputs = {name: np.array(value) for name, value in program.inputs.items()}
        self.results = self.session.run(list(program.outputs), self.inputs)

    def time(self):
        begin = clock()
        self.session.run(None, self.inputs)
        return clock() - begin

    def error(self, program):
        """The largest difference relative to the largest value."""
        errors = [0.0]
        for ours, theirs in zip(program.outputs.values(), self.results):
            scale = np.abs(theirs).max(initial=0) or 1
            errors.append(np.abs(ours.astype(np.float64) - theirs).max(initial=0) / scale)
        return max(errors)


def medians(timed, seconds):
    """Median times of several programs that run in turns."""
    times = [[] for _ in timed]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < FEWEST_RUNS:
        for program, series in zip(timed, times):
            series.append(program.time())
    return [statistics.median(series) for series in times]


def compare(path, folder, options, seconds):
    """The row of one network."""
    program = Program(path, folder, options)
    if not onnxruntime:
        return f"{medians([program], seconds)[0] * 1e6:11.1f} us"
    peer = Peer(path, program)
    ours, theirs = medians([program, peer], seconds)
    row = f"{ours * 1e6:11.1f} us {theirs * 1e6:11.1f} us {theirs / ours:8.2f}x"
    error = peer.error(program)
    return row if error <= TOLERANCE else f"{row}  DIFFERENT by {error:.2g}"


def run(models, folder, options, seconds):
    """Prints a table of all networks of a folder."""
    paths = sorted(pathlib.Path(models).glob("*.onnx"))
    width = max((len(path.stem) for path in paths), default=8)
    peer = f" {'onnxruntime':>14} {'faster':>9}" if onnxruntime else ""
    print(f"{'network':{width}} {'nncc':>14}{peer}")
    for path in paths:
        try:
            row = compare(path, folder, options, seconds)
        except Failure as failure:
            row = f"   {str(failure)[:100]}"
        except Exception as problem:  # what ONNX Runtime raises has no common class
            row = f"   {type(problem).__name__}: {str(problem).splitlines()[0][:80]}"
        print(f"{path.stem:{width}} {row}", flush=True)
