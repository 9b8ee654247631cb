//===- LegalizeFreestanding.cpp - nothing that calls a library ------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Expansions.h"
#include "lib/Emit/Passes.h"
#include "nncc/Target.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Arith/Transforms/Passes.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Math/Transforms/Passes.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/IR/TypeUtilities.h>
#include <mlir/Transforms/DialectConversion.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

namespace nncc::emit {
#define GEN_PASS_DEF_LEGALIZEFREESTANDING
#include "lib/Emit/Passes.h.inc"
} // namespace nncc::emit

using namespace mlir;
using namespace nncc;

namespace {
///   %d = vector.fma %a, %b, %c
/// ->
///   %d = math.fma %a, %b, %c
///
/// One operation for both forms, so that one rule decides about fusing.
struct PlainFma : OpRewritePattern<vector::FMAOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(vector::FMAOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<math::FmaOp>(op, op.getLhs(), op.getRhs(),
                                             op.getAcc());
    return success();
  }
};

///   %d = math.fma %a, %b, %c
/// ->
///   %p = arith.mulf %a, %b
///   %d = arith.addf %p, %c
///
/// of floats of `width` bits.
struct SplitFma : OpRewritePattern<math::FmaOp> {
  SplitFma(MLIRContext *context, unsigned width)
      : OpRewritePattern(context), width(width) {}

  LogicalResult matchAndRewrite(math::FmaOp op,
                                PatternRewriter &rewriter) const override {
    if (getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth() != width)
      return rewriter.notifyMatchFailure(op, "another float type");
    Value product =
        rewriter.create<arith::MulFOp>(op.getLoc(), op.getA(), op.getB());
    rewriter.replaceOpWithNewOp<arith::AddFOp>(op, product, op.getC());
    return success();
  }

private:
  unsigned width;
};

///   %y = math.log10 %x
/// ->
///   %l = math.log %x
///   %y = arith.mulf %l, log10(e)
struct Log10ByLog : OpRewritePattern<math::Log10Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::Log10Op op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    TypedAttr scale =
        rewriter.getFloatAttr(getElementTypeOrSelf(type), 0.43429448190325176);
    if (auto shaped = dyn_cast<ShapedType>(type))
      scale = SplatElementsAttr::get(shaped, scale);
    Value log = rewriter.create<math::LogOp>(op.getLoc(), op.getOperand());
    Value factor = rewriter.create<arith::ConstantOp>(op.getLoc(), scale);
    rewriter.replaceOpWithNewOp<arith::MulFOp>(op, log, factor);
    return success();
  }
};

struct LegalizeFreestanding
    : emit::impl::LegalizeFreestandingBase<LegalizeFreestanding> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    llvm::Expected<TargetInfo> target = targetOf(module);
    if (!target) {
      module.emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    if (failed(widenSmallFloats(module)) || failed(expandMath(module, *target)) ||
        failed(chooseInstructions(module, *target)))
      signalPassFailure();
  }

  /// Functions of 16-bit floats compute in f32.
  LogicalResult widenSmallFloats(ModuleOp module) {
    TypeConverter types;
    math::populateLegalizeToF32TypeConverter(types);
    // It would narrow f64, too; the last conversion that applies counts.
    types.addConversion([](Type type) -> std::optional<Type> {
      return getElementTypeOrSelf(type).isF64() ? std::optional(type)
                                                : std::nullopt;
    });
    RewritePatternSet patterns(&getContext());
    math::populateLegalizeToF32Patterns(patterns, types);
    ConversionTarget legal(getContext());
    math::populateLegalizeToF32ConversionTarget(legal, types);
    return applyPartialConversion(module, legal, std::move(patterns));
  }

  /// Functions that no target has.
  LogicalResult expandMath(ModuleOp module, const TargetInfo &target) {
    RewritePatternSet patterns(&getContext());
    populateExpandTanPattern(patterns);
    populateExpandSinhPattern(patterns);
    populateExpandCoshPattern(patterns);
    populateExpandAsinhPattern(patterns);
    populateExpandAcoshPattern(patterns);
    populateExpandAtanhPattern(patterns);
    populateExpandExp2FPattern(patterns);
    populateExpandPowFPattern(patterns);
    populateExpandFPowIPattern(patterns);
    populateExpandRsqrtPattern(patterns);
    populateMathPolynomialApproximationPatterns(patterns);
    patterns.add<Log10ByLog>(&getContext());
    emit::addFunctionExpansions(patterns, target);
    emit::addIntegerPowerExpansion(patterns);
    if (failed(applyPatternsAndFoldGreedily(module, std::move(patterns))))
      return failure();
    emit::addCalledFunctions(module);
    return success();
  }

  /// What depends on the target: run last, the expansions use it.
  LogicalResult chooseInstructions(ModuleOp module, const TargetInfo &target) {
    RewritePatternSet patterns(&getContext());
    patterns.add<PlainFma>(&getContext());
    if (target.hasFma)
      populateUpliftToFMAPatterns(patterns);
    else
      patterns.add<SplitFma>(&getContext(), 32);
    if (!target.hasFma || !target.hasDouble)
      patterns.add<SplitFma>(&getContext(), 64);
    for (unsigned width : {32, 64})
      if (!target.hasRounding || (width == 64 && !target.hasDouble))
        emit::addRoundingExpansions(patterns, width);
      else if (!target.hasRoundEven)
        emit::addRoundEvenExpansion(patterns, width);
    if (!target.hasRoundAway)
      emit::addRoundAwayExpansion(patterns);
    if (!target.truncatesVectors)
      emit::addTruncationExpansions(patterns);
    if (!target.comparesNaN)
      emit::addComparisonExpansions(patterns);
    if (!target.hasMinMax)
      arith::populateArithExpandOpsPatterns(patterns);
    else
      arith::populateCeilFloorDivExpandOpsPatterns(patterns);
    if (!target.hasHalf)
      emit::addHalfExpansions(patterns);
    else if (!target.comparesHalves)
      emit::addHalfFences(patterns);
    emit::addNarrowingExpansions(patterns);
    arith::populateExpandBFloat16Patterns(patterns);
    return applyPatternsAndFoldGreedily(module, std::move(patterns));
  }
};
} // namespace
