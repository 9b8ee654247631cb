//===- FoldTranspose.cpp - fewer transposes -------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/Transforms/Passes.h"
#include <mlir/IR/IRMapping.h>
#include <mlir/IR/Matchers.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

namespace nncc::nnc {
#define GEN_PASS_DEF_FOLDTRANSPOSE
#include "dialects/Nnc/Transforms/Passes.h.inc"
} // namespace nncc::nnc

using namespace mlir;
using namespace nncc::nnc;

using Permutation = SmallVector<int64_t>;

static Permutation invert(ArrayRef<int64_t> permutation) {
  Permutation inverse(permutation.size());
  for (auto [i, dim] : llvm::enumerate(permutation))
    inverse[dim] = i;
  return inverse;
}

/// The permutation of `second` applied to the result of `first`.
static Permutation compose(ArrayRef<int64_t> first, ArrayRef<int64_t> second) {
  return llvm::to_vector(
      llvm::map_range(second, [&](int64_t dim) { return first[dim]; }));
}

static bool isIdentity(ArrayRef<int64_t> permutation) {
  for (auto [i, dim] : llvm::enumerate(permutation))
    if (static_cast<int64_t>(i) != dim)
      return false;
  return true;
}

static SmallVector<int64_t> permute(ArrayRef<int64_t> values,
                                    ArrayRef<int64_t> permutation) {
  return llvm::to_vector(
      llvm::map_range(permutation, [&](int64_t dim) { return values[dim]; }));
}

static RankedTensorType permute(RankedTensorType type,
                                ArrayRef<int64_t> permutation) {
  return type.clone(permute(type.getShape(), permutation));
}

static bool isConstant(Value value) {
  return matchPattern(value, m_Constant());
}

/// Transposes the constant operand of an elementwise op whose result has the
/// rank of `permutation`; left for constant folding to compute.
static Value transposeConstant(OpBuilder &builder, Value value,
                               ArrayRef<int64_t> permutation) {
  RankedTensorType type = typeOf(value);
  if (type.getNumElements() == 1)
    return value;
  SmallVector<int64_t> shape(permutation.size() - type.getRank(), 1);
  if (!shape.empty()) {
    llvm::append_range(shape, type.getShape());
    value = builder.create<ReshapeOp>(value.getLoc(), type.clone(shape), value);
  }
  return builder.create<TransposeOp>(
      value.getLoc(), permute(typeOf(value), permutation), value, permutation);
}

//===----------------------------------------------------------------------===//
// Moving a transpose up a tree of operations
//===----------------------------------------------------------------------===//

namespace {
/// The tree of single-use operations above a transpose, with constants and
/// other transposes as leaves.
class TransposeTree {
public:
  explicit TransposeTree(ArrayRef<int64_t> permutation)
      : permutation(permutation) {}

  /// True if `value` can be had transposed without a new transpose.
  bool absorbs(Value value, unsigned depth = 0);
  /// True if a transpose was met and so one disappears.
  bool hasTranspose() const { return transposes > 0; }
  /// Builds the transposed `value`.
  Value rebuild(PatternRewriter &rewriter, Value value);

private:
  bool absorbsOperands(Operation *op, unsigned depth);

  ArrayRef<int64_t> permutation;
  unsigned transposes = 0;
};
} // namespace

/// Deeper trees are left alone: recursion must not exhaust the stack.
static constexpr unsigned kMaxDepth = 256;

bool TransposeTree::absorbsOperands(Operation *op, unsigned depth) {
  for (Value operand : op->getOperands()) {
    bool hasFullRank =
        typeOf(operand).getRank() == static_cast<int64_t>(permutation.size());
    if (!isConstant(operand) && (!hasFullRank || !absorbs(operand, depth + 1)))
      return false;
  }
  return true;
}

bool TransposeTree::absorbs(Value value, unsigned depth) {
  Operation *op = value.getDefiningOp();
  if (!op || depth > kMaxDepth)
    return false;
  if (auto transpose = dyn_cast<TransposeOp>(op)) {
    ++transposes;
    return transpose->hasOneUse() ||
           isIdentity(compose(transpose.getPermutation(), permutation));
  }
  return isa<ScalarSemantics, PadOp, SoftmaxOp>(op) && op->hasOneUse() &&
         absorbsOperands(op, depth);
}

