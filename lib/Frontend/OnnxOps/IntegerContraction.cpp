//===- IntegerContraction.cpp - products of quantized numbers -------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Zero points are subtracted first; products and sums are int32, which wraps
// around.
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Quantization.h"
#include "lib/Frontend/OnnxOps/Window.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// One number as a scalar, a vector with one entry per element of dimension
/// `axis` of `x` (called `what`), to broadcast.
static Value perAxis(NodeImport &n, Value parameter, ArrayRef<int64_t> x,
                     int64_t axis, StringRef what) {
  if (!parameter)
    return {};
  ArrayRef<int64_t> shape = shapeOf(parameter);
  if (ShapedType::getNumElements(shape) == 1 && shape.size() <= 1)
    return n.reshape(parameter, {});
  if (shape.size() == 1 && axis >= 0 && shape[0] == x[axis]) {
    SmallVector<int64_t> column(x.size() - axis, 1);
    column[0] = shape[0];
    return n.reshape(parameter, column);
  }
  // Already laid out, as for batches of matrices.
  auto merged = nnc::broadcastShapes({x, shape});
  if (shape.size() > 1 && succeeded(merged) && ArrayRef<int64_t>(*merged) == x)
    return parameter;
  n.error() << what << " has the shape " << nnc::shapeText(shape)
            << ", which does not fit " << nnc::shapeText(x);
  return {};
}

/// Input `i` as int32 without its zero point, input `zero`, which may be one
/// per element of dimension `axis`.
static Value centered(NodeImport &n, unsigned i, unsigned zero, int64_t axis) {
  Value x = n.input(i), zeroPoint = n.optionalInput(zero);
  if (!x)
    return {};
  Type element = nnc::typeOf(x).getElementType(),
       i32 = IntegerType::get(n.context(), 32);
  if (isa<FloatType>(element) || element.getIntOrFloatBitWidth() != 8) {
    n.error() << "input #" << i << " must be int8 or uint8, not "
              << onnxTypeName(onnxTypeFor(element));
    return {};
  }
  Value wide = n.convert(x, i32);
  if (!zeroPoint)
    return wide;
  Value spread = perAxis(n, zeroPoint, shapeOf(x), axis, "the zero point");
  return spread ? n.create<nnc::SubOp>(wide, n.convert(spread, i32)) : Value();
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

/// The dimension of an operand's rows (or columns), -1 for a vector.
static int64_t linesOf(NodeImport &n, unsigned i, int64_t fromEnd) {
  if (!n.has(i))
    return -1;
  int64_t rank = typeOf(n.operand(i)).getRank();
  return rank < 2 ? -1 : rank - fromEnd;
}

/// NumPy's product of int32 tensors.
static Value product(NodeImport &n, Value lhs, Value rhs) {
  if (!lhs || !rhs)
    return {};
  bool row = shapeOf(lhs).size() == 1, column = shapeOf(rhs).size() == 1;
  if (row)
    lhs = n.reshape(lhs, {1, shapeOf(lhs)[0]});
  if (column)
    rhs = n.reshape(rhs, {shapeOf(rhs)[0], 1});
  Value result = n.create<nnc::MatmulOp>(lhs, rhs);
  if (!result || (!row && !column))
    return result;
  SmallVector<int64_t> shape(shapeOf(result));
  if (column)
    shape.pop_back();
  if (row)
    shape.erase(shape.end() - (column ? 1 : 2));
  return n.reshape(result, shape);
}

static LogicalResult importMatMulInteger(NodeImport &n) {
  Value lhs = centered(n, 0, 2, linesOf(n, 0, 2)),
        rhs = centered(n, 1, 3, linesOf(n, 1, 1));
  return n.yield(product(n, lhs, rhs));
}

static LogicalResult importConvInteger(NodeImport &n) {
  return n.yield(
      convolve(n, centered(n, 0, 2, -1), centered(n, 1, 3, 0), Value()));
}

//===----------------------------------------------------------------------===//
// Requantization
//===----------------------------------------------------------------------===//

/// saturate(round(sum * (x scale * w scale / y scale)) + y zero point): the f32
/// arithmetic of ONNX Runtime's kernels. Inputs `xScale`, `wScale`, `yScale`
/// and the one after it are those of the node; `axis` is that of one w scale
/// each.
static LogicalResult requantize(NodeImport &n, Value sum, unsigned xScale,
                                unsigned wScale, unsigned yScale,
                                int64_t axis) {
  Value zeroPoint = n.optionalInput(yScale + 1);
  Type real = Float32Type::get(n.context());
  SmallVector<Value> scales;
  for (unsigned i : {xScale, wScale, yScale}) {
    Value scale = n.input(i);
    if (!sum || !scale)
      return failure();
    scale = perAxis(n, scale, shapeOf(sum), i == wScale ? axis : -1, "a scale");
    if (!scale)
      return failure();
    scales.push_back(n.convert(scale, real));
  }
  Value factor = n.create<nnc::DivOp>(
      n.create<nnc::MulOp>(scales[0], scales[1]), scales[2]);
  Value scaled = n.create<nnc::MulOp>(n.convert(sum, real), factor);
  Type to = typeOf(n.operand(0)).getElementType();
  if (zeroPoint) {
    to = nnc::typeOf(zeroPoint).getElementType();
    zeroPoint = perAxis(n, zeroPoint, shapeOf(sum), -1, "the zero point");
    if (!zeroPoint)
      return failure();
  }
  return n.yield(roundToInteger(n, scaled, zeroPoint, to));
}

static LogicalResult importQLinearMatMul(NodeImport &n) {
  Value lhs = centered(n, 0, 2, linesOf(n, 0, 2)),
        rhs = centered(n, 3, 5, linesOf(n, 3, 1));
  Value sum = product(n, lhs, rhs);
  int64_t rank = sum ? shapeOf(sum).size() : 0;
  return requantize(n, sum, 1, 4, 6, rank ? rank - 1 : -1);
}

static LogicalResult importQLinearConv(NodeImport &n) {
  Value input = centered(n, 0, 2, -1), filter = centered(n, 3, 5, 0),
        bias = n.optionalInput(8);
  return requantize(n, convolve(n, input, filter, bias), 1, 4, 6, 1);
}

ArrayRef<OnnxOpRow> nncc::frontend::integerContractionRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "ConvInteger", 10, anyNewer, importConvInteger},
      {"", "MatMulInteger", 10, anyNewer, importMatMulInteger},
      {"", "QLinearConv", 10, anyNewer, importQLinearConv},
      {"", "QLinearMatMul", 10, anyNewer, importQLinearMatMul},
  };
  return rows;
}
