//===- ArcFunctions.cpp - asin, acos and atan -----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/FunctionTables.h"
#include "lib/Emit/Functions.h"

using namespace mlir;
using namespace nncc::emit;

/// pi / 2 as the nearest float and what is missing.
static double quarterTurn(const FloatCode &c) {
  return c.choose(0x1.921fb6p+0, 0x1.921fb54442d18p+0);
}
static double quarterTurnLow(const FloatCode &c) {
  return c.choose(-0x1.777a5cp-25, 0x1.1a62633145c07p-54);
}

namespace {
/// asin(|x|), or asin(sqrt((1 - |x|) / 2)) where |x| is above 1/2:
///   asin(x) = pi / 2 - 2 * asin(sqrt((1 - x) / 2))
struct ArcSine {
  Value isLarge;
  Num value;
};
} // namespace

static ArcSine arcSine(Num x) {
  FloatCode &c = *x.code;
  Num a = c.abs(x);
  Value isLarge = a > 0.5;
  Num half = (1.0 - a) * 0.5;
  Num s = c.select(isLarge, c.sqrt(half), a);
  Num z = c.select(isLarge, half, a * a);
  Num p = c.polynomial(z, c.choose(asinTable32, asinTable64));
  return {isLarge, c.fma(s * z, p, s)};
}

Num nncc::emit::asin(Num x) {
  FloatCode &c = *x.code;
  ArcSine arc = arcSine(x);
  Num twice = arc.value + arc.value;
  Num large = quarterTurn(c) - (twice - quarterTurnLow(c));
  return c.copySign(c.select(arc.isLarge, large, arc.value), x);
}

Num nncc::emit::acos(Num x) {
  FloatCode &c = *x.code;
  ArcSine arc = arcSine(x);
  Num twice = arc.value + arc.value;
  Num left = 2 * quarterTurn(c) - (twice - 2 * quarterTurnLow(c));
  Num large = c.select(x < 0.0, left, twice);
  Num small =
      quarterTurn(c) - (c.copySign(arc.value, x) - quarterTurnLow(c));
  return c.select(arc.isLarge, large, small);
}

/// Around 1 and beyond 1 the angle is measured from pi / 4 and pi / 2.
Num nncc::emit::atan(Num x) {
  FloatCode &c = *x.code;
  Num a = c.abs(x), zero = c.constant(0), one = c.constant(1);
  Value isMiddle = a > 0.4142135623730950, isLarge = a > 2.414213562373095;
  Num above = c.select(isLarge, -one, c.select(isMiddle, a - one, a));
  Num below = c.select(isLarge, a, c.select(isMiddle, a + one, one));
  Num t = above / below, z = t * t;
  Num p = c.polynomial(z, c.choose(atanTable32, atanTable64));
  Num rest = c.fma(t * z, p, t);
  double turn = quarterTurn(c), low = quarterTurnLow(c);
  auto from = [&](double full) {
    return c.select(isLarge, c.constant(full),
                    c.select(isMiddle, c.constant(full / 2), zero));
  };
  return c.copySign(from(turn) + (rest + from(low)), x);
}
