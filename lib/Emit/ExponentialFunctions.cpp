//===- ExponentialFunctions.cpp - exp, log and what they make -------------===//
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

static constexpr double kLog2e = 0x1.71547652b82fep+0;
static constexpr double kLn2 = 0x1.62e42fefa39efp-1;

/// ln(2) in two parts; the first has so few bits that its product with an
/// exponent is exact.
static double ln2High(const FloatCode &c) {
  return c.choose(0x1.62e4p-1, 0x1.62e42feep-1);
}
static double ln2Low(const FloatCode &c) {
  return c.choose(0x1.7f7d1cf79abcap-20, 0x1.a39ef35793c76p-33);
}

//===----------------------------------------------------------------------===//
// e^x
//===----------------------------------------------------------------------===//

namespace {
/// e^x = 2^n * (1 + rest); `turns` is n
struct Power {
  Num turns;
  Int n;
  Num rest;
};
} // namespace

static Power powerOf(Num x) {
  FloatCode &c = *x.code;
  auto [turns, n] = c.nearest(x * kLog2e);
  Num r = c.fma(turns, c.constant(-ln2High(c)), x);
  r = c.fma(turns, c.constant(-ln2Low(c)), r);
  Num p = c.polynomial(r, c.choose(expTable32, expTable64));
  return {turns, n, c.fma(r * r, p, r)};
}

/// Beyond the limits the result is zero or infinity all the same.
Num nncc::emit::expScaled(Num x, int power) {
  FloatCode &c = *x.code;
  x = c.atMost(c.atLeast(x, c.choose(-105, -746)), c.choose(91, 712));
  Power e = powerOf(x);
  if (power) {
    e.turns = e.turns + power;
    e.n = e.n + power;
  }
  return c.scale(e.rest + 1.0, e.turns, e.n);
}

/// 2^n * rest + (2^n - 1), halved: 2^n overflows one step before the result.
Num nncc::emit::expm1(Num x) {
  FloatCode &c = *x.code;
  Num limited = c.atMost(c.atLeast(x, -40), c.choose(89, 710));
  Power e = powerOf(limited);
  Num half = c.fromBits((e.n + (c.bias() - 1)) << c.fraction());
  Num result = c.fma(half, e.rest, half - 0.5);
  Value isTiny = c.abs(x) < std::ldexp(1.0, -c.fraction() - 2);
  return c.select(isTiny, x, result + result);
}

//===----------------------------------------------------------------------===//
// Logarithms
//===----------------------------------------------------------------------===//

/// x = 2^exponent * (1 + f) with 1 + f from sqrt(1/2) to sqrt(2).
static std::pair<Num, Num> splitExponent(Num x) {
  FloatCode &c = *x.code;
  int up = c.choose(25, 54);
  Value isSmall = x < std::ldexp(1.0, 1 - c.bias());
  Num normal = c.select(isSmall, x * std::ldexp(1.0, up), x);
  Int bits = c.bits(normal);
  int64_t middle = c.isDouble() ? 0x3fe6a09e667f3bcd : 0x3f3504f3;
  Int exponent = (bits - middle) >> c.fraction();
  Num mantissa = c.fromBits(bits - (exponent << c.fraction()));
  Num power = c.toFloat(exponent);
  return {c.select(isSmall, power - up, power), mantissa - 1.0};
}

/// log(1 + f) = f - f^2 / 2 + s * (f^2 / 2 + R(s^2)) with s = f / (2 + f)
Num nncc::emit::log(Num x) {
  FloatCode &c = *x.code;
  auto [power, f] = splitExponent(x);
  Num s = f / (f + 2.0), z = s * s;
  Num rest = z * c.polynomial(z, c.choose(logTable32, logTable64));
  Num square = f * f * 0.5;
  Num low = c.fma(power, c.constant(ln2Low(c)), s * (square + rest));
  Num result = c.fma(power, c.constant(ln2High(c)), f - (square - low));
  result = c.select(x < c.infinity(), result, x); // infinity and NaN
  result = c.select(x == 0.0, -c.infinity(), result);
  return c.select(x < 0.0, c.nan(), result);
}

