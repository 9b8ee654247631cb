//===- NncSelection.cpp - operations that search ------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::nnc;

/// True if `tensor` has elements of `type` (any if null) and the `rank`.
static bool hasForm(Value tensor, int64_t rank, Type type = {}) {
  RankedTensorType actual = typeOf(tensor);
  return actual.getRank() == rank && (!type || actual.getElementType() == type);
}

static bool isFloat(Value tensor) {
  Type element = typeOf(tensor).getElementType();
  return element.isF32() || element.isF64();
}

LogicalResult WalkTreesOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                            ValueRange operands, DictionaryAttr attributes,
                                            OpaqueProperties properties, RegionRange regions,
                                            SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  if (!hasForm(op.getInput(), 2) || !isFloat(op.getInput()))
    return emitOptionalError(loc, "trees decide about a matrix of f32 or f64, not ",
                             op.getInput().getType());
  RankedTensorType nodes = typeOf(op.getNodes());
  Type index = nodes.getElementType();
  if (!hasForm(op.getNodes(), 2) || nodes.getDimSize(1) != 3 ||
      !(index.isSignlessInteger(16) || index.isSignlessInteger(32)))
    return emitOptionalError(loc, "nodes must be rows of three i16 or i32, got ", nodes);
  if (!hasForm(op.getRoots(), 1, index))
    return emitOptionalError(loc, "roots must be a vector of ", index, ", got ",
                             op.getRoots().getType());
  auto perNode = [&](Value tensor, Type element) {
    return hasForm(tensor, 1, element) && typeOf(tensor).getDimSize(0) == nodes.getDimSize(0);
  };
  if (!perNode(op.getThresholds(), typeOf(op.getInput()).getElementType()))
    return emitOptionalError(loc, nodes.getDimSize(0), " nodes of ",
                             typeOf(op.getInput()).getElementType(), " do not fit thresholds ",
                             op.getThresholds().getType());
  if (op.getNanIsTrue() && !perNode(op.getNanIsTrue(), IntegerType::get(context, 1)))
    return emitOptionalError(loc, nodes.getDimSize(0), " nodes do not fit flags ",
                             op.getNanIsTrue().getType());
  int64_t rows = typeOf(op.getInput()).getDimSize(0);
  int64_t trees = typeOf(op.getRoots()).getDimSize(0);
  results.push_back(RankedTensorType::get({rows, trees}, IntegerType::get(context, 32)));
  return success();
}

LogicalResult SuppressBoxesOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                                ValueRange operands, DictionaryAttr attributes,
                                                OpaqueProperties properties, RegionRange regions,
                                                SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  Type f32 = Float32Type::get(context), i64 = IntegerType::get(context, 64);
  RankedTensorType boxes = typeOf(op.getBoxes()), scores = typeOf(op.getScores());
  if (!hasForm(op.getBoxes(), 3, f32) || boxes.getDimSize(2) != 4)
    return emitOptionalError(loc, "boxes must have the shape batch x boxes x 4 and be f32, not ",
                             boxes);
  if (!hasForm(op.getScores(), 3, f32) || scores.getDimSize(0) != boxes.getDimSize(0) ||
      scores.getDimSize(2) != boxes.getDimSize(1))
    return emitOptionalError(loc, "scores ", scores,
                             " must have the shape batch x classes x boxes and be f32 for boxes ",
                             boxes);
  if (op.getOrder().getType() != scores.clone(i64))
    return emitOptionalError(loc, "order ", op.getOrder().getType(), " does not fit scores ",
                             scores);
  for (Value limit : {op.getOverlap(), op.getScore()})
    if (limit && !hasForm(limit, 0, f32))
      return emitOptionalError(loc, "thresholds must be an f32 scalar, got ", limit.getType());
  int64_t limit = op.getLimit();
  if (limit < 1 || limit > boxes.getDimSize(1))
    return emitOptionalError(loc, "cannot select ", limit, " of ", boxes.getDimSize(1), " boxes");
  results.push_back(RankedTensorType::get({boxes.getDimSize(0), scores.getDimSize(1), limit}, i64));
  return success();
}

LogicalResult CoupleProbabilitiesOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  RankedTensorType forms = typeOf(op.getForms());
  Type f32 = Float32Type::get(context);
  if (!hasForm(op.getForms(), 3, f32) || forms.getDimSize(1) < 1 ||
      forms.getDimSize(1) != forms.getDimSize(2))
    return emitOptionalError(loc, "forms must have the shape rows x k x k and be f32, not ", forms);
  results.push_back(RankedTensorType::get(forms.getShape().drop_back(), f32));
  return success();
}
