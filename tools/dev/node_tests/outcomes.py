"""One case through a backend, and what came of it.

    pass     the model as given has the expected outputs
    bound    refused as given; with its parameter inputs (axes, sizes, k ...: integers,
             booleans or single numbers, at most 64 elements, not the first input) bound
             as constants it has them
    folded   as bound, but the first input is a parameter of its operator, too (Range,
             ConstantOfShape, window functions), so that all inputs are constants
    refused  compiled in none of these ways; the reason is that of the model as given
    wrong    compiled, but count, shape, type or values differ
    crash    the compiler or the network ended the process, or hung

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
from onnx.backend.test.runner import Runner

from .cases import ALL_PARAMETERS, bind_parameters, normalized

MARKS = ["pass", "bound", "folded", "refused", "wrong", "crash"]
GOOD = {"pass", "bound", "folded"}


def attempt(backend, refusal, model, inputs, expected, case):
    """Why the model is refused or wrong: (mark, reason), or None if it is right."""
    try:
        prepared = backend.prepare(model, "CPU")
    except refusal as error:
        return "refused", first_problem(error)
    try:
        outputs = [without_fill(output, wanted, case.model)
                   for output, wanted in zip(prepared.run(inputs), expected, strict=True)]
        Runner.assert_similar_outputs(expected, outputs, case.rtol, case.atol)
    except (AssertionError, refusal, TypeError, ValueError) as error:
        return "wrong", first_line(error)
    return None


def without_fill(output, expected, model):
    """The result of NonMaxSuppression has room for all boxes: the rows behind the
    selected ones, which are -1, are no part of it."""
    if any(node.op_type == "NonMaxSuppression" for node in model.graph.node):
        if (output[len(expected):] == -1).all():
            return output[:len(expected)]
    return output


def first_problem(error):
    """The first thing that the compiler found wrong."""
    texts = [one.message for one in error.diagnostics if one.severity == "error"]
    return (texts or [error.message])[0].replace("\n", " ")[:200]


def first_line(error):
    """The part of a failed comparison's message that fits a list."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    kept = [line for line in lines if line.startswith(("Mismatch", "Max ", "Output ", "ACTUAL"))]
    return "; ".join(kept or lines[:1])[:200]


def run_case(case, backend, refusal):
    """The case's mark and, unless it is good, the reason."""
    inputs, expected = ([normalized(value) for value in values] for values in case.data_sets[0])
    problem = attempt(backend, refusal, case.model, inputs, expected, case)
    if problem is None:
        return "pass", ""
    if problem[0] == "wrong":
        return problem
    mark, first = ("folded", 0) if case.name.startswith(ALL_PARAMETERS) else ("bound", 1)
    bound = bind_parameters(case.model, inputs, first)
    again = attempt(backend, refusal, *bound, expected, case) if bound else problem
    if again is None:
        return mark, ""
    return ("wrong", f"with parameters bound: {again[1]}") if again[0] == "wrong" else problem
