//===- Constant.cpp - constants, casts and identities ---------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/Evaluation.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static ElementsAttr floats(NodeImport &n, ArrayRef<float> values,
                           ArrayRef<int64_t> shape) {
  return DenseElementsAttr::get(
      RankedTensorType::get(shape, Float32Type::get(n.context())), values);
}

static LogicalResult importConstant(NodeImport &n) {
  OpFoldResult value;
  if (n.hasAttribute("value")) {
    if (ElementsAttr tensor = n.tensor("value"))
      value = tensor;
  } else if (n.hasAttribute("value_float")) {
    value = floats(n, n.real("value_float", 0), {});
  } else if (auto list = n.reals("value_floats")) {
    value = floats(n, *list, int64_t(list->size()));
  } else if (n.hasAttribute("value_int")) {
    IntTensor tensor =
        IntTensor::vector(n.context(), n.integer("value_int", 0));
    tensor.shape.clear();
    value = tensor.toAttr();
  } else if (auto list = n.integers("value_ints")) {
    value = IntTensor::vector(n.context(), *list).toAttr();
  } else {
    return n.error() << "has no value of a supported kind (dense numbers)";
  }
  return n.yield(value);
}

/// A splat, whatever its size.
static LogicalResult importConstantOfShape(NodeImport &n) {
  FailureOr<SmallVector<int64_t>> shape = n.integers(0, "the shape");
  if (failed(shape))
    return failure();
  if (llvm::Error problem = checkShape(*shape))
    return n.error() << llvm::toString(std::move(problem));
  if (!n.hasAttribute("value"))
    return n.yield(OpFoldResult(DenseElementsAttr::get(
        RankedTensorType::get(*shape, Float32Type::get(n.context())), 0.0f)));
  auto value = dyn_cast_or_null<DenseElementsAttr>(n.tensor("value"));
  if (!value || value.getNumElements() != 1)
    return n.error() << "attribute 'value' must be a tensor of one element";
  return n.yield(OpFoldResult(value.resizeSplat(
      RankedTensorType::get(*shape, value.getElementType()))));
}

//===----------------------------------------------------------------------===//
// Identities
//===----------------------------------------------------------------------===//

static LogicalResult importIdentity(NodeImport &n) {
  return n.yield(n.operand(0));
}

/// Inference keeps everything, and the mask, the second result, says so.
static LogicalResult importDropout(NodeImport &n) {
  n.ignore("ratio");
  n.ignore("seed");
  n.constant(1); // the ratio
  std::optional<IntTensor> training = IntTensor::get(n.constant(2));
  if (n.has(2) && (!training || llvm::any_of(training->values,
                                             [](int64_t v) { return v != 0; })))
    return n.error() << "training mode is not supported";
  OpFoldResult x = n.operand(0);
  if (failed(n.yield(x)))
    return failure();
  Type element = IntegerType::get(n.context(), 1);
  if (n.opset() < 10)
    element = typeOf(x).getElementType();
  auto mask = RankedTensorType::get(typeOf(x).getShape(), element);
  return n.yield(OpFoldResult(nnc::makeSplat(mask, 1)));
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

static LogicalResult importCast(NodeImport &n) {
  n.ignore("saturate"); // concerns 8-bit floats
  n.ignore("round_mode");
  int64_t to = n.integer("to", 0);
  Type type = elementTypeFor(n.context(), to);
  if (!type)
    return n.error() << "element type " << onnxTypeName(to)
                     << " is not supported";
  return n.yield(n.convert(n.input(0), type));
}

static LogicalResult importCastLike(NodeImport &n) {
  n.ignore("saturate");
  n.ignore("round_mode");
  OpFoldResult x = n.operand(0), like = n.operand(1);
  if (!x || !like)
    return failure();
  Type to = typeOf(like).getElementType();
  if (typeOf(x).getElementType() == to)
    return n.yield(x);
  Value result = n.convert(n.input(0), to);
  // A constant stays one, whatever it is to be like.
  if (ElementsAttr known = result ? nnc::evaluate(result.getDefiningOp()) : ElementsAttr())
    return n.yield(OpFoldResult(known));
  return n.yield(result);
}

ArrayRef<OnnxOpRow> nncc::frontend::constantRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Cast", 7, anyNewer, importCast},
      {"", "CastLike", 15, anyNewer, importCastLike},
      {"", "Constant", 7, anyNewer, importConstant},
      {"", "ConstantOfShape", 9, anyNewer, importConstantOfShape},
      {"", "Dropout", 7, anyNewer, importDropout},
      {"", "Identity", 7, anyNewer, importIdentity},
  };
  return rows;
}
