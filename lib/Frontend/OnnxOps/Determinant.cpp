//===- Determinant.cpp - determinants of matrices -------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/ArgExtreme.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// A step of Gaussian elimination of B matrices.
struct Elimination {
  Value pivot; ///< B x 1 x 1, with the sign of the exchange of rows
  Value rest;  ///< B x n-1 x n-1; null after the last step
};
} // namespace

/// The matrices with the row of the largest element of the first column on top,
/// and -1 where rows were exchanged for it.
static std::pair<Value, Value> pivoted(NodeImport &n, Value matrix) {
  int64_t batch = shapeOf(matrix)[0], size = shapeOf(matrix)[1];
  Value column = n.create<nnc::AbsOp>(slice(n, matrix, 2, 0, 1));
  Value best = argExtreme(n, column, 1, nnc::ReduceKind::Max, /*last=*/false);
  if (!best)
    return {};
  best = n.reshape(best, {batch, 1});
  Type i32 = nnc::typeOf(best).getElementType();
  Value row = positionsAlong(n, size, i32, 1, 2), zero = n.scalar(0, row);
  Value source =
      n.create<nnc::SelectOp>(n.create<nnc::EqualOp>(row, best), zero, row);
  source =
      n.create<nnc::SelectOp>(n.create<nnc::EqualOp>(row, zero), best, source);
  AffineExpr image, i, k;
  bindDims(n.context(), image, i, k);
  AffineMap map = AffineMap::get(
      3, 1, {image, getAffineSymbolExpr(0, n.context()), k}, n.context());
  Value sorted =
      gatherUnchecked(n, matrix, shapeOf(matrix), map,
                      {{source, AffineMap::get(3, 0, {image, i}, n.context())}},
                      /*inRange=*/true);
  Value sign =
      n.create<nnc::SelectOp>(n.create<nnc::EqualOp>(best, zero),
                              n.scalar(1, matrix), n.scalar(-1, matrix));
  return {sorted, n.reshape(sign, {batch, 1, 1})};
}

static Elimination eliminate(NodeImport &n, Value matrix) {
  int64_t size = shapeOf(matrix)[1];
  if (size == 1)
    return {matrix, Value()};
  auto [sorted, sign] = pivoted(n, matrix);
  Value top = slice(n, sorted, 1, 0, 1),
        below = slice(n, sorted, 1, 1, size - 1);
  Value pivot = slice(n, top, 2, 0, 1);
  if (!pivot)
    return {};
  // A column of zeros: the determinant is 0, whatever follows.
  Value isZero = n.create<nnc::EqualOp>(pivot, n.scalar(0, pivot));
  Value divisor = n.create<nnc::SelectOp>(isZero, n.scalar(1, pivot), pivot);
  Value factors = n.create<nnc::DivOp>(slice(n, below, 2, 0, 1), divisor);
  Value change = n.create<nnc::MulOp>(factors, slice(n, top, 2, 1, size - 1));
  return {n.create<nnc::MulOp>(pivot, sign),
          n.create<nnc::SubOp>(slice(n, below, 2, 1, size - 1), change)};
}

/// The product of the pivots of Gaussian elimination.
static LogicalResult importDet(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  ArrayRef<int64_t> shape = shapeOf(x);
  const int64_t most = 64; // every row is some kernels
  if (shape.size() < 2 || shape.back() != shape[shape.size() - 2] ||
      shape.back() < 1 || shape.back() > most)
    return n.error() << "input " << nnc::shapeText(shape)
                     << " must be square matrices of 1 to " << most << " rows";
  SmallVector<int64_t> outer(shape.drop_back(2));
  int64_t batch = ShapedType::getNumElements(outer), size = shape.back();
  Value rest = n.reshape(x, {batch, size, size}), product;
  while (rest) {
    auto [pivot, next] = eliminate(n, rest);
    product = product ? n.create<nnc::MulOp>(product, pivot) : pivot;
    rest = next;
  }
  return n.yield(n.reshape(product, outer));
}

ArrayRef<OnnxOpRow> nncc::frontend::determinantRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Det", 11, anyNewer, importDet},
  };
  return rows;
}