/// log(u) for the float u next to 1 + x, and its derivative times their
/// distance.
Num nncc::emit::log1p(Num x) {
  FloatCode &c = *x.code;
  Num u = x + 1.0;
  Num lost = c.select(x > 1.0, 1.0 - (u - x), x - (u - 1.0));
  Num logarithm = log(u);
  Value isOrdinary = c.both(u > 0.0, u < c.infinity());
  Num result = c.select(isOrdinary, logarithm + lost / u, logarithm);
  Value isTiny = c.abs(x) < std::ldexp(1.0, -c.fraction() - 2);
  return c.select(isTiny, x, result);
}

//===----------------------------------------------------------------------===//
// Hyperbolic functions
//===----------------------------------------------------------------------===//

/// Beyond this, adding 1 to e^(2x) changes nothing.
static double hyperbolicLimit(const FloatCode &c) { return c.choose(10, 20); }

Num nncc::emit::tanh(Num x) {
  FloatCode &c = *x.code;
  Num a = c.atMost(c.abs(x), hyperbolicLimit(c));
  Num t = expm1(a + a);
  return c.copySign(t / (t + 2.0), x);
}

Num nncc::emit::sinh(Num x) {
  FloatCode &c = *x.code;
  Num a = c.abs(x), t = expm1(a);
  Num small = (t + t / (t + 1.0)) * 0.5;
  Num result = c.select(a > hyperbolicLimit(c), expScaled(a, -1), small);
  return c.copySign(result, x);
}

Num nncc::emit::cosh(Num x) {
  Num half = expScaled(x.code->abs(x), -1);
  return half + 0.25 / half;
}

/// Beyond this, x^2 + 1 is x^2.
static double squareLimit(const FloatCode &c) {
  return std::ldexp(1.0, c.fraction() / 2 + 2);
}

Num nncc::emit::asinh(Num x) {
  FloatCode &c = *x.code;
  Num a = c.abs(x), square = a * a;
  Value isLarge = a > squareLimit(c);
  Num small = a + square / (c.sqrt(square + 1.0) + 1.0);
  // One logarithm for both: log(a) = log1p(a - 1), but not for all a.
  Num result = c.select(isLarge, log(a) + kLn2, log1p(small));
  return c.copySign(result, x);
}

Num nncc::emit::acosh(Num x) {
  FloatCode &c = *x.code;
  Num t = x - 1.0;
  Num small = log1p(t + c.sqrt(t * t + (t + t)));
  Num result = c.select(x > squareLimit(c), log(x) + kLn2, small);
  return c.select(x < 1.0, c.nan(), result);
}

Num nncc::emit::atanh(Num x) {
  FloatCode &c = *x.code;
  Num a = c.abs(x);
  return c.copySign(log1p((a + a) / (1.0 - a)) * 0.5, x);
}

//===----------------------------------------------------------------------===//
// Error function
//===----------------------------------------------------------------------===//

Num nncc::emit::erf(Num x) {
  FloatCode &c = *x.code;
  Num a = c.abs(x);
  Num small = c.fma(
      x, c.polynomial(x * x, c.choose(erfTable32, erfTable64)), x);
  Num logarithm;
  if (c.isDouble()) {
    Num t = c.atMost(a, 6);
    Num near = c.polynomial(t - 1.5, erfcNearTable64);
    Num far = c.polynomial(t - 4.0, erfcFarTable64);
    logarithm = c.select(a < 2.0, near, far);
  } else {
    logarithm = c.polynomial(c.atMost(a, 4) - 2.5, erfcTable32);
  }
  Num large = c.copySign(1.0 - exp(-logarithm), x);
  return c.select(a < 1.0, small, large);
}
