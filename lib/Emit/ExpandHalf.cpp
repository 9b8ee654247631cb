//===- ExpandHalf.cpp - f16 conversion without an instruction -------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Expansions.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/ImplicitLocOpBuilder.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;

namespace {
/// Integer arithmetic on the bits of floats, scalar or vector.
struct Bits {
  ImplicitLocOpBuilder b;
  Type shape; ///< any type of the right shape

  Type typeOf(Type element) {
    auto shaped = dyn_cast<ShapedType>(shape);
    return shaped ? Type(shaped.clone(element)) : element;
  }
  Value constant(uint32_t value) {
    Type type = typeOf(b.getI32Type());
    TypedAttr attr = b.getI32IntegerAttr(value);
    if (auto shaped = dyn_cast<ShapedType>(type))
      attr = SplatElementsAttr::get(shaped, attr);
    return b.create<arith::ConstantOp>(attr);
  }
  Value as(Value value, Type element) {
    return b.create<arith::BitcastOp>(typeOf(element), value);
  }
  Value add(Value x, Value y) { return b.create<arith::AddIOp>(x, y); }
  Value both(Value x, Value y) { return b.create<arith::AndIOp>(x, y); }
  Value either(Value x, Value y) { return b.create<arith::OrIOp>(x, y); }
  Value left(Value x, uint32_t n) {
    return b.create<arith::ShLIOp>(x, constant(n));
  }
  Value right(Value x, uint32_t n) {
    return b.create<arith::ShRUIOp>(x, constant(n));
  }
  Value atLeast(Value x, uint32_t limit) {
    return b.create<arith::CmpIOp>(arith::CmpIPredicate::uge, x,
                                   constant(limit));
  }
  Value select(Value condition, Value x, Value y) {
    return b.create<arith::SelectOp>(condition, x, y);
  }
};

/// Moves the exponent into place and corrects its bias. A subnormal half is a fraction of
/// 2^-14: a subtraction normalizes it, whose operands are normal, as some processors take
/// subnormal f32 for zero. Infinity and NaN keep the full exponent.
///
///   %y = arith.extf %x : f16 to f32
/// ->
///   %bits = (%x & 0x7fff) << 13
///   normal:    %y = sign(%x) | (%bits + (112 << 23))
///   subnormal: %y = sign(%x) | bits of ((%bits + (113 << 23)) as f32) - 2^-14
struct ExpandExtend : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    Value x = op.getIn();
    if (!getElementTypeOrSelf(x.getType()).isF16() ||
        !getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not f16 to f32");
    Bits b{ImplicitLocOpBuilder(op.getLoc(), rewriter), x.getType()};
    Type i16 = b.b.getIntegerType(16), i32 = b.b.getI32Type();
    Type f32 = b.b.getF32Type();
    Value word = b.b.create<arith::ExtUIOp>(b.typeOf(i32), b.as(x, i16));
    Value magnitude = b.both(word, b.constant(0x7fff));
    Value moved = b.left(magnitude, 13);
    Value normal = b.add(moved, b.constant(112 << 23));
    Value least = b.constant(113 << 23); // the bits of 2^-14
    Value fraction = b.b.create<arith::SubFOp>(b.as(b.add(moved, least), f32),
                                               b.as(least, f32));
    Value result = b.select(b.atLeast(magnitude, 0x0400), normal, b.as(fraction, i32));
    Value full = b.either(normal, b.constant(0x7f800000));
    result = b.select(b.atLeast(magnitude, 0x7c00), full, result);
    Value sign = b.left(b.both(word, b.constant(0x8000)), 16);
    rewriter.replaceOp(op, b.as(b.either(result, sign), f32));
    return success();
  }
};

/// Rounds to nearest even.
///
///   %y = arith.truncf %x : f32 to f16
/// ->
///   normal:    bits - (112 << 23) + 0xfff + (bit 13) >> 13
///   subnormal: bits of (|%x| + 0.5) - bits of 0.5    // the addition rounds
///   beyond:    infinity, or NaN for NaN
struct ExpandTruncate : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    Value x = op.getIn();
    if (!getElementTypeOrSelf(x.getType()).isF32() ||
        !getElementTypeOrSelf(op.getType()).isF16())
      return rewriter.notifyMatchFailure(op, "not f32 to f16");
    Bits b{ImplicitLocOpBuilder(op.getLoc(), rewriter), x.getType()};
    Type i16 = b.b.getIntegerType(16), i32 = b.b.getI32Type();
    Value bits = b.as(x, i32);
    Value magnitude = b.both(bits, b.constant(0x7fffffff));

    Value odd = b.both(b.right(magnitude, 13), b.constant(1));
    Value rebased = b.add(magnitude, b.constant(0xc8000fff)); // -112 << 23
    Value normal = b.right(b.add(rebased, odd), 13);
    Value subnormal = roundSubnormal(b, magnitude);
    Value isNormal = b.atLeast(magnitude, 0x38800000); // 2^-14
    Value isBeyond = b.atLeast(magnitude, 0x47800000); // 2^16
    Value isNaN = b.atLeast(magnitude, 0x7f800001);
    Value beyond = b.select(isNaN, b.constant(0x7e00), b.constant(0x7c00));
    Value finite = b.select(isNormal, normal, subnormal);
    Value result = b.select(isBeyond, beyond, finite);
    Value sign = b.both(b.right(bits, 16), b.constant(0x8000));
    Value half =
        b.b.create<arith::TruncIOp>(b.typeOf(i16), b.either(result, sign));
    rewriter.replaceOp(op, b.as(half, b.b.getF16Type()));
    return success();
  }

  /// The last bit of a float in [0.5, 1) is the last bit of a subnormal f16.
  static Value roundSubnormal(Bits &b, Value magnitude) {
    Type f32 = b.b.getF32Type(), i32 = b.b.getI32Type();
    Value half = b.as(b.constant(0x3f000000), f32);
    Value sum = b.b.create<arith::AddFOp>(b.as(magnitude, f32), half);
    return b.b.create<arith::SubIOp>(b.as(sum, i32), b.constant(0x3f000000));
  }
};
} // namespace

void nncc::emit::addHalfExpansions(RewritePatternSet &patterns) {
  patterns.add<ExpandExtend, ExpandTruncate>(patterns.getContext());
}
