//===- Activation.cpp - functions between layers --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

template <typename Op> static LogicalResult importUnary(NodeImport &n) {
  return n.yield(n.create<Op>(n.input(0)));
}

/// max(x, a * x) is x for positive and a * x for negative x if a <= 1; for a
/// above 1 it is the minimum.
static LogicalResult importLeakyRelu(NodeImport &n) {
  Value x = n.input(0);
  float alpha = n.real("alpha", 0.01f);
  if (alpha == 0)
    return n.yield(n.create<nnc::ReluOp>(x));
  Value scaled = n.create<nnc::MulOp>(x, n.scalar(alpha, x));
  return n.yield(alpha <= 1 ? n.create<nnc::MaxOp>(x, scaled)
                            : n.create<nnc::MinOp>(x, scaled));
}

/// A line between 0 and 1.
static LogicalResult importHardSigmoid(NodeImport &n) {
  Value x = n.input(0);
  float alpha = n.real("alpha", 0.2f), beta = n.real("beta", 0.5f);
  Value line = n.create<nnc::MulOp>(x, n.scalar(alpha, x));
  line = n.create<nnc::AddOp>(line, n.scalar(beta, x));
  line = n.create<nnc::ReluOp>(line);
  return n.yield(n.create<nnc::MinOp>(line, n.scalar(1, x)));
}

/// True for a constant of one element, which is zero.
static bool isZero(ElementsAttr constant) {
  auto data = nnc::ConstantData::get(constant);
  return data && data->size() == 1 && data->at(0) == 0;
}

/// `x` limited by `low` and `high`, either of which may be null.
static LogicalResult clip(NodeImport &n, Value x, Value low, bool lowIsZero,
                          Value high) {
  if (low)
    x = lowIsZero ? n.create<nnc::ReluOp>(x) : n.create<nnc::MaxOp>(x, low);
  if (high)
    x = n.create<nnc::MinOp>(x, high);
  return n.yield(x);
}

static LogicalResult importClipAttributes(NodeImport &n) {
  Value x = n.input(0), low, high;
  if (n.hasAttribute("min"))
    low = n.scalar(n.real("min", 0), x);
  if (n.hasAttribute("max"))
    high = n.scalar(n.real("max", 0), x);
  return clip(n, x, low, n.real("min", 1) == 0, high);
}

static LogicalResult importClip(NodeImport &n) {
  for (unsigned i : {1, 2})
    if (n.has(i) && typeOf(n.operand(i)).getNumElements() != 1)
      return n.error() << "limit #" << i
                       << " must be a scalar, it has the shape "
                       << nnc::shapeText(typeOf(n.operand(i)).getShape());
  Value x = n.input(0), low = n.optionalInput(1), high = n.optionalInput(2);
  // A limit of one element may have a rank that broadcasting would add.
  if (low)
    low = n.reshape(low, {});
  if (high)
    high = n.reshape(high, {});
  return clip(n, x, low, isZero(n.constant(1)), high);
}

/// x moved by `bias` towards zero, 0 between -lambd and lambd.
static LogicalResult importShrink(NodeImport &n) {
  Value x = n.input(0);
  Value bias = n.scalar(n.real("bias", 0), x);
  float limit = n.real("lambd", 0.5f);
  Value isLow = n.create<nnc::LessOp>(x, n.scalar(-limit, x));
  Value isHigh = n.create<nnc::LessOp>(n.scalar(limit, x), x);
  Value high = n.create<nnc::SelectOp>(isHigh, n.create<nnc::SubOp>(x, bias), n.scalar(0, x));
  return n.yield(n.create<nnc::SelectOp>(isLow, n.create<nnc::AddOp>(x, bias), high));
}

/// x < 0 ? slope * x : x
static LogicalResult importPRelu(NodeImport &n) {
  Value x = n.input(0), slope = n.input(1);
  Value negative = n.create<nnc::LessOp>(x, n.scalar(0, x));
  return n.yield(n.create<nnc::SelectOp>(negative, n.create<nnc::MulOp>(x, slope), x));
}

/// log(1 + e^x) as max(x, 0) + log(1 + e^-|x|): ONNX's own definition overflows.
static LogicalResult importSoftplus(NodeImport &n) {
  Value x = n.input(0);
  Value power = n.create<nnc::ExpOp>(n.create<nnc::NegOp>(n.create<nnc::AbsOp>(x)));
  Value rest = n.create<nnc::LogOp>(n.create<nnc::AddOp>(power, n.scalar(1, x)));
  return n.yield(n.create<nnc::AddOp>(n.create<nnc::ReluOp>(x), rest));
}

ArrayRef<OnnxOpRow> nncc::frontend::activationRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Clip", 7, 10, importClipAttributes},
      {"", "Clip", 11, anyNewer, importClip},
      {"", "HardSigmoid", 7, anyNewer, importHardSigmoid},
      {"", "LeakyRelu", 7, anyNewer, importLeakyRelu},
      {"", "PRelu", 7, anyNewer, importPRelu},
      {"", "Relu", 7, anyNewer, importUnary<nnc::ReluOp>},
      {"", "Shrink", 9, anyNewer, importShrink},
      {"", "Sigmoid", 7, anyNewer, importUnary<nnc::SigmoidOp>},
      {"", "Softplus", 7, anyNewer, importSoftplus},
      {"", "Tanh", 7, anyNewer, importUnary<nnc::TanhOp>},
  };
  return rows;
}
