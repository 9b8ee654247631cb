"""Runs one network of test/run on every target that this machine can run.

    run_everywhere.py FILE.onnxtxt TOOLS [--inputs] [TARGET...]

The inputs c_* are constants of the network, as weights are; with --inputs they are
inputs like all others, and the network runs both ways. A network that says
`# RETURNS: CODE` must return that code instead of values.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import re
import sys
import tempfile

import numpy as np
import onnx

path, tools = map(pathlib.Path, sys.argv[1:3])
both = "--inputs" in sys.argv
wanted = [argument for argument in sys.argv[3:] if argument != "--inputs"]
sys.path.insert(0, str(tools))
from network_runs import made_up_inputs, places, run, unavailable, with_constants, write_case

text = path.read_text()
model = onnx.parser.parse_model(text)
inputs = made_up_inputs(model, text)
code = re.search(r"^# RETURNS: (-?\d+)$", text, re.MULTILINE)
outputs = {}
if not code:
    with np.load(path.parent / "expected" / f"{path.stem}.npz") as archive:
        outputs = dict(archive)
names = [output.name for output in model.graph.output]
if not code and set(outputs) != set(names):
    sys.exit(f"{path.name} has other outputs than its reference: call tools/dev/run-references")


def check_code(problem, code):
    """What is wrong about a run that had to return `code`, or None."""
    if problem and problem.endswith(f"returned {code}"):
        return None
    return f"did not return {code}: {problem}"


failed = []
with tempfile.TemporaryDirectory() as folder:
    variants = {"constants": with_constants(model, inputs)}
    if both:
        variants["inputs"] = (model, inputs)
    for variant, (network, values) in variants.items():
        onnx.save(network, f"{folder}/{variant}.onnx")
        write_case(f"{folder}/{variant}.npz", values, outputs)
    for target in wanted or places():
        reason = unavailable(target)
        if reason:
            print(f"{target}: not run, {reason}")
            continue
        for variant in variants:
            problem = run(f"{folder}/{variant}.onnx", f"{folder}/{variant}.npz", target)
            if code:
                problem = check_code(problem, code[1])
            what = f"{target} ({variant})" if both else target
            print(f"{what}: {problem or 'good'}", flush=True)
            failed += [what] if problem else []
sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
