//===- EvaluateReduction.cpp - sums of constants ----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ElementTypes.h"
#include "dialects/Nnc/IR/Evaluation.h"
#include "dialects/Nnc/IR/TensorWalk.h"
#include <cmath>

using namespace mlir;
using namespace nncc::nnc;

/// Multiplications spent on one matrix product of constants.
static constexpr int64_t kMaxProducts = int64_t(1) << 28;

//===----------------------------------------------------------------------===//
// Accumulators: f64 for floats, which is at least as exact as the kernels';
// 64 bits, of which the low ones count, for integers
//===----------------------------------------------------------------------===//

static double combine(ReduceKind kind, double a, double b, bool) {
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::Mean:
    return a + b;
  case ReduceKind::Max:
    return a > b || std::isnan(a) ? a : b;
  case ReduceKind::Min:
    return a < b || std::isnan(a) ? a : b;
  case ReduceKind::Prod:
    return a * b;
  }
  llvm_unreachable("unknown reduction");
}

static int64_t combine(ReduceKind kind, int64_t a, int64_t b, bool isUnsigned) {
  bool isLess = isUnsigned ? uint64_t(a) < uint64_t(b) : a < b;
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::Mean:
    return uint64_t(a) + uint64_t(b);
  case ReduceKind::Max:
    return isLess ? b : a;
  case ReduceKind::Min:
    return isLess ? a : b;
  case ReduceKind::Prod:
    return uint64_t(a) * uint64_t(b);
  }
  llvm_unreachable("unknown reduction");
}

static double meanOf(double sum, int64_t count, Type) { return sum / count; }

/// The sum wraps to the element's width before the division, as in kernels.
static int64_t meanOf(int64_t sum, int64_t count, Type element) {
  unsigned width = element.getIntOrFloatBitWidth();
  if (isUnsigned(element))
    return (uint64_t(sum) & llvm::maskTrailingOnes<uint64_t>(width)) / count;
  return llvm::SignExtend64(sum, width) / count;
}

static void load(const ConstantData &data, int64_t i, double &value) {
  value = data.at(i);
}
static void load(const ConstantData &data, int64_t i, int64_t &value) {
  value = data.integerAt(i);
}

static ElementsAttr store(RankedTensorType type, ArrayRef<double> values) {
  return makeConstant(type, values);
}
static ElementsAttr store(RankedTensorType type, ArrayRef<int64_t> values) {
  size_t bytes = storedBytes(type.getElementType());
  std::vector<char> data(values.size() * bytes);
  for (auto [i, value] : llvm::enumerate(values)) // the low bytes come first
    std::memcpy(&data[i * bytes], &value, bytes);
  return makeConstant(type, ArrayRef<char>(data));
}

//===----------------------------------------------------------------------===//
// Evaluations
//===----------------------------------------------------------------------===//

template <typename T>
static ElementsAttr reduce(ReduceOp op, const ConstantData &input) {
  RankedTensorType type = typeOf(op);
  Type element = type.getElementType();
  int64_t count = input.size() / type.getNumElements();
  ReduceKind kind = op.getKind();
  bool isUnsigned = nncc::nnc::isUnsigned(element);
  std::vector<T> values(type.getNumElements());
  std::vector<char> started(values.size(), false);
  // Reduced axes have extent 1, so they do not move the output position.
  Strides strides = broadcastStrides(type.getShape(), type.getRank());
  for (int64_t axis : op.getAxes())
    strides[axis] = 0;
  walkTensor(input.getType().getShape(), strides,
             [&](int64_t i, ArrayRef<int64_t> at) {
               T next, &value = values[at[0]];
               load(input, i, next);
               value = started[at[0]] ? combine(kind, value, next, isUnsigned)
                                      : next;
               started[at[0]] = true;
             });
  if (kind == ReduceKind::Mean)
    for (T &value : values)
      value = meanOf(value, count, element);
  return store(type, values);
}

ElementsAttr nncc::nnc::evaluateReduce(ReduceOp op, const ConstantData &input) {
  RankedTensorType type = typeOf(op);
  ReduceKind kind = op.getKind();
  bool isFloat = isa<FloatType>(type.getElementType());
  if (input.isSplat() && (kind == ReduceKind::Max || kind == ReduceKind::Min ||
                          (isFloat && kind == ReduceKind::Mean)))
    return makeConstant(type, input.bytes());
  if (input.isSplat() && isFloat && kind == ReduceKind::Sum)
    return makeSplat(type,
                     input.at(0) * (input.size() / type.getNumElements()));
  return isFloat ? reduce<double>(op, input) : reduce<int64_t>(op, input);
}

template <typename T>
static ElementsAttr multiply(MatmulOp op, const ConstantData &lhs,
                             const ConstantData &rhs) {
  RankedTensorType type = typeOf(op);
  int64_t rank = type.getRank(), k = lhs.getType().getShape().back();
  int64_t n = type.getShape().back();
  // The position of a row of lhs and of a column of rhs.
  Strides left = broadcastStrides(lhs.getType().getShape(), rank);
  Strides right = broadcastStrides(rhs.getType().getShape(), rank);
  left[rank - 1] = right[rank - 2] = 0;
  std::vector<T> values(type.getNumElements());
  walkTensor(type.getShape(), {left, right},
             [&](int64_t i, ArrayRef<int64_t> at) {
               T sum = 0, x, y;
               for (int64_t j = 0; j < k; ++j) {
                 load(lhs, at[0] + j, x);
                 load(rhs, at[1] + j * n, y);
                 if constexpr (std::is_same_v<T, double>)
                   sum += x * y;
                 else
                   sum = uint64_t(sum) + uint64_t(x) * uint64_t(y);
               }
               values[i] = sum;
             });
  return store(type, values);
}

ElementsAttr nncc::nnc::evaluateMatmul(MatmulOp op, const ConstantData &lhs,
                                       const ConstantData &rhs) {
  RankedTensorType type = typeOf(op);
  bool isFloat = isa<FloatType>(type.getElementType());
  int64_t k = lhs.getType().getShape().back();
  if (isFloat && lhs.isSplat() && rhs.isSplat())
    return makeSplat(type, k * lhs.at(0) * rhs.at(0));
  if (type.getNumElements() > kMaxProducts / std::max<int64_t>(k, 1))
    return nullptr;
  return isFloat ? multiply<double>(op, lhs, rhs)
                 : multiply<int64_t>(op, lhs, rhs);
}
