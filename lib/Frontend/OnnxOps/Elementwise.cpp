//===- Elementwise.cpp - arithmetic and activations -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include <limits>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

template <typename Op> static LogicalResult importBinary(NodeImport &n) {
  Value x = n.input(0), y = n.input(1);
  return n.yield(n.create<Op>(x, y));
}

/// The binary operation with its operands exchanged.
template <typename Op> static LogicalResult importReversed(NodeImport &n) {
  Value x = n.input(0), y = n.input(1);
  return n.yield(n.create<Op>(y, x));
}

/// Max, Min and Sum of any number of inputs: a chain of binary operations.
template <typename Op> static Value chain(NodeImport &n) {
  Value result = n.input(0);
  for (unsigned i = 1; i < n.inputCount(); ++i)
    result = n.create<Op>(result, n.input(i));
  return result;
}
template <typename Op> static LogicalResult importVariadic(NodeImport &n) {
  return n.yield(chain<Op>(n));
}

static LogicalResult importMean(NodeImport &n) {
  Value sum = chain<nnc::AddOp>(n);
  return n.yield(n.create<nnc::DivOp>(sum, n.scalar(n.inputCount(), sum)));
}

/// The exponent may have a type of its own; the result has the base's.
static LogicalResult importPow(NodeImport &n) {
  Value x = n.input(0), y = n.input(1);
  if (!x || !y)
    return failure();
  Type base = nnc::typeOf(x).getElementType();
  Type exponent = nnc::typeOf(y).getElementType();
  if (isa<FloatType>(exponent) && !isa<FloatType>(base)) {
    Type wide = Float64Type::get(n.context());
    Value power =
        n.create<nnc::PowOp>(n.convert(x, wide), n.convert(y, wide));
    // 3^6 may be an ulp below 729, and the conversion cuts.
    power = n.create<nnc::MulOp>(power, n.scalar(1 + 0x1p-50, power));
    return n.yield(n.convert(power, base));
  }
  return n.yield(n.create<nnc::PowOp>(x, n.convert(y, base)));
}

/// With `fmod` the sign is the dividend's, as in C, else the divisor's.
static LogicalResult importMod(NodeImport &n) {
  Value x = n.input(0), y = n.input(1);
  if (n.integer("fmod", 0))
    return n.yield(n.create<nnc::RemOp>(x, y));
  return n.yield(n.create<nnc::ModOp>(x, y));
}

/// The same bytes as elements of another type.
static LogicalResult importBitCast(NodeImport &n) {
  int64_t to = n.integer("to", 0);
  Type type = elementTypeFor(n.context(), to);
  if (!type)
    return n.error() << "element type " << onnxTypeName(to) << " is not supported";
  return n.yield(n.create<nnc::BitcastOp>(n.input(0), type));
}

static LogicalResult importBitShift(NodeImport &n) {
  Value x = n.input(0), y = n.input(1);
  std::string direction = n.text("direction", "");
  if (direction == "LEFT")
    return n.yield(n.create<nnc::ShlOp>(x, y));
  if (direction == "RIGHT")
    return n.yield(n.create<nnc::ShrOp>(x, y));
  return n.error() << "attribute 'direction' must be 'LEFT' or 'RIGHT', it is '"
                   << direction << "'";
}

static LogicalResult importReciprocal(NodeImport &n) {
  Value x = n.input(0);
  return n.yield(n.create<nnc::DivOp>(n.scalar(1, x), x));
}

/// 1, -1 or x, which is then 0 or NaN.
static LogicalResult importSign(NodeImport &n) {
  Value x = n.input(0), zero = n.scalar(0, x);
  Value positive = n.create<nnc::LessOp>(zero, x);
  Value negative = n.create<nnc::LessOp>(x, zero);
  Value rest = n.create<nnc::SelectOp>(negative, n.scalar(-1, x), x);
  return n.yield(n.create<nnc::SelectOp>(positive, n.scalar(1, x), rest));
}

//===----------------------------------------------------------------------===//
// Tests
//===----------------------------------------------------------------------===//

static LogicalResult importIsNaN(NodeImport &n) {
  Value x = n.input(0);
  return n.yield(n.create<nnc::NotOp>(n.create<nnc::EqualOp>(x, x)));
}

static LogicalResult importIsInf(NodeImport &n) {
  Value x = n.input(0), result;
  const double infinity = std::numeric_limits<double>::infinity();
  bool negative = n.integer("detect_negative", 1);
  bool positive = n.integer("detect_positive", 1);
  auto test = [&](double value) {
    Value found = n.create<nnc::EqualOp>(x, n.scalar(value, x));
    result = result ? n.create<nnc::OrOp>(result, found) : found;
  };
  if (negative)
    test(-infinity);
  if (positive)
    test(infinity);
  if (!result) { // nothing is: x < -infinity
    result = n.create<nnc::LessOp>(x, n.scalar(-infinity, x));
  }
  return n.yield(result);
}

