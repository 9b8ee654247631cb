//===- NncShape.cpp - data movement -----------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include <mlir/IR/PatternMatch.h>

using namespace mlir;
using namespace nncc::nnc;

//===----------------------------------------------------------------------===//
// pad
//===----------------------------------------------------------------------===//

LogicalResult PadOp::verify() {
  size_t rank = typeOf(getInput()).getRank();
  if (getPadBegin().size() != rank || getPadEnd().size() != rank)
    return emitOpError("needs padding for each of ") << rank << " dimensions";
  return success();
}

LogicalResult PadOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  RankedTensorType type = typeOf(op.getInput());
  size_t rank = type.getRank();
  if (op.getPadBegin().size() != rank || op.getPadEnd().size() != rank)
    return emitOptionalError(loc, "pads ", op.getPadBegin().size(),
                             " dimensions, the input has ", rank);
  SmallVector<int64_t> shape;
  for (size_t i = 0; i < rank; ++i) {
    shape.push_back(type.getDimSize(i) + op.getPadBegin()[i] +
                    op.getPadEnd()[i]);
    if (shape.back() < 0)
      return emitOptionalError(loc, "padding of dimension ", i,
                               " leaves a negative extent ", shape.back());
  }
  results.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  auto isZero = [](int64_t amount) { return amount == 0; };
  if (llvm::all_of(getPadBegin(), isZero) && llvm::all_of(getPadEnd(), isZero))
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// transpose
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::verify() {
  size_t rank = typeOf(getInput()).getRank();
  if (getPermutation().size() != rank)
    return emitOpError("permutation has ")
           << getPermutation().size() << " entries, the input rank " << rank;
  return success();
}

LogicalResult TransposeOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  RankedTensorType type = typeOf(op.getInput());
  SmallVector<int64_t> shape, seen(type.getRank(), 0);
  for (int64_t dim : op.getPermutation()) {
    if (dim < 0 || dim >= type.getRank() || seen[dim]++)
      return emitOptionalError(loc, "perm is no permutation of ",
                               type.getRank(), " dimensions: entry ", dim);
    shape.push_back(type.getDimSize(dim));
  }
  if (static_cast<int64_t>(shape.size()) != type.getRank())
    return emitOptionalError(loc, "perm has ", shape.size(),
                             " entries, the input rank is ", type.getRank());
  results.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

/// The identity permutation disappears:
///   nnc.transpose %x {permutation = [0, 1, 2]}   ->   %x
OpFoldResult TransposeOp::fold(FoldAdaptor) {
  for (auto [i, dim] : llvm::enumerate(getPermutation()))
    if (static_cast<int64_t>(i) != dim)
      return {};
  return getInput();
}

//===----------------------------------------------------------------------===//
// reshape, broadcast, view
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  RankedTensorType from = typeOf(getInput()), to = typeOf(getResult());
  if (from.getNumElements() != to.getNumElements() ||
      from.getElementType() != to.getElementType())
    return emitOpError("cannot take ")
           << shapeText(from.getShape()) << " to " << shapeText(to.getShape());
  return success();
}

/// A chain of reshapes is its last one:
///   nnc.reshape (nnc.reshape %x)   ->   nnc.reshape %x
/// and one to the type of its input disappears.
OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (auto first = getInput().getDefiningOp<ReshapeOp>()) {
    setOperand(first.getInput());
    return getResult();
  }
  return getInput().getType() == getType() ? getInput() : Value();
}

LogicalResult BroadcastOp::verify() {
  RankedTensorType from = typeOf(getInput()), to = typeOf(getResult());
  auto merged = broadcastShapes({from.getShape(), to.getShape()});
  if (failed(merged) || ArrayRef<int64_t>(*merged) != to.getShape() ||
      from.getElementType() != to.getElementType())
    return emitOpError("cannot broadcast ")
           << shapeText(from.getShape()) << " to " << shapeText(to.getShape());
  return success();
}

OpFoldResult BroadcastOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : Value();
}

namespace {
/// Elementwise operations broadcast by themselves:
///
///   %0 = nnc.broadcast %c : tensor<64x1x1xf32> -> tensor<1x64x8x8xf32>
///   %1 = nnc.add %x, %0
///     ->
///   %1 = nnc.add %x, %c
struct BroadcastIntoElementwise : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    bool changed = false;
    for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
      Operation *user = use.getOwner();
      if (!isa<ScalarSemantics>(user))
        continue;
      SmallVector<ArrayRef<int64_t>> shapes;
      for (OpOperand &operand : user->getOpOperands())
        shapes.push_back(
            typeOf(&operand == &use ? op.getInput() : operand.get())
                .getShape());
      auto merged = broadcastShapes(shapes);
      if (failed(merged) || ArrayRef<int64_t>(*merged) !=
                                typeOf(user->getResult(0)).getShape())
        continue;
      rewriter.modifyOpInPlace(user, [&] { use.set(op.getInput()); });
      changed = true;
    }
    return success(changed);
  }
};
} // namespace

void BroadcastOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<BroadcastIntoElementwise>(context);
}

LogicalResult ViewOp::verify() {
  RankedTensorType from = typeOf(getInput()), to = typeOf(getResult());
  if (from.getNumElements() != to.getNumElements() ||
      from.getElementType() != to.getElementType())
    return emitOpError("cannot view ")
           << shapeText(from.getShape()) << " as " << shapeText(to.getShape());
  return success();
}

OpFoldResult ViewOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : Value();
}
