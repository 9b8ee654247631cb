//===- Fourier.cpp - discrete Fourier transforms --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A complex number is the last dimension, of extent 2. A short transform is a
// matrix product; the length of a longer one is split into two factors (Cooley
// and Tukey, "An algorithm for the machine calculation of complex Fourier
// series", 1965), which keeps the matrices small.
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"
#include <cmath>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// e^(sign * 2 pi i * numerator / denominator)
static std::pair<double, double> unitRoot(int64_t numerator,
                                          int64_t denominator, double sign) {
  const double pi = 3.14159265358979323846;
  double angle =
      sign * 2 * pi * double(numerator % denominator) / double(denominator);
  return {std::cos(angle), std::sin(angle)};
}

static Value constantOf(NodeImport &n, ArrayRef<int64_t> shape, Value like,
                        ArrayRef<double> values) {
  auto type = RankedTensorType::get(shape, nnc::typeOf(like).getElementType());
  return n.constant(nnc::makeConstant(type, values));
}

/// B x N x 2 times the matrix of all roots.
static Value directTransform(NodeImport &n, Value x, double sign) {
  int64_t batch = shapeOf(x)[0], length = shapeOf(x)[1];
  std::vector<double> matrix(4 * length * length);
  auto at = [&](int64_t row, int64_t column) -> double & {
    return matrix[row * 2 * length + column];
  };
  for (int64_t i = 0; i < length; ++i)
    for (int64_t k = 0; k < length; ++k) {
      auto [real, imaginary] = unitRoot(i * k, length, sign);
      at(2 * i, 2 * k) = at(2 * i + 1, 2 * k + 1) = real;
      at(2 * i, 2 * k + 1) = imaginary;
      at(2 * i + 1, 2 * k) = -imaginary;
    }
  Value roots = constantOf(n, {2 * length, 2 * length}, x, matrix);
  return n.reshape(
      n.create<nnc::MatmulOp>(n.reshape(x, {batch, 2 * length}), roots),
      {batch, length, 2});
}

/// B x outer x inner x 2, each times the root number (outer * inner).
static Value twiddled(NodeImport &n, Value x, double sign) {
  int64_t outer = shapeOf(x)[1], inner = shapeOf(x)[2];
  std::vector<double> real, imaginary;
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t k = 0; k < inner; ++k) {
      auto [c, s] = unitRoot(i * k, outer * inner, sign);
      real.insert(real.end(), {c, c});
      imaginary.insert(imaginary.end(), {-s, s});
    }
  SmallVector<AffineExpr> exprs;
  for (unsigned d = 0; d < 4; ++d)
    exprs.push_back(getAffineDimExpr(d, n.context()));
  exprs[3] = 1 - exprs[3];
  Value swapped = remap(n, x, shapeOf(x), exprs);
  return n.create<nnc::AddOp>(
      n.create<nnc::MulOp>(x, constantOf(n, {outer, inner, 2}, x, real)),
      n.create<nnc::MulOp>(swapped,
                           constantOf(n, {outer, inner, 2}, x, imaginary)));
}

/// The factor of `length` next to its root, 1 for a prime.
static int64_t factorOf(int64_t length) {
  for (int64_t factor = std::sqrt(double(length)); factor > 1; --factor)
    if (length % factor == 0)
      return factor;
  return 1;
}

/// The transform of B x N x 2 along N. With N = P * Q, i = Q * p + q, k = r + P
/// * s: transform over p, multiply by the root number q * r of N, transform
/// over q.
static Value transform(NodeImport &n, Value x, double sign) {
  if (!x)
    return {};
  const int64_t longestDirect = 64;
  int64_t batch = shapeOf(x)[0], length = shapeOf(x)[1], p = factorOf(length),
          q = length / p;
  if (length <= longestDirect || p == 1)
    return directTransform(n, x, sign);
  Value split = n.create<nnc::TransposeOp>(n.reshape(x, {batch, p, q, 2}),
                                           ArrayRef<int64_t>{0, 2, 1, 3});
  Value inner = transform(n, n.reshape(split, {batch * q, p, 2}), sign);
  Value turned = n.reshape(inner, {batch, q, p, 2});
  if (!turned)
    return {};
  turned = n.create<nnc::TransposeOp>(twiddled(n, turned, sign),
                                      ArrayRef<int64_t>{0, 2, 1, 3});
  Value outer = transform(n, n.reshape(turned, {batch * p, q, 2}), sign);
  Value joined = n.create<nnc::TransposeOp>(n.reshape(outer, {batch, p, q, 2}),
                                            ArrayRef<int64_t>{0, 2, 1, 3});
  return n.reshape(joined, {batch, length, 2});
}

