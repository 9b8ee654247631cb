//===- Quantization.cpp - numbers as scaled integers ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Quantization.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

Value nncc::frontend::roundToInteger(NodeImport &n, Value number,
                                     Value zeroPoint, Type to) {
  if (!number)
    return {};
  // Sums with a zero point are exact in f32, not in f16.
  Type real = nnc::typeOf(number).getElementType();
  if (real.getIntOrFloatBitWidth() < 32)
    real = Float32Type::get(n.context());
  Value result = n.create<nnc::RoundOp>(n.convert(number, real));
  if (zeroPoint)
    result = n.create<nnc::AddOp>(result, n.convert(zeroPoint, real));
  return n.convert(result, to); // saturates
}

//===----------------------------------------------------------------------===//
// Scales and zero points
//===----------------------------------------------------------------------===//

/// A scale or zero point of `x` as something to broadcast: one number, a vector
/// along the axis, or with `blockSize` a tensor of which each element serves
/// that many of x along the axis.
static Value spread(NodeImport &n, Value parameter, ArrayRef<int64_t> x,
                    int64_t axis, int64_t blockSize) {
  if (!parameter)
    return {};
  ArrayRef<int64_t> shape = shapeOf(parameter);
  int64_t rank = x.size();
  auto misfit = [&]() -> Value {
    n.error() << "a scale or zero point of shape " << nnc::shapeText(shape)
              << " does not fit input " << nnc::shapeText(x) << " along axis "
              << axis
              << (blockSize ? " in blocks of " + std::to_string(blockSize)
                            : "");
    return {};
  };
  if (blockSize == 0) {
    if (ShapedType::getNumElements(shape) == 1 && shape.size() <= 1)
      return n.reshape(parameter, {});
    if (shape.size() != 1 || rank == 0 || shape[0] != x[axis])
      return misfit();
    SmallVector<int64_t> column(rank - axis, 1);
    column[0] = shape[0];
    return n.reshape(parameter, column);
  }
  bool fits = int64_t(shape.size()) == rank;
  for (int64_t d = 0; fits && d < rank; ++d)
    fits = d == axis ? llvm::divideCeil(x[d], blockSize) == uint64_t(shape[d])
                     : shape[d] == x[d];
  if (!fits)
    return misfit();
  SmallVector<AffineExpr> exprs;
  for (int64_t d = 0; d < rank; ++d)
    exprs.push_back(getAffineDimExpr(d, n.context()));
  exprs[axis] = exprs[axis].floorDiv(blockSize);
  return remap(n, parameter, x, exprs);
}

namespace {
/// What QuantizeLinear and DequantizeLinear take besides their first input.
struct Parameters {
  Value scale, zeroPoint;
};
} // namespace

static FailureOr<Parameters> readParameters(NodeImport &n, Value x) {
  Value scale = n.input(1), zeroPoint = n.optionalInput(2);
  if (!x || !scale)
    return failure();
  if (zeroPoint && shapeOf(zeroPoint) != shapeOf(scale))
    return n.error() << "scale and zero point have the shapes "
                     << nnc::shapeText(shapeOf(scale)) << " and "
                     << nnc::shapeText(shapeOf(zeroPoint));
  int64_t rank = shapeOf(x).size(), blockSize = n.integer("block_size", 0),
          axis = n.integer("axis", 1);
  if (blockSize < 0 || blockSize > INT32_MAX)
    return n.error() << "attribute 'block_size' must not be negative, it is "
                     << blockSize;
  // The axis has no meaning, and may be out of range, where one scale serves
  // all.
  if (shapeOf(scale).empty() || shapeOf(scale) == ArrayRef<int64_t>(1))
    axis = 0;
  if (rank > 0 || axis != 0) {
    FailureOr<int64_t> normalized = n.normalizeAxis(axis, rank);
    if (failed(normalized))
      return failure();
    axis = *normalized;
  }
  Parameters parameters{spread(n, scale, shapeOf(x), axis, blockSize),
                        spread(n, zeroPoint, shapeOf(x), axis, blockSize)};
  if (!parameters.scale || (zeroPoint && !parameters.zeroPoint))
    return failure();
  return parameters;
}

