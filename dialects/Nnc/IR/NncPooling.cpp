//===- NncPooling.cpp - sliding windows -------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include <mlir/IR/PatternMatch.h>

using namespace mlir;
using namespace nncc::nnc;

LogicalResult PoolOp::verify() {
  unsigned rank = getWindow().size();
  if (getStrides().size() != rank || getDilations().size() != rank ||
      getPadBegin().size() != rank || getPadEnd().size() != rank)
    return emitOpError("needs strides, dilations and padding for each of ")
           << rank << " window dimensions";
  return success();
}

LogicalResult PoolOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  auto type = cast<RankedTensorType>(op.getInput().getType());
  ArrayRef<int64_t> input = type.getShape(), window = op.getWindow();
  if (input.size() < 3 || window.size() != input.size() - 2)
    return emitOptionalError(loc, "window ", shapeText(window),
                             " does not match the spatial dimensions of input ",
                             shapeText(input));
  if (op.getStrides().size() != window.size() ||
      op.getDilations().size() != window.size() ||
      op.getPadBegin().size() != window.size() ||
      op.getPadEnd().size() != window.size())
    return emitOptionalError(loc, "strides, dilations or pads do not match ",
                             window.size(), " spatial dimensions");
  SmallVector<int64_t> shape{input[0], input[1]};
  for (size_t i = 0; i < window.size(); ++i) {
    int64_t stride = op.getStrides()[i], begin = op.getPadBegin()[i];
    int64_t extent = (window[i] - 1) * op.getDilations()[i] + 1;
    int64_t slack = input[i + 2] + begin + op.getPadEnd()[i] - extent;
    if (window[i] < 1 || stride < 1 || op.getDilations()[i] < 1 || slack < 0)
      return emitOptionalError(loc, "window of extent ", extent,
                               " and stride ", stride,
                               " does not fit the padded input extent ",
                               slack + extent);
    int64_t count = slack / stride + 1;
    // With ceil mode a last, partial window counts if it starts inside the
    // input or its left padding (ONNX, as in PyTorch).
    if (op.getCeilMode() && slack % stride != 0 &&
        count * stride < input[i + 2] + begin)
      ++count;
    shape.push_back(count);
  }
  results.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

//===----------------------------------------------------------------------===//
// Degenerate windows
//===----------------------------------------------------------------------===//

static bool allEqual(ArrayRef<int64_t> values, int64_t to) {
  return llvm::all_of(values, [=](int64_t value) { return value == to; });
}

static bool hasPadding(PoolOp op) {
  return !allEqual(op.getPadBegin(), 0) || !allEqual(op.getPadEnd(), 0);
}

/// A window of one element at every element:
///   nnc.pool max %x {window = [1, 1], strides = [1, 1]}   ->   %x
OpFoldResult PoolOp::fold(FoldAdaptor) {
  if (allEqual(getWindow(), 1) && allEqual(getStrides(), 1) &&
      !hasPadding(*this))
    return getInput();
  return {};
}

namespace {
/// A window that covers the whole input is a reduction:
///
///   nnc.pool average %x {window = [7, 7]} : tensor<1x64x7x7xf32>
///     ->
///   nnc.reduce mean %x {axes = [2, 3]}
struct GlobalPoolToReduce : OpRewritePattern<PoolOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PoolOp op,
                                PatternRewriter &rewriter) const override {
    auto input = cast<RankedTensorType>(op.getInput().getType());
    auto output = cast<RankedTensorType>(op.getType());
    if (input.getShape().drop_front(2) != op.getWindow() || hasPadding(op) ||
        !allEqual(op.getDilations(), 1) ||
        !allEqual(output.getShape().drop_front(2), 1))
      return failure();
    SmallVector<int64_t> axes;
    for (int64_t axis = 2; axis < input.getRank(); ++axis)
      axes.push_back(axis);
    auto kind = op.getKind() == PoolKind::Average ? ReduceKind::Mean
                                                  : ReduceKind::Max;
    rewriter.replaceOpWithNewOp<ReduceOp>(op, output, op.getInput(), kind,
                                          axes);
    return success();
  }
};
} // namespace

void PoolOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  patterns.add<GlobalPoolToReduce>(context);
}
