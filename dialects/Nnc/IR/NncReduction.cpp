//===- NncReduction.cpp - reductions and softmax ----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"

using namespace mlir;
using namespace nncc::nnc;

LogicalResult ReduceOp::verify() {
  auto type = cast<RankedTensorType>(getInput().getType());
  int64_t previous = -1;
  for (int64_t axis : getAxes()) {
    if (axis <= previous || axis >= type.getRank())
      return emitOpError("axes must be ascending and below rank ")
             << type.getRank() << ", got " << axis;
    previous = axis;
  }
  return success();
}

LogicalResult ReduceOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  auto type = cast<RankedTensorType>(op.getInput().getType());
  SmallVector<int64_t> shape(type.getShape());
  for (int64_t axis : op.getAxes()) {
    if (axis < 0 || axis >= type.getRank())
      return emitOptionalError(loc, "axis ", axis, " is outside rank ",
                               type.getRank());
    shape[axis] = 1;
  }
  results.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

LogicalResult SoftmaxOp::verify() {
  int64_t rank = cast<RankedTensorType>(getInput().getType()).getRank();
  int64_t axis = getAxis();
  if (axis < 0 || axis >= rank)
    return emitOpError("axis ") << axis << " is outside rank " << rank;
  return success();
}

LogicalResult SoftmaxOp::inferReturnTypes(
    MLIRContext *, std::optional<Location>, ValueRange operands, DictionaryAttr,
    OpaqueProperties, RegionRange, SmallVectorImpl<Type> &results) {
  results.push_back(operands[0].getType());
  return success();
}

/// One element is its own sum, mean, maximum, minimum and product:
///   nnc.reduce sum %x {axes = [1]} : tensor<4x1xf32>   ->   %x
OpFoldResult ReduceOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : Value();
}
