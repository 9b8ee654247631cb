//===- Contraction.cpp - Conv, MatMul, Gemm and normalization
//---------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Window.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

static LogicalResult importConv(NodeImport &n) {
  Value input = n.input(0), filter = n.input(1), bias = n.optionalInput(2);
  if (!input || !filter)
    return failure();
  ArrayRef<int64_t> x = shapeOf(input), w = shapeOf(filter);
  if (x.size() < 3 || x.size() > 5 || w.size() != x.size())
    return n.error() << "input " << nnc::shapeText(x) << " and filter "
                     << nnc::shapeText(w)
                     << " must both have 1 to 3 spatial dimensions";
  FailureOr<Window> window = readWindow(n, x.drop_front(2), w.drop_front(2));
  if (failed(window))
    return failure();
  return n.yield(n.create<nnc::ConvOp>(input, filter, bias, window->strides,
                                       window->dilations, window->padBegin,
                                       window->padEnd, n.integer("group", 1)));
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

/// y = x * a + b per channel with a = scale / sqrt(variance + epsilon) and
/// b = bias - mean * a, which constant folding computes. Statistics may have more
/// bits than the input, then all of it is computed with these.
static LogicalResult importBatchNormalization(NodeImport &n) {
  if (n.integer("training_mode", 0) ||
      (n.opset() < 9 && !n.integer("spatial", 1)))
    return n.error()
           << "only inference with one statistic per channel is supported";
  n.ignore("momentum");
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
  auto [scale, bias, mean, variance] =
      std::tuple(parameters[0], parameters[1], parameters[2], parameters[3]);
  Value deviation = n.create<nnc::SqrtOp>(
      n.create<nnc::AddOp>(variance, n.scalar(n.real("epsilon", 1e-5f), variance)));
  Value a = n.create<nnc::DivOp>(scale, deviation);
  Value b = n.create<nnc::SubOp>(bias, n.create<nnc::MulOp>(mean, a));
  SmallVector<int64_t> shape(shapeOf(x).size() - 1, 1);
  shape[0] = channels;
  Value scaled = n.create<nnc::MulOp>(x, n.reshape(a, shape));
  return n.yield(n.convert(n.create<nnc::AddOp>(scaled, n.reshape(b, shape)), result));
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
