//===- ScalarCode.cpp - arithmetic on one element -------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ScalarCode.h"
#include <cmath>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace nncc::nnc;
using FloatCmp = arith::CmpFPredicate;
using IntCmp = arith::CmpIPredicate;

Value ScalarCode::constant(double value) {
  return b.create<arith::ConstantOp>(
      loc, numberAttr(element, computeTypeOf(element), value));
}

/// The value of a float constant.
static std::optional<double> constantFloat(Value value) {
  FloatAttr attr;
  if (!matchPattern(value, m_Constant(&attr)))
    return std::nullopt;
  return attr.getValueAsDouble();
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

Value ScalarCode::compare(FloatCmp floats, IntCmp ints, Value x, Value y) {
  if (isFloat())
    return b.create<arith::CmpFOp>(loc, floats, x, y);
  return b.create<arith::CmpIOp>(loc, ints, x, y);
}

Value ScalarCode::equal(Value x, Value y) {
  return compare(FloatCmp::OEQ, IntCmp::eq, x, y);
}
Value ScalarCode::less(Value x, Value y) {
  return compare(FloatCmp::OLT,
                 isUnsignedInteger() ? IntCmp::ult : IntCmp::slt, x, y);
}
Value ScalarCode::lessEqual(Value x, Value y) {
  return compare(FloatCmp::OLE,
                 isUnsignedInteger() ? IntCmp::ule : IntCmp::sle, x, y);
}
Value ScalarCode::select(Value condition, Value x, Value y) {
  return b.create<arith::SelectOp>(loc, condition, x, y);
}

/// `y > x ? y : x` is one instruction on most machines, and x if x is NaN. That
/// y is none needs more code unless y is a constant: arith.maximumf would cost
/// a fourth instruction.
Value ScalarCode::extreme(Value x, Value y, bool smaller) {
  auto wins = [&](Value a, Value b) { return smaller ? less(a, b) : less(b, a); };
  if (!isFloat())
    return select(wins(x, y), x, y);
  if (auto number = constantFloat(x); number && !std::isnan(*number))
    std::swap(x, y);
  Value result = select(wins(y, x), y, x);
  if (auto number = constantFloat(y); number && !std::isnan(*number))
    return result;
  Value isNaN = b.create<arith::CmpFOp>(loc, FloatCmp::UNO, y, y);
  return select(isNaN, y, result);
}

Value ScalarCode::relu(Value x) {
  return isUnsignedInteger() ? x : max(x, constant(0));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value ScalarCode::neg(Value x) {
  if (isFloat())
    return b.create<arith::NegFOp>(loc, x);
  return b.create<arith::SubIOp>(loc, constant(0), x);
}

Value ScalarCode::abs(Value x) {
  if (isFloat())
    return b.create<math::AbsFOp>(loc, x);
  return isUnsignedInteger() ? x : select(less(x, constant(0)), neg(x), x);
}

/// Integer division by zero and of the smallest integer by -1 trap on some
/// machines. Here they are 0 and what wraps around, as in NumPy.
Value ScalarCode::quotient(Value x, Value y, bool remainder) {
  auto divide = [&](Value divisor) -> Value {
    if (isUnsignedInteger())
      return remainder ? b.create<arith::RemUIOp>(loc, x, divisor).getResult()
                       : b.create<arith::DivUIOp>(loc, x, divisor);
    return remainder ? b.create<arith::RemSIOp>(loc, x, divisor).getResult()
                     : b.create<arith::DivSIOp>(loc, x, divisor);
  };
  llvm::APInt known;
  if (matchPattern(y, m_ConstantInt(&known)) && !known.isZero() &&
      (isUnsignedInteger() || !known.isAllOnes()))
    return divide(y);
  Value zero = constant(0), one = constant(1);
  Value isZero = equal(y, zero);
  if (isUnsignedInteger())
    return select(isZero, zero, divide(select(isZero, one, y)));
  Value minusOne = b.create<arith::ConstantOp>(
      loc, b.getIntegerAttr(computeTypeOf(element), -1));
  Value isMinusOne = equal(y, minusOne);
  Value unsafe = b.create<arith::OrIOp>(loc, isZero, isMinusOne);
  Value result = divide(select(unsafe, one, y));
  Value byMinusOne = remainder ? zero : neg(x);
  return select(isZero, zero, select(isMinusOne, byMinusOne, result));
}

Value ScalarCode::div(Value x, Value y) {
  return isFloat() ? b.create<arith::DivFOp>(loc, x, y).getResult()
                   : quotient(x, y, /*remainder=*/false);
}

Value ScalarCode::rem(Value x, Value y) {
  return isFloat() ? b.create<arith::RemFOp>(loc, x, y).getResult()
                   : quotient(x, y, /*remainder=*/true);
}

/// The remainder moves to the sign of the divisor.
Value ScalarCode::mod(Value x, Value y) {
  if (isFloat())
    return floatMod(x, y);
  Value rest = quotient(x, y, /*remainder=*/true);
  if (isUnsignedInteger())
    return rest;
  Value zero = constant(0);
  Value differs = less(b.create<arith::XOrIOp>(loc, rest, y), zero);
  Value moves = b.create<arith::AndIOp>(
      loc, differs, b.create<arith::CmpIOp>(loc, IntCmp::ne, rest, zero));
  return select(moves, b.create<arith::AddIOp>(loc, rest, y), rest);
}

/// As Python's: a rest of 0 has the divisor's sign, too.
Value ScalarCode::floatMod(Value x, Value y) {
  Value rest = b.create<arith::RemFOp>(loc, x, y), zero = constant(0);
  Value isNegative = less(y, zero);
  Value differs = b.create<arith::XOrIOp>(loc, less(rest, zero), isNegative);
  Value moved = select(differs, b.create<arith::AddFOp>(loc, rest, y), rest);
  // What has no number as rest (x / 0) is left as it is.
  Value none = select(isNegative, constant(-0.0), zero);
  return select(equal(rest, zero), none, moved);
}

/// x^n for a known n: squares and multiplies, modulo 2 to the width.
Value ScalarCode::knownPow(Value x, const llvm::APInt &n) {
  Value result = constant(1), power = x;
  for (unsigned bit = 0, bits = n.getActiveBits(); bit < bits; ++bit) {
    if (n[bit])
      result = b.createOrFold<arith::MulIOp>(loc, result, power);
    if (bit + 1 < bits)
      power = b.create<arith::MulIOp>(loc, power, power);
  }
  return result;
}

/// Modulo 2 to the width. Negative powers round to zero as a division would.
Value ScalarCode::integerPow(Value x, Value y) {
  llvm::APInt known;
  bool isKnown = matchPattern(y, m_ConstantInt(&known));
  if (isKnown && (isUnsignedInteger() || known.isNonNegative()))
    return knownPow(x, known);
  Value result = b.create<math::IPowIOp>(loc, x, y);
  if (isUnsignedInteger())
    return result;
  // x^-n is x^n where that is 1 or -1, and 0 where it is larger.
  Value zero = constant(0), one = constant(1);
  Value inverse = select(equal(abs(x), one), result, zero);
  return select(less(y, zero), inverse, result);
}

Value ScalarCode::pow(Value x, Value y) {
  if (!isFloat())
    return integerPow(x, y);
  std::optional<double> exponent = constantFloat(y);
  auto square = [&] { return b.create<arith::MulFOp>(loc, x, x).getResult(); };
  if (exponent == 1.0)
    return x;
  if (exponent == 2.0)
    return square();
  if (exponent == 3.0)
    return b.create<arith::MulFOp>(loc, square(), x);
  if (exponent == -1.0)
    return b.create<arith::DivFOp>(loc, constant(1), x);
  if (exponent == 0.5)
    return b.create<math::SqrtOp>(loc, x);
  return b.create<math::PowFOp>(loc, x, y);
}

/// LLVM leaves shifts by the width and more undefined.
Value ScalarCode::shl(Value x, Value y) {
  Value width = constant(element.getIntOrFloatBitWidth()), zero = constant(0);
  Value fits = b.create<arith::CmpIOp>(loc, IntCmp::ult, y, width);
  Value shifted = b.create<arith::ShLIOp>(loc, x, select(fits, y, zero));
  return select(fits, shifted, zero);
}

Value ScalarCode::shr(Value x, Value y) {
  unsigned width = element.getIntOrFloatBitWidth();
  if (!isUnsignedInteger()) {
    Value most = b.create<arith::MinUIOp>(loc, y, constant(width - 1));
    return b.create<arith::ShRSIOp>(loc, x, most);
  }
  Value zero = constant(0);
  Value fits =
      b.create<arith::CmpIOp>(loc, IntCmp::ult, y, constant(width));
  Value shifted = b.create<arith::ShRUIOp>(loc, x, select(fits, y, zero));
  return select(fits, shifted, zero);
}

Value ScalarCode::bitNot(Value x) {
  Value ones = b.create<arith::ConstantOp>(
      loc, b.getIntegerAttr(x.getType(), -1));
  return b.create<arith::XOrIOp>(loc, x, ones);
}

Value ScalarCode::sigmoid(Value x) {
  Value one = constant(1);
  Value power = b.create<math::ExpOp>(loc, b.create<arith::NegFOp>(loc, x));
  Value sum = b.create<arith::AddFOp>(loc, one, power);
  return b.create<arith::DivFOp>(loc, one, sum);
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// A conversion to 16 bits rounds even if the result stays in a register.
Value ScalarCode::floatToFloat(Value x, Type to) {
  unsigned width = x.getType().getIntOrFloatBitWidth();
  if (to.getIntOrFloatBitWidth() < width)
    x = b.create<arith::TruncFOp>(loc, to, x);
  Type result = computeTypeOf(to);
  if (result.getIntOrFloatBitWidth() > x.getType().getIntOrFloatBitWidth())
    x = b.create<arith::ExtFOp>(loc, result, x);
  return x;
}

/// Truncates what is in range; beyond lie the extreme integers.
Value ScalarCode::floatToInteger(Value x, Type to) {
  ScalarCode floats(b, loc, x.getType());
  unsigned width = to.getIntOrFloatBitWidth();
  bool isUnsigned = nncc::nnc::isUnsigned(to);
  llvm::APInt low = isUnsigned ? llvm::APInt::getZero(width)
                               : llvm::APInt::getSignedMinValue(width);
  llvm::APInt high = isUnsigned ? llvm::APInt::getMaxValue(width)
                                : llvm::APInt::getSignedMaxValue(width);
  // The largest float that converts without overflow.
  llvm::APFloat limit(llvm::cast<FloatType>(x.getType()).getFloatSemantics());
  bool isExact = limit.convertFromAPInt(high, !isUnsigned,
                                        llvm::APFloat::rmTowardZero) ==
                 llvm::APFloat::opOK;
  Value lowest = floats.constant(
      isUnsigned ? 0.0 : -std::ldexp(1.0, int(width) - 1));
  Value highest = b.create<arith::ConstantOp>(
      loc, FloatAttr::get(x.getType(), limit));
  Value clamped = floats.select(floats.less(lowest, x), x, lowest);
  clamped = floats.select(floats.less(clamped, highest), clamped, highest);

  // Machines convert to 32 bits at least.
  Type wide = b.getIntegerType(std::max(32u, width));
  Value result =
      isUnsigned && width >= 32
          ? b.create<arith::FPToUIOp>(loc, wide, clamped).getResult()
          : b.create<arith::FPToSIOp>(loc, wide, clamped);
  Type narrow = b.getIntegerType(width);
  if (wide != narrow)
    result = b.create<arith::TruncIOp>(loc, narrow, result);
  if (!isExact) {
    Value most =
        b.create<arith::ConstantOp>(loc, b.getIntegerAttr(narrow, high));
    result = select(floats.less(highest, x), most, result);
  }
  // NaN became the lowest integer.
  if (isUnsigned)
    return result;
  Value isNaN = b.create<arith::CmpFOp>(loc, FloatCmp::UNO, x, x);
  Value none = b.create<arith::ConstantOp>(loc, b.getIntegerAttr(narrow, 0));
  return select(isNaN, none, result);
}

Value ScalarCode::integerToFloat(Value x, Type to) {
  Type result = computeTypeOf(to);
  Value number =
      isUnsignedInteger()
          ? b.create<arith::UIToFPOp>(loc, result, x).getResult()
          : b.create<arith::SIToFPOp>(loc, result, x);
  if (result == to)
    return number;
  Value rounded = b.create<arith::TruncFOp>(loc, to, number);
  return b.create<arith::ExtFOp>(loc, result, rounded);
}

Value ScalarCode::integerToInteger(Value x, Type to) {
  unsigned from = x.getType().getIntOrFloatBitWidth(),
           width = to.getIntOrFloatBitWidth();
  Type result = computeTypeOf(to);
  if (width < from)
    return b.create<arith::TruncIOp>(loc, result, x);
  if (width == from)
    return x;
  if (isUnsignedInteger())
    return b.create<arith::ExtUIOp>(loc, result, x);
  return b.create<arith::ExtSIOp>(loc, result, x);
}

Value ScalarCode::cast(Value x, Type to) {
  if (to == element)
    return x;
  if (to.isInteger(1))
    return compare(FloatCmp::UNE, IntCmp::ne, x, constant(0));
  if (isFloat())
    return isa<FloatType>(to) ? floatToFloat(x, to) : floatToInteger(x, to);
  return isa<FloatType>(to) ? integerToFloat(x, to) : integerToInteger(x, to);
}

Value ScalarCode::bitcast(Value x, Type to) {
  Type result = computeTypeOf(to);
  if (to.isInteger(1))
    return cast(x, to);
  if (x.getType().isInteger(1)) // a byte
    return b.create<arith::ExtUIOp>(loc, result, x);
  return x.getType() == result ? x : b.create<arith::BitcastOp>(loc, result, x);
}
