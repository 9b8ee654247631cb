//===- Elementwise.cpp - arithmetic and activations
//-------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Integers known while importing
//===----------------------------------------------------------------------===//

using Fold = int64_t (*)(int64_t, int64_t);

/// Sums wrap around as the machine's do.
static int64_t addInts(int64_t x, int64_t y) {
  return int64_t(uint64_t(x) + uint64_t(y));
}
static int64_t subInts(int64_t x, int64_t y) {
  return int64_t(uint64_t(x) - uint64_t(y));
}
static int64_t mulInts(int64_t x, int64_t y) {
  return int64_t(uint64_t(x) * uint64_t(y));
}
static int64_t divInts(int64_t x, int64_t y) { return x / y; }
static int64_t maxInts(int64_t x, int64_t y) { return std::max(x, y); }
static int64_t minInts(int64_t x, int64_t y) { return std::min(x, y); }

/// The value of the node if inputs 0 and 1 are small integer constants, nothing
/// if they are not; reports quotients that do not exist.
static std::optional<IntTensor> foldIntegers(NodeImport &n, Fold fold) {
  auto x = IntTensor::get(n.constant(0)), y = IntTensor::get(n.constant(1));
  if (!x || !y || x->elementType != y->elementType)
    return std::nullopt;
  auto shape = nnc::broadcastShapes({x->shape, y->shape});
  if (failed(shape) ||
      ShapedType::getNumElements(*shape) > IntTensor::maxElements)
    return std::nullopt;
  auto element = [&](ArrayRef<int64_t> index) -> int64_t {
    int64_t a = x->at(index), b = y->at(index);
    bool undefined = b == 0 || (a == INT64_MIN && b == -1);
    if (fold != divInts || !undefined)
      return fold(a, b);
    if (!n.failed())
      n.error() << a << " / " << b << " is undefined";
    return 0;
  };
  return IntTensor::generate(x->elementType, *shape, element);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

template <typename Op, Fold fold>
static LogicalResult importBinary(NodeImport &n) {
  if (auto value = foldIntegers(n, fold))
    return n.yield(*value);
  Value x = n.input(0), y = n.input(1);
  return n.yield(n.create<Op>(x, y));
}

/// Max, Min and Sum of any number of inputs: a chain of binary operations.
template <typename Op, Fold fold>
static LogicalResult importVariadic(NodeImport &n) {
  if (n.inputCount() == 1)
    return n.yield(n.operand(0));
  if (n.inputCount() == 2)
    return importBinary<Op, fold>(n);
  Value result = n.input(0);
  for (unsigned i = 1; i < n.inputCount(); ++i)
    result = n.create<Op>(result, n.input(i));
  return n.yield(result);
}

template <typename Op> static LogicalResult importUnary(NodeImport &n) {
  return n.yield(n.create<Op>(n.input(0)));
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

/// max(x, a * x) is x for positive and a * x for negative x if a <= 1; for a
/// above 1 it is the minimum.
static LogicalResult importLeakyRelu(NodeImport &n) {
  Value x = n.input(0);
  float alpha = n.real("alpha", 0.01f);
  if (alpha == 0)
    return n.yield(n.create<nnc::ReluOp>(x));
  Value scaled = n.create<nnc::MulOp>(x, n.scalar(alpha));
  return n.yield(alpha <= 1 ? n.create<nnc::MaxOp>(x, scaled)
                            : n.create<nnc::MinOp>(x, scaled));
}

/// A line between 0 and 1.
static LogicalResult importHardSigmoid(NodeImport &n) {
  Value x = n.input(0);
  float alpha = n.real("alpha", 0.2f), beta = n.real("beta", 0.5f);
  Value line = n.create<nnc::MulOp>(x, n.scalar(alpha));
  line = n.create<nnc::AddOp>(line, n.scalar(beta));
  line = n.create<nnc::ReluOp>(line);
  return n.yield(n.create<nnc::MinOp>(line, n.scalar(1)));
}

/// True for a constant of one element, which is zero.
static bool isZero(ElementsAttr constant) {
  auto dense = dyn_cast_or_null<DenseFPElementsAttr>(constant);
  return dense && dense.isSplat() && dense.getSplatValue<APFloat>().isZero();
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
    low = n.scalar(n.real("min", 0));
  if (n.hasAttribute("max"))
    high = n.scalar(n.real("max", 0));
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

ArrayRef<OnnxOpRow> nncc::frontend::elementwiseRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Add", 7, anyNewer, importBinary<nnc::AddOp, addInts>},
      {"", "Clip", 7, 10, importClipAttributes},
      {"", "Clip", 11, anyNewer, importClip},
      {"", "Div", 7, anyNewer, importBinary<nnc::DivOp, divInts>},
      {"", "Exp", 7, anyNewer, importUnary<nnc::ExpOp>},
      {"", "HardSigmoid", 7, anyNewer, importHardSigmoid},
      {"", "LeakyRelu", 7, anyNewer, importLeakyRelu},
      {"", "Max", 7, anyNewer, importVariadic<nnc::MaxOp, maxInts>},
      {"", "Min", 7, anyNewer, importVariadic<nnc::MinOp, minInts>},
      {"", "Mul", 7, anyNewer, importBinary<nnc::MulOp, mulInts>},
      {"", "Neg", 7, anyNewer, importUnary<nnc::NegOp>},
      {"", "Relu", 7, anyNewer, importUnary<nnc::ReluOp>},
      {"", "Sigmoid", 7, anyNewer, importUnary<nnc::SigmoidOp>},
      {"", "Sqrt", 7, anyNewer, importUnary<nnc::SqrtOp>},
      {"", "Sub", 7, anyNewer, importBinary<nnc::SubOp, subInts>},
      {"", "Sum", 7, anyNewer, importVariadic<nnc::AddOp, addInts>},
      {"", "Tanh", 7, anyNewer, importUnary<nnc::TanhOp>},
  };
  return rows;
}