Value TransposeTree::rebuild(PatternRewriter &rewriter, Value value) {
  if (isConstant(value))
    return transposeConstant(rewriter, value, permutation);
  Operation *op = value.getDefiningOp();
  if (auto transpose = dyn_cast<TransposeOp>(op)) {
    Permutation both = compose(transpose.getPermutation(), permutation);
    if (isIdentity(both))
      return transpose.getInput();
    return rewriter.create<TransposeOp>(transpose.getLoc(),
                                        permute(typeOf(value), permutation),
                                        transpose.getInput(), both);
  }
  IRMapping mapping;
  for (Value operand : op->getOperands())
    mapping.map(operand, rebuild(rewriter, operand));
  Operation *moved = rewriter.clone(*op, mapping);
  moved->getResult(0).setType(permute(typeOf(value), permutation));
  if (auto pad = dyn_cast<PadOp>(moved)) {
    pad.setPadBegin(permute(pad.getPadBegin(), permutation));
    pad.setPadEnd(permute(pad.getPadEnd(), permutation));
  } else if (auto softmax = dyn_cast<SoftmaxOp>(moved)) {
    softmax.setAxis(invert(permutation)[softmax.getAxis()]);
  }
  return moved->getResult(0);
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {

///   nnc.transpose (nnc.transpose %x {p}) {q}   ->   nnc.transpose %x {p[q]}
struct ComposeTransposes : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto first = op.getInput().getDefiningOp<TransposeOp>();
    if (!first)
      return failure();
    rewriter.replaceOpWithNewOp<TransposeOp>(
        op, op.getType(), first.getInput(),
        compose(first.getPermutation(), op.getPermutation()));
    return success();
  }
};

/// Moving only extents of 1 keeps the order of the elements:
///
///   nnc.transpose %x {permutation = [0, 2, 3, 1]} : tensor<1x64x1x1xf32>
///     ->
///   nnc.reshape %x : tensor<1x64x1x1xf32> -> tensor<1x1x1x64xf32>
struct TransposeToReshape : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    int64_t previous = -1;
    for (int64_t dim : op.getPermutation()) {
      if (typeOf(op.getInput()).getDimSize(dim) == 1)
        continue;
      if (dim < previous)
        return failure();
      previous = dim;
    }
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), op.getInput());
    return success();
  }
};

///   %0 = nnc.transpose %x {p}
///   %1 = nnc.add (nnc.relu %0), %c
///   %2 = nnc.transpose %1 {q}
///     ->
///   %d = nnc.transpose %c {q}          // folds, %c is constant
///   %2 = nnc.add (nnc.relu (nnc.transpose %x {p[q]})), %d
///
/// One transpose less; the inner one disappears too if q is the inverse of p.
struct AbsorbTranspose : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    TransposeTree tree(op.getPermutation());
    if (!op.getInput().getDefiningOp() ||
        isa<TransposeOp>(op.getInput().getDefiningOp()) ||
        isConstant(op.getInput()) || !tree.absorbs(op.getInput()) ||
        !tree.hasTranspose())
      return failure();
    rewriter.replaceOp(op, tree.rebuild(rewriter, op.getInput()));
    return success();
  }
};

///   %2 = nnc.add (nnc.transpose %x {p}), (nnc.transpose %y {p})
///     ->
///   %2 = nnc.transpose (nnc.add %x, %y) {p}
struct SinkBelowElementwise : OpInterfaceRewritePattern<ScalarSemantics> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ScalarSemantics op,
                                PatternRewriter &rewriter) const override {
    RankedTensorType type = typeOf(op->getResult(0));
    Permutation permutation;
    unsigned transposed = 0;
    for (Value operand : op->getOperands()) {
      if (isConstant(operand))
        continue;
      auto transpose = operand.getDefiningOp<TransposeOp>();
      if (!transpose || !transpose->hasOneUse() ||
          typeOf(operand).getRank() != type.getRank())
        return failure();
      if (transposed++ == 0)
        permutation.assign(transpose.getPermutation().begin(),
                           transpose.getPermutation().end());
      if (ArrayRef<int64_t>(permutation) != transpose.getPermutation())
        return failure();
    }
    if (transposed < 2)
      return failure();
    Permutation inverse = invert(permutation);
    IRMapping mapping;
    for (Value operand : op->getOperands())
      mapping.map(operand,
                  isConstant(operand)
                      ? transposeConstant(rewriter, operand, inverse)
                      : operand.getDefiningOp<TransposeOp>().getInput());
    Operation *moved = rewriter.clone(*op, mapping);
    moved->getResult(0).setType(permute(type, inverse));
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, moved->getResult(0),
                                             permutation);
    return success();
  }
};

/// Transposing what is left of a reduction is less work, often none:
///
///   nnc.reduce mean (nnc.transpose %x {p}) {axes}
///     ->
///   nnc.transpose (nnc.reduce mean %x {p[axes]}) {p}
struct SinkBelowReduce : OpRewritePattern<ReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReduceOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getInput().getDefiningOp<TransposeOp>();
    if (!transpose || !transpose->hasOneUse())
      return failure();
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    SmallVector<int64_t> axes = compose(permutation, op.getAxes());
    llvm::sort(axes);
    RankedTensorType type = permute(op.getType(), invert(permutation));
    Value reduced = rewriter.create<ReduceOp>(
        op.getLoc(), type, transpose.getInput(), op.getKind(), axes);
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), reduced,
                                             permutation);
    return success();
  }
};

struct FoldTranspose : nncc::nnc::impl::FoldTransposeBase<FoldTranspose> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ComposeTransposes, TransposeToReshape, AbsorbTranspose,
                 SinkBelowElementwise, SinkBelowReduce>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
