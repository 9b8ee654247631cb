# REQUIRES: models
# RUN: %python %s %models %source/tools/dev
"""Whole networks against ONNX Runtime's outputs on every target that can hold them.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import sys

models, tools = map(pathlib.Path, sys.argv[1:])
sys.path.insert(0, str(tools))
from network_runs import places, run, unavailable

SMALL = ["mnist-cnn", "derived-mlperf-ic-resnet8-fp32", "derived-mlperf-kws-dscnn-fp32",
         "derived-mlperf-vww-mbv1-fp32", "derived-mlperf-ad-autoenc-fp32", "kws-micro-m-fp32"]
LARGE = ["resnet4b-cifar10", "derived-mobilenetv2-fp32", "made-resnet50-narrow",
         "made-mobilenetv2-narrow", "light-resnet50"]
# Machines with memory and speed for large networks; one of each instruction set.
SPACIOUS = ["x86-64-v2", "x86-64-v3", "x86-64-v4", "aarch64", "cortex-a7", "riscv64gcv",
            "wasm32-simd128"]

failed = []
for target in places():
    reason = unavailable(target)
    if reason:
        print(f"{target}: not run, {reason}")
        continue
    for name in SMALL + (LARGE if target in SPACIOUS else []):
        problem = run(models / f"{name}.onnx", models / "expected" / f"{name}.npz", target)
        print(f"{target:16} {name:32} {problem or 'good'}", flush=True)
        failed += [f"{name} on {target}"] if problem else []
sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
