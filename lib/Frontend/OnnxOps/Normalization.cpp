//===- Normalization.cpp - divided by a norm or a deviation ---------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// (x - mean) / sqrt(variance + epsilon) * scale + bias, with the statistics of
/// each channel of each image.
static LogicalResult importInstanceNormalization(NodeImport &n) {
  Value x = n.input(0), scale = n.input(1), bias = n.input(2);
  if (!x || !scale || !bias)
    return failure();
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.size() < 3)
    return n.error() << "input " << nnc::shapeText(shape)
                     << " has no spatial dimension";
  SmallVector<int64_t> column(shape.size() - 1, 1);
  column[0] = shape[1];
  for (Value *parameter : {&scale, &bias}) {
    if (shapeOf(*parameter) != shape.slice(1, 1))
      return n.error() << "scale or bias has the shape "
                       << nnc::shapeText(shapeOf(*parameter)) << ", "
                       << shape[1] << " channels need " << shape[1];
    *parameter = n.reshape(*parameter, column);
  }
  auto spatial = llvm::to_vector(llvm::seq<int64_t>(2, shape.size()));
  auto mean = [&](Value value) {
    return n.create<nnc::ReduceOp>(value, nnc::ReduceKind::Mean, spatial);
  };
  Value centered = n.create<nnc::SubOp>(x, mean(x));
  Value variance = mean(n.create<nnc::MulOp>(centered, centered));
  Value epsilon = n.scalar(n.real("epsilon", 1e-5f), variance);
  Value deviation =
      n.create<nnc::SqrtOp>(n.create<nnc::AddOp>(variance, epsilon));
  Value factor = n.create<nnc::DivOp>(scale, deviation);
  return n.yield(
      n.create<nnc::AddOp>(n.create<nnc::MulOp>(centered, factor), bias));
}

/// x / the sum of |x| or the root of the sum of squares along an axis; a norm
/// of 0 gives 0.
static LogicalResult importLpNormalization(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  int64_t p = n.integer("p", 2);
  FailureOr<int64_t> axis =
      n.normalizeAxis(n.integer("axis", -1), shapeOf(x).size());
  if (failed(axis))
    return failure();
  if (p != 1 && p != 2)
    return n.error() << "attribute 'p' must be 1 or 2, it is " << p;
  Value power = p == 1 ? n.create<nnc::AbsOp>(x) : n.create<nnc::MulOp>(x, x);
  Value norm = n.create<nnc::ReduceOp>(power, nnc::ReduceKind::Sum,
                                       ArrayRef<int64_t>(*axis));
  if (p == 2)
    norm = n.create<nnc::SqrtOp>(norm);
  Value isZero = n.create<nnc::EqualOp>(norm, n.scalar(0, norm));
  return n.yield(n.create<nnc::DivOp>(
      x, n.create<nnc::SelectOp>(isZero, n.scalar(1, norm), norm)));
}

/// x / (bias + alpha / size * the sum of squares over `size` channels
/// around)^beta
static LogicalResult importLRN(NodeImport &n) {
  Value x = n.input(0);
  int64_t size = n.integer("size", 0);
  if (!x)
    return failure();
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.size() < 2)
    return n.error() << "input " << nnc::shapeText(shape) << " has no channels";
  const int64_t most = 1024;
  if (size < 1 || size > most)
    return n.error() << "attribute 'size' must be from 1 to " << most
                     << ", it is " << size;
  SmallVector<int64_t> begin(shape.size(), 0), end(shape.size(), 0);
  begin[1] = (size - 1) / 2;
  end[1] = size - 1 - begin[1];
  Value squares = n.create<nnc::PadOp>(n.create<nnc::MulOp>(x, x), begin, end,
                                       APFloat(0.0)),
        sum;
  for (int64_t i = 0; i < size; ++i) {
    Value part = slice(n, squares, 1, i, shape[1]);
    sum = sum ? n.create<nnc::AddOp>(sum, part) : part;
  }
  Value scaled =
      n.create<nnc::MulOp>(sum, n.scalar(n.real("alpha", 1e-4f) / size, x));
  Value base = n.create<nnc::AddOp>(scaled, n.scalar(n.real("bias", 1), x));
  Value divisor =
      n.create<nnc::PowOp>(base, n.scalar(n.real("beta", 0.75f), x));
  return n.yield(n.create<nnc::DivOp>(x, divisor));
}

ArrayRef<OnnxOpRow> nncc::frontend::normalizationRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "InstanceNormalization", 7, anyNewer, importInstanceNormalization},
      {"", "LRN", 7, anyNewer, importLRN},
      {"", "LpNormalization", 7, anyNewer, importLpNormalization},
  };
  return rows;
}
