//===- ExpandNarrowing.cpp - f64 and floats of 16 bits --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Expansions.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/ImplicitLocOpBuilder.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;

/// `element`, or the vector of it that is shaped like `shape`.
static Type like(Type shape, Type element) {
  auto shaped = dyn_cast<ShapedType>(shape);
  return shaped ? Type(shaped.clone(element)) : element;
}

static bool hasSixteenBits(Type type) {
  return getElementTypeOrSelf(type).getIntOrFloatBitWidth() == 16;
}

/// `x` in f32, rounded to odd: to zero, and the last bit says whether anything
/// was lost. Rounding that to fewer bits is rounding `x` to them.
static Value roundToOdd(ImplicitLocOpBuilder &b, Value x) {
  Type f32 = like(x.getType(), b.getF32Type());
  Type i32 = like(x.getType(), b.getI32Type());
  Value nearest = b.create<arith::TruncFOp>(f32, x);
  Value back = b.create<arith::ExtFOp>(x.getType(), nearest);
  auto asWord = [&](arith::CmpFPredicate predicate, Value a, Value c) -> Value {
    return b.create<arith::ExtUIOp>(
        i32, b.create<arith::CmpFOp>(predicate, a, c));
  };
  Value grew =
      asWord(arith::CmpFPredicate::OGT, b.create<math::AbsFOp>(back),
             b.create<math::AbsFOp>(x));
  Value lost = asWord(arith::CmpFPredicate::UNE, back, x);
  Value bits = b.create<arith::BitcastOp>(i32, nearest);
  bits = b.create<arith::SubIOp>(bits, grew);
  bits = b.create<arith::OrIOp>(bits, lost);
  return b.create<arith::BitcastOp>(f32, bits);
}

namespace {
///   %y = arith.truncf %x : f64 to f16
/// ->
///   %odd = %x in f32, rounded to odd
///   %y = arith.truncf %odd : f32 to f16
struct NarrowTwice : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getIn().getType()).isF64() ||
        !hasSixteenBits(op.getType()))
      return rewriter.notifyMatchFailure(op, "not f64 to 16 bits");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value odd = roundToOdd(b, op.getIn());
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), odd);
    return success();
  }
};

///   %y = arith.extf %x : f16 to f64
/// ->
///   %z = arith.extf %x : f16 to f32
///   %y = arith.extf %z : f32 to f64
struct WidenTwice : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    Type from = op.getIn().getType();
    if (!hasSixteenBits(from) || !getElementTypeOrSelf(op.getType()).isF64())
      return rewriter.notifyMatchFailure(op, "not 16 bits to f64");
    Value middle = rewriter.create<arith::ExtFOp>(
        op.getLoc(), like(from, rewriter.getF32Type()), op.getIn());
    rewriter.replaceOpWithNewOp<arith::ExtFOp>(op, op.getType(), middle);
    return success();
  }
};
} // namespace

void nncc::emit::addNarrowingExpansions(RewritePatternSet &patterns) {
  patterns.add<NarrowTwice, WidenTwice>(patterns.getContext());
}
