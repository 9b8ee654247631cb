"""lit configuration: tests mirror the source tree; lint/ checks the rules of the house."""
import os
import platform
import shutil
import sys

import lit.formats

config.name = "nncc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".onnxtxt", ".test", ".py"]
config.excludes = ["lit.cfg.py", "Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.nncc_obj
config.environment["PATH"] = os.pathsep.join(
    [config.nncc_bin, config.llvm_tools_dir, os.environ["PATH"]])
config.substitutions += [
    ("%python", sys.executable),
    ("%source", config.nncc_source),
    ("%build", config.nncc_build),
]
# Networks that are not part of the repository: tests that use them say
# `REQUIRES: models` and read them from %models.
models = os.environ.get("NNCC_MODELS", "")
if os.path.isdir(models):
    config.available_features.add("models")
    config.substitutions.append(("%models", models))
config.available_features.add(f"host-{platform.machine()}")
for tool in ["qemu-aarch64", "qemu-system-arm", "aarch64-linux-gnu-gcc", "gcc", "ninja"]:
    if shutil.which(tool):
        config.available_features.add(tool)
