"""LSTM, GRU and RNN over short sequences.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def recurrence(g):
    x = g.value(ranks=[3], low=-10, high=10)
    if not x or g.shape(x)[0] > 6:
        return
    op, (_, batch, width) = g.random.choice(list(GATES)), g.shape(x)
    direction = g.pick("forward", "reverse", "bidirectional")
    directions, hidden = 1 + (direction == "bidirectional"), g.pick(1, 3, 4, 8)
    inputs = [x, g.constant(g.array([directions, GATES[op] * hidden, width])),
              g.constant(g.array([directions, GATES[op] * hidden, hidden]))]
    inputs.append(g.constant(g.array([directions, 2 * GATES[op] * hidden])) if g.chance(0.5) else "")
    inputs += ["", g.weight([directions, batch, hidden])] if g.chance(0.5) else []
    attributes = {"linear_before_reset": g.pick(0, 1)} if op == "GRU" else {}
    g.add(op, inputs, results=g.pick(1, 2, 2 + (op == "LSTM")), direction=direction, hidden_size=hidden,
          **attributes)


OPERATORS = [recurrence]
