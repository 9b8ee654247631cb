//===- Recurrent.cpp - RNN, GRU and LSTM over a sequence ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The products of all steps with the input weights are one matrix product; the
// steps are unrolled behind it.

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/RecurrentCell.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// One recurrent node; T steps, B the batch, I inputs, D directions, H hidden.
class Sequence {
public:
  Sequence(NodeImport &n, RecurrentCell::Kind kind) : n(n), kind(kind) {}

  LogicalResult import();

private:
  LogicalResult readAttributes();
  LogicalResult readActivations();
  LogicalResult readInputs();
  LogicalResult checkShape(unsigned input, ArrayRef<int64_t> expected);
  Value ofDirection(Value all, int64_t d);
  RecurrentCell cellOf(int64_t d);
  Value inputProducts(int64_t d);
  CellState keepFinished(const CellState &next, const CellState &state,
                         int64_t t);
  CellState run(int64_t d, SmallVectorImpl<Value> &outputs);
  Value asOutput(Value stacked, bool isSequence);

  unsigned gates() const {
    return kind == RecurrentCell::LSTM ? 4 : kind == RecurrentCell::GRU ? 3 : 1;
  }
  Value zeros() { return n.broadcast(n.scalar(0, input), {batch, hidden}); }

  NodeImport &n;
  RecurrentCell::Kind kind;
  Value input, weights, recurrence, bias, initialHidden, initialCell, peepholes;
  Value lengths; ///< B, null if all steps of all sequences count
  int64_t steps = 0, batch = 0, hidden = 0, directions = 1;
  bool reversed = false, batchFirst = false;
  RecurrentCell prototype;
  SmallVector<Activation> activations; ///< of all directions
};
} // namespace

//===----------------------------------------------------------------------===//
// Attributes and inputs
//===----------------------------------------------------------------------===//

/// ONNX's function with its default parameters; nothing for a name it does not
/// know.
static std::optional<Activation> activationNamed(StringRef name) {
  static const Activation known[] = {
      {"tanh", false, false, 0, 0},
      {"sigmoid", false, false, 0, 0},
      {"relu", false, false, 0, 0},
      {"softsign", false, false, 0, 0},
      {"softplus", false, false, 0, 0},
      {"affine", true, true, 1, 0},
      {"scaledtanh", true, true, 1, 1},
      {"hardsigmoid", true, true, 0.2f, 0.5f},
      {"leakyrelu", true, false, 0.01f, 0},
      {"thresholdedrelu", true, false, 1, 0},
      {"elu", true, false, 1, 0},
  };
  for (const Activation &activation : known)
    if (name.equals_insensitive(activation.name))
      return activation;
  return std::nullopt;
}

LogicalResult Sequence::readActivations() {
  unsigned perDirection = kind == RecurrentCell::RNN   ? 1
                          : kind == RecurrentCell::GRU ? 2
                                                       : 3;
  SmallVector<std::string> names = n.texts("activations");
  if (names.empty())
    for (int64_t d = 0; d < directions; ++d) {
      if (kind != RecurrentCell::RNN)
        names.push_back("Sigmoid");
      names.append(kind == RecurrentCell::LSTM ? 2 : 1, "Tanh");
    }
  if (int64_t(names.size()) != perDirection * directions)
    return n.error() << "names " << names.size() << " activations, "
                     << directions << " directions need "
                     << perDirection * directions;
  // Functions that have a parameter take the next one given.
  auto alphas = n.reals("activation_alpha"), betas = n.reals("activation_beta");
  size_t nextAlpha = 0, nextBeta = 0;
  for (const std::string &name : names) {
    std::optional<Activation> activation = activationNamed(name);
    if (!activation)
      return n.error() << "activation '" << name << "' is not supported";
    if (activation->hasAlpha && alphas && nextAlpha < alphas->size())
      activation->alpha = (*alphas)[nextAlpha++];
    if (activation->hasBeta && betas && nextBeta < betas->size())
      activation->beta = (*betas)[nextBeta++];
    activations.push_back(*activation);
  }
  return success();
}

