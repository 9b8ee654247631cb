# REQUIRES: models, qemu-aarch64, qemu-system-arm
# RUN: %python %s %models
"""Whole networks against ONNX Runtime's outputs on every target that can hold them.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import subprocess
import sys

HOSTED = ["x86-64-v2", "x86-64-v3", "x86-64-v4", "aarch64"]
SMALL = ["mnist-cnn", "derived-mlperf-ic-resnet8-fp32", "derived-mlperf-kws-dscnn-fp32",
         "derived-mlperf-vww-mbv1-fp32", "derived-mlperf-ad-autoenc-fp32", "kws-micro-m-fp32"]
LARGE = ["resnet4b-cifar10", "derived-mobilenetv2-fp32", "made-resnet50-narrow",
         "made-mobilenetv2-narrow", "light-resnet50"]


def runs_here(target):
    """Whether this machine has the instructions of an x86 level."""
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    return {"x86-64-v3": " avx2 " in flags and " fma " in flags,
            "x86-64-v4": " avx512bw " in flags and " avx512vl " in flags}.get(target, True)


def run(models, name, target):
    command = ["nncc-run", models / f"{name}.onnx", "--case", models / "expected" / f"{name}.npz",
               f"--target={target}"]
    result = subprocess.run(command, capture_output=True, text=True)
    print(f"{target:10} {name:32} {(result.stdout + result.stderr).strip()}", flush=True)
    return result.returncode == 0


models = pathlib.Path(sys.argv[1])
cases = [(name, target) for target in HOSTED for name in SMALL + LARGE]
cases += [(name, "cortex-m4") for name in SMALL]
failed = [case for case in cases if runs_here(case[1]) and not run(models, *case)]
sys.exit(f"failed: {failed}" if failed else 0)
