//===- PowerFunction.cpp - x to the power of y ----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/FunctionTables.h"
#include "lib/Emit/Functions.h"
#include <cmath>

using namespace mlir;
using namespace nncc::emit;

// x^y = e^(y * log(x)): an error of one part in 2^24 in the logarithm would be
// one in 2^17 in the power, so the logarithm has twice the digits.

namespace {
/// A number as the sum of two floats, of which the second is below the
/// rounding error of the first.
struct Long {
  Num high, low;
};
} // namespace

static Long normalized(Num high, Num low) {
  auto [sum, rest] = high.code->addLarger(high, low);
  return {sum, rest};
}
static Long multiply(Long x, Long y) {
  auto [product, rest] = x.high.code->multiply(x.high, y.high);
  return normalized(product, rest + (x.high * y.low + x.low * y.high));
}
static Long add(Long x, Long y) {
  auto [sum, rest] = x.high.code->addAny(x.high, y.high);
  return normalized(sum, rest + (x.low + y.low));
}

/// (m - 1) / (m + 1)
static Long quotient(Num m) {
  FloatCode &c = *m.code;
  Num above = m - 1.0; // exact
  auto [below, belowLow] = c.addAny(m, c.constant(1));
  Num first = above / below;
  auto [product, productLow] = c.multiply(first, below);
  Num rest = ((above - product) - productLow) - first * belowLow;
  return normalized(first, rest / below);
}

/// log(x) of a positive, finite x.
static Long longLog(Num x) {
  FloatCode &c = *x.code;
  int up = c.choose(25, 54);
  Value isSmall = x < std::ldexp(1.0, 1 - c.bias());
  Num normal = c.select(isSmall, x * std::ldexp(1.0, up), x);
  Int bits = c.bits(normal);
  int64_t middle = c.isDouble() ? 0x3fe6a09e667f3bcd : 0x3f3504f3;
  Int exponent = (bits - middle) >> c.fraction();
  Num power = c.toFloat(exponent);
  power = c.select(isSmall, power - double(up), power);
  Num m = c.fromBits(bits - (exponent << c.fraction()));

  // 2 * s + s * z * (2 / 3 + ...), where only the dots need no second float.
  Long s = quotient(m), z = multiply(s, s);
  ArrayRef<double> table = c.choose(logTable32, logTable64);
  Num tail = z.high * c.polynomial(z.high, table.drop_front());
  double first = c.choose(0x1.555556p-1, 0x1.5555555555555p-1);
  double firstLow = c.choose(-0x1.555556p-26, 0x1.5555555555555p-55);
  auto [p, pLow] = c.addLarger(c.constant(first), tail);
  Long factor = normalized(p, pLow + firstLow);
  Long cubic = multiply(multiply(s, z), factor);
  Long linear{s.high + s.high, s.low + s.low};
  Long fraction = add(linear, cubic);
  Long ln2{c.constant(c.choose(0x1.62e43p-1, 0x1.62e42fefa39efp-1)),
           c.constant(c.choose(-0x1.05c61p-29, 0x1.abc9e3b39803fp-56))};
  Long whole = multiply({power, c.constant(0)}, ln2);
  return add(whole, fraction);
}

/// e^(high + low)
static Num longExp(Long x) {
  FloatCode &c = *x.high.code;
  Value overflows = x.high > c.choose(89, 710);
  Value underflows = x.high < c.choose(-104, -746);
  Num high = c.select(c.either(overflows, underflows), c.constant(0), x.high);
  Num low = c.select(c.either(overflows, underflows), c.constant(0), x.low);
  Num power = exp(high);
  power = c.select(power < c.infinity(), c.fma(power, low, power), power);
  power = c.select(overflows, c.infinity(), power);
  return c.select(underflows, c.constant(0), power);
}

namespace {
/// What C says about integers among the exponents.
struct Exponent {
  Value isWhole, isOdd;
};
} // namespace

static Exponent inspect(Num y) {
  FloatCode &c = *y.code;
  Num half = y * 0.5;
  Value isWhole = c.floor(y) == y;
  Value isEven = c.floor(half) == half; // all large floats are even
  Value no = c.b.create<arith::XOrIOp>(
      isEven, c.b.create<arith::ConstantOp>(
                  isa<VectorType>(isEven.getType())
                      ? TypedAttr(DenseElementsAttr::get(
                            cast<ShapedType>(isEven.getType()), true))
                      : TypedAttr(c.b.getBoolAttr(true))));
  return {isWhole, c.both(isWhole, no)};
}

Num nncc::emit::pow(Num x, Num y) {
  FloatCode &c = *x.code;
  Num a = c.abs(x), one = c.constant(1), zero = c.constant(0);
  Exponent exponent = inspect(y);
  // Exponents that are too large for products act as infinity does.
  double limit = std::ldexp(1.0, c.fraction() + 12);
  Num bounded = c.atMost(c.atLeast(y, -limit), limit);
  Long logarithm = longLog(a);
  Num result = longExp(multiply({bounded, zero}, logarithm));

  Value isNegative = x < 0.0, growing = y > 0.0;
  result = c.select(a == zero, c.select(growing, zero, c.infinity()), result);
  result = c.select(a == c.infinity(),
                    c.select(growing, c.infinity(), zero), result);
  result = c.select(a == one, one, result);
  // The sign of x, also of -0, stays with odd exponents.
  result = c.select(exponent.isOdd, c.copySign(result, x), result);
  Value isFinite = c.both(a < c.infinity(), c.abs(y) < c.infinity());
  Value isWhole = exponent.isWhole;
  Num undefined = c.select(isWhole, result, c.nan());
  result = c.select(c.both(isNegative, isFinite), undefined, result);
  Value isNumber = c.compare(arith::CmpFPredicate::ORD, x, y);
  result = c.select(isNumber, result, x + y);
  result = c.select(y == zero, one, result);
  return c.select(x == one, one, result);
}