/// The element type of an attribute, `otherwise` if it is absent or 0.
static FailureOr<Type> readType(NodeImport &n, StringRef name, Type otherwise) {
  int64_t number = n.integer(name, 0);
  if (number == 0)
    return otherwise;
  if (Type type = elementTypeFor(n.context(), number))
    return type;
  return n.error() << "element type " << onnxTypeName(number)
                   << " is not supported";
}

//===----------------------------------------------------------------------===//
// QuantizeLinear, DequantizeLinear
//===----------------------------------------------------------------------===//

/// saturate(round(x / scale) + zero point)
static LogicalResult importQuantizeLinear(NodeImport &n) {
  Value x = n.input(0);
  FailureOr<Parameters> parameters = readParameters(n, x);
  if (failed(parameters))
    return failure();
  n.ignore("saturate"); // concerns 8-bit floats
  Type type = IntegerType::get(n.context(), 8, IntegerType::Unsigned);
  if (parameters->zeroPoint)
    type = nnc::typeOf(parameters->zeroPoint).getElementType();
  FailureOr<Type> to = readType(n, "output_dtype", type);
  FailureOr<Type> precision =
      readType(n, "precision", nnc::typeOf(parameters->scale).getElementType());
  if (failed(to) || failed(precision))
    return failure();
  if (parameters->zeroPoint && *to != type)
    return n.error() << "attribute 'output_dtype' is "
                     << onnxTypeName(onnxTypeFor(*to)) << ", the zero point is "
                     << onnxTypeName(onnxTypeFor(type));
  if (!to->isIntOrFloat() || isa<FloatType>(*to) ||
      to->getIntOrFloatBitWidth() > 16 || to->isInteger(1))
    return n.error() << "cannot quantize to " << onnxTypeName(onnxTypeFor(*to));
  if (!isa<FloatType>(*precision))
    return n.error() << "cannot divide in "
                     << onnxTypeName(onnxTypeFor(*precision));
  Value quotient = n.create<nnc::DivOp>(
      n.convert(x, *precision), n.convert(parameters->scale, *precision));
  return n.yield(roundToInteger(n, quotient, parameters->zeroPoint, *to));
}

/// (x - zero point) * scale
static LogicalResult importDequantizeLinear(NodeImport &n) {
  Value x = n.input(0);
  FailureOr<Parameters> parameters = readParameters(n, x);
  if (failed(parameters))
    return failure();
  Type real = nnc::typeOf(parameters->scale).getElementType();
  FailureOr<Type> to = readType(n, "output_dtype", real);
  if (failed(to))
    return failure();
  if (parameters->zeroPoint &&
      nnc::typeOf(parameters->zeroPoint).getElementType() !=
          nnc::typeOf(x).getElementType())
    return n.error() << "input and zero point have different element types";
  if (!isa<FloatType>(*to) || !isa<FloatType>(real))
    return n.error() << "scale and result must be floats";
  // A difference of 8- or 16-bit integers is exact in f32, not in f16; one of
  // 32-bit integers is exact before it is converted.
  Type wide = Float32Type::get(n.context()),
       i32 = IntegerType::get(n.context(), 32);
  Value difference = n.convert(x, parameters->zeroPoint ? i32 : wide);
  if (parameters->zeroPoint)
    difference =
        n.create<nnc::SubOp>(difference, n.convert(parameters->zeroPoint, i32));
  Value product = n.create<nnc::MulOp>(n.convert(difference, wide),
                                       n.convert(parameters->scale, wide));
  return n.yield(n.convert(product, *to));
}

ArrayRef<OnnxOpRow> nncc::frontend::quantizationRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "DequantizeLinear", 10, anyNewer, importDequantizeLinear},
      {"", "QuantizeLinear", 10, anyNewer, importQuantizeLinear},
  };
  return rows;
}
