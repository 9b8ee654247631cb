//===- Contraction.cpp - Conv, MatMul, Gemm and normalization -------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Window.h"
#include <tuple>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

static LogicalResult importConv(NodeImport &n) {
  return n.yield(convolve(n, n.input(0), n.input(1), n.optionalInput(2)));
}

/// NumPy's rule: a vector is a row on the left and a column on the right, and
/// its dimension disappears from the result.
static LogicalResult importMatMul(NodeImport &n) {
  Value lhs = n.input(0), rhs = n.input(1);
  if (!lhs || !rhs)
    return failure();
  bool row = shapeOf(lhs).size() == 1, column = shapeOf(rhs).size() == 1;
  if (row)
    lhs = n.reshape(lhs, {1, shapeOf(lhs)[0]});
  if (column)
    rhs = n.reshape(rhs, {shapeOf(rhs)[0], 1});
  Value product = n.create<nnc::MatmulOp>(lhs, rhs);
  if (!product || (!row && !column))
    return n.yield(product);
  SmallVector<int64_t> shape(shapeOf(product));
  if (column)
    shape.pop_back();
  if (row)
    shape.erase(shape.end() - (column ? 1 : 2));
  return n.yield(n.reshape(product, shape));
}

/// alpha * A * B + beta * C with optional transpositions.
static LogicalResult importGemm(NodeImport &n) {
  Value a = n.input(0), b = n.input(1), c = n.optionalInput(2);
  if (!a || !b)
    return failure();
  if (shapeOf(a).size() != 2 || shapeOf(b).size() != 2)
    return n.error() << "operands " << nnc::shapeText(shapeOf(a)) << " and "
                     << nnc::shapeText(shapeOf(b)) << " must be matrices";
  auto transposed = [&](Value matrix, StringRef flag) {
    return n.integer(flag, 0)
               ? n.create<nnc::TransposeOp>(matrix, ArrayRef<int64_t>{1, 0})
               : matrix;
  };
  a = transposed(a, "transA");
  b = transposed(b, "transB");
  Value result = n.create<nnc::MatmulOp>(a, b);
  float alpha = n.real("alpha", 1), beta = n.real("beta", 1);
  if (alpha != 1)
    result = n.create<nnc::MulOp>(result, n.scalar(alpha, result));
  if (!c || beta == 0 || !result)
    return n.yield(result);
  auto shape = nnc::broadcastShapes({shapeOf(result), shapeOf(c)});
  if (failed(shape) || ArrayRef<int64_t>(*shape) != shapeOf(result))
    return n.error() << "C of shape " << nnc::shapeText(shapeOf(c))
                     << " does not broadcast to "
                     << nnc::shapeText(shapeOf(result));
  if (beta != 1)
    c = n.create<nnc::MulOp>(c, n.scalar(beta, c));
  return n.yield(n.create<nnc::AddOp>(result, c));
}

/// The float type with the most bits of those that `tensors` have; f32 if two
/// others have as many.
static Type widestFloat(ArrayRef<Value> tensors) {
  Type widest;
  for (Value tensor : tensors) {
    Type element = nnc::typeOf(tensor).getElementType();
    unsigned bits = element.getIntOrFloatBitWidth();
    if (!widest || bits > widest.getIntOrFloatBitWidth())
      widest = element;
    else if (element != widest && bits == widest.getIntOrFloatBitWidth())
      widest = Float32Type::get(tensor.getContext());
  }
  return widest;
}

/// The mean and the variance of each channel of `x`, as vectors.
static std::pair<Value, Value> channelStatistics(NodeImport &n, Value x) {
  SmallVector<int64_t> axes;
  for (int64_t d = 0, rank = shapeOf(x).size(); d < rank; ++d)
    if (d != 1)
      axes.push_back(d);
  auto mean = [&](Value values) {
    return n.create<nnc::ReduceOp>(values, nnc::ReduceKind::Mean, axes);
  };
  Value center = mean(x), distance = n.create<nnc::SubOp>(x, center);
  Value variance = mean(n.create<nnc::MulOp>(distance, distance));
  int64_t channels = shapeOf(x)[1];
  return {n.reshape(center, channels), n.reshape(variance, channels)};
}

