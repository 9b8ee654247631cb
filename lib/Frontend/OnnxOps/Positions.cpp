//===- Positions.cpp - what depends on where an element is ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Positions.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include <cmath>
#include <llvm/Support/Format.h>
#include <llvm/Support/raw_ostream.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

Value nncc::frontend::alongAxis(NodeImport &n, ArrayRef<double> values,
                                Type element, int64_t axis, int64_t rank) {
  SmallVector<int64_t> shape(rank - axis, 1);
  shape[0] = values.size();
  auto type = RankedTensorType::get(shape, element);
  return n.constant(nnc::makeConstant(type, values));
}

Value nncc::frontend::positionsAlong(NodeImport &n, int64_t count, Type element,
                                     int64_t axis, int64_t rank) {
  const int64_t most = 1 << 24; // that are worth being stored
  if (count > most) {
    n.error() << "an axis of extent " << count << " is longer than " << most
              << ", the longest one that can be counted along";
    return {};
  }
  SmallVector<double> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(i);
  return alongAxis(n, values, element, axis, rank);
}

std::string nncc::frontend::numberText(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", value);
  return text;
}

//===----------------------------------------------------------------------===//
// Diagonals
//===----------------------------------------------------------------------===//

/// Number `k` of the diagonal (input `i` of a node), 0 if it is absent. Beyond
/// the matrix all diagonals are alike.
static Value diagonal(NodeImport &n, unsigned i, ArrayRef<int64_t> matrix) {
  auto type = RankedTensorType::get({}, IntegerType::get(n.context(), 32));
  int64_t lowest = -matrix[0], highest = matrix[1];
  if (!n.has(i))
    return n.constant(nnc::makeSplat(type, 0));
  if (auto known = IntTensor::get(n.constant(i));
      known && known->values.size() == 1)
    return n.constant(
        nnc::makeSplat(type, std::clamp(known->values[0], lowest, highest)));
  Value k = n.input(i);
  if (!k || nnc::typeOf(k).getNumElements() != 1) {
    n.error() << "the diagonal (input #" << i << ") must be one number";
    return {};
  }
  k = n.reshape(k, {});
  k = n.create<nnc::MinOp>(n.create<nnc::MaxOp>(k, n.scalar(lowest, k)),
                           n.scalar(highest, k));
  return n.convert(k, type.getElementType());
}

/// The elements of matrices above or below a diagonal:
///   column - row < k ? 0 : x      the other way around for the lower part
static LogicalResult importTrilu(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  int64_t rank = shapeOf(x).size();
  if (rank < 2)
    return n.error() << "input " << nnc::shapeText(shapeOf(x))
                     << " is no matrix";
  ArrayRef<int64_t> matrix = shapeOf(x).take_back(2);
  Value k = diagonal(n, 1, matrix);
  bool upper = n.integer("upper", 1) != 0;
  if (nnc::typeOf(x).getNumElements() == 0)
    return n.yield(x);
  Type i32 = IntegerType::get(n.context(), 32);
  Value row = positionsAlong(n, matrix[0], i32, 0, 2);
  Value column = positionsAlong(n, matrix[1], i32, 1, 2);
  Value edge = n.create<nnc::AddOp>(row, k);
  Value isZero = upper ? n.create<nnc::LessOp>(column, edge)
                       : n.create<nnc::LessOp>(edge, column);
  return n.yield(n.create<nnc::SelectOp>(isZero, n.scalar(0, x), x));
}

/// column == row + k ? 1 : 0
static LogicalResult importEyeLike(NodeImport &n) {
  OpFoldResult like = n.operand(0);
  if (!like)
    return failure();
  RankedTensorType type = typeOf(like);
  if (type.getRank() != 2)
    return n.error() << "input " << nnc::shapeText(type.getShape())
                     << " is no matrix";
  Type element = type.getElementType();
  if (n.hasAttribute("dtype")) {
    int64_t wanted = n.integer("dtype", 0);
    element = elementTypeFor(n.context(), wanted);
    if (!element)
      return n.error() << "element type " << onnxTypeName(wanted)
                       << " is not supported";
  }
  int64_t rows = type.getDimSize(0), columns = type.getDimSize(1);
  if (type.getNumElements() == 0)
    return n.yield(OpFoldResult(nnc::makeSplat(type.clone(element), 0)));
  // All diagonals beyond the matrix are alike.
  int64_t k = std::clamp<int64_t>(n.integer("k", 0), -rows, columns);
  Type i32 = IntegerType::get(n.context(), 32);
  Value row = positionsAlong(n, rows, i32, 0, 2);
  Value edge = n.create<nnc::AddOp>(row, n.scalar(k, row));
  Value isOne = n.create<nnc::EqualOp>(positionsAlong(n, columns, i32, 1, 2), edge);
  return n.yield(n.convert(isOne, element));
}

