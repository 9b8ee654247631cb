//===- FloatCode.cpp - arithmetic in the notation of C++ ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/FloatCode.h"
#include <cmath>
#include <limits>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace nncc::emit;

FloatCode::FloatCode(OpBuilder &builder, Location loc, Type type,
                     const TargetInfo &target)
    : b(loc, builder), type(type),
      width(getElementTypeOrSelf(type).getIntOrFloatBitWidth()),
      exactProducts(target.hasFma && (width == 32 || target.hasDouble)),
      scalesVectors(target.scalesVectors) {}

FloatCode::FloatCode(const FloatCode &other, Type type)
    : b(other.b), type(type),
      width(getElementTypeOrSelf(type).getIntOrFloatBitWidth()),
      exactProducts(other.exactProducts), scalesVectors(other.scalesVectors) {}

Type FloatCode::typeOf(Type element) const {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? Type(shaped.clone(element)) : element;
}
Type FloatCode::intType() { return typeOf(b.getIntegerType(width)); }

static TypedAttr splat(Type type, TypedAttr element) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? SplatElementsAttr::get(shaped, Attribute(element)) : element;
}

Num FloatCode::constant(double value) {
  auto element = b.getFloatAttr(getElementTypeOrSelf(type), value);
  return of(b.create<arith::ConstantOp>(splat(type, element)));
}
Int FloatCode::constantInt(int64_t value) {
  auto element = b.getIntegerAttr(b.getIntegerType(width), value);
  return {this, b.create<arith::ConstantOp>(splat(intType(), element))};
}
Num FloatCode::infinity() {
  return constant(std::numeric_limits<double>::infinity());
}
Num FloatCode::nan() {
  return constant(std::numeric_limits<double>::quiet_NaN());
}

Num FloatCode::fma(Num x, Num y, Num z) {
  return of(b.create<math::FmaOp>(x.value, y.value, z.value));
}
Num FloatCode::polynomial(Num x, ArrayRef<double> coefficients) {
  Num sum = constant(coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    sum = fma(sum, x, constant(coefficient));
  return sum;
}

Num FloatCode::abs(Num x) { return of(b.create<math::AbsFOp>(x.value)); }
Num FloatCode::copySign(Num magnitude, Num sign) {
  return of(b.create<math::CopySignOp>(magnitude.value, sign.value));
}
Num FloatCode::sqrt(Num x) { return of(b.create<math::SqrtOp>(x.value)); }
Num FloatCode::floor(Num x) { return of(b.create<math::FloorOp>(x.value)); }

Int FloatCode::bits(Num x) {
  return {this, b.create<arith::BitcastOp>(intType(), x.value)};
}
Num FloatCode::fromBits(Int x) {
  return of(b.create<arith::BitcastOp>(type, x.value));
}
/// Into the fraction of a float whose last bit counts one.
Num FloatCode::toFloat(Int x) {
  double magic = std::ldexp(1.5, fraction());
  return fromBits(x + bits(constant(magic))) - magic;
}
std::pair<Num, Int> FloatCode::nearest(Num x) {
  Num magic = constant(std::ldexp(1.5, fraction()));
  Num moved = x + magic;
  return {moved - magic, bits(moved) - bits(magic)};
}
/// The intrinsic of vscalefps or vscalefpd, which rounds once, too; nothing if there is
/// none for the type. Takes source, power, what masked lanes are, mask (and rounding).
static std::optional<std::string> scaleIntrinsic(VectorType type, unsigned width) {
  int64_t bits = type.getNumElements() * width;
  if (bits != 128 && bits != 256 && bits != 512)
    return std::nullopt;
  return (llvm::Twine("llvm.x86.avx512.mask.scalef.p") + (width == 64 ? "d." : "s.") +
          llvm::Twine(bits))
      .str();
}

Num FloatCode::scale(Num x, Num turns, Int n) {
  auto vector = dyn_cast<VectorType>(type);
  if (auto name = vector && scalesVectors ? scaleIntrinsic(vector, width) : std::nullopt) {
    auto maskType = b.getIntegerType(std::max<int64_t>(8, vector.getNumElements()));
    SmallVector<Value> arguments{
        x.value, turns.value, x.value,
        b.create<arith::ConstantOp>(b.getIntegerAttr(maskType, -1))};
    const int32_t asConfigured = 4; // _MM_FROUND_CUR_DIRECTION
    if (vector.getNumElements() * width == 512)
      arguments.push_back(b.create<arith::ConstantOp>(b.getI32IntegerAttr(asConfigured)));
    return of(b.create<LLVM::CallIntrinsicOp>(type, b.getStringAttr(*name), arguments)
                  .getResult(0));
  }
  Int half = n >> 1, rest = n - half;
  auto power = [&](Int k) { return fromBits((k + bias()) << fraction()); };
  return x * power(half) * power(rest);
}

Num FloatCode::select(Value condition, Num x, Num y) {
  return of(b.create<arith::SelectOp>(condition, x.value, y.value));
}
Int FloatCode::select(Value condition, Int x, Int y) {
  return {this, b.create<arith::SelectOp>(condition, x.value, y.value)};
}
Num FloatCode::atMost(Num x, double limit) {
  return select(x > limit, constant(limit), x);
}
Num FloatCode::atLeast(Num x, double limit) {
  return select(x < limit, constant(limit), x);
}
Value FloatCode::compare(arith::CmpFPredicate predicate, Num x, Num y) {
  return b.create<arith::CmpFOp>(predicate, x.value, y.value);
}
Value FloatCode::both(Value x, Value y) { return b.create<arith::AndIOp>(x, y); }
Value FloatCode::either(Value x, Value y) { return b.create<arith::OrIOp>(x, y); }

//===----------------------------------------------------------------------===//
// Sums and products with what rounding loses
//===----------------------------------------------------------------------===//

std::pair<Num, Num> FloatCode::addLarger(Num x, Num y) {
  Num sum = x + y;
  return {sum, y - (sum - x)};
}

std::pair<Num, Num> FloatCode::addAny(Num x, Num y) {
  Num sum = x + y;
  Num fromY = sum - x, fromX = sum - fromY;
  return {sum, (x - fromX) + (y - fromY)};
}

/// Without fused multiply-add both factors are split into halves whose products
/// are exact.
std::pair<Num, Num> FloatCode::multiply(Num x, Num y) {
  Num product = x * y;
  if (exactProducts)
    return {product, fma(x, y, -product)};
  auto split = [&](Num v) {
    Num moved = v * (std::ldexp(1.0, (fraction() + 2) / 2) + 1);
    Num high = moved - (moved - v);
    return std::pair(high, v - high);
  };
  auto [xHigh, xLow] = split(x);
  auto [yHigh, yLow] = split(y);
  Num error = xHigh * yHigh - product;
  return {product, ((error + xHigh * yLow) + xLow * yHigh) + xLow * yLow};
}