//===----------------------------------------------------------------------===//
// DFT
//===----------------------------------------------------------------------===//

/// `x` with `length` elements along `axis`: cut, or zeros behind.
static Value fitted(NodeImport &n, Value x, int64_t axis, int64_t length) {
  SmallVector<int64_t> begin(shapeOf(x).size(), 0), end(begin);
  end[axis] = length - shapeOf(x)[axis];
  return end[axis] == 0 ? x : n.create<nnc::PadOp>(x, begin, end, APFloat(0.0));
}

/// The lower half of a spectrum, B x (N/2 + 1) x 2, with the upper half, which
/// for a real signal mirrors it: conjugates in reverse.
static Value mirrored(NodeImport &n, Value x, int64_t length) {
  int64_t rest = length - shapeOf(x)[1];
  Value upper = slice(n, x, 1, rest, rest, -1);
  upper = n.create<nnc::MulOp>(upper, constantOf(n, {2}, x, {1.0, -1.0}));
  return upper ? concat(n, {x, upper}, 1) : Value();
}

namespace {
struct DftRule {
  int64_t length; ///< of the signal
  bool inverse, oneSided;
};
} // namespace

/// Along dimension 1 of B x N x (1 or 2).
static Value dft(NodeImport &n, Value x, const DftRule &rule) {
  int64_t half = rule.length / 2 + 1;
  bool toReal = rule.inverse && rule.oneSided;
  x = fitted(n, x, 1, toReal ? half : rule.length);
  if (x && shapeOf(x)[2] == 1)
    x = fitted(n, x, 2, 2);
  if (x && toReal)
    x = mirrored(n, x, rule.length);
  x = transform(n, x, rule.inverse ? 1 : -1);
  if (rule.inverse && x)
    x = n.create<nnc::MulOp>(x, n.scalar(1.0 / double(rule.length), x));
  if (toReal)
    return slice(n, x, 2, 0, 1);
  return rule.oneSided ? slice(n, x, 1, 0, half) : x;
}

/// The same along another dimension.
static Value dftAlong(NodeImport &n, Value x, int64_t axis,
                      const DftRule &rule) {
  int64_t rank = shapeOf(x).size();
  auto order = llvm::to_vector(llvm::seq<int64_t>(0, rank)); // its own inverse
  std::swap(order[axis], order[rank - 2]);
  Value last = axis == rank - 2 ? x : n.create<nnc::TransposeOp>(x, order);
  SmallVector<int64_t> shape(shapeOf(last));
  int64_t batch = ShapedType::getNumElements(ArrayRef(shape).drop_back(2));
  Value result =
      dft(n, n.reshape(last, {batch, shape[rank - 2], shape[rank - 1]}), rule);
  if (!result)
    return {};
  shape[rank - 2] = shapeOf(result)[1];
  shape[rank - 1] = shapeOf(result)[2];
  result = n.reshape(result, shape);
  return axis == rank - 2 ? result : n.create<nnc::TransposeOp>(result, order);
}

/// One integer of input `i`, `otherwise` if it is absent.
static FailureOr<int64_t> readInteger(NodeImport &n, unsigned i, StringRef what,
                                      int64_t otherwise) {
  if (!n.has(i))
    return otherwise;
  FailureOr<SmallVector<int64_t>> given = n.integers(i, what);
  if (failed(given))
    return failure();
  if (given->size() != 1)
    return n.error() << what << " (input #" << i << ") must be one number";
  return given->front();
}

