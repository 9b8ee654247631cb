"""Operators that compute every element from one element of each operand.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import math

import numpy as np
from onnx import helper

FLOATS = ("float32", "float16", "float64")
WIDE = ("float32", "float64")
SIGNED = ("int64", "int32", "int16", "int8")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGERS = SIGNED + UNSIGNED
ALL = FLOATS + INTEGERS + ("bool",)

# Operators of one operand: the types, and the range in which a small error of the
# operand stays small.
UNARY = [
    ("Relu", FLOATS + SIGNED, -math.inf, math.inf), ("Neg", FLOATS + SIGNED, -math.inf, math.inf),
    ("Abs", FLOATS + INTEGERS, -math.inf, math.inf), ("Sigmoid", WIDE, -20, 20), ("Tanh", WIDE, -20, 20),
    ("LeakyRelu", WIDE, -math.inf, math.inf), ("HardSigmoid", WIDE, -20, 20), ("Exp", WIDE, -5, 5),
    ("Log", WIDE, 0.1, math.inf), ("Sqrt", WIDE, 0.1, math.inf), ("Reciprocal", WIDE, 0.1, math.inf),
    ("Erf", WIDE, -4, 4), ("Sin", WIDE, -10, 10), ("Cos", WIDE, -10, 10), ("Tan", WIDE, -1.2, 1.2),
    ("Asin", WIDE, -0.9, 0.9), ("Acos", WIDE, -0.9, 0.9), ("Atan", WIDE, -20, 20),
    ("Sinh", WIDE, -4, 4), ("Cosh", WIDE, -4, 4), ("Asinh", WIDE, -20, 20),
    ("Acosh", WIDE, 1.1, math.inf), ("Atanh", WIDE, -0.9, 0.9), ("Identity", ALL, -math.inf, math.inf),
    ("Softplus", WIDE, -20, 20), ("Elu", WIDE, -20, 20), ("HardSwish", WIDE, -20, 20),
    ("Softsign", WIDE, -20, 20), ("Celu", ("float32",), -20, 20), ("ThresholdedRelu", WIDE, 1.5, 20),
]
EXACT = {"Relu", "Neg", "Abs", "Identity"}


def unary(g):
    op, types, low, high = g.pick(g.random.choice(UNARY[:5]), g.random.choice(UNARY))
    # ONNX's own definition of Celu gives a scalar a dimension.
    x = g.value(ranks=range(op == "Celu", 6), types=types, low=low, high=high, empty=True)
    if x:
        g.add(op, [x], exact=op in EXACT)


def step(g):
    """What jumps needs operands whose bits are known."""
    x = g.value(types=FLOATS, exact=True, empty=True)
    if x:
        g.add(g.pick("Floor", "Ceil", "Round", "Sign", "IsNaN", "IsInf"), [x], exact=True)


def clip(g):
    x = g.value(types=FLOATS + ("int32", "int64"), empty=True)
    if not x:
        return
    whole = g.type(x).startswith("int")
    low, high = g.pick("", 0, -3 if whole else -0.5), g.pick("", 4 if whole else 0.25, 1)
    g.add("Clip", [x] + [limit if limit == "" else g.constant(np.array(limit, g.type(x)))
                         for limit in (low, high)], exact=True)


def fits(shape, to):
    """Whether `shape` broadcasts to `to`."""
    return len(shape) <= len(to) and all(a in (1, b) for a, b in zip(shape[::-1], to[::-1]))


def broadcast_shape(g, shape):
    """What broadcasts to `shape`: ones here and there, leading dimensions gone."""
    kept = [extent if g.chance(0.6) else 1 for extent in shape]
    return kept[g.random.randrange(len(kept) + 1):]


def partner(g, x, exact=False):
    """A second operand for `x`: a tensor that fits, or a weight."""
    shape, dtype = g.shape(x), g.type(x)
    def among(condition):
        return [y for y, array in g.values.items() if array.dtype.name == dtype
                and condition(array.shape) and (not exact or y in g.exact)]

    kind = g.random.random()
    same, fitting = among(lambda other: other == shape), among(lambda other: fits(other, shape))
    if kind < 0.4 and same:
        return g.random.choice(same)
    if kind < 0.7 and fitting:
        return g.random.choice(fitting)
    return g.weight(broadcast_shape(g, shape), dtype)


def operands(g, x, exact=False):
    pair = [x, partner(g, x, exact)]
    g.random.shuffle(pair)
    return pair


def binary(g):
    x = g.value(types=("float32",) * 3 + FLOATS + INTEGERS, empty=True)
    if not x:
        return
    op = g.pick("Add", "Add", "Sub", "Mul", "Max", "Min")
    g.add(op, operands(g, x), exact=op in ("Max", "Min") or g.type(x) == "float16")


def variadic(g):
    x = g.value(types=FLOATS, empty=True)
    if x:
        others = [y for y, array in g.values.items() if fits(array.shape, g.shape(x)) and g.type(y) == g.type(x)]
        op = g.pick("Max", "Min", "Sum", "Mean") if g.type(x) != "float16" else g.pick("Max", "Min")
        g.add(op, [x] + [g.random.choice(others) for _ in range(g.pick(0, 1, 2, 3))],
              exact=op in ("Max", "Min"))


def division(g):
    x = g.value(types=WIDE + ("int32", "int64", "uint8"), empty=True)
    if x:
        g.add("Div", [x, g.weight(broadcast_shape(g, g.shape(x)), g.type(x), 0.5 if g.type(x) in WIDE else 1,
                                  2 if g.type(x) in WIDE else 7)])


def power(g):
    x = g.value(types=("float32",), low=0.05, high=10)
    if x:
        g.add("Pow", [x, g.constant(np.array(g.pick(0.5, 2, 3, -1, 1.25), np.float32))])


def modulo(g):
    x = g.value(types=("int32", "int64", "uint8"), empty=True)
    if x:
        g.add("Mod", [x, g.weight(broadcast_shape(g, g.shape(x)), g.type(x), 1, 7)], fmod=g.pick(0, 1))


def bits(g):
    x = g.value(types=INTEGERS, empty=True)
    if x:
        g.add(g.pick("BitwiseAnd", "BitwiseOr", "BitwiseXor"), operands(g, x))


def bits_moved(g):
    x = g.value(types=UNSIGNED, empty=True)
    if x:
        g.add("BitShift", [x, g.weight(broadcast_shape(g, g.shape(x)), g.type(x), 0, 7)],
              direction=g.pick("LEFT", "RIGHT"))


def inverted(g):
    x = g.value(types=INTEGERS + ("bool",) * 4, empty=True)
    if x:
        g.add("Not" if g.type(x) == "bool" else "BitwiseNot", [x])


def comparison(g):
    x = g.value(types=FLOATS + INTEGERS, exact=True, empty=True)
    if x:
        g.add(g.pick("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"), operands(g, x, exact=True))


def logic(g):
    x = g.value(types=("bool",), empty=True)
    if x:
        g.add(g.pick("And", "Or", "Xor", "Equal"), operands(g, x))


def where(g):
    condition = g.value(types=("bool",), empty=True)
    if not condition:
        return
    others = [y for y, array in g.values.items() if fits(array.shape, g.shape(condition))]
    x = g.random.choice(others)
    g.add("Where", [condition, *g.random.sample([x, partner(g, x)], 2)], exact=True)


def cast(g):
    x = g.value(types=ALL, low=-100, high=100, empty=True)
    if not x:
        return
    to = g.random.choice(ALL)
    # An error of f32 is none that f64 allows.
    drops = g.type(x) in FLOATS and to in INTEGERS + ("bool", "float16", "float64")
    negative = to in UNSIGNED and g.get(x).size and g.get(x).dtype.kind == "f" and g.get(x).min() < 0
    if negative or (drops and x not in g.exact):
        return
    g.add("Cast", [x], exact=True, to=helper.np_dtype_to_tensor_dtype(np.dtype(to)))


OPERATORS = ([unary] * 6 + [binary] * 5 + [step, clip, clip, variadic, division, power, modulo, bits, bits_moved,
                                           inverted, comparison, comparison, logic, where, where, cast, cast])
