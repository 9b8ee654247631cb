//===- FoldPad.cpp - borders into the padding of windows ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/Transforms/Passes.h"
#include <cmath>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

namespace nncc::nnc {
#define GEN_PASS_DEF_FOLDPAD
#include "dialects/Nnc/Transforms/Passes.h.inc"
} // namespace nncc::nnc

using namespace mlir;
using namespace nncc::nnc;

static bool isZero(int64_t amount) { return amount == 0; }

/// Only spatial dimensions grow, none is cropped.
static bool isSpatialBorder(PadOp pad) {
  auto grows = [](int64_t amount) { return amount >= 0; };
  return pad.getPadBegin().size() > 2 &&
         llvm::all_of(pad.getPadBegin().take_front(2), isZero) &&
         llvm::all_of(pad.getPadEnd().take_front(2), isZero) &&
         llvm::all_of(pad.getPadBegin(), grows) &&
         llvm::all_of(pad.getPadEnd(), grows);
}

static SmallVector<int64_t> sum(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  return llvm::to_vector(llvm::map_range(llvm::zip_equal(a, b), [](auto pair) {
    return std::get<0>(pair) + std::get<1>(pair);
  }));
}

/// True if no element of `value` is NaN, -0 or less: it comes from comparisons
/// that choose a constant then.
static bool isNeverNegative(Value value) {
  for (unsigned depth = 0; depth < 8; ++depth) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return false;
    if (isa<ReluOp>(op))
      return true;
    if (isa<MinOp, MaxOp>(op)) {
      // x > c ? x : c is at least c; x < c ? x : c is x or c.
      auto bound = ConstantData::get(op->getOperand(1));
      if (!bound || !bound->isSplat() || !(bound->at(0) >= 0) ||
          std::signbit(bound->at(0)))
        return false;
      if (isa<MaxOp>(op))
        return true;
    } else if (!isa<ReshapeOp, TransposeOp>(op)) {
      return false;
    }
    value = op->getOperand(0);
  }
  return false;
}

/// True if every window of `pool` over `interior` with `padBegin` elements in
/// front touches at least one element of the interior.
static bool touchesInterior(PoolOp pool, ArrayRef<int64_t> interior,
                            ArrayRef<int64_t> padBegin) {
  ArrayRef<int64_t> output = typeOf(pool).getShape().drop_front(2);
  for (auto [i, extent] : llvm::enumerate(output))
    for (int64_t o = 0; o < extent; ++o) {
      bool touches = false;
      for (int64_t k = 0; k < pool.getWindow()[i] && !touches; ++k) {
        int64_t at =
            o * pool.getStrides()[i] + k * pool.getDilations()[i] - padBegin[i];
        touches = at >= 0 && at < interior[i];
      }
      if (!touches)
        return false;
    }
  return true;
}

namespace {

///   %0 = nnc.pad (nnc.pad %x {value = v}) {value = v}   ->   nnc.pad %x
struct ComposePads : OpRewritePattern<PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PadOp pad,
                                PatternRewriter &rewriter) const override {
    auto first = pad.getInput().getDefiningOp<PadOp>();
    auto crops = [](int64_t amount) { return amount < 0; };
    if (!first || !first.getValue().bitwiseIsEqual(pad.getValue()) ||
        llvm::any_of(first.getPadBegin(), crops) ||
        llvm::any_of(first.getPadEnd(), crops))
      return failure();
    rewriter.replaceOpWithNewOp<PadOp>(
        pad, pad.getType(), first.getInput(),
        sum(first.getPadBegin(), pad.getPadBegin()),
        sum(first.getPadEnd(), pad.getPadEnd()), pad.getValue());
    return success();
  }
};

