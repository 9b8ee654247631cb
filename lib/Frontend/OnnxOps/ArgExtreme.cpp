//===- ArgExtreme.cpp - where the largest or smallest element is ----------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/ArgExtreme.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// The extreme position at which x equals its extreme.
Value nncc::frontend::argExtreme(NodeImport &n, Value x, int64_t axis,
                                 nnc::ReduceKind kind, bool last) {
  if (!x)
    return {};
  int64_t extent = shapeOf(x)[axis], rank = shapeOf(x).size();
  if (extent == 0) {
    n.error() << "dimension " << axis << " has no elements";
    return {};
  }
  Type i32 = IntegerType::get(n.context(), 32);
  ArrayRef<int64_t> axes(axis);
  Value extreme = n.create<nnc::ReduceOp>(x, kind, axes);
  Value isExtreme = n.create<nnc::EqualOp>(x, extreme);
  if (isa<FloatType>(nnc::typeOf(x).getElementType())) {
    Value isNumber = n.create<nnc::EqualOp>(x, x);
    isExtreme = n.create<nnc::OrOp>(isExtreme, n.create<nnc::NotOp>(isNumber));
  }
  Value positions = positionsAlong(n, extent, i32, axis, rank);
  Value none = n.scalar(last ? -1 : extent, positions);
  Value where = n.create<nnc::SelectOp>(isExtreme, positions, none);
  return n.create<nnc::ReduceOp>(
      where, last ? nnc::ReduceKind::Max : nnc::ReduceKind::Min, axes);
}

template <nnc::ReduceKind kind> static LogicalResult importArg(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  FailureOr<int64_t> axis =
      n.normalizeAxis(n.integer("axis", 0), shapeOf(x).size());
  if (failed(axis))
    return failure();
  bool last = n.integer("select_last_index", 0) != 0,
       keep = n.integer("keepdims", 1) != 0;
  Value result = argExtreme(n, x, *axis, kind, last);
  result = n.convert(result, IntegerType::get(n.context(), 64));
  if (!result || keep)
    return n.yield(result);
  SmallVector<int64_t> shape(shapeOf(result));
  shape.erase(shape.begin() + *axis);
  return n.yield(n.reshape(result, shape));
}

/// 1 at the first largest element along the axis, else 0.
static Value hardmax(NodeImport &n, Value x, int64_t axis) {
  Value largest = argExtreme(n, x, axis, nnc::ReduceKind::Max, /*last=*/false);
  if (!largest)
    return {};
  Value positions =
      positionsAlong(n, shapeOf(x)[axis], nnc::typeOf(largest).getElementType(),
                     axis, shapeOf(x).size());
  return n.convert(n.create<nnc::EqualOp>(positions, largest),
                   nnc::typeOf(x).getElementType());
}

static LogicalResult importHardmax(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  FailureOr<int64_t> axis =
      n.normalizeAxis(n.integer("axis", -1), shapeOf(x).size());
  return failed(axis) ? failure() : n.yield(hardmax(n, x, *axis));
}

/// Before opset 13 all dimensions from the axis on are one.
static LogicalResult importFlatHardmax(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  ArrayRef<int64_t> shape = shapeOf(x);
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", 1), shape.size());
  if (failed(axis))
    return failure();
  Value flat =
      n.reshape(x, {ShapedType::getNumElements(shape.take_front(*axis)),
                    ShapedType::getNumElements(shape.drop_front(*axis))});
  return n.yield(n.reshape(hardmax(n, flat, 1), shape));
}

ArrayRef<OnnxOpRow> nncc::frontend::argExtremeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "ArgMax", 7, anyNewer, importArg<nnc::ReduceKind::Max>},
      {"", "ArgMin", 7, anyNewer, importArg<nnc::ReduceKind::Min>},
      {"", "Hardmax", 7, 12, importFlatHardmax},
      {"", "Hardmax", 13, anyNewer, importHardmax},
  };
  return rows;
}
