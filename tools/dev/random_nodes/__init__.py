"""Nodes that random networks grow by: one function each, which picks operands that fit
from the graph `g` and adds the operator, or does nothing.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
from . import contractions, elementwise, indices, moves, positions, recurrences, reductions


def repeat(g):
    g.repeat()


#: As often as each is in the list.
OPERATORS = (contractions.OPERATORS + elementwise.OPERATORS + indices.OPERATORS + moves.OPERATORS +
             positions.OPERATORS + recurrences.OPERATORS + reductions.OPERATORS + [repeat])