LogicalResult Sequence::readAttributes() {
  std::string direction = n.text("direction", "forward");
  if (direction != "forward" && direction != "reverse" &&
      direction != "bidirectional")
    return n.error() << "direction '" << direction << "' is not supported";
  directions = direction == "bidirectional" ? 2 : 1;
  reversed = direction == "reverse";
  batchFirst = n.opset() >= 14 && n.integer("layout", 0) != 0;
  prototype.kind = kind;
  prototype.clip = n.real("clip", 0);
  if (kind == RecurrentCell::LSTM)
    prototype.inputForget = n.integer("input_forget", 0) != 0;
  if (kind == RecurrentCell::GRU)
    prototype.linearBeforeReset = n.integer("linear_before_reset", 0) != 0;
  return readActivations();
}

LogicalResult Sequence::checkShape(unsigned i, ArrayRef<int64_t> expected) {
  if (!n.has(i) || shapeOf(n.input(i)) == expected)
    return success();
  return n.error() << "input #" << i << " has the shape "
                   << nnc::shapeText(shapeOf(n.input(i))) << ", expected "
                   << nnc::shapeText(expected);
}

LogicalResult Sequence::readInputs() {
  input = n.input(0), weights = n.input(1), recurrence = n.input(2);
  if (!input || !weights || !recurrence)
    return failure();
  if (shapeOf(input).size() != 3 || shapeOf(recurrence).size() != 3)
    return n.error() << "inputs " << nnc::shapeText(shapeOf(input)) << " and "
                     << nnc::shapeText(shapeOf(recurrence))
                     << " must have 3 dimensions";
  if (batchFirst)
    input = n.create<nnc::TransposeOp>(input, ArrayRef<int64_t>{1, 0, 2});
  steps = shapeOf(input)[0], batch = shapeOf(input)[1];
  hidden = shapeOf(recurrence)[2];
  int64_t stated = n.integer("hidden_size", hidden);
  if (stated != hidden)
    return n.error() << "attribute 'hidden_size' is " << stated
                     << ", the recurrence weights have " << hidden;
  int64_t width = gates() * hidden;
  SmallVector<int64_t> state{directions, batch, hidden};
  if (batchFirst)
    std::swap(state[0], state[1]);
  if (failed(checkShape(1, {directions, width, shapeOf(input)[2]})) ||
      failed(checkShape(2, {directions, width, hidden})) ||
      failed(checkShape(3, {directions, 2 * width})) ||
      failed(checkShape(4, {batch})) || failed(checkShape(5, state)))
    return failure();
  bias = n.optionalInput(3);
  initialHidden = n.optionalInput(5);
  std::optional<IntTensor> known = IntTensor::get(n.constant(4));
  if (!known ||
      llvm::any_of(known->values, [&](int64_t v) { return v != steps; }))
    lengths = n.optionalInput(4);
  if (kind == RecurrentCell::LSTM) {
    if (failed(checkShape(6, state)) ||
        failed(checkShape(7, {directions, 3 * hidden})))
      return failure();
    initialCell = n.optionalInput(6);
    peepholes = n.optionalInput(7);
  }
  if (batchFirst)
    for (Value *value : {&initialHidden, &initialCell})
      if (*value)
        *value = n.create<nnc::TransposeOp>(*value, ArrayRef<int64_t>{1, 0, 2});
  return success();
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

/// Element d of the first dimension, which goes.
Value Sequence::ofDirection(Value all, int64_t d) {
  if (!all)
    return {};
  return n.reshape(slice(n, all, 0, d, 1), shapeOf(all).drop_front());
}

RecurrentCell Sequence::cellOf(int64_t d) {
  RecurrentCell cell = prototype;
  cell.hiddenSize = hidden;
  cell.recurrence = n.create<nnc::TransposeOp>(ofDirection(recurrence, d),
                                               ArrayRef<int64_t>{1, 0});
  size_t count = activations.size() / directions;
  for (size_t i = 0; i < count; ++i)
    cell.activations.push_back(activations[d * count + i]);
  cell.peepholes = ofDirection(peepholes, d);
  // The recurrent bias of a GRU may be inside what its reset gate scales.
  if (bias && kind == RecurrentCell::GRU)
    cell.recurrentBias =
        slice(n, ofDirection(bias, d), 0, gates() * hidden, gates() * hidden);
  return cell;
}

/// T x B x gates * H: what all steps' inputs contribute, bias included.
Value Sequence::inputProducts(int64_t d) {
  int64_t width = gates() * hidden;
  Value rows = n.reshape(input, {steps * batch, shapeOf(input)[2]});
  Value columns = n.create<nnc::TransposeOp>(ofDirection(weights, d),
                                             ArrayRef<int64_t>{1, 0});
  Value products = n.create<nnc::MatmulOp>(rows, columns);
  if (bias) {
    Value both = ofDirection(bias, d);
    Value sum = slice(n, both, 0, 0, width);
    if (kind != RecurrentCell::GRU)
      sum = n.create<nnc::AddOp>(sum, slice(n, both, 0, width, width));
    products = n.create<nnc::AddOp>(products, sum);
  }
  return products ? n.reshape(products, {steps, batch, width}) : Value();
}

/// Sequences that are over at step t keep their state.
CellState Sequence::keepFinished(const CellState &next, const CellState &state,
                                 int64_t t) {
  if (!lengths)
    return next;
  Value runs = n.create<nnc::LessOp>(n.scalar(t, lengths), lengths);
  runs = runs ? n.reshape(runs, {batch, 1}) : Value();
  auto keep = [&](Value value, Value old) {
    return value ? n.create<nnc::SelectOp>(runs, value, old ? old : zeros())
                 : Value();
  };
  return {keep(next.hidden, state.hidden), keep(next.cell, state.cell)};
}

/// All steps of direction d; `outputs` are B x H in the order of time.
CellState Sequence::run(int64_t d, SmallVectorImpl<Value> &outputs) {
  RecurrentCell cell = cellOf(d);
  Value products = inputProducts(d);
  if (!products || !cell.recurrence)
    return {};
  CellState state{ofDirection(initialHidden, d), ofDirection(initialCell, d)};
  bool backward = reversed || d == 1;
  outputs.resize(steps);
  for (int64_t i = 0; i < steps; ++i) {
    int64_t t = backward ? steps - 1 - i : i;
    Value now =
        n.reshape(slice(n, products, 0, t, 1), shapeOf(products).drop_front());
    CellState next = cell.step(n, now, state);
    if (!next.hidden)
      return {};
    // Behind its end a sequence has no output, wherever it runs to.
    outputs[t] = keepFinished(next, {}, t).hidden;
    state = keepFinished(next, state, t);
  }
  return state;
}

/// D x B x H or T x D x B x H as the node's layout has it.
Value Sequence::asOutput(Value stacked, bool isSequence) {
  if (!batchFirst)
    return stacked;
  return isSequence
             ? n.create<nnc::TransposeOp>(stacked,
                                          ArrayRef<int64_t>{2, 0, 1, 3})
             : n.create<nnc::TransposeOp>(stacked, ArrayRef<int64_t>{1, 0, 2});
}

LogicalResult Sequence::import() {
  if (failed(readAttributes()) || failed(readInputs()))
    return failure();
  if (steps == 0)
    return n.error() << "the sequence has no steps";
  SmallVector<Value> hiddenStates, cellStates;
  SmallVector<SmallVector<Value>> outputs(directions);
  for (int64_t d = 0; d < directions; ++d) {
    CellState last = run(d, outputs[d]);
    if (!last.hidden)
      return failure();
    hiddenStates.push_back(n.reshape(last.hidden, {1, batch, hidden}));
    if (last.cell)
      cellStates.push_back(n.reshape(last.cell, {1, batch, hidden}));
  }
  SmallVector<Value> all;
  for (int64_t t = 0; t < steps; ++t)
    for (int64_t d = 0; d < directions; ++d)
      all.push_back(n.reshape(outputs[d][t], {1, batch, hidden}));
  Value sequence =
      n.reshape(concat(n, all, 0), {steps, directions, batch, hidden});
  if (failed(n.yield(asOutput(sequence, true))) ||
      failed(n.yield(asOutput(concat(n, hiddenStates, 0), false))))
    return failure();
  return cellStates.empty()
             ? success()
             : n.yield(asOutput(concat(n, cellStates, 0), false));
}

template <RecurrentCell::Kind kind>
static LogicalResult importSequence(NodeImport &n) {
  return Sequence(n, kind).import();
}

ArrayRef<OnnxOpRow> nncc::frontend::recurrentRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "GRU", 7, anyNewer, importSequence<RecurrentCell::GRU>},
      {"", "LSTM", 7, anyNewer, importSequence<RecurrentCell::LSTM>},
      {"", "RNN", 7, anyNewer, importSequence<RecurrentCell::RNN>},
  };
  return rows;
}
