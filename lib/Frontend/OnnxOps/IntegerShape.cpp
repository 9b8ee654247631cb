//===- IntegerShape.cpp - arithmetic on shapes ----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// All shapes are static here, so these nodes have values, not operations; what
// exporters compute with them is evaluated as well (ConstantNode.cpp).

#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

static LogicalResult importShape(NodeImport &n) {
  OpFoldResult input = n.operand(0);
  if (!input)
    return failure();
  ArrayRef<int64_t> shape = typeOf(input).getShape();
  int64_t rank = shape.size();
  auto clamp = [&](int64_t axis) {
    return std::clamp<int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  int64_t start = clamp(n.integer("start", 0)),
          end = clamp(n.integer("end", rank));
  return n.yield(IntTensor::vector(
      n.context(), shape.slice(start, std::max<int64_t>(end - start, 0))));
}

static LogicalResult importSize(NodeImport &n) {
  OpFoldResult input = n.operand(0);
  if (!input)
    return failure();
  IntTensor size =
      IntTensor::vector(n.context(), typeOf(input).getNumElements());
  size.shape.clear();
  return n.yield(size);
}

ArrayRef<OnnxOpRow> nncc::frontend::integerShapeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Shape", 7, anyNewer, importShape},
      {"", "Size", 7, anyNewer, importSize},
  };
  return rows;
}
