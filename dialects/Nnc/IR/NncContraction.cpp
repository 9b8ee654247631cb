//===- NncContraction.cpp - convolution and matrix product ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"

using namespace mlir;
using namespace nncc::nnc;

bool ConvOp::isDepthwise() {
  auto filter = cast<RankedTensorType>(getFilter().getType());
  return getGroups() > 1 && filter.getDimSize(1) == 1;
}

int64_t ConvOp::getOutputsPerGroup() {
  return cast<RankedTensorType>(getFilter().getType()).getDimSize(0) /
         static_cast<int64_t>(getGroups());
}

bool ConvOp::lanesStayInGroup(int64_t lanes) {
  // Elements of wider groups are costly to spread over a vector: permutations work
  // within 128 bits, or take two instructions.
  const int64_t widest = 4;
  int64_t outputs = getOutputsPerGroup();
  bool holdsGroups = outputs <= widest && lanes > outputs && lanes % outputs == 0;
  return getGroups() > 1 && !isDepthwise() && !holdsGroups;
}

LogicalResult ConvOp::verify() {
  unsigned rank = getSpatialRank();
  if (getDilations().size() != rank || getPadBegin().size() != rank ||
      getPadEnd().size() != rank)
    return emitOpError("needs strides, dilations and padding for each of ")
           << rank << " spatial dimensions";
  return success();
}

static LogicalResult
checkFilter(std::optional<Location> loc, ArrayRef<int64_t> input,
            ArrayRef<int64_t> filter, int64_t groups) {
  if (input.size() < 3 || input.size() > 5 || filter.size() != input.size())
    return emitOptionalError(loc, "input ", shapeText(input), " and filter ",
                             shapeText(filter),
                             " must both have 1 to 3 spatial dimensions");
  if (groups < 1 || input[1] % groups != 0)
    return emitOptionalError(loc, input[1],
                             " input channels are not divisible by group ",
                             groups);
  if (filter[0] % groups != 0)
    return emitOptionalError(loc, filter[0],
                             " output channels are not divisible by group ",
                             groups);
  if (filter[1] != input[1] / groups)
    return emitOptionalError(loc, "filter ", shapeText(filter), " has ",
                             filter[1], " input channels per group, input ",
                             shapeText(input), " with group ", groups, " has ",
                             input[1] / groups);
  return success();
}

LogicalResult ConvOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  auto inputType = cast<RankedTensorType>(op.getInput().getType());
  ArrayRef<int64_t> input = inputType.getShape();
  auto filterType = cast<RankedTensorType>(op.getFilter().getType());
  ArrayRef<int64_t> filter = filterType.getShape();
  if (filterType.getElementType() != inputType.getElementType())
    return emitOptionalError(loc, "input elements are ",
                             inputType.getElementType(), ", filter elements ",
                             filterType.getElementType());
  if (failed(checkFilter(loc, input, filter, op.getGroups())))
    return failure();
  unsigned rank = input.size() - 2;
  if (op.getStrides().size() != rank || op.getDilations().size() != rank ||
      op.getPadBegin().size() != rank || op.getPadEnd().size() != rank)
    return emitOptionalError(
        loc, "strides, dilations or pads do not match ", rank,
        " spatial dimensions");
  if (Value bias = op.getBias()) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>(bias.getType()).getShape();
    if (shape.size() != 1 || shape[0] != filter[0])
      return emitOptionalError(loc, "bias has shape ", shapeText(shape), ", ",
                               filter[0], " output channels need ", filter[0]);
  }
  SmallVector<int64_t> shape{input[0], filter[0]};
  for (unsigned i = 0; i < rank; ++i) {
    if (op.getStrides()[i] < 1 || op.getDilations()[i] < 1)
      return emitOptionalError(loc, "stride ", op.getStrides()[i],
                               " and dilation ", op.getDilations()[i],
                               " must be positive");
    int64_t padded =
        input[i + 2] + op.getPadBegin()[i] + op.getPadEnd()[i];
    int64_t window = (filter[i + 2] - 1) * op.getDilations()[i] + 1;
    if (padded < window)
      return emitOptionalError(loc, "window of extent ", window,
                               " does not fit the padded input extent ",
                               padded);
    shape.push_back((padded - window) / op.getStrides()[i] + 1);
  }
  results.push_back(RankedTensorType::get(shape, inputType.getElementType()));
  return success();
}

LogicalResult MatmulOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  auto lhs = cast<RankedTensorType>(operands[0].getType());
  auto rhs = cast<RankedTensorType>(operands[1].getType());
  if (lhs.getElementType() != rhs.getElementType())
    return emitOptionalError(loc, "operands have element types ",
                             lhs.getElementType(), " and ",
                             rhs.getElementType());
  if (lhs.getRank() < 2 || rhs.getRank() < 2)
    return emitOptionalError(loc, "operands ", shapeText(lhs.getShape()),
                             " and ", shapeText(rhs.getShape()),
                             " must be matrices");
  int64_t k = lhs.getShape().back(), rhsK = rhs.getDimSize(rhs.getRank() - 2);
  if (k != rhsK)
    return emitOptionalError(loc, "inner extents of ",
                             shapeText(lhs.getShape()), " and ",
                             shapeText(rhs.getShape()), " differ: ", k, " and ",
                             rhsK);
  auto batch = broadcastShapes(
      {lhs.getShape().drop_back(2), rhs.getShape().drop_back(2)});
  if (failed(batch))
    return emitOptionalError(loc, "batch extents of ",
                             shapeText(lhs.getShape()), " and ",
                             shapeText(rhs.getShape()), " do not broadcast");
  batch->push_back(lhs.getDimSize(lhs.getRank() - 2));
  batch->push_back(rhs.getShape().back());
  results.push_back(RankedTensorType::get(*batch, lhs.getElementType()));
  return success();
}
