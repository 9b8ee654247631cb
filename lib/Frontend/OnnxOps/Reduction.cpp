//===- Reduction.cpp - reductions over axes and softmax
//---------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include <limits>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// What a reduction of no elements is: what does not change one of others.
static Value reducedNothing(NodeImport &n, RankedTensorType input, nnc::ReduceKind kind,
                            ArrayRef<int64_t> axes) {
  SmallVector<int64_t> shape(input.getShape());
  for (int64_t axis : axes)
    shape[axis] = 1;
  Type element = input.getElementType();
  const double infinity = std::numeric_limits<double>::infinity();
  double least = element.isInteger(1) ? 0 : -infinity, most = element.isInteger(1) ? 1 : infinity;
  double value = kind == nnc::ReduceKind::Max    ? least
                 : kind == nnc::ReduceKind::Min  ? most
                 : kind == nnc::ReduceKind::Prod ? 1
                 : kind == nnc::ReduceKind::Mean ? std::numeric_limits<double>::quiet_NaN()
                                                 : 0;
  return n.constant(nnc::makeSplat(RankedTensorType::get(shape, element), value));
}

/// `axesAreInput`: since which opset the axes are an input of this reduction.
template <nnc::ReduceKind kind, int axesAreInput>
static LogicalResult importReduce(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  int64_t rank = shapeOf(input).size();
  SmallVector<int64_t> axes;
  if (n.opset() < axesAreInput) {
    axes = n.integers("axes").value_or(SmallVector<int64_t>());
  } else if (n.has(1)) {
    FailureOr<SmallVector<int64_t>> given = n.integers(1, "the list of axes");
    if (failed(given))
      return failure();
    axes = *given;
  }
  bool keep = n.integer("keepdims", 1) != 0;
  bool emptyMeansNone =
      n.opset() >= axesAreInput && n.integer("noop_with_empty_axes", 0) != 0;
  if (axes.empty() && emptyMeansNone)
    return n.yield(input);
  if (axes.empty())
    axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  FailureOr<SmallVector<int64_t>> sorted = n.normalizeAxes(axes, rank);
  if (failed(sorted))
    return failure();
  RankedTensorType type = nnc::typeOf(input);
  Value result = type.getNumElements() == 0
                     ? reducedNothing(n, type, kind, *sorted)
                     : n.create<nnc::ReduceOp>(input, kind, *sorted);
  if (!result || keep)
    return n.yield(result);
  SmallVector<int64_t> shape;
  for (auto [i, extent] : llvm::enumerate(shapeOf(input)))
    if (!llvm::is_contained(*sorted, int64_t(i)))
      shape.push_back(extent);
  return n.yield(n.reshape(result, shape));
}

static LogicalResult importSoftmax(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  int64_t rank = shapeOf(input).size();
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", -1), rank);
  if (failed(axis))
    return failure();
  return n.yield(n.create<nnc::SoftmaxOp>(input, *axis));
}

/// Before opset 13 all dimensions from the axis on are one:
///   softmax %x {axis = 1} : 2x3x4  ->  reshape 2x12, softmax {axis = 1},
///   reshape 2x3x4
static LogicalResult importFlatSoftmax(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  SmallVector<int64_t> shape(shapeOf(input));
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", 1), shape.size());
  if (failed(axis))
    return failure();
  int64_t inner = ShapedType::getNumElements(ArrayRef(shape).drop_front(*axis));
  if (inner == shape[*axis])
    return n.yield(n.create<nnc::SoftmaxOp>(input, *axis));
  int64_t outer = ShapedType::getNumElements(ArrayRef(shape).take_front(*axis));
  Value flat = n.create<nnc::SoftmaxOp>(n.reshape(input, {outer, inner}), 1);
  return n.yield(n.reshape(flat, shape));
}

ArrayRef<OnnxOpRow> nncc::frontend::reductionRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "ReduceMax", 7, anyNewer, importReduce<nnc::ReduceKind::Max, 18>},
      {"", "ReduceMean", 7, anyNewer, importReduce<nnc::ReduceKind::Mean, 18>},
      {"", "ReduceMin", 7, anyNewer, importReduce<nnc::ReduceKind::Min, 18>},
      {"", "ReduceProd", 7, anyNewer, importReduce<nnc::ReduceKind::Prod, 18>},
      {"", "ReduceSum", 7, anyNewer, importReduce<nnc::ReduceKind::Sum, 13>},
      {"", "Softmax", 7, 12, importFlatSoftmax},
      {"", "Softmax", 13, anyNewer, importSoftmax},
  };
  return rows;
}
