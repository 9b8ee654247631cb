# RUN: %python %s %t
# REQUIRES: gcc
"""Names may be any text, in nodes, constants, tensors, inputs and outputs: object and
header still work together, and reports name the nodes.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import json
import pathlib
import shutil
import subprocess
import sys

from onnx import TensorProto, helper, save

# What it is called in ONNX, and its member in C by docs/c-names.md.
LONG = "long" * 2500
INPUTS = [("model/conv/1:0", "model_conv_1_0"), ("a name with spaces", "a_name_with_spaces"), ("für", "f_r"),
          ("入力", "t"), ("出力", "t_2"), ("while", "while_"), ("arena", "arena_"), (LONG, LONG),
          (LONG + "!", LONG + "_2"), ("3rd", "t_3rd"), ('quote" \\ */ %s ??/', "quote_s"),
          ("new\nline\r\x1b[31m", "new_line_31m"), ("int x; } y", "int_x_y"), ("_", "t_3"), ("nan", "nan")]
OUTPUTS = [(f"{onnx}/out", None) for onnx, _ in INPUTS[:-4]] + [("Long" + LONG[4:], "Long" + LONG[4:] + "_3"),
                                                               ("register", "register_"), ("T", "T_4"), ("NaN", "NaN_2")]
COUNT = len(INPUTS)

scratch = pathlib.Path(sys.argv[1])
shutil.rmtree(scratch, ignore_errors=True)
scratch.mkdir()


def model():
    """Output k is input k plus 1 + k; every node, constant and tensor has such a name."""
    infos = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name, _ in names]
             for names in (INPUTS, OUTPUTS)]
    nodes, constants = [], []
    for k, ((source, _), (result, _)) in enumerate(zip(INPUTS, OUTPUTS)):
        constants.append(helper.make_tensor(f"{source} constant", TensorProto.FLOAT, [2], [k, k + 1]))
        nodes += [helper.make_node("Add", [source, f"{source} constant"], [f"{source} tensor"], f"{source} node"),
                  helper.make_node("MatMul", [f"{source} tensor", "unit\n"], [result], f"{source} product")]
    constants.append(helper.make_tensor("unit\n", TensorProto.FLOAT, [2, 2], [1, 0, 0, 1]))
    graph = helper.make_graph(nodes, "graph \"/\\", *infos, constants)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


def run(*command):
    result = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(command)[:200]}: {result.stdout[-3000:]}{result.stderr[-3000:]}")
    return result


def program(inputs, outputs):
    lines = ['#include "names.h"', "#include <string.h>",
             "static _Alignas(64) char arena[NAMES_ARENA_BYTES + 1];", "int main(void) {",
             "  static const float x[2] = {10, 20};", f"  static float y[{COUNT}][2];", "  names_io io;",
             "  memset(&io, 0, sizeof io);", "  io.arena = arena;"]
    lines += [f"  io.{name} = x;" for name in inputs]
    lines += [f"  io.{name} = y[{k}];" for k, name in enumerate(outputs)]
    lines += ["  if (names_run(&io) != NNCC_OK) return 100;", f"  for (int k = 0; k < {COUNT}; ++k)",
              "    if (y[k][0] != 10 + k || y[k][1] != 21 + k) return 1 + k;", "  return 0;", "}"]
    return "\n".join(lines) + "\n"


save(model(), scratch / "names.onnx")
result = run("nncc", "names.onnx", "-target=x86-64-v2", "-report", "-save-stages=stages", "-o", "names.o")
if result.stderr:
    sys.exit(result.stderr)
report = json.loads((scratch / "names.report.json").read_text())
nodes = {launch["node"] for launch in report["launches"]}
missing = [name for name, _ in INPUTS if not {f"{name} node", f"{name} product"} & nodes]
if missing:
    sys.exit(f"the report does not name {missing}")
facts = json.loads(run("llvm-objcopy", "--dump-section=.nncc.info=info.json", "names.o", "copy.o") and
                   (scratch / "info.json").read_text())
members = {kind: {tensor["name"]: tensor["c_name"] for tensor in facts[kind]} for kind in ("inputs", "outputs")}
for kind, names in (("inputs", INPUTS), ("outputs", OUTPUTS)):
    if list(members[kind]) != [name for name, _ in names]:
        sys.exit(f"the object has the {kind} {list(members[kind])}")
    wrong = {name: members[kind][name] for name, member in names if member not in (None, members[kind][name])}
    if wrong:
        sys.exit(f"wrong members: {wrong}")
(scratch / "main.c").write_text(program(members["inputs"].values(), members["outputs"].values()))
strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
run("gcc", "-std=c11", *strict, "main.c", "names.o", "-o", "program")
run("clang", "-x", "c++", "-std=c++17", *strict, "-fsyntax-only", "names.h")
run("./program")
# The IR keeps the names, too.
run("nncc", "stages/3-plan.mlirbc", "-start-at=lower", "-o", "again.o")
if (scratch / "again.o").read_bytes() != (scratch / "names.o").read_bytes():
    sys.exit("the saved stage gives another object")
# To a terminal, control characters of names would be commands.
nodes = [helper.make_node("NoSuchOperator", ["x"], ["y"], "red \x1b[31m \x7f \u009b31m für\r")]
infos = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, [2])] for name in ("x", "y")]
graph = helper.make_graph(nodes, "graph", *infos)
save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]), scratch / "red.onnx")
result = subprocess.run(["nncc", "red.onnx", "-o", "red.o"], cwd=scratch, capture_output=True, text=True)
if result.returncode != 1 or r"node 'red \x1B[31m \x7F \xC2\x9B31m für\x0D' (NoSuchOperator)" not in result.stderr:
    sys.exit(f"control characters: {result.returncode} {result.stderr!r}")
