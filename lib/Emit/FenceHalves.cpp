//===- FenceHalves.cpp - comparisons of halves stay those of f32 ----------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Expansions.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/IR/PatternMatch.h>

using namespace mlir;

namespace {
///   %y = arith.extf %x : vector<16xf16> to vector<16xf32>
/// ->
///   %z = llvm.fpext %x
///   %y = llvm.arithmetic.fence(%z)     // no instruction
///
/// LLVM narrows what compares %y with another half, or with a constant, to a comparison
/// of halves. Without instructions for those it takes the vectors apart.
struct FenceHalves : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    auto from = dyn_cast<VectorType>(op.getIn().getType());
    auto to = dyn_cast<VectorType>(op.getType());
    if (!from || from.getRank() != 1 || !from.getElementType().isF16() ||
        !to.getElementType().isF32())
      return rewriter.notifyMatchFailure(op, "no vector of halves to f32");
    Value wide = rewriter.create<LLVM::FPExtOp>(op.getLoc(), to, op.getIn());
    rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
        op, to, rewriter.getStringAttr("llvm.arithmetic.fence"), wide);
    return success();
  }
};
} // namespace

void nncc::emit::addHalfFences(RewritePatternSet &patterns) {
  patterns.add<FenceHalves>(patterns.getContext());
}