/// The longest signal; a prime length makes a matrix with its square of
/// elements.
static LogicalResult checkLength(NodeImport &n, int64_t length) {
  const int64_t most = 1 << 20, mostDirect = 1024;
  if (length < 1 || length > most)
    return n.error() << "the length of the transform must be from 1 to " << most
                     << ", it is " << length;
  int64_t rest = length;
  for (int64_t factor; rest > mostDirect && (factor = factorOf(rest)) > 1;)
    rest /= factor;
  if (rest > mostDirect)
    return n.error() << "the length of the transform is " << length
                     << " with the prime factor " << rest << ", at most "
                     << mostDirect << " is supported";
  return success();
}

static LogicalResult importDFT(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  ArrayRef<int64_t> shape = shapeOf(x);
  int64_t rank = shape.size();
  if (rank < 2 || (shape.back() != 1 && shape.back() != 2))
    return n.error()
           << "input " << nnc::shapeText(shape)
           << " must end with a dimension of extent 1 (real) or 2 (complex)";
  FailureOr<int64_t> given = n.opset() < 20
                                 ? FailureOr<int64_t>(n.integer("axis", 1))
                                 : readInteger(n, 2, "the axis", -2);
  DftRule rule{0, n.integer("inverse", 0) != 0, n.integer("onesided", 0) != 0};
  if (failed(given))
    return failure();
  FailureOr<int64_t> axis = n.normalizeAxis(*given, rank);
  if (failed(axis))
    return failure();
  if (*axis == rank - 1)
    return n.error() << "axis " << *axis << " is that of complex numbers";
  bool toReal = rule.inverse && rule.oneSided;
  int64_t own = toReal ? 2 * (shape[*axis] - 1) : shape[*axis];
  FailureOr<int64_t> length =
      readInteger(n, 1, "the length of the transform", own);
  if (failed(length) || failed(checkLength(n, *length)))
    return failure();
  rule.length = *length;
  return n.yield(dftAlong(n, x, *axis, rule));
}

//===----------------------------------------------------------------------===//
// STFT
//===----------------------------------------------------------------------===//

/// B x frames x length x (1 or 2): overlapping parts of a signal.
static Value framesOf(NodeImport &n, Value signal, int64_t length,
                      int64_t step) {
  ArrayRef<int64_t> shape = shapeOf(signal);
  int64_t count = (shape[1] - length) / step + 1;
  AffineExpr batch, frame, i, part;
  bindDims(n.context(), batch, frame, i, part);
  return remap(n, signal, {shape[0], count, length, shape[2]},
               {batch, frame * step + i, part});
}

static LogicalResult importSTFT(NodeImport &n) {
  Value signal = n.input(0), window = n.optionalInput(2);
  if (!signal)
    return failure();
  if (shapeOf(signal).size() == 2)
    signal = n.reshape(signal, {shapeOf(signal)[0], shapeOf(signal)[1], 1});
  ArrayRef<int64_t> shape = shapeOf(signal);
  FailureOr<int64_t> step = readInteger(n, 1, "the step between frames", 0);
  if (shape.size() != 3 || shape[2] < 1 || shape[2] > 2)
    return n.error() << "input " << nnc::shapeText(shape)
                     << " must be batches of signals";
  int64_t own =
      window && shapeOf(window).size() == 1 ? shapeOf(window)[0] : shape[1];
  FailureOr<int64_t> length = readInteger(n, 3, "the length of frames", own);
  if (failed(step) || failed(length) || failed(checkLength(n, *length)))
    return failure();
  if (*step < 1 || *step > INT32_MAX || *length > shape[1])
    return n.error() << "cannot cut frames of " << *length << " elements every "
                     << *step << " from signals of " << shape[1];
  if (window && shapeOf(window) != ArrayRef<int64_t>(*length))
    return n.error() << "the window has the shape "
                     << nnc::shapeText(shapeOf(window)) << ", frames have "
                     << *length << " elements";
  Value frames = framesOf(n, signal, *length, *step);
  if (window)
    frames = n.create<nnc::MulOp>(frames, n.reshape(window, {*length, 1}));
  if (!frames)
    return failure();
  return n.yield(
      dftAlong(n, frames, 2, {*length, false, n.integer("onesided", 1) != 0}));
}

ArrayRef<OnnxOpRow> nncc::frontend::fourierRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "DFT", 17, anyNewer, importDFT},
      {"", "STFT", 17, anyNewer, importSTFT},
  };
  return rows;
}