/// Adds a result: what inference will use in place of `given` after a step of
/// training in which the statistic was `current`.
static LogicalResult yieldMoved(NodeImport &n, Value given, Value current, double momentum) {
  if (!current)
    return failure();
  Value kept = n.convert(given, nnc::typeOf(current).getElementType());
  kept = n.create<nnc::MulOp>(kept, n.scalar(momentum, current));
  Value added = n.create<nnc::MulOp>(current, n.scalar(1 - momentum, current));
  Value next = n.create<nnc::AddOp>(kept, added);
  return n.yield(n.convert(next, nnc::typeOf(given).getElementType()));
}

/// y = x * a + b per channel with a = scale / sqrt(variance + epsilon) and
/// b = bias - mean * a, which constant folding computes. Statistics may have more
/// bits than the input, then all of it is computed with these. In training mode
/// they are those of the input, and the given ones move towards them.
static LogicalResult importBatchNormalization(NodeImport &n) {
  if (n.opset() < 9 && !n.integer("spatial", 1))
    return n.error() << "only one statistic per channel is supported";
  bool training = n.integer("training_mode", 0) != 0;
  float momentum = n.real("momentum", 0.9f);
  Value x = n.input(0);
  if (!x || shapeOf(x).size() < 2)
    return n.error() << "needs an input with a channel dimension";
  int64_t channels = shapeOf(x)[1];
  SmallVector<Value> parameters;
  for (unsigned i = 1; i < 5; ++i) {
    Value parameter = n.input(i);
    if (!parameter)
      return failure();
    if (shapeOf(parameter) != ArrayRef(channels))
      return n.error() << "input #" << i << " has the shape "
                       << nnc::shapeText(shapeOf(parameter)) << ", " << channels
                       << " channels need " << channels;
    parameters.push_back(parameter);
  }
  Type result = nnc::typeOf(x).getElementType();
  Type wide = widestFloat({x, parameters[0], parameters[1], parameters[2], parameters[3]});
  x = n.convert(x, wide);
  for (Value &parameter : parameters)
    parameter = n.convert(parameter, wide);
  Value scale = parameters[0], bias = parameters[1];
  Value mean = parameters[2], variance = parameters[3];
  if (training)
    std::tie(mean, variance) = channelStatistics(n, x);
  Value deviation = n.create<nnc::SqrtOp>(
      n.create<nnc::AddOp>(variance, n.scalar(n.real("epsilon", 1e-5f), variance)));
  Value a = n.create<nnc::DivOp>(scale, deviation);
  Value b = n.create<nnc::SubOp>(bias, n.create<nnc::MulOp>(mean, a));
  SmallVector<int64_t> shape(shapeOf(x).size() - 1, 1);
  shape[0] = channels;
  Value scaled = n.create<nnc::MulOp>(x, n.reshape(a, shape));
  Value y = n.create<nnc::AddOp>(scaled, n.reshape(b, shape));
  if (failed(n.yield(n.convert(y, result))))
    return failure();
  if (!training || n.proto().output_size() == 1)
    return success();
  return success(succeeded(yieldMoved(n, n.input(3), mean, momentum)) &&
                 succeeded(yieldMoved(n, n.input(4), variance, momentum)));
}

ArrayRef<OnnxOpRow> nncc::frontend::contractionRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "BatchNormalization", 7, anyNewer, importBatchNormalization},
      {"", "Conv", 7, anyNewer, importConv},
      {"", "Gemm", 7, anyNewer, importGemm},
      {"", "MatMul", 7, anyNewer, importMatMul},
  };
  return rows;
}
