//===- ClassScores.cpp - what classifiers of ai.onnx.ml have in common ----===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/ClassScores.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

FailureOr<ClassLabels> nncc::frontend::readClassLabels(NodeImport &n, StringRef integers,
                                                       StringRef strings) {
  ClassLabels labels;
  SmallVector<std::string> names = n.texts(strings);
  labels.integers = n.integers(integers).value_or(SmallVector<int64_t>());
  labels.areStrings = !names.empty();
  labels.count = labels.areStrings ? names.size() : labels.integers.size();
  if (labels.count == 0 || (labels.areStrings && !labels.integers.empty()))
    return n.error() << "must have one of the attributes '" << integers << "' and '" << strings
                     << "'";
  return labels;
}

//===----------------------------------------------------------------------===//
// Scores
//===----------------------------------------------------------------------===//

/// exp(x - max) over the sum of these of all x but zeros.
static Value softmaxZero(NodeImport &n, Value scores) {
  Value largest = n.create<nnc::ReduceOp>(scores, nnc::ReduceKind::Max, ArrayRef<int64_t>{1});
  Value power = n.create<nnc::ExpOp>(n.create<nnc::SubOp>(scores, largest));
  Value size = n.create<nnc::AbsOp>(scores);
  Value counts = n.create<nnc::LessOp>(n.scalar(1e-7, scores), size);
  Value addends = n.create<nnc::SelectOp>(counts, power, n.scalar(0, scores));
  Value sum = n.create<nnc::ReduceOp>(addends, nnc::ReduceKind::Sum, ArrayRef<int64_t>{1});
  Value zeros = n.create<nnc::MulOp>(scores, n.create<nnc::ExpOp>(n.create<nnc::NegOp>(largest)));
  return n.create<nnc::DivOp>(n.create<nnc::SelectOp>(counts, power, zeros), sum);
}

/// The square root of 2 times the inverse error function of 2 x - 1, by
/// S. Winitzki, "A handy approximation for the error function and its inverse"
/// (2008) with a = 0.147.
static Value probit(NodeImport &n, Value scores) {
  constexpr double a = 0.147, pi = 3.14159265358979323846;
  auto constant = [&](double value) { return n.scalar(value, scores); };
  auto mul = [&](Value x, Value y) { return n.create<nnc::MulOp>(x, y); };
  auto sub = [&](Value x, Value y) { return n.create<nnc::SubOp>(x, y); };
  // 1 - (2 x - 1)^2 = 4 x (1 - x)
  Value product = mul(mul(constant(4), scores), sub(constant(1), scores));
  Value log = n.create<nnc::LogOp>(product);
  Value half = n.create<nnc::AddOp>(constant(2 / (pi * a)), mul(constant(0.5), log));
  Value root = n.create<nnc::SqrtOp>(sub(mul(half, half), mul(constant(1 / a), log)));
  Value size = mul(constant(1.41421356237309504880), n.create<nnc::SqrtOp>(sub(root, half)));
  Value isNegative = n.create<nnc::LessOp>(scores, constant(0.5));
  return n.create<nnc::SelectOp>(isNegative, n.create<nnc::NegOp>(size), size);
}

Value nncc::frontend::postTransform(NodeImport &n, Value scores, StringRef transform) {
  if (!scores || transform == "NONE")
    return scores;
  if (transform == "LOGISTIC")
    return n.create<nnc::SigmoidOp>(scores);
  if (transform == "SOFTMAX")
    return n.create<nnc::SoftmaxOp>(scores, 1);
  if (transform == "SOFTMAX_ZERO")
    return softmaxZero(n, scores);
  if (transform == "PROBIT")
    return probit(n, scores);
  n.error() << "attribute 'post_transform' has the unknown value '" << transform << "'";
  return {};
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

Value nncc::frontend::bestClass(NodeImport &n, Value scores) {
  // Smaller and faster than the two reductions of argExtreme.
  Value best = n.create<nnc::TopKOp>(scores, 1, 1, /*smallest=*/false);
  if (!best)
    return {};
  return n.reshape(best.getDefiningOp()->getResult(1), {shapeOf(scores)[0]});
}

Value nncc::frontend::secondClass(NodeImport &n, Value score, double threshold) {
  Value isSecond = n.create<nnc::LessOp>(n.scalar(threshold, score), score);
  Value number = n.convert(isSecond, IntegerType::get(n.context(), 64));
  return number ? n.reshape(number, {shapeOf(score)[0]}) : Value();
}

LogicalResult nncc::frontend::yieldLabels(NodeImport &n, const ClassLabels &labels, Value best) {
  if (labels.areStrings) {
    n.leaveOut();
    return success();
  }
  if (!best)
    return failure();
  auto rows = nnc::typeOf(best).getShape();
  auto type = RankedTensorType::get(labels.count, IntegerType::get(n.context(), 64));
  auto bytes = ArrayRef(reinterpret_cast<const char *>(labels.integers.data()),
                        labels.count * sizeof(int64_t));
  AffineMap map = AffineMap::get(1, 1, getAffineSymbolExpr(0, n.context()));
  AffineMap row = AffineMap::getMultiDimIdentityMap(1, n.context());
  return n.yield(gatherUnchecked(n, n.constant(nnc::makeConstant(type, bytes)), rows, map,
                                 {{best, row}}, /*inRange=*/true));
}

LogicalResult nncc::frontend::yieldOneScore(NodeImport &n, const ClassLabels &labels, Value score,
                                            double threshold, bool complement) {
  std::string transform = n.text("post_transform", "NONE");
  if (transform == "PROBIT")
    return n.error() << "post_transform PROBIT is not supported for one score "
                        "of two classes";
  if (!score || failed(yieldLabels(n, labels, secondClass(n, score, threshold))))
    return failure();
  bool isLogistic = transform == "LOGISTIC";
  Value other = complement && !isLogistic ? n.create<nnc::SubOp>(n.scalar(1, score), score)
                                          : n.create<nnc::NegOp>(score);
  Value both = concat(n, {other, score}, 1);
  return n.yield(
      n.convert(isLogistic ? n.create<nnc::SigmoidOp>(both) : both, Float32Type::get(n.context())));
}
