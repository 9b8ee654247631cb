"""The page of operators.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import difflib
import pathlib
import subprocess
import sys
import warnings

import onnx

from . import samples, types

ROOT = pathlib.Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "operators.md"
HEAD = """\
# Operators

The ONNX operators that nncc compiles. `tools/dev/operators-page` writes this page from
the importer's own table (`nncc --list-operators`); the types of the first input are
those that were tried and accepted, of those that ONNX allows. *integers* are those of
8 to 64 bits, *floats* are float16, bfloat16, float and double. Inputs that decide about
shapes (axes, sizes, repetitions, *k*) must be known when compiling everywhere: constants,
or computed from constants and shapes.

| operator | opsets | types | limits |
|---|---|---|---|
"""
FUNCTIONS = """
Operators that ONNX defines by a function of others have no row: nncc imports the function.
Of these {count} all that the function needs is there:
"""


def rows():
    """(domain, name, first opset, last opset) and the limits of each."""
    listing = subprocess.run(["nncc", "--list-operators"], capture_output=True, text=True,
                             check=True)
    for line in listing.stdout.splitlines():
        name, opsets, *limits = line.split(maxsplit=2)
        domain, _, operator = name.rpartition(".")
        first, last = opsets.split("-")
        yield (domain, operator, int(first), int(last or sys.maxsize)), "".join(limits)


def functions(known):
    """Operators with a body that nncc imports: those whose node tests run."""
    cases = ROOT / "test" / "onnx" / "node-tests.txt"
    good = {line.split()[2] for line in cases.read_text().splitlines()
            if line.startswith(("pass ", "bound ", "folded "))}
    bad = {line.split()[2].rstrip(":") for line in cases.read_text().splitlines()
           if line.startswith(("refused ", "wrong ", "crash ")) and line.split()[1] == "usual"}
    from node_tests.cases import load_cases
    warnings.filterwarnings("ignore")  # the cases overflow on purpose
    outcome = {}
    for name, case in load_cases().items():
        operators = {(node.domain, node.op_type) for node in case.model.graph.node}
        if len(operators) == 1 and (name in good or name in bad):
            outcome.setdefault(operators.pop(), set()).add(name in good)
    for schema in onnx.defs.get_all_schemas():
        key = (schema.domain, schema.name)
        defined = schema.has_function or schema.has_context_dependent_function
        if defined and key not in known and outcome.get(key) == {True}:
            yield schema.name


def text():
    limits = dict(rows())
    found = types.accepted(samples.find(list(limits)))
    page = HEAD
    for row, (have, allowed) in found.items():
        domain, name, first, last = row
        opsets = f"{first} on" if last == sys.maxsize else f"{first} to {last}"
        name = f"{domain}.{name}" if domain else name
        page += f"| {name} | {opsets} | {types.text_of(have, allowed)} | {limits[row]} |\n"
    names = sorted(set(functions({row[:2] for row in limits})))
    return page + FUNCTIONS.format(count=len(names)) + ", ".join(names) + ".\n"


def main(check):
    page = text()
    if not check:
        PAGE.write_text(page)
        print(f"{PAGE.relative_to(ROOT)} written")
        return 0
    old = PAGE.read_text() if PAGE.exists() else ""
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), page.splitlines(True),
                                               "docs/operators.md", "what nncc says"))
    return old != page
