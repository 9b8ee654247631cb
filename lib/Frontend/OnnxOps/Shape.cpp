//===- Shape.cpp - operators that only move data --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Reshape and its relatives
//===----------------------------------------------------------------------===//

/// Replaces 0 (the input's extent, unless `allowZero`) and one -1 (the rest).
static FailureOr<SmallVector<int64_t>> resolveShape(NodeImport &n,
                                                    ArrayRef<int64_t> wanted,
                                                    RankedTensorType input,
                                                    bool allowZero) {
  SmallVector<int64_t> shape(wanted);
  int64_t known = 1;
  std::optional<size_t> rest;
  auto cannot = [&] {
    return n.error() << "cannot reshape " << nnc::shapeText(input.getShape())
                     << " to " << nnc::shapeText(wanted);
  };
  for (auto [i, extent] : llvm::enumerate(shape)) {
    if (extent == -1) {
      if (rest)
        return n.error() << "shape " << nnc::shapeText(wanted)
                         << " leaves two extents open";
      rest = i;
      continue;
    }
    if (extent == 0 && !allowZero) {
      if (int64_t(i) >= input.getRank())
        return cannot();
      extent = input.getDimSize(i);
    }
    // More elements than any tensor has cannot fit, and could overflow.
    if (extent < 0 || extent > INT32_MAX || (known *= extent) > INT32_MAX)
      return cannot();
  }
  if (rest) {
    if (known == 0 || input.getNumElements() % known != 0)
      return cannot();
    shape[*rest] = input.getNumElements() / known;
  }
  return shape;
}

static LogicalResult importReshape(NodeImport &n) {
  OpFoldResult input = n.operand(0);
  FailureOr<SmallVector<int64_t>> wanted = n.integers(1, "the shape");
  if (!input || failed(wanted))
    return failure();
  FailureOr<SmallVector<int64_t>> shape =
      resolveShape(n, *wanted, typeOf(input), n.integer("allowzero", 0) != 0);
  return failed(shape) ? failure() : n.yield(n.reshape(input, *shape));
}

static LogicalResult importFlatten(NodeImport &n) {
  OpFoldResult input = n.operand(0);
  if (!input)
    return failure();
  ArrayRef<int64_t> shape = typeOf(input).getShape();
  int64_t rank = shape.size(), axis = n.integer("axis", 1);
  if (axis < -rank || axis > rank)
    return n.error() << "axis " << axis << " is outside rank " << rank;
  axis += axis < 0 ? rank : 0;
  return n.yield(
      n.reshape(input, {ShapedType::getNumElements(shape.take_front(axis)),
                        ShapedType::getNumElements(shape.drop_front(axis))}));
}

/// The axes of Squeeze and Unsqueeze: an attribute before opset 13, then an
/// input. An empty list stands for axes that were left out.
static FailureOr<SmallVector<int64_t>> readAxes(NodeImport &n) {
  if (n.opset() < 13)
    return n.integers("axes").value_or(SmallVector<int64_t>());
  if (!n.has(1))
    return SmallVector<int64_t>();
  return n.integers(1, "the list of axes");
}

static LogicalResult importSqueeze(NodeImport &n) {
  OpFoldResult input = n.operand(0);
  FailureOr<SmallVector<int64_t>> axes = readAxes(n);
  if (!input || failed(axes))
    return failure();
  ArrayRef<int64_t> shape = typeOf(input).getShape();
  bool all = axes->empty();
  axes = n.normalizeAxes(*axes, shape.size());
  if (failed(axes))
    return failure();
  SmallVector<int64_t> squeezed;
  for (auto [i, extent] : llvm::enumerate(shape)) {
    bool drop = all ? extent == 1 : llvm::is_contained(*axes, int64_t(i));
    if (drop && extent != 1)
      return n.error() << "cannot drop axis " << i << " of extent " << extent;
    if (!drop)
      squeezed.push_back(extent);
  }
  return n.yield(n.reshape(input, squeezed));
}

