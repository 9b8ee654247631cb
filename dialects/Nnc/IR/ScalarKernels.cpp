//===- ScalarKernels.cpp - what scalar operations compute -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ScalarKernels.h"
#include "dialects/Nnc/IR/ElementTypes.h"
#include <cmath>
#include <limits>
#include <llvm/ADT/StringMap.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>

using namespace mlir;
using namespace nncc::nnc;

//===----------------------------------------------------------------------===//
// Loops over lanes
//===----------------------------------------------------------------------===//

static int64_t signExtend(uint64_t bits, unsigned width) {
  return llvm::SignExtend64(bits, width);
}
static uint64_t zeroExtend(int64_t value, unsigned width) {
  return uint64_t(value) & llvm::maskTrailingOnes<uint64_t>(width);
}
static double roundTo(double value, unsigned width) {
  return width == 32 ? double(float(value)) : value;
}

#define LANES                                                                  \
  Lane *out, const Lane *x, [[maybe_unused]] const Lane *y,                    \
      [[maybe_unused]] const Lane *z, int64_t count,                           \
      [[maybe_unused]] unsigned width

template <auto f> static void floats2(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].number = roundTo(f(x[i].number, y[i].number), width);
}
template <auto f> static void floats1(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].number = roundTo(f(x[i].number), width);
}
template <auto f> static void ints2(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].integer = signExtend(f(x[i].integer, y[i].integer, width), width);
}
template <auto f> static void floatTest(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].integer = f(x[i].number, y[i].number) ? -1 : 0;
}
template <auto f> static void intTest(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].integer = f(x[i].integer, y[i].integer, width) ? -1 : 0;
}
template <auto f> static void intToFloat(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].number = f(x[i].integer, width);
}
static void selectLanes(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i] = x[i].integer ? y[i] : z[i];
}
static void truncateInts(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].integer = signExtend(x[i].integer, width);
}
static void extendUnsigned(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].integer = zeroExtend(x[i].integer, width);
}
/// Scalar code converts numbers in range only; others are as undefined here.
template <typename Integer> static void floatToInt(LANES) {
  const double limit = std::is_signed_v<Integer> ? 0x1p63 : 0x1p64;
  for (int64_t i = 0; i < count; ++i) {
    double number = x[i].number;
    out[i].integer = std::abs(number) < limit
                         ? signExtend(uint64_t(Integer(number)), width)
                     : number == -limit ? std::numeric_limits<int64_t>::min()
                                        : 0;
  }
}
template <const llvm::fltSemantics &(*semantics)()>
static void roundToHalf(LANES) {
  for (int64_t i = 0; i < count; ++i)
    out[i].number = roundFloat(semantics(), x[i].number);
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

static double add(double x, double y) { return x + y; }
static double subtract(double x, double y) { return x - y; }
static double multiply(double x, double y) { return x * y; }
static double divide(double x, double y) { return x / y; }
static double restOf(double x, double y) { return std::fmod(x, y); }
static double negate(double x) { return -x; }
static double same(double x) { return x; }

using U = uint64_t;
static U addInts(int64_t x, int64_t y, unsigned) { return U(x) + U(y); }
static U subInts(int64_t x, int64_t y, unsigned) { return U(x) - U(y); }
static U mulInts(int64_t x, int64_t y, unsigned) { return U(x) * U(y); }
/// The exponent has no sign.
static U powerInts(int64_t x, int64_t y, unsigned width) {
  U result = 1;
  for (U power = x, rest = zeroExtend(y, width); rest != 0; rest >>= 1, power *= power)
    result *= rest & 1 ? power : 1;
  return result;
}
static U andInts(int64_t x, int64_t y, unsigned) { return x & y; }
static U orInts(int64_t x, int64_t y, unsigned) { return x | y; }
static U xorInts(int64_t x, int64_t y, unsigned) { return x ^ y; }
/// The scalar code avoids divisors 0 and -1 and shifts beyond the width.
static U divSigned(int64_t x, int64_t y, unsigned) {
  return y == 0 ? 0 : y == -1 ? 0 - U(x) : U(x / y);
}
static U remSigned(int64_t x, int64_t y, unsigned) {
  return y == 0 || y == -1 ? 0 : U(x % y);
}
static U divUnsigned(int64_t x, int64_t y, unsigned width) {
  return y ? zeroExtend(x, width) / zeroExtend(y, width) : 0;
}
static U remUnsigned(int64_t x, int64_t y, unsigned width) {
  return y ? zeroExtend(x, width) % zeroExtend(y, width) : 0;
}
static U shiftLeft(int64_t x, int64_t y, unsigned) { return U(x) << (y & 63); }
static U shiftRight(int64_t x, int64_t y, unsigned width) {
  return zeroExtend(x, width) >> (y & 63);
}
static U shiftSigned(int64_t x, int64_t y, unsigned) { return x >> (y & 63); }
static U minUnsigned(int64_t x, int64_t y, unsigned width) {
  return std::min(zeroExtend(x, width), zeroExtend(y, width));
}
static double fromSigned32(int64_t x, unsigned) { return double(float(x)); }
static double fromSigned(int64_t x, unsigned) { return double(x); }
static double fromUnsigned32(int64_t x, unsigned width) {
  return double(float(zeroExtend(x, width)));
}
static double fromUnsigned(int64_t x, unsigned width) {
  return double(zeroExtend(x, width));
}

static bool isEqual(double x, double y) { return x == y; }
static bool isNotEqual(double x, double y) { return x != y; }
static bool isLess(double x, double y) { return x < y; }
static bool isLessEqual(double x, double y) { return x <= y; }
static bool isUnordered(double x, double y) { return x != x || y != y; }
static bool areEqual(int64_t x, int64_t y, unsigned) { return x == y; }
static bool areNotEqual(int64_t x, int64_t y, unsigned) { return x != y; }
static bool areLess(int64_t x, int64_t y, unsigned) { return x < y; }
static bool areLessEqual(int64_t x, int64_t y, unsigned) { return x <= y; }
static bool areBelow(int64_t x, int64_t y, unsigned width) {
  return zeroExtend(x, width) < zeroExtend(y, width);
}
static bool areBelowEqual(int64_t x, int64_t y, unsigned width) {
  return zeroExtend(x, width) <= zeroExtend(y, width);
}

//===----------------------------------------------------------------------===//
// Look-up
//===----------------------------------------------------------------------===//

static LaneKernel kernelOf(arith::CmpFPredicate predicate) {
  using P = arith::CmpFPredicate;
  switch (predicate) {
  case P::OEQ:
    return floatTest<&isEqual>;
  case P::UNE:
    return floatTest<&isNotEqual>;
  case P::OLT:
    return floatTest<&isLess>;
  case P::OLE:
    return floatTest<&isLessEqual>;
  case P::UNO:
    return floatTest<&isUnordered>;
  default:
    return nullptr;
  }
}

static LaneKernel kernelOf(arith::CmpIPredicate predicate) {
  using P = arith::CmpIPredicate;
  switch (predicate) {
  case P::eq:
    return intTest<&areEqual>;
  case P::ne:
    return intTest<&areNotEqual>;
  case P::slt:
    return intTest<&areLess>;
  case P::sle:
    return intTest<&areLessEqual>;
  case P::ult:
    return intTest<&areBelow>;
  case P::ule:
    return intTest<&areBelowEqual>;
  default:
    return nullptr;
  }
}

using OneFloat = double (*)(double);
using TwoFloats = double (*)(double, double);
#define NNCC_HOST1(NAME) floats1<static_cast<OneFloat>(&std::NAME)>

/// Everything whose name says all.
static const llvm::StringMap<LaneKernel> &namedKernels() {
  static const llvm::StringMap<LaneKernel> table = {
      {"arith.addf", floats2<&add>},
      {"arith.subf", floats2<&subtract>},
      {"arith.mulf", floats2<&multiply>},
      {"arith.divf", floats2<&divide>},
      {"arith.remf", floats2<&restOf>},
      {"arith.negf", floats1<&negate>},
      {"arith.extf", floats1<&same>},
      {"arith.addi", ints2<&addInts>},
      {"arith.subi", ints2<&subInts>},
      {"arith.muli", ints2<&mulInts>},
      {"math.ipowi", ints2<&powerInts>},
      {"arith.divsi", ints2<&divSigned>},
      {"arith.divui", ints2<&divUnsigned>},
      {"arith.remsi", ints2<&remSigned>},
      {"arith.remui", ints2<&remUnsigned>},
      {"arith.andi", ints2<&andInts>},
      {"arith.ori", ints2<&orInts>},
      {"arith.xori", ints2<&xorInts>},
      {"arith.shli", ints2<&shiftLeft>},
      {"arith.shrui", ints2<&shiftRight>},
      {"arith.shrsi", ints2<&shiftSigned>},
      {"arith.minui", ints2<&minUnsigned>},
      {"arith.select", selectLanes},
      {"math.absf", NNCC_HOST1(fabs)},
      {"math.floor", NNCC_HOST1(floor)},
      {"math.ceil", NNCC_HOST1(ceil)},
      {"math.roundeven", NNCC_HOST1(nearbyint)},
      {"math.sqrt", NNCC_HOST1(sqrt)},
      {"math.exp", NNCC_HOST1(exp)},
      {"math.expm1", NNCC_HOST1(expm1)},
      {"math.log", NNCC_HOST1(log)},
      {"math.log1p", NNCC_HOST1(log1p)},
      {"math.tanh", NNCC_HOST1(tanh)},
      {"math.erf", NNCC_HOST1(erf)},
      {"math.sin", NNCC_HOST1(sin)},
      {"math.cos", NNCC_HOST1(cos)},
      {"math.tan", NNCC_HOST1(tan)},
      {"math.asin", NNCC_HOST1(asin)},
      {"math.acos", NNCC_HOST1(acos)},
      {"math.atan", NNCC_HOST1(atan)},
      {"math.sinh", NNCC_HOST1(sinh)},
      {"math.cosh", NNCC_HOST1(cosh)},
      {"math.asinh", NNCC_HOST1(asinh)},
      {"math.acosh", NNCC_HOST1(acosh)},
      {"math.atanh", NNCC_HOST1(atanh)},
      {"math.powf", floats2<static_cast<TwoFloats>(&std::pow)>},
  };
  return table;
}

std::pair<LaneKernel, unsigned> nncc::nnc::kernelOf(Operation &op) {
  if (op.getNumOperands() == 0 || op.getNumResults() != 1)
    return {nullptr, 0};
  Type to = op.getResult(0).getType(), from = op.getOperand(0).getType();
  unsigned width = to.getIntOrFloatBitWidth();
  unsigned fromWidth = from.getIntOrFloatBitWidth();
  if (auto cmp = dyn_cast<arith::CmpFOp>(op))
    return {::kernelOf(cmp.getPredicate()), fromWidth};
  if (auto cmp = dyn_cast<arith::CmpIOp>(op))
    return {::kernelOf(cmp.getPredicate()), fromWidth};
  if (isa<arith::TruncFOp>(op) && to.isF16())
    return {roundToHalf<&llvm::APFloat::IEEEhalf>, width};
  if (isa<arith::TruncFOp>(op) && to.isBF16())
    return {roundToHalf<&llvm::APFloat::BFloat>, width};
  if (isa<arith::TruncFOp>(op))
    return {floats1<&same>, width};
  if (isa<arith::TruncIOp, arith::ExtSIOp>(op))
    return {truncateInts, width};
  if (isa<arith::ExtUIOp>(op))
    return {extendUnsigned, fromWidth};
  if (isa<arith::SIToFPOp>(op))
    return {width == 32 ? intToFloat<&fromSigned32> : intToFloat<&fromSigned>,
            fromWidth};
  if (isa<arith::UIToFPOp>(op))
    return {width == 32 ? intToFloat<&fromUnsigned32>
                        : intToFloat<&fromUnsigned>,
            fromWidth};
  if (isa<arith::FPToSIOp>(op))
    return {floatToInt<int64_t>, width};
  if (isa<arith::FPToUIOp>(op))
    return {floatToInt<uint64_t>, width};
  return {namedKernels().lookup(op.getName().getStringRef()), width};
}
