//===- Constant.cpp - constants, casts and identities
//-----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include <llvm/ADT/APSInt.h>

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

/// Inference keeps everything. The mask, the second result, is refused if used.
static LogicalResult importDropout(NodeImport &n) {
  n.ignore("ratio");
  n.ignore("seed");
  n.constant(1); // the ratio
  std::optional<IntTensor> training = IntTensor::get(n.constant(2));
  if (n.has(2) && (!training || llvm::any_of(training->values,
                                             [](int64_t v) { return v != 0; })))
    return n.error() << "training mode is not supported";
  return n.yield(n.operand(0));
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

/// Calls `visit` with each element of `constant`, a double or an int64_t; with
/// only one of a splat.
template <typename Visit>
static void forEachNumber(ElementsAttr constant, Visit visit) {
  if (auto tensor = dyn_cast<DenseIntElementsAttr>(constant)) {
    Type type = tensor.getElementType();
    bool zeroExtend = type.isUnsignedInteger() || type.isInteger(1);
    auto values = tensor.getValues<APInt>();
    int64_t count = tensor.isSplat() ? 1 : tensor.getNumElements();
    for (const APInt &value :
         llvm::make_range(values.begin(), values.begin() + count))
      visit(int64_t(zeroExtend ? value.getZExtValue() : value.getSExtValue()));
    return;
  }
  ArrayRef<char> bytes = constantBytes(constant);
  Type type = constant.getElementType();
  unsigned width = type.getIntOrFloatBitWidth(), size = width / 8;
  for (size_t at = 0; at < bytes.size(); at += size) {
    uint64_t bits = 0;
    memcpy(&bits, &bytes[at], size);
    if (auto floating = dyn_cast<FloatType>(type))
      visit(APFloat(floating.getFloatSemantics(), APInt(width, bits))
                .convertToDouble());
    else
      visit(type.isUnsignedInteger() ? int64_t(bits)
                                     : llvm::SignExtend64(bits, width));
  }
}

/// Appends `value` in the bytes of `type`: floats round to nearest, floats to
/// integers truncate and saturate, integers wrap around.
template <typename Number>
static void appendNumber(Number value, Type type, std::vector<char> &bytes) {
  uint64_t bits;
  unsigned size = std::max(type.getIntOrFloatBitWidth() / 8, 1u);
  if (auto floating = dyn_cast<FloatType>(type)) {
    bool lossy;
    APFloat number((double)value);
    number.convert(floating.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                   &lossy);
    bits = number.bitcastToAPInt().getZExtValue();
  } else if (type.isInteger(1)) {
    bits = value != 0;
  } else if constexpr (std::is_same_v<Number, double>) {
    llvm::APSInt integer(type.getIntOrFloatBitWidth(),
                         type.isUnsignedInteger());
    bool exact;
    APFloat(value).convertToInteger(integer, APFloat::rmTowardZero, &exact);
    bits = integer.getZExtValue();
  } else {
    bits = value;
  }
  const char *low = reinterpret_cast<const char *>(&bits);
  bytes.insert(bytes.end(), low, low + size);
}

/// Constants of any type are converted here; of values only f32 exists.
static LogicalResult castTo(NodeImport &n, Type to) {
  OpFoldResult input = n.operand(0);
  if (!input)
    return failure();
  RankedTensorType from = typeOf(input);
  if (from.getElementType() == to)
    return n.yield(input);
  ElementsAttr constant = n.constant(0);
  if (!constant)
    return n.error() << "cannot convert elements of type "
                     << onnxTypeName(onnxTypeFor(from.getElementType()))
                     << " to " << onnxTypeName(onnxTypeFor(to))
                     << " when the network runs";
  auto bytes = std::make_shared<std::vector<char>>();
  forEachNumber(constant, [&](auto value) { appendNumber(value, to, *bytes); });
  OwnedBytes data{*bytes, bytes};
  auto type = RankedTensorType::get(from.getShape(), to);
  auto dense = dyn_cast<DenseElementsAttr>(constant);
  if (!dense || !dense.isSplat())
    return n.yield(OpFoldResult(makeConstant(type, data, n.name())));
  auto one = cast<DenseElementsAttr>(
      makeConstant(RankedTensorType::get({1}, to), data, n.name()));
  return n.yield(OpFoldResult(one.resizeSplat(type)));
}

static LogicalResult importCast(NodeImport &n) {
  n.ignore("saturate"); // concerns 8-bit floats
  n.ignore("round_mode");
  int64_t to = n.integer("to", 0);
  Type type = elementTypeFor(n.context(), to);
  if (!type)
    return n.error() << "element type " << onnxTypeName(to)
                     << " is not supported";
  return castTo(n, type);
}

static LogicalResult importCastLike(NodeImport &n) {
  n.ignore("saturate");
  n.ignore("round_mode");
  OpFoldResult like = n.operand(1);
  return like ? castTo(n, typeOf(like).getElementType()) : failure();
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
