//===- Detection.cpp - boxes in images ------------------------------------===//
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

/// A threshold as a scalar of f32; null if it is left out.
static Value readThreshold(NodeImport &n, unsigned i) {
  Value threshold = n.optionalInput(i);
  if (!threshold)
    return {};
  if (nnc::typeOf(threshold).getNumElements() != 1) {
    n.error() << "input #" << i << " must be one number, its shape is "
              << nnc::shapeText(shapeOf(threshold));
    return {};
  }
  return n.reshape(threshold, {});
}

/// The largest number of boxes per class, at most `numBoxes`; 0 if it is left
/// out.
static FailureOr<int64_t> readLimit(NodeImport &n, int64_t numBoxes) {
  if (!n.has(2))
    return 0;
  FailureOr<SmallVector<int64_t>> given = n.integers(2, "the number of boxes");
  if (failed(given))
    return failure();
  if (given->size() != 1 || given->front() < 0)
    return n.error() << "the number of boxes (input #2) must be one number "
                        "that is not negative";
  return std::min(given->front(), numBoxes);
}

/// A constant of i64 whose element i in row-major order is value(i).
static Value generate(NodeImport &n, ArrayRef<int64_t> shape,
                      llvm::function_ref<int64_t(int64_t)> value) {
  auto type = RankedTensorType::get(shape, IntegerType::get(n.context(), 64));
  std::vector<double> values;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    values.push_back(value(i));
  return n.constant(nnc::makeConstant(type, ArrayRef<double>(values)));
}

/// `selected` (images x classes x limit, -1 where there is nothing) as rows
/// (image, class, box), those that exist first; the others are -1.
static Value rowsOf(NodeImport &n, Value selected) {
  ArrayRef<int64_t> shape = shapeOf(selected);
  int64_t classes = shape[1], limit = shape[2], rows = nnc::typeOf(selected).getNumElements();
  Value boxes = n.reshape(selected, {rows, 1});
  Value isNone = n.create<nnc::LessOp>(boxes, n.scalar(0, boxes));
  Value place = generate(n, {rows, 2}, [&](int64_t i) {
    int64_t unit = i / 2 / limit;
    return i % 2 == 0 ? unit / classes : unit % classes;
  });
  Value both = concat(n, {n.create<nnc::SelectOp>(isNone, n.scalar(-1, place), place), boxes}, 1);
  if (shape[0] * classes == 1) // nothing behind the first gap
    return both;
  // Of equal elements the first comes first: a stable partition.
  Value key = n.convert(n.reshape(isNone, {rows}), IntegerType::get(n.context(), 32));
  Value sorted = n.create<nnc::TopKOp>(key, 0, rows, /*smallest=*/true);
  if (!sorted || !both)
    return {};
  MLIRContext *context = n.context();
  AffineExpr row = getAffineDimExpr(0, context), column = getAffineDimExpr(1, context);
  AffineMap map = AffineMap::get(2, 1, {getAffineSymbolExpr(0, context), column}, context);
  return gatherUnchecked(n, both, {rows, 3}, map,
                         {{sorted.getDefiningOp()->getResult(1), AffineMap::get(2, 0, row)}},
                         /*inRange=*/true);
}

/// The number of boxes that pass is known only when the network runs: the
/// result has room for all that may.
static LogicalResult importNonMaxSuppression(NodeImport &n) {
  Value boxes = n.input(0), scores = n.input(1);
  if (!boxes || !scores)
    return failure();
  if (shapeOf(boxes).size() != 3 || shapeOf(scores).size() != 3)
    return n.error() << "boxes " << nnc::shapeText(shapeOf(boxes)) << " and scores "
                     << nnc::shapeText(shapeOf(scores)) << " must have 3 dimensions";
  int64_t numBoxes = shapeOf(boxes)[1];
  int64_t centered = n.integer("center_point_box", 0);
  FailureOr<int64_t> limit = readLimit(n, numBoxes);
  Value overlap = readThreshold(n, 3), minimum = readThreshold(n, 4);
  if (failed(limit) || n.failed())
    return failure();
  if (centered != 0 && centered != 1)
    return n.error() << "attribute 'center_point_box' must be 0 or 1, got " << centered;
  auto i64 = IntegerType::get(n.context(), 64);
  int64_t units = shapeOf(scores)[0] * shapeOf(scores)[1];
  if (*limit == 0 || units == 0) {
    auto none = RankedTensorType::get({0, 3}, i64);
    return n.yield(
        n.constant(cast<ElementsAttr>(DenseElementsAttr::get(none, ArrayRef<Attribute>()))));
  }
  if (!overlap)
    overlap = n.scalar(0, scores);
  Value sorted = n.create<nnc::TopKOp>(scores, 2, shapeOf(scores)[2], /*smallest=*/false);
  if (!sorted)
    return failure();
  Value selected = n.create<nnc::SuppressBoxesOp>(
      boxes, sorted, sorted.getDefiningOp()->getResult(1), overlap, minimum, *limit, centered == 1);
  if (!selected)
    return failure();
  n.warning() << "the result has its largest shape, " << nnc::shapeText({units * *limit, 3})
              << ": rows behind the selected boxes are -1";
  return n.yield(rowsOf(n, selected));
}

ArrayRef<OnnxOpRow> nncc::frontend::detectionRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "NonMaxSuppression", 10, anyNewer, importNonMaxSuppression,
       "the result has its largest shape, rows behind the selected boxes are -1"},
  };
  return rows;
}
