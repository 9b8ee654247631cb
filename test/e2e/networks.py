# REQUIRES: models
# RUN: %python %s %models %source/tools/dev
"""Whole networks against ONNX Runtime's outputs on every target that can hold them.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import subprocess
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
# One network of each kind, where an emulator has to run them.
KINDS = ["fastestdet", "made-bert-narrow", "made-gpt2-kv-narrow", "made-lstm", "made-unet",
         "squeezenet-fp16", "silero-vad", "magika-v3_3"]
REST = ["light-squeezenet", "light-shufflenet", "super-resolution-ortx", "ultraface-rfb-320",
        "yolo-fastestv2", "vit-cifar10-pgd_2_3_16", "derived-stories260k-prefill",
        "derived-stories260k-kv", "onnx2c-lesson14", "dtln-1-lstm", "dtln-2-lstm",
        "tract-bidi-lstm", "silero-vad-16k-op15", "made-convnext-narrow", "made-vit-narrow",
        "made-whisper-enc-narrow", "made-resnet50-narrow-fp16", "made-bigru"]
# What the networks leave open, as their recorded inputs have it, and the error that
# tens of layers in f16 add up to.
OPTIONS = {
    "made-resnet50-narrow-fp16": ["-tolerance=5e-3"],
    "squeezenet-fp16": ["-tolerance=5e-3"],
    "magika-v3_3": ["-dim=unk__214=1"],
    "onnx2c-lesson14": ["-dim=N=1"],
    "silero-vad": ["-dim=input:0=1", "-dim=input:1=512", "-dim=state:1=1",
                   "-value=sr=16000"],
    "silero-vad-16k-op15": ["-dim=batch=1", "-dim=sequence=512"],
    "super-resolution-ortx": ["-dim=batch_size=1"],
    "tract-bidi-lstm": ["-dim=batch=1", "-dim=length=1"],
    "vit-cifar10-pgd_2_3_16": ["-dim=batch_size=1"],
}
# Networks that no version of ONNX describes, and what the message names.
REFUSED = {"style-candy": ["operator 'ImageScaler'", "operator 'Crop'"]}


def networks(target):
    if target not in SPACIOUS:
        return SMALL
    rest = {"x86-64-v3": KINDS + REST, "aarch64": KINDS}
    return SMALL + LARGE + rest.get(target, [])


failed = []
for target in places():
    reason = unavailable(target)
    if reason:
        print(f"{target}: not run, {reason}")
        continue
    for name in networks(target):
        problem = run(models / f"{name}.onnx", models / "expected" / f"{name}.npz", target,
                      *OPTIONS.get(name, []))
        print(f"{target:16} {name:32} {problem or 'good'}", flush=True)
        failed += [f"{name} on {target}"] if problem else []
for name, words in REFUSED.items():
    result = subprocess.run(["nncc", models / f"{name}.onnx", "-o", "refused.o"],
                            capture_output=True, text=True)
    if result.returncode != 1 or not all(word in result.stderr for word in words):
        print(f"{name}: {result.stderr}")
        failed.append(f"{name} is refused")
sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
