# RUN: %python %s %source/tools/dev %t
"""Twice the nodes take twice the time: chains of several kinds grow fourfold, and the
time to compile them by little more than that.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, sys.argv[1])
from scale_networks import CHAINS

scratch = pathlib.Path(sys.argv[2])
scratch.mkdir(parents=True, exist_ok=True)
SHORT, LONG = 400, 1600
# Four in a linear compiler, sixteen in a quadratic one; what grows by n log n, caches
# and a busy machine stay well below this.
MOST = 7.5


def seconds(chain, nodes):
    """Processor time of a compilation, which other work on the machine hardly changes."""
    builder, shape, outputs = chain(nodes)
    path = scratch / f"{chain.__name__}-{nodes}.onnx"
    builder.save(path, shape, outputs)
    process = subprocess.Popen(["nncc", path, "-target=x86-64-v2", "-o", path.with_suffix(".o")])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{path.name}: status {status}")
    return usage.ru_utime + usage.ru_stime


def growth(chain):
    start = seconds(chain, 4)
    short, long = seconds(chain, SHORT) - start, seconds(chain, LONG) - start
    print(f"{chain.__name__}: {SHORT} nodes {short:.2f} s, {LONG} nodes {long:.2f} s", flush=True)
    return long / max(short, 0.05)  # what takes no time cannot grow


wrong = []
for chain in CHAINS:
    if growth(chain) > MOST and growth(chain) > MOST:  # once more: it may have been the machine
        wrong.append(chain.__name__)
sys.exit(f"more than linear: {', '.join(wrong)}" if wrong else 0)
