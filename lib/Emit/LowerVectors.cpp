//===- LowerVectors.cpp - vectors of one dimension ------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Passes.h"
#include "nncc/Target.h"
#include <mlir/Conversion/VectorToSCF/VectorToSCF.h>
#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/MemRef/Transforms/Transforms.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/Dialect/Vector/Transforms/LoweringPatterns.h>
#include <mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

namespace nncc::emit {
#define GEN_PASS_DEF_LOWERVECTORS
#include "lib/Emit/Passes.h.inc"
} // namespace nncc::emit

using namespace mlir;
using namespace nncc;

namespace {
///   memref.copy %a, %b : memref<4x8xf32> to memref<4x8xf32, strided<[16, 1]>>
/// ->
///   scf.for %i = 0 to 4 { scf.for %j = 0 to 8 step 4 {
///     %v = vector.load %a[%i, %j] ; vector.store %v, %b[%i, %j] } }
///
/// The innermost loop moves `lanes` elements if they divide the rows and lie
/// side by side.
struct CopyToLoops : OpRewritePattern<memref::CopyOp> {
  CopyToLoops(MLIRContext *context, unsigned vectorBits)
      : OpRewritePattern(context), vectorBits(vectorBits) {}

  LogicalResult matchAndRewrite(memref::CopyOp op,
                                PatternRewriter &rewriter) const override {
    auto from = dyn_cast<MemRefType>(op.getSource().getType());
    auto to = dyn_cast<MemRefType>(op.getTarget().getType());
    if (!from || !to || !from.hasStaticShape() || !to.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "not between static buffers");
    Location loc = op.getLoc();
    int64_t lanes = chunk(from, to);
    auto index = [&](int64_t value) -> Value {
      return rewriter.create<arith::ConstantIndexOp>(loc, value);
    };
    Value zero = index(0), one = index(1);
    SmallVector<Value> position;
    for (auto [i, extent] : llvm::enumerate(from.getShape())) {
      bool last = i + 1 == from.getShape().size();
      auto loop = rewriter.create<scf::ForOp>(loc, zero, index(extent),
                                              last ? index(lanes) : one);
      position.push_back(loop.getInductionVar());
      rewriter.setInsertionPointToStart(loop.getBody());
    }
    move(op, position, lanes, rewriter);
    rewriter.eraseOp(op);
    return success();
  }

private:
  int64_t chunk(MemRefType from, MemRefType to) const {
    Type element = from.getElementType();
    bool contiguous = from.getRank() > 0 && isLastMemrefDimUnitStride(from) &&
                      isLastMemrefDimUnitStride(to);
    if (!vectorBits || !contiguous || !element.isIntOrFloat())
      return 1;
    int64_t lanes = vectorBits / element.getIntOrFloatBitWidth();
    return from.getShape().back() % lanes ? 1 : lanes;
  }

  static void move(memref::CopyOp op, ArrayRef<Value> position, int64_t lanes,
                   PatternRewriter &rewriter) {
    Location loc = op.getLoc();
    if (lanes == 1) {
      Value value =
          rewriter.create<memref::LoadOp>(loc, op.getSource(), position);
      rewriter.create<memref::StoreOp>(loc, value, op.getTarget(), position);
      return;
    }
    auto element = cast<MemRefType>(op.getSource().getType()).getElementType();
    Value value = rewriter.create<vector::LoadOp>(
        loc, VectorType::get(lanes, element), op.getSource(), position);
    rewriter.create<vector::StoreOp>(loc, value, op.getTarget(), position);
  }

  unsigned vectorBits;
};

struct LowerVectors : emit::impl::LowerVectorsBase<LowerVectors> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    llvm::Expected<TargetInfo> target = targetOf(module);
    if (!target) {
      module.emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    RewritePatternSet patterns(&getContext());
    patterns.add<CopyToLoops>(&getContext(), target->vectorBits);
    addVectorPatterns(patterns, *target);
    memref::populateExpandStridedMetadataPatterns(patterns);
    if (failed(applyPatternsAndFoldGreedily(module, std::move(patterns))))
      signalPassFailure();
  }

  static void addVectorPatterns(RewritePatternSet &patterns,
                                const TargetInfo &target) {
    vector::VectorTransformsOptions options;
    vector::populateVectorToVectorCanonicalizationPatterns(patterns);
    vector::populateVectorBroadcastLoweringPatterns(patterns);
    vector::populateVectorContractLoweringPatterns(patterns, options);
    vector::populateVectorOuterProductLoweringPatterns(patterns);
    vector::populateVectorMultiReductionLoweringPatterns(
        patterns, vector::VectorMultiReductionLowering::InnerParallel);
    vector::populateVectorMaskOpLoweringPatterns(patterns);
    vector::populateVectorShapeCastLoweringPatterns(patterns);
    vector::populateVectorTransposeLoweringPatterns(patterns, options);
    vector::populateVectorInsertExtractStridedSliceTransforms(patterns);
    vector::populateVectorInterleaveLoweringPatterns(patterns);
    vector::populateVectorTransferPermutationMapLoweringPatterns(patterns);
    vector::populateVectorTransferLoweringPatterns(patterns,
                                                   /*maxTransferRank=*/1);
    vector::populateVectorMaskMaterializationPatterns(
        patterns, /*force32BitVectorIndices=*/true);
    populateVectorToSCFConversionPatterns(
        patterns, VectorTransferToSCFOptions().enableFullUnroll());
    // Where vectors are scalars in disguise, LLVM would reduce them by
    // shuffles.
    if (!target.vectorBits)
      vector::populateBreakDownVectorReductionPatterns(
          patterns, /*maxNumElementsToExtract=*/64);
  }
};
} // namespace