///   %0 = nnc.pad %x {padBegin = [0, 0, 1, 1], padEnd = [0, 0, 1, 1], value =
///   0} %1 = nnc.conv %0, %w {padBegin = [0, 0], padEnd = [0, 0]}
///     ->
///   %1 = nnc.conv %x, %w {padBegin = [1, 1], padEnd = [1, 1]}
struct FoldIntoConv : OpRewritePattern<ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp conv,
                                PatternRewriter &rewriter) const override {
    auto pad = conv.getInput().getDefiningOp<PadOp>();
    if (!pad || !isSpatialBorder(pad) || !pad.getValue().isZero())
      return failure();
    rewriter.modifyOpInPlace(conv, [&] {
      conv.getInputMutable().assign(pad.getInput());
      conv.setPadBegin(
          sum(conv.getPadBegin(), pad.getPadBegin().drop_front(2)));
      conv.setPadEnd(sum(conv.getPadEnd(), pad.getPadEnd().drop_front(2)));
    });
    return success();
  }
};

///   %0 = nnc.pad %x {..., value = 0}
///   %1 = nnc.pool average %0 {padBegin = [0, 0], padEnd = [0, 0]}
///     ->
///   %1 = nnc.pool average %x {padBegin = [1, 1], padEnd = [1, 1], countPad}
///
/// The maximum folds the same way if the border can never win: it is -infinity,
/// or zero around values that are never negative.
struct FoldIntoPool : OpRewritePattern<PoolOp> {
  using OpRewritePattern::OpRewritePattern;

  /// An average counted the border like any element, so it must now count all
  /// padding; the pool's own padding must not have been left out.
  static bool keepsAverage(PoolOp pool, PadOp pad) {
    bool hasOwn = !llvm::all_of(pool.getPadBegin(), isZero) ||
                  !llvm::all_of(pool.getPadEnd(), isZero);
    return pad.getValue().isZero() && (pool.getCountPad() || !hasOwn);
  }

  static bool keepsMaximum(PoolOp pool, PadOp pad) {
    bool isLowest = pad.getValue().isInfinity() && pad.getValue().isNegative();
    return isa<FloatType>(typeOf(pool).getElementType()) &&
           (isLowest ||
            (pad.getValue().isZero() && isNeverNegative(pad.getInput())));
  }

  LogicalResult matchAndRewrite(PoolOp pool,
                                PatternRewriter &rewriter) const override {
    auto pad = pool.getInput().getDefiningOp<PadOp>();
    if (!pad || !isSpatialBorder(pad))
      return failure();
    SmallVector<int64_t> begin =
        sum(pool.getPadBegin(), pad.getPadBegin().drop_front(2));
    SmallVector<int64_t> end =
        sum(pool.getPadEnd(), pad.getPadEnd().drop_front(2));
    bool isAverage = pool.getKind() == PoolKind::Average;
    if (!(isAverage ? keepsAverage(pool, pad) : keepsMaximum(pool, pad)))
      return failure();
    // A window in nothing but padding has no maximum and no average.
    ArrayRef<int64_t> interior =
        typeOf(pad.getInput()).getShape().drop_front(2);
    if (!touchesInterior(pool, interior, begin))
      return failure();
    // In ceil mode a last window that starts in the border counted before; it
    // does not count in padding. Then the shapes differ and the pad stays.
    PoolOp folded = pool.clone();
    folded.getInputMutable().assign(pad.getInput());
    folded.setPadBegin(begin);
    folded.setPadEnd(end);
    folded.setCountPad(isAverage || pool.getCountPad());
    SmallVector<Type> types;
    if (failed(PoolOp::inferReturnTypes(
            pool.getContext(), std::nullopt, folded->getOperands(),
            folded->getAttrDictionary(), folded->getPropertiesStorage(), {},
            types)) ||
        types.front() != pool.getType()) {
      folded->destroy();
      return failure();
    }
    rewriter.insert(folded);
    rewriter.replaceOp(pool, folded);
    return success();
  }
};

struct FoldPad : nncc::nnc::impl::FoldPadBase<FoldPad> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ComposePads, FoldIntoConv, FoldIntoPool>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
