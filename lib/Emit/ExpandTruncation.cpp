//===- ExpandTruncation.cpp - floats to integers by rounding first --------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Expansions.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;

namespace {
/// Whether a value is an integer by the way it was made.
bool isIntegral(Value value) {
  Operation *op = value.getDefiningOp();
  return llvm::isa_and_nonnull<math::FloorOp, math::CeilOp, math::TruncOp,
                               math::RoundOp, math::RoundEvenOp>(op);
}

///   %y = arith.fptosi %x : vector<4xf32> to vector<4xi32>
/// ->
///   %f = math.floor |%x|
///   %t = math.copysign %f, %x
///   %y = llvm.lrint %t            // exact: %t is an integer
///
/// and without the first two operations if %x is one itself. Results of other
/// widths are made from 32 bits.
template <typename Op> struct ExpandTruncation : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<VectorType>(op.getType());
    Value x = op.getIn();
    if (!type || type.getRank() != 1 || !getElementTypeOrSelf(x).isF32())
      return rewriter.notifyMatchFailure(op, "not a vector of f32");
    unsigned bits = type.getElementTypeBitWidth();
    bool fits = std::is_same_v<Op, arith::FPToSIOp> ? bits <= 32 : bits < 32;
    if (!fits)
      return rewriter.notifyMatchFailure(op, "does not fit 32 bits");
    Location loc = op.getLoc();
    if (!isIntegral(x)) {
      Value magnitude = rewriter.create<math::AbsFOp>(loc, x);
      Value floor = rewriter.create<math::FloorOp>(loc, magnitude);
      x = rewriter.create<math::CopySignOp>(loc, floor, x);
    }
    auto words = VectorType::get(type.getShape(), rewriter.getI32Type());
    Value rounded =
        rewriter
            .create<LLVM::CallIntrinsicOp>(
                loc, words, rewriter.getStringAttr("llvm.lrint"), ValueRange(x))
            .getResult(0);
    if (bits < 32)
      rounded = rewriter.create<arith::TruncIOp>(loc, type, rounded);
    rewriter.replaceOp(op, rounded);
    return success();
  }
};
} // namespace

void nncc::emit::addTruncationExpansions(RewritePatternSet &patterns) {
  patterns.add<ExpandTruncation<arith::FPToSIOp>,
               ExpandTruncation<arith::FPToUIOp>>(patterns.getContext());
}
