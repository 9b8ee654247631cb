//===- Cumulative.cpp - running sums and products -------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each element combines 1, 2, 4, ... elements before it with as many more: log2
// n elementwise steps (Hillis and Steele, "Data parallel algorithms", 1986), of
// which every element is computed in vectors and threads. A float is the sum of
// a tree, with a smaller error than one after the other; integers are exact.
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// x with the elements of `axis` moved by one: the first one is `neutral`, or
/// the last one if the direction is `reverse`.
static Value shifted(NodeImport &n, Value x, int64_t axis, double neutral,
                     bool reverse) {
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t extent = std::exchange(shape[axis], 1);
  Value edge = n.broadcast(n.scalar(neutral, x), shape);
  Value rest = slice(n, x, axis, reverse ? 1 : 0, extent - 1);
  if (!edge || !rest)
    return {};
  return reverse ? concat(n, {rest, edge}, axis)
                 : concat(n, {edge, rest}, axis);
}

/// Combines every element with the one `distance` before it:
///   concat(x[0 .. distance], x[distance ..] + x[.. -distance])
template <typename Op>
static Value combined(NodeImport &n, Value x, int64_t axis, int64_t distance,
                      bool reverse) {
  int64_t rest = shapeOf(x)[axis] - distance;
  Value edge = slice(n, x, axis, reverse ? rest : 0, distance);
  Value sum = n.create<Op>(slice(n, x, axis, 0, rest),
                           slice(n, x, axis, distance, rest));
  if (!edge || !sum)
    return {};
  return reverse ? concat(n, {sum, edge}, axis) : concat(n, {edge, sum}, axis);
}

template <typename Op, int neutral>
static LogicalResult importCumulative(NodeImport &n) {
  Value x = n.input(0);
  FailureOr<SmallVector<int64_t>> given = n.integers(1, "the axis");
  if (!x || failed(given))
    return failure();
  if (given->size() != 1)
    return n.error() << "takes one axis, not " << given->size();
  FailureOr<int64_t> axis = n.normalizeAxis(given->front(), shapeOf(x).size());
  bool exclusive = n.integer("exclusive", 0) != 0,
       reverse = n.integer("reverse", 0) != 0;
  if (failed(axis))
    return failure();
  if (nnc::typeOf(x).getNumElements() == 0)
    return n.yield(x);
  if (exclusive)
    x = shifted(n, x, *axis, neutral, reverse);
  for (int64_t distance = 1; x && distance < shapeOf(x)[*axis]; distance *= 2)
    x = combined<Op>(n, x, *axis, distance, reverse);
  return n.yield(x);
}

ArrayRef<OnnxOpRow> nncc::frontend::cumulativeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "CumProd", 26, anyNewer, importCumulative<nnc::MulOp, 1>},
      {"", "CumSum", 11, anyNewer, importCumulative<nnc::AddOp, 0>},
  };
  return rows;
}