static LogicalResult importWhere(NodeImport &n) {
  Value condition = n.input(0), x = n.input(1), y = n.input(2);
  return n.yield(n.create<nnc::SelectOp>(condition, x, y));
}

template <typename Op> static LogicalResult importUnary(NodeImport &n) {
  return n.yield(n.create<Op>(n.input(0)));
}

ArrayRef<OnnxOpRow> nncc::frontend::elementwiseRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Abs", 7, anyNewer, importUnary<nnc::AbsOp>},
      {"", "Acos", 7, anyNewer, importUnary<nnc::AcosOp>},
      {"", "Acosh", 9, anyNewer, importUnary<nnc::AcoshOp>},
      {"", "Add", 7, anyNewer, importBinary<nnc::AddOp>},
      {"", "And", 7, anyNewer, importBinary<nnc::AndOp>},
      {"", "Asin", 7, anyNewer, importUnary<nnc::AsinOp>},
      {"", "Asinh", 9, anyNewer, importUnary<nnc::AsinhOp>},
      {"", "Atan", 7, anyNewer, importUnary<nnc::AtanOp>},
      {"", "Atanh", 9, anyNewer, importUnary<nnc::AtanhOp>},
      {"", "BitCast", 26, anyNewer, importBitCast},
      {"", "BitShift", 11, anyNewer, importBitShift},
      {"", "BitwiseAnd", 18, anyNewer, importBinary<nnc::AndOp>},
      {"", "BitwiseNot", 18, anyNewer, importUnary<nnc::NotOp>},
      {"", "BitwiseOr", 18, anyNewer, importBinary<nnc::OrOp>},
      {"", "BitwiseXor", 18, anyNewer, importBinary<nnc::XorOp>},
      {"", "Ceil", 7, anyNewer, importUnary<nnc::CeilOp>},
      {"", "Cos", 7, anyNewer, importUnary<nnc::CosOp>},
      {"", "Cosh", 9, anyNewer, importUnary<nnc::CoshOp>},
      {"", "Div", 7, anyNewer, importBinary<nnc::DivOp>},
      {"", "Equal", 7, anyNewer, importBinary<nnc::EqualOp>},
      {"", "Erf", 9, anyNewer, importUnary<nnc::ErfOp>},
      {"", "Exp", 7, anyNewer, importUnary<nnc::ExpOp>},
      {"", "Floor", 7, anyNewer, importUnary<nnc::FloorOp>},
      {"", "Greater", 7, anyNewer, importReversed<nnc::LessOp>},
      {"", "GreaterOrEqual", 12, anyNewer, importReversed<nnc::LessEqualOp>},
      {"", "IsInf", 10, anyNewer, importIsInf},
      {"", "IsNaN", 9, anyNewer, importIsNaN},
      {"", "Less", 7, anyNewer, importBinary<nnc::LessOp>},
      {"", "LessOrEqual", 12, anyNewer, importBinary<nnc::LessEqualOp>},
      {"", "Log", 7, anyNewer, importUnary<nnc::LogOp>},
      {"", "Max", 7, anyNewer, importVariadic<nnc::MaxOp>},
      {"", "Mean", 7, anyNewer, importMean},
      {"", "Min", 7, anyNewer, importVariadic<nnc::MinOp>},
      {"", "Mod", 10, anyNewer, importMod},
      {"", "Mul", 7, anyNewer, importBinary<nnc::MulOp>},
      {"", "Neg", 7, anyNewer, importUnary<nnc::NegOp>},
      {"", "Not", 7, anyNewer, importUnary<nnc::NotOp>},
      {"", "Or", 7, anyNewer, importBinary<nnc::OrOp>},
      {"", "Pow", 7, anyNewer, importPow},
      {"", "Reciprocal", 7, anyNewer, importReciprocal},
      {"", "Round", 11, anyNewer, importUnary<nnc::RoundOp>},
      {"", "Sign", 9, anyNewer, importSign},
      {"", "Sin", 7, anyNewer, importUnary<nnc::SinOp>},
      {"", "Sinh", 9, anyNewer, importUnary<nnc::SinhOp>},
      {"", "Sqrt", 7, anyNewer, importUnary<nnc::SqrtOp>},
      {"", "Sub", 7, anyNewer, importBinary<nnc::SubOp>},
      {"", "Sum", 7, anyNewer, importVariadic<nnc::AddOp>},
      {"", "Tan", 7, anyNewer, importUnary<nnc::TanOp>},
      {"", "Where", 9, anyNewer, importWhere},
      {"", "Xor", 7, anyNewer, importBinary<nnc::XorOp>},
  };
  return rows;
}