//===----------------------------------------------------------------------===//
// OneHot
//===----------------------------------------------------------------------===//

/// The number of classes of OneHot.
static FailureOr<int64_t> readDepth(NodeImport &n) {
  auto depth = nnc::ConstantData::get(n.constant(1));
  if (!n.has(1) || !depth || depth->size() != 1)
    return n.error() << "the depth (input #1) must be a constant number";
  double value = depth->at(0);
  if (!(value >= 1) || value > INT32_MAX)
    return n.error() << "the depth must be positive, it is "
                     << numberText(value);
  return int64_t(value);
}

/// on where the index is the position along the new axis, else off. Negative
/// indices count from the end; what is outside is off everywhere.
static LogicalResult importOneHot(NodeImport &n) {
  Value indices = n.input(0), values = n.input(2);
  FailureOr<int64_t> depth = readDepth(n);
  if (!indices || !values || failed(depth))
    return failure();
  if (shapeOf(values) != ArrayRef<int64_t>(2))
    return n.error() << "the values (input #2) have the shape "
                     << nnc::shapeText(shapeOf(values))
                     << ", they must be two: off and on";
  int64_t rank = shapeOf(indices).size() + 1;
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", -1), rank);
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(shapeOf(indices));
  shape.insert(shape.begin() + *axis, 1);
  Type element = nnc::typeOf(indices).getElementType();
  Value index = n.reshape(indices, shape), size = n.scalar(*depth, index);
  Value isNegative = n.create<nnc::LessOp>(index, n.scalar(0, index));
  index = n.create<nnc::SelectOp>(isNegative, n.create<nnc::AddOp>(index, size),
                                  index);
  Value isOn = n.create<nnc::EqualOp>(
      index, positionsAlong(n, *depth, element, *axis, rank));
  Value off = n.reshape(slice(n, values, 0, 0, 1), {}),
        on = n.reshape(slice(n, values, 0, 1, 1), {});
  return n.yield(n.create<nnc::SelectOp>(isOn, on, off));
}

//===----------------------------------------------------------------------===//
// Range
//===----------------------------------------------------------------------===//

static ElementsAttr rangeOfFloats(RankedTensorType type, double start,
                                  double step) {
  std::vector<double> values;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    values.push_back(start + i * step);
  return nnc::makeConstant(type, ArrayRef<double>(values));
}

static ElementsAttr rangeOfIntegers(RankedTensorType type, int64_t start,
                                    int64_t step) {
  IntTensor result{type.getElementType(), llvm::to_vector(type.getShape()), {}};
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    result.values.push_back(
        int64_t(uint64_t(start) + uint64_t(i) * uint64_t(step)));
  return result.toAttr();
}

/// Its length must be known, so its bounds are constants.
static LogicalResult importRange(NodeImport &n) {
  constexpr StringLiteral names[] = {"the start", "the limit", "the step"};
  SmallVector<nnc::ConstantData> bounds;
  for (auto [i, what] : llvm::enumerate(names)) {
    auto bound = nnc::ConstantData::get(n.constant(i));
    if (!n.has(i) || !bound || bound->size() != 1)
      return n.error() << what << " (input #" << i
                       << ") must be a constant number";
    bounds.push_back(*bound);
  }
  double start = bounds[0].at(0), limit = bounds[1].at(0),
         step = bounds[2].at(0);
  double count = std::max(std::ceil((limit - start) / step), 0.0);
  constexpr double most = 1 << 24; // elements that are worth being stored
  if (step == 0 || !(count <= most))
    return n.error() << "cannot count from " << numberText(start) << " to "
                     << numberText(limit) << " in steps of "
                     << numberText(step);
  auto type = RankedTensorType::get(int64_t(count),
                                    bounds[0].getType().getElementType());
  if (isa<FloatType>(type.getElementType()))
    return n.yield(OpFoldResult(rangeOfFloats(type, start, step)));
  return n.yield(OpFoldResult(
      rangeOfIntegers(type, bounds[0].integerAt(0), bounds[2].integerAt(0))));
}

ArrayRef<OnnxOpRow> nncc::frontend::positionRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "EyeLike", 9, anyNewer, importEyeLike},
      {"", "OneHot", 9, anyNewer, importOneHot},
      {"", "Range", 11, anyNewer, importRange},
      {"", "Trilu", 14, anyNewer, importTrilu},
  };
  return rows;
}
