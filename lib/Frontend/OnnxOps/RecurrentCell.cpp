//===- RecurrentCell.cpp - one step of RNN, GRU and LSTM ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The formulas are those of ONNX's operators RNN, GRU and LSTM; the order of
// gates in their weights is z r h and i o f c.

#include "lib/Frontend/OnnxOps/RecurrentCell.h"
#include "lib/Frontend/OnnxOps/Moves.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

static Value add(NodeImport &n, Value x, Value y) {
  if (!x || !y)
    return x ? x : y;
  return n.create<nnc::AddOp>(x, y);
}

static Value multiply(NodeImport &n, Value x, Value y) {
  return n.create<nnc::MulOp>(x, y);
}

/// 1 - x
static Value complement(NodeImport &n, Value x) {
  return n.create<nnc::SubOp>(n.scalar(1, x), x);
}

static Value line(NodeImport &n, Value x, float slope, float offset) {
  return n.create<nnc::AddOp>(multiply(n, x, n.scalar(slope, x)),
                              n.scalar(offset, x));
}

/// condition ? x : y
static Value select(NodeImport &n, Value condition, Value x, Value y) {
  return n.create<nnc::SelectOp>(condition, x, y);
}

Value Activation::apply(NodeImport &n, Value x) const {
  if (!x)
    return {};
  auto above = [&](float bound) {
    return n.create<nnc::LessOp>(n.scalar(bound, x), x);
  };
  auto times = [&](float factor, Value y) {
    return multiply(n, y, n.scalar(factor, y));
  };
  if (name == "tanh")
    return n.create<nnc::TanhOp>(x);
  if (name == "sigmoid")
    return n.create<nnc::SigmoidOp>(x);
  if (name == "relu")
    return n.create<nnc::ReluOp>(x);
  if (name == "affine")
    return line(n, x, alpha, beta);
  if (name == "leakyrelu")
    return select(n, above(0), x, times(alpha, x));
  if (name == "thresholdedrelu")
    return select(n, above(alpha), x, n.scalar(0, x));
  if (name == "scaledtanh")
    return times(alpha, n.create<nnc::TanhOp>(times(beta, x)));
  if (name == "hardsigmoid")
    return n.create<nnc::MinOp>(n.create<nnc::ReluOp>(line(n, x, alpha, beta)),
                                n.scalar(1, x));
  if (name == "elu")
    return select(n, above(0), x, times(alpha, n.create<nnc::Expm1Op>(x)));
  if (name == "softsign")
    return n.create<nnc::DivOp>(
        x, n.create<nnc::AddOp>(n.create<nnc::AbsOp>(x), n.scalar(1, x)));
  // softplus: max(x, 0) + log(1 + e^-|x|) does not overflow
  Value decay =
      n.create<nnc::ExpOp>(n.create<nnc::NegOp>(n.create<nnc::AbsOp>(x)));
  return n.create<nnc::AddOp>(n.create<nnc::ReluOp>(x),
                              n.create<nnc::Log1pOp>(decay));
}

/// Part k of B x count * H.
Value RecurrentCell::gate(NodeImport &n, Value gates, unsigned k) const {
  return slice(n, gates, 1, k * hiddenSize, hiddenSize);
}

Value RecurrentCell::activate(NodeImport &n, unsigned k, Value x) const {
  if (clip > 0) {
    x = n.create<nnc::MaxOp>(x, n.scalar(-clip, x));
    x = n.create<nnc::MinOp>(x, n.scalar(clip, x));
  }
  return activations[k].apply(n, x);
}

/// The products of `hidden` with the weights of `count` gates from `gate` on,
/// and their recurrent bias. Null if both are zero.
Value RecurrentCell::recur(NodeImport &n, Value hidden, unsigned gate,
                           unsigned count) const {
  auto part = [&](Value all, unsigned axis) {
    return slice(n, all, axis, gate * hiddenSize, count * hiddenSize);
  };
  Value product;
  if (hidden)
    product = n.create<nnc::MatmulOp>(hidden, part(recurrence, 1));
  return add(n, product, recurrentBias ? part(recurrentBias, 0) : Value());
}

CellState RecurrentCell::stepRNN(NodeImport &n, Value input,
                                 const CellState &state) const {
  return {activate(n, 0, add(n, input, recur(n, state.hidden, 0, 1))), {}};
}

CellState RecurrentCell::stepGRU(NodeImport &n, Value input,
                                 const CellState &state) const {
  Value gates = recur(n, state.hidden, 0, linearBeforeReset ? 3 : 2);
  // Without a state yet `gates` is the bias alone, a vector.
  auto recurrent = [&](unsigned k) {
    return gates ? slice(n, gates, shapeOf(gates).size() - 1, k * hiddenSize,
                         hiddenSize)
                 : Value();
  };
  Value update = activate(n, 0, add(n, gate(n, input, 0), recurrent(0)));
  Value reset = activate(n, 0, add(n, gate(n, input, 1), recurrent(1)));
  Value candidate;
  if (linearBeforeReset)
    candidate = recurrent(2) ? multiply(n, reset, recurrent(2)) : Value();
  else
    candidate = recur(
        n, state.hidden ? multiply(n, reset, state.hidden) : Value(), 2, 1);
  candidate = activate(n, 1, add(n, gate(n, input, 2), candidate));
  Value hidden = multiply(n, complement(n, update), candidate);
  if (state.hidden)
    hidden = add(n, hidden, multiply(n, update, state.hidden));
  return {hidden, {}};
}

CellState RecurrentCell::stepLSTM(NodeImport &n, Value input,
                                  const CellState &state) const {
  Value gates = add(n, input, recur(n, state.hidden, 0, 4));
  auto peep = [&](Value x, unsigned k, Value cell) {
    if (!peepholes || !cell)
      return x;
    return add(
        n, x,
        multiply(n, slice(n, peepholes, 0, k * hiddenSize, hiddenSize), cell));
  };
  Value in = activate(n, 0, peep(gate(n, gates, 0), 0, state.cell));
  Value forget = inputForget
                     ? complement(n, in)
                     : activate(n, 0, peep(gate(n, gates, 2), 2, state.cell));
  Value cell = multiply(n, in, activate(n, 1, gate(n, gates, 3)));
  if (state.cell)
    cell = add(n, cell, multiply(n, forget, state.cell));
  Value out = activate(n, 0, peep(gate(n, gates, 1), 1, cell));
  return {multiply(n, out, activations[2].apply(n, cell)), cell};
}

CellState RecurrentCell::step(NodeImport &n, Value input,
                              const CellState &state) const {
  switch (kind) {
  case RNN:
    return stepRNN(n, input, state);
  case GRU:
    return stepGRU(n, input, state);
  case LSTM:
    return stepLSTM(n, input, state);
  }
  llvm_unreachable("unknown kind of cell");
}
