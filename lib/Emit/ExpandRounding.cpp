//===- ExpandRounding.cpp - rounding without an instruction ---------------===//
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

namespace {
/// Arithmetic on values of one float type, scalar or vector.
struct Rounder {
  ImplicitLocOpBuilder b;
  Type type;

  bool isDouble() { return getElementTypeOrSelf(type).isF64(); }
  /// From here on every float is an integer.
  Value wholeFrom() { return constant(isDouble() ? 0x1p52 : 0x1p23); }

  Value constant(double value) {
    TypedAttr attr = b.getFloatAttr(getElementTypeOrSelf(type), value);
    if (auto shaped = dyn_cast<ShapedType>(type))
      attr = SplatElementsAttr::get(shaped, attr);
    return b.create<arith::ConstantOp>(attr);
  }

  Value magnitude(Value x) { return b.create<math::AbsFOp>(x); }

  /// `value` with the sign of `x`; `x` itself where every float is an integer,
  /// and for NaN.
  Value finish(Value value, Value x) {
    Value small = b.create<arith::CmpFOp>(arith::CmpFPredicate::OLT,
                                          magnitude(x), wholeFrom());
    return b.create<arith::SelectOp>(small,
                                     b.create<math::CopySignOp>(value, x), x);
  }

  /// Adding 2^23 (2^52) leaves no bits for a fraction: the hardware rounds it
  /// away.
  Value roundEven(Value x) {
    Value magic = wholeFrom();
    Value sum = b.create<arith::AddFOp>(magnitude(x), magic);
    return finish(b.create<arith::SubFOp>(sum, magic), x);
  }

  /// `rounded` moved by `step` where it lies on the wrong side of `x`.
  Value correct(Value rounded, Value x, arith::CmpFPredicate wrong,
                double step) {
    Value moved = b.create<arith::AddFOp>(rounded, constant(step));
    Value isWrong = b.create<arith::CmpFOp>(wrong, rounded, x);
    return b.create<arith::SelectOp>(isWrong, moved, rounded);
  }

  Value floor(Value x) {
    return correct(roundEven(x), x, arith::CmpFPredicate::OGT, -1.0);
  }

  Value expand(math::RoundEvenOp, Value x) { return roundEven(x); }
  Value expand(math::FloorOp, Value x) { return floor(x); }
  /// The sign is that of `x`: ceil(-0.5) is -0.
  Value expand(math::CeilOp, Value x) {
    Value up = correct(roundEven(x), x, arith::CmpFPredicate::OLT, 1.0);
    return b.create<math::CopySignOp>(up, x);
  }
  Value expand(math::TruncOp, Value x) {
    return finish(floor(magnitude(x)), x);
  }
  /// Halves go away from zero. The addend is the float below 0.5: with 0.5,
  /// 0.49999997 would round up.
  Value expand(math::RoundOp, Value x) {
    double belowHalf = isDouble() ? 0x1.fffffffffffffp-2 : 0x1.fffffep-2;
    Value more = b.create<arith::AddFOp>(magnitude(x), constant(belowHalf));
    return finish(floor(more), x);
  }
};

///   %r = math.floor %x : f32
/// ->
///   %n = |%x| + 2^23 - 2^23, with the sign of %x   // %x from 2^23 on
///   %r = select %n > %x, %n - 1, %n
///
/// and its siblings.
template <typename Op> struct ExpandRounding : OpRewritePattern<Op> {
  ExpandRounding(MLIRContext *context, unsigned width)
      : OpRewritePattern<Op>(context), width(width) {}

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (getElementTypeOrSelf(type).getIntOrFloatBitWidth() != width)
      return rewriter.notifyMatchFailure(op, "another float type");
    Rounder rounder{ImplicitLocOpBuilder(op.getLoc(), rewriter), type};
    rewriter.replaceOp(op, rounder.expand(op, op.getOperand()));
    return success();
  }

private:
  unsigned width;
};
} // namespace

void nncc::emit::addRoundingExpansions(RewritePatternSet &patterns,
                                       unsigned width) {
  patterns.add<ExpandRounding<math::RoundEvenOp>, ExpandRounding<math::FloorOp>,
               ExpandRounding<math::CeilOp>, ExpandRounding<math::TruncOp>>(
      patterns.getContext(), width);
}

void nncc::emit::addRoundAwayExpansion(RewritePatternSet &patterns) {
  patterns.add<ExpandRounding<math::RoundOp>>(patterns.getContext(), 32);
}
