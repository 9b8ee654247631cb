//===- AngleFunctions.cpp - sin, cos and tan ------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/FunctionTables.h"
#include "lib/Emit/Functions.h"
#include "nncc/Target.h"
#include <cmath>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::emit;

namespace {
/// x = quarter * (pi / 2) + high + low with |high + low| <= pi / 4.
struct Angle {
  Int quarter;
  Num high, low;
};
} // namespace

//===----------------------------------------------------------------------===//
// Reduction
//===----------------------------------------------------------------------===//

static constexpr double kTurns = 0x1.45f306dc9c883p-1; // 2 / pi

/// f32 in the arithmetic of f64: the product with the first part, of 28 bits, is
/// exact.
static Angle reduceWide(Num x) {
  FloatCode &c = *x.code;
  Type wide = c.typeOf(c.b.getF64Type());
  auto *d = new FloatCode(c, wide);
  std::unique_ptr<FloatCode> owner(d);
  Num y = d->of(d->b.create<arith::ExtFOp>(wide, x.value));
  auto [turns, quarter] = d->nearest(y * kTurns);
  Num r = (y - turns * 0x1.921fb54p+0) - turns * 0x1.10b4611a62633p-30;
  Int narrow{&c, d->b.create<arith::TruncIOp>(c.intType(), quarter.value)};
  return {narrow, c.of(d->b.create<arith::TruncFOp>(c.type, r.value)),
          c.constant(0)};
}

/// f32 with fused products, which make the first difference exact.
static Angle reduceFused(Num x) {
  FloatCode &c = *x.code;
  auto [turns, quarter] = c.nearest(x * kTurns);
  Num r = x;
  for (double part : {-0x1.921fb6p+0, 0x1.777a5cp-25, 0x1.ee59dap-50})
    r = c.fma(turns, c.constant(part), r);
  return {quarter, r, c.constant(0)};
}

/// f64 in parts of 33 bits, so that products with up to 20 more are exact; the
/// result is the sum of two floats.
static Angle reduceLong(Num x) {
  FloatCode &c = *x.code;
  auto [turns, quarter] = c.nearest(x * kTurns);
  Num r = x - turns * 0x1.921fb544p+0;
  auto [high, low] = c.addAny(r, -(turns * 0x1.0b4611a6p-34));
  low = low - turns * 0x1.3198a2e037073p-69;
  auto [sum, rest] = c.addLarger(high, low);
  return {quarter, sum, rest};
}

/// One scalar call for each lane.
static Angle reduceByCalls(Num x) {
  FloatCode &c = *x.code;
  ImplicitLocOpBuilder &b = c.b;
  Type element = getElementTypeOrSelf(c.type);
  Type integer = b.getIntegerType(element.getIntOrFloatBitWidth());
  std::string name =
      (kReduceAngle + Twine(element.getIntOrFloatBitWidth())).str();
  auto call = [&](Value value) {
    return b.create<func::CallOp>(name, TypeRange{element, integer}, value);
  };
  auto vector = dyn_cast<VectorType>(c.type);
  if (!vector) {
    auto result = call(x.value);
    return {{&c, result.getResult(1)}, c.of(result.getResult(0)), c.constant(0)};
  }
  Value high = c.constant(0).value, quarter = c.constantInt(0).value;
  for (int64_t lane = 0; lane < vector.getNumElements(); ++lane) {
    auto result = call(b.create<vector::ExtractOp>(x.value, lane));
    high = b.create<vector::InsertOp>(result.getResult(0), high, lane);
    quarter = b.create<vector::InsertOp>(result.getResult(1), quarter, lane);
  }
  return {{&c, quarter}, c.of(high), c.constant(0)};
}

/// True if any lane is.
static Value anyLane(ImplicitLocOpBuilder &b, Value condition) {
  if (!isa<VectorType>(condition.getType()))
    return condition;
  return b.create<vector::ReductionOp>(vector::CombiningKind::OR, condition);
}

/// `easy` where |x| is below `limit`, else by calls:
///   %any = vector.reduction <or>, %isLarge
///   %angle = scf.if %any { calls } else { %easy }
static Angle reduceUpTo(Num x, double limit, Angle easy) {
  FloatCode &c = *x.code;
  ImplicitLocOpBuilder &b = c.b;
  Num a = c.abs(x);
  Value isLarge = c.compare(arith::CmpFPredicate::OGE, a, c.constant(limit));
  auto branch = b.create<scf::IfOp>(
      TypeRange{c.intType(), c.type, c.type}, anyLane(b, isLarge),
      /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  Angle hard = reduceByCalls(x);
  b.create<scf::YieldOp>(
      ValueRange{hard.quarter.value, hard.high.value, hard.low.value});
  b.setInsertionPointToStart(branch.elseBlock());
  b.create<scf::YieldOp>(
      ValueRange{easy.quarter.value, easy.high.value, easy.low.value});
  return {{&c, branch.getResult(0)},
          c.of(branch.getResult(1)),
          c.of(branch.getResult(2))};
}

static Angle reduce(Num x, const TargetInfo &target) {
  FloatCode &c = *x.code;
  if (c.isDouble() && target.hasDouble)
    return reduceUpTo(x, 0x1p20, reduceLong(x));
  if (!c.isDouble() && target.hasDouble)
    return reduceUpTo(x, 0x1p24, reduceWide(x));
  if (!c.isDouble() && target.hasFma)
    return reduceUpTo(x, 0x1p17, reduceFused(x));
  // Arithmetic is calls anyway.
  Angle none{c.constantInt(0), x, c.constant(0)};
  return reduceUpTo(x, 0x1.921fb4p-1, none);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static Num sinOf(const Angle &angle) {
  FloatCode &c = *angle.high.code;
  Num r = angle.high, z = r * r;
  Num p = c.polynomial(z, c.choose(sinTable32, sinTable64));
  return r + c.fma(r * z, p, angle.low);
}

/// 1 - z / 2 is exact with what it loses.
static Num cosOf(const Angle &angle) {
  FloatCode &c = *angle.high.code;
  Num r = angle.high, z = r * r, half = z * 0.5;
  Num p = c.polynomial(z, c.choose(cosTable32, cosTable64));
  Num first = 1.0 - half;
  Num lost = (1.0 - first) - half;
  return first + (c.fma(z * z, p, lost) - r * angle.low);
}

static Value isSet(Int x, int64_t bit) {
  FloatCode &c = *x.code;
  return c.b.create<arith::CmpIOp>(arith::CmpIPredicate::ne, (x & bit).value,
                                   c.constantInt(0).value);
}

/// sin(x + quarters * pi / 2)
static Num sinFrom(Num x, int quarters, const TargetInfo &target) {
  FloatCode &c = *x.code;
  Angle angle = reduce(x, target);
  Int quarter = angle.quarter + quarters;
  Num result = c.select(isSet(quarter, 1), cosOf(angle), sinOf(angle));
  return c.select(isSet(quarter, 2), -result, result);
}

Num nncc::emit::sin(Num x, const TargetInfo &target) {
  return sinFrom(x, 0, target);
}
Num nncc::emit::cos(Num x, const TargetInfo &target) {
  return sinFrom(x, 1, target);
}

/// sin / cos, or -cos / sin in every other quarter.
Num nncc::emit::tan(Num x, const TargetInfo &target) {
  FloatCode &c = *x.code;
  Angle angle = reduce(x, target);
  Num sine = sinOf(angle), cosine = cosOf(angle);
  Value isOdd = isSet(angle.quarter, 1);
  return c.select(isOdd, -cosine, sine) / c.select(isOdd, sine, cosine);
}