static LogicalResult importUnsqueeze(NodeImport &n) {
  OpFoldResult input = n.operand(0);
  FailureOr<SmallVector<int64_t>> axes = readAxes(n);
  if (!input || failed(axes))
    return failure();
  SmallVector<int64_t> shape(typeOf(input).getShape());
  axes = n.normalizeAxes(*axes, shape.size() + axes->size());
  if (failed(axes))
    return failure();
  for (int64_t axis : *axes)
    shape.insert(shape.begin() + axis, 1);
  return n.yield(n.reshape(input, shape));
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

static LogicalResult importTranspose(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  SmallVector<int64_t> reversed = llvm::to_vector(
      llvm::reverse(llvm::seq<int64_t>(0, shapeOf(input).size())));
  return n.yield(
      n.create<nnc::TransposeOp>(input, n.integers("perm").value_or(reversed)));
}

static LogicalResult importExpand(NodeImport &n) {
  Value input = n.input(0);
  FailureOr<SmallVector<int64_t>> wanted = n.integers(1, "the shape");
  if (!input || failed(wanted))
    return failure();
  auto shape = nnc::broadcastShapes({shapeOf(input), *wanted});
  if (failed(shape))
    return n.error() << "cannot broadcast " << nnc::shapeText(shapeOf(input))
                     << " to " << nnc::shapeText(*wanted);
  return n.yield(n.broadcast(input, *shape));
}

/// The element of a dimension that its border repeats at position `i`.
static int64_t borderPosition(StringRef mode, int64_t i, int64_t extent) {
  if (mode == "edge")
    return std::clamp<int64_t>(i, 0, extent - 1);
  if (mode == "wrap")
    return llvm::mod(i, extent);
  // Reflection at the first and the last element, which are not repeated.
  int64_t period = std::max<int64_t>(2 * (extent - 1), 1);
  int64_t phase = llvm::mod(i, period);
  return phase < extent ? phase : period - phase;
}

/// `padded` with `value`, which is known when the network runs, outside the part of
/// extents `inner`.
static Value withBorder(NodeImport &n, Value padded, ArrayRef<int64_t> inner,
                        ArrayRef<int64_t> begin, ArrayRef<int64_t> end, Value value) {
  Type i1 = IntegerType::get(n.context(), 1);
  Value isInside = n.constant(nnc::makeSplat(RankedTensorType::get(inner, i1), 1));
  isInside = n.create<nnc::PadOp>(isInside, begin, end, APFloat(0.0));
  return padded ? n.create<nnc::SelectOp>(isInside, padded, value) : Value();
}

/// Adds a border of begin_0, begin_1, ..., end_0, end_1, ... elements to the
/// given axes.
static LogicalResult pad(NodeImport &n, Value input, ArrayRef<int64_t> amounts,
                         ArrayRef<int64_t> axes, double value, Value computed = {}) {
  std::string mode = n.text("mode", "constant");
  if (mode != "constant" && mode != "edge" && mode != "reflect" && mode != "wrap")
    return n.error() << "attribute 'mode' has the unknown value '" << mode << "'";
  if (amounts.size() != 2 * axes.size())
    return n.error() << "has " << amounts.size() << " pad amounts, "
                     << axes.size() << " axes need " << 2 * axes.size();
  size_t rank = shapeOf(input).size();
  SmallVector<int64_t> begin(rank, 0), end(rank, 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    begin[axis] = amounts[i];
    end[axis] = amounts[axes.size() + i];
    for (int64_t amount : {begin[axis], end[axis]})
      if (amount < -int64_t(INT32_MAX) || amount > INT32_MAX)
        return n.error() << "cannot pad by " << amount << " elements";
  }
  if (mode == "constant") {
    Value padded = n.create<nnc::PadOp>(input, begin, end, APFloat(value));
    return n.yield(computed ? withBorder(n, padded, shapeOf(input), begin, end, computed) : padded);
  }
  SmallVector<SmallVector<int64_t>> positions;
  for (auto [d, extent] : llvm::enumerate(shapeOf(input))) {
    if (extent < 1 || begin[d] + end[d] + extent < 0)
      return n.error() << "cannot pad dimension " << d << " of extent " << extent
                       << " by " << begin[d] << " and " << end[d] << " elements";
    auto &list = positions.emplace_back();
    for (int64_t i = -begin[d]; i < extent + end[d]; ++i)
      list.push_back(borderPosition(mode, i, extent));
  }
  return n.yield(take(n, input, positions));
}

static LogicalResult importPadAttributes(NodeImport &n) {
  Value input = n.input(0);
  std::optional<SmallVector<int64_t>> amounts = n.integers("pads");
  if (!amounts)
    return n.error() << "attribute 'pads' is missing";
  if (!input)
    return failure();
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, shapeOf(input).size()));
  return pad(n, input, *amounts, axes, n.real("value", 0));
}

static LogicalResult importPad(NodeImport &n) {
  Value input = n.input(0);
  FailureOr<SmallVector<int64_t>> amounts = n.integers(1, "the list of pads");
  if (!input || failed(amounts))
    return failure();
  double value = 0;
  Value computed;
  if (n.has(2)) {
    auto constant = nnc::ConstantData::get(n.constant(2));
    if (typeOf(n.operand(2)).getNumElements() != 1)
      return n.error() << "the pad value (input #2) must be one number";
    if (constant)
      value = constant->at(0);
    else
      computed = n.reshape(n.input(2), {});
  }
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, shapeOf(input).size()));
  if (n.has(3)) {
    FailureOr<SmallVector<int64_t>> given = n.integers(3, "the list of axes");
    if (failed(given))
      return failure();
    // Keeps the order, which is that of the amounts.
    axes = *given;
    for (int64_t &axis : axes) {
      FailureOr<int64_t> normalized =
          n.normalizeAxis(axis, shapeOf(input).size());
      if (failed(normalized))
        return failure();
      axis = *normalized;
    }
  }
  return pad(n, input, *amounts, axes, value, computed);
}

ArrayRef<OnnxOpRow> nncc::frontend::shapeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Expand", 8, anyNewer, importExpand},
      {"", "Flatten", 7, anyNewer, importFlatten},
      {"", "Pad", 7, 10, importPadAttributes},
      {"", "Pad", 11, anyNewer, importPad},
      {"", "Reshape", 7, anyNewer, importReshape},
      {"", "Squeeze", 7, anyNewer, importSqueeze},
      {"", "Transpose", 7, anyNewer, importTranspose},
      {"", "Unsqueeze", 7, anyNewer, importUnsqueeze},
  };
  return rows;
}
