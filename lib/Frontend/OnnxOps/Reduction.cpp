//===- Reduction.cpp - reductions over axes and softmax -------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include <cmath>
#include <limits>
#include <llvm/ADT/STLFunctionalExtras.h>

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

namespace {
/// What the attributes and the second input of a reduction say.
struct Reduction {
  SmallVector<int64_t> axes;
  bool keep = true; ///< reduced dimensions stay with extent 1
  bool none = false; ///< the input stays as it is

  Value apply(NodeImport &n, Value input, nnc::ReduceKind kind) const {
    Value result = applyKeeping(n, input, kind);
    return keep || none || !result ? result : drop(n, result);
  }
  Value applyKeeping(NodeImport &n, Value input, nnc::ReduceKind kind) const {
    if (!input || none)
      return input;
    if (nnc::typeOf(input).getNumElements() == 0)
      return reducedNothing(n, nnc::typeOf(input), kind, axes);
    return n.create<nnc::ReduceOp>(input, kind, axes);
  }
  /// `reduced` without the dimensions of extent 1.
  Value drop(NodeImport &n, Value reduced) const {
    SmallVector<int64_t> shape;
    for (auto [i, extent] : llvm::enumerate(shapeOf(reduced)))
      if (!llvm::is_contained(axes, int64_t(i)))
        shape.push_back(extent);
    return n.reshape(reduced, shape);
  }
};
} // namespace

/// `axesAreInput`: since which opset the axes are an input of this reduction.
static FailureOr<Reduction> readReduction(NodeImport &n, int axesAreInput) {
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
  Reduction reduction;
  reduction.keep = n.integer("keepdims", 1) != 0;
  bool emptyMeansNone =
      n.opset() >= axesAreInput && n.integer("noop_with_empty_axes", 0) != 0;
  reduction.none = axes.empty() && emptyMeansNone;
  if (axes.empty())
    axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  FailureOr<SmallVector<int64_t>> sorted = n.normalizeAxes(axes, rank);
  if (failed(sorted))
    return failure();
  reduction.axes = *sorted;
  return reduction;
}

template <nnc::ReduceKind kind, int axesAreInput>
static LogicalResult importReduce(NodeImport &n) {
  FailureOr<Reduction> reduction = readReduction(n, axesAreInput);
  return failed(reduction) ? failure()
                           : n.yield(reduction->apply(n, n.input(0), kind));
}

static LogicalResult importReduceL1(NodeImport &n) {
  FailureOr<Reduction> reduction = readReduction(n, 18);
  if (failed(reduction))
    return failure();
  Value magnitude = n.create<nnc::AbsOp>(n.input(0));
  return n.yield(reduction->apply(n, magnitude, nnc::ReduceKind::Sum));
}

static LogicalResult importReduceSumSquare(NodeImport &n) {
  FailureOr<Reduction> reduction = readReduction(n, 18);
  if (failed(reduction))
    return failure();
  Value square = n.create<nnc::MulOp>(n.input(0), n.input(0));
  return n.yield(reduction->apply(n, square, nnc::ReduceKind::Sum));
}

/// `Op` of the floats that `x` is or, as ONNX defines it, becomes.
template <typename Op> static Value onFloats(NodeImport &n, Value x) {
  if (!x)
    return {};
  Type type = nnc::typeOf(x).getElementType();
  if (isa<FloatType>(type))
    return n.create<Op>(x);
  return n.convert(n.create<Op>(n.convert(x, Float32Type::get(n.context()))), type);
}

static LogicalResult importReduceL2(NodeImport &n) {
  FailureOr<Reduction> reduction = readReduction(n, 18);
  if (failed(reduction))
    return failure();
  Value square = n.create<nnc::MulOp>(n.input(0), n.input(0));
  return n.yield(onFloats<nnc::SqrtOp>(
      n, reduction->apply(n, square, nnc::ReduceKind::Sum)));
}

static LogicalResult importReduceLogSum(NodeImport &n) {
  FailureOr<Reduction> reduction = readReduction(n, 18);
  if (failed(reduction))
    return failure();
  return n.yield(onFloats<nnc::LogOp>(
      n, reduction->apply(n, n.input(0), nnc::ReduceKind::Sum)));
}

