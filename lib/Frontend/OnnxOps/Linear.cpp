//===- Linear.cpp - linear models and what comes before them --------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/ClassScores.h"
#include "lib/Frontend/OnnxOps/FeatureRows.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include <cmath>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// An input as f32, which these operators compute with whatever its type.
static Value readFloats(NodeImport &n, unsigned i = 0) {
  return n.convert(n.input(i), Float32Type::get(n.context()));
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

/// x times the transposed coefficients (targets x features), plus the
/// intercepts.
static Value linearScores(NodeImport &n, int64_t targets) {
  Value x = n.convert(readRows(n, /*mayBeEmpty=*/true), Float32Type::get(n.context()));
  auto coefficients = n.reals("coefficients").value_or(SmallVector<float>());
  auto intercepts = n.reals("intercepts").value_or(SmallVector<float>());
  if (!x)
    return {};
  int64_t features = shapeOf(x)[1];
  if (targets < 1 || targets > int64_t(coefficients.size()) ||
      targets * features != int64_t(coefficients.size())) {
    n.error() << "has " << coefficients.size() << " coefficients for " << targets << " targets and "
              << features << " features";
    return {};
  }
  if (!intercepts.empty() && int64_t(intercepts.size()) != targets) {
    n.error() << "has " << intercepts.size() << " intercepts for " << targets << " targets";
    return {};
  }
  Value weights = n.create<nnc::TransposeOp>(floats(n, {targets, features}, coefficients),
                                             ArrayRef<int64_t>{1, 0});
  Value scores = n.create<nnc::MatmulOp>(x, weights);
  if (intercepts.empty())
    return scores;
  return n.create<nnc::AddOp>(scores, floats(n, {targets}, intercepts));
}

static LogicalResult importLinearRegressor(NodeImport &n) {
  Value scores = linearScores(n, n.integer("targets", 1));
  return n.yield(postTransform(n, scores, n.text("post_transform", "NONE")));
}

static LogicalResult importLinearClassifier(NodeImport &n) {
  FailureOr<ClassLabels> labels = readClassLabels(n, "classlabels_ints", "classlabels_strings");
  Value x = n.input(0);
  n.ignore("multi_class"); // what the coefficients were trained for
  if (failed(labels) || !x)
    return failure();
  int64_t features = shapeOf(x).empty() ? 0 : shapeOf(x).back();
  int64_t coefficients = n.reals("coefficients").value_or(SmallVector<float>()).size();
  bool hasOneScore = labels->count == 2 && coefficients == features;
  Value scores = linearScores(n, hasOneScore ? 1 : labels->count);
  if (hasOneScore)
    return yieldOneScore(n, *labels, scores, 0, /*complement=*/true);
  if (!scores || failed(yieldLabels(n, *labels, bestClass(n, scores))))
    return failure();
  return n.yield(postTransform(n, scores, n.text("post_transform", "NONE")));
}

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

/// The attribute `name`: a number for all features or one for each; null if
/// there is none or after reporting another count.
static Value perFeature(NodeImport &n, StringRef name, ArrayRef<float> values, int64_t features) {
  if (values.empty())
    return {};
  if (values.size() != 1 && int64_t(values.size()) != features) {
    n.error() << "attribute '" << name << "' has " << values.size() << " entries for " << features
              << " features";
    return {};
  }
  return floats(n, {int64_t(values.size())}, values);
}

static int64_t numFeatures(Value x) { return shapeOf(x).empty() ? 1 : shapeOf(x).back(); }

static LogicalResult importScaler(NodeImport &n) {
  Value x = readFloats(n);
  if (!x)
    return failure();
  for (StringRef name : {"offset", "scale"}) {
    auto list = n.reals(name).value_or(SmallVector<float>());
    Value values = perFeature(n, name, list, numFeatures(x));
    if (n.failed())
      return failure();
    if (values && name == "offset")
      x = n.create<nnc::SubOp>(x, values);
    else if (values)
      x = n.create<nnc::MulOp>(x, values);
  }
  return n.yield(x);
}

/// Rows divided by their norm unless that is zero.
static LogicalResult importNormalizer(NodeImport &n) {
  Value x = readFloats(n);
  std::string norm = n.text("norm", "MAX");
  if (!x)
    return failure();
  if (shapeOf(x).empty())
    return n.error() << "input must have at least one dimension";
  int64_t last = shapeOf(x).size() - 1;
  auto reduce = [&](Value values, nnc::ReduceKind kind) {
    return n.create<nnc::ReduceOp>(values, kind, ArrayRef<int64_t>(last));
  };
  Value size;
  if (norm == "MAX")
    size = reduce(x, nnc::ReduceKind::Max);
  else if (norm == "L1")
    size = reduce(n.create<nnc::AbsOp>(x), nnc::ReduceKind::Sum);
  else if (norm == "L2")
    size = n.create<nnc::SqrtOp>(reduce(n.create<nnc::MulOp>(x, x), nnc::ReduceKind::Sum));
  else
    return n.error() << "attribute 'norm' has the unknown value '" << norm << "'";
  Value isZero = n.create<nnc::EqualOp>(size, n.scalar(0, x));
  Value divisor = n.create<nnc::SelectOp>(isZero, n.scalar(1, x), size);
  return n.yield(n.create<nnc::DivOp>(x, divisor));
}

/// Numbers that are `replaced` give way to those of their feature.
template <typename T> static Value impute(NodeImport &n, Value x, ArrayRef<T> imputed, T replaced) {
  int64_t features = numFeatures(x);
  if (imputed.size() != 1 && int64_t(imputed.size()) != features) {
    n.error() << "has " << imputed.size() << " imputed values for " << features << " features";
    return {};
  }
  auto type = RankedTensorType::get(int64_t(imputed.size()), nnc::typeOf(x).getElementType());
  SmallVector<double> values(imputed.begin(), imputed.end());
  Value instead = n.constant(nnc::makeConstant(type, ArrayRef<double>(values)));
  Value isMissing = n.create<nnc::EqualOp>(x, n.scalar(replaced, x));
  if (std::isnan(double(replaced))) // the only number that differs from itself
    isMissing = n.create<nnc::NotOp>(n.create<nnc::EqualOp>(x, x));
  return n.create<nnc::SelectOp>(isMissing, instead, x);
}

static LogicalResult importImputer(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto reals = n.reals("imputed_value_floats").value_or(SmallVector<float>());
  auto integers = n.integers("imputed_value_int64s").value_or(SmallVector<int64_t>());
  float replaced = n.real("replaced_value_float", 0);
  int64_t replacedInteger = n.integer("replaced_value_int64", 0);
  if (isa<FloatType>(nnc::typeOf(x).getElementType()))
    return n.yield(impute<float>(n, x, reals, replaced));
  return n.yield(impute<int64_t>(n, x, integers, replacedInteger));
}

/// Matrices beside each other.
static LogicalResult importFeatureVectorizer(NodeImport &n) {
  auto dimensions = n.integers("inputdimensions").value_or(SmallVector<int64_t>());
  if (dimensions.size() != n.inputCount() || dimensions.empty())
    return n.error() << "has " << n.inputCount() << " inputs and " << dimensions.size()
                     << " entries in 'inputdimensions'";
  SmallVector<Value> parts;
  for (unsigned i = 0; i < n.inputCount(); ++i) {
    Value x = readFloats(n, i);
    if (!x)
      return failure();
    if (shapeOf(x).size() == 1)
      x = n.reshape(x, {1, shapeOf(x)[0]});
    if (shapeOf(x).size() != 2 || shapeOf(x)[1] != dimensions[i])
      return n.error() << "input #" << i << " " << nnc::shapeText(shapeOf(x)) << " must have "
                       << dimensions[i] << " columns";
    parts.push_back(x);
  }
  return n.yield(concat(n, parts, 1));
}

/// A map from labels to scores is the scores in the order of the labels.
static LogicalResult importZipMap(NodeImport &n) {
  FailureOr<ClassLabels> labels = readClassLabels(n, "classlabels_int64s", "classlabels_strings");
  Value scores = n.input(0);
  if (failed(labels) || !scores)
    return failure();
  if (shapeOf(scores).empty() || shapeOf(scores).back() != labels->count)
    return n.error() << "scores " << nnc::shapeText(shapeOf(scores)) << " do not fit "
                     << labels->count << " labels";
  n.warning() << "the map from labels to scores becomes a tensor of scores in "
                 "the order of the "
                 "labels";
  return n.yield(scores);
}

ArrayRef<OnnxOpRow> nncc::frontend::linearRows() {
  static constexpr OnnxOpRow rows[] = {
      {"ai.onnx.ml", "FeatureVectorizer", 1, anyNewer, importFeatureVectorizer},
      {"ai.onnx.ml", "Imputer", 1, anyNewer, importImputer},
      {"ai.onnx.ml", "LinearClassifier", 1, anyNewer, importLinearClassifier,
       "labels that are strings are left out"},
      {"ai.onnx.ml", "LinearRegressor", 1, anyNewer, importLinearRegressor},
      {"ai.onnx.ml", "Normalizer", 1, anyNewer, importNormalizer},
      {"ai.onnx.ml", "Scaler", 1, anyNewer, importScaler},
      {"ai.onnx.ml", "ZipMap", 1, anyNewer, importZipMap,
       "the map becomes a tensor of scores in the order of the labels"},
  };
  return rows;
}