/// log(sum(e^(x - m))) + m, where the largest element m keeps e^x from
/// overflowing; infinity as m would leave no number.
static LogicalResult importReduceLogSumExp(NodeImport &n) {
  FailureOr<Reduction> reduction = readReduction(n, 18);
  if (failed(reduction))
    return failure();
  Value x = n.input(0);
  Type type = nnc::typeOf(x).getElementType();
  if (!isa<FloatType>(type))
    x = n.convert(x, Float32Type::get(n.context()));
  Value largest = reduction->applyKeeping(n, x, nnc::ReduceKind::Max);
  Value isFinite = n.create<nnc::LessOp>(n.create<nnc::AbsOp>(largest),
                                         n.scalar(HUGE_VAL, x));
  largest = n.create<nnc::SelectOp>(isFinite, largest, n.scalar(0, x));
  Value powers = n.create<nnc::ExpOp>(n.create<nnc::SubOp>(x, largest));
  Value sum = reduction->applyKeeping(n, powers, nnc::ReduceKind::Sum);
  Value result = n.create<nnc::AddOp>(n.create<nnc::LogOp>(sum), largest);
  result = n.convert(result, type);
  return n.yield(reduction->keep || reduction->none || !result
                     ? result
                     : reduction->drop(n, result));
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

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
static LogicalResult
importFlat(NodeImport &n, llvm::function_ref<Value(Value, int64_t axis)> softmax) {
  Value input = n.input(0);
  if (!input)
    return failure();
  SmallVector<int64_t> shape(shapeOf(input));
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", 1), shape.size());
  if (failed(axis))
    return failure();
  int64_t inner = ShapedType::getNumElements(ArrayRef(shape).drop_front(*axis));
  if (inner == shape[*axis])
    return n.yield(softmax(input, *axis));
  int64_t outer = ShapedType::getNumElements(ArrayRef(shape).take_front(*axis));
  Value flat = softmax(n.reshape(input, {outer, inner}), 1);
  return flat ? n.yield(n.reshape(flat, shape)) : failure();
}

static LogicalResult importFlatSoftmax(NodeImport &n) {
  return importFlat(n, [&](Value input, int64_t axis) {
    return n.create<nnc::SoftmaxOp>(input, axis);
  });
}

/// x - m - log(sum(e^(x - m))) with the largest element m.
static Value logSoftmax(NodeImport &n, Value input, int64_t axis) {
  auto reduce = [&](Value x, nnc::ReduceKind kind) {
    return n.create<nnc::ReduceOp>(x, kind, ArrayRef<int64_t>(axis));
  };
  Value shifted = n.create<nnc::SubOp>(input, reduce(input, nnc::ReduceKind::Max));
  Value sum = reduce(n.create<nnc::ExpOp>(shifted), nnc::ReduceKind::Sum);
  return n.create<nnc::SubOp>(shifted, n.create<nnc::LogOp>(sum));
}

static LogicalResult importFlatLogSoftmax(NodeImport &n) {
  return importFlat(n, [&](Value input, int64_t axis) { return logSoftmax(n, input, axis); });
}

static LogicalResult importLogSoftmax(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", -1), shapeOf(input).size());
  return failed(axis) ? failure() : n.yield(logSoftmax(n, input, *axis));
}

ArrayRef<OnnxOpRow> nncc::frontend::reductionRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "LogSoftmax", 7, 12, importFlatLogSoftmax},
      {"", "LogSoftmax", 13, anyNewer, importLogSoftmax},
      {"", "ReduceL1", 7, anyNewer, importReduceL1},
      {"", "ReduceL2", 7, anyNewer, importReduceL2},
      {"", "ReduceLogSum", 7, anyNewer, importReduceLogSum},
      {"", "ReduceLogSumExp", 7, anyNewer, importReduceLogSumExp},
      {"", "ReduceMax", 7, anyNewer, importReduce<nnc::ReduceKind::Max, 18>},
      {"", "ReduceMean", 7, anyNewer, importReduce<nnc::ReduceKind::Mean, 18>},
      {"", "ReduceMin", 7, anyNewer, importReduce<nnc::ReduceKind::Min, 18>},
      {"", "ReduceProd", 7, anyNewer, importReduce<nnc::ReduceKind::Prod, 18>},
      {"", "ReduceSum", 7, anyNewer, importReduce<nnc::ReduceKind::Sum, 13>},
      {"", "ReduceSumSquare", 7, anyNewer, importReduceSumSquare},
      {"", "Softmax", 7, 12, importFlatSoftmax},
      {"", "Softmax", 13, anyNewer, importSoftmax},
  };
  return rows;
}
