//===- Tree.cpp - ensembles of decision trees -----------------------------===//
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
#include "lib/Frontend/OnnxOps/TreeEnsemble.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// `scores` plus a number per target, if there are any.
static Value addBaseValues(NodeImport &n, Value scores, ArrayRef<double> base) {
  if (!scores || base.empty())
    return scores;
  auto type = RankedTensorType::get(int64_t(base.size()), nnc::typeOf(scores).getElementType());
  return n.create<nnc::AddOp>(scores, n.constant(nnc::makeConstant(type, base)));
}

/// The scores as the operator's result, which is f32 before opset 5.
static LogicalResult yieldScores(NodeImport &n, Value scores) {
  if (n.opset() < 5)
    scores = n.convert(scores, Float32Type::get(n.context()));
  return n.yield(scores);
}

static LogicalResult importTargets(NodeImport &n, const TreeEnsemble &ensemble, Value x,
                                   StringRef transform) {
  FailureOr<SmallVector<double>> base = readReals(n, "base_values");
  if (failed(base))
    return failure();
  if (!base->empty() && int64_t(base->size()) != ensemble.numTargets)
    return n.error() << "has " << base->size() << " base values for " << ensemble.numTargets
                     << " targets";
  Value scores = addBaseValues(n, ensemble.scores(n, x), *base);
  return yieldScores(n, postTransform(n, scores, transform));
}

/// The matrix that trees decide about: f32, or f64 if the input is.
static Value readDecided(NodeImport &n) {
  Value x = readRows(n);
  if (x && nnc::typeOf(x).getElementType().isF64())
    return x;
  return n.convert(x, Float32Type::get(n.context()));
}

static LogicalResult importTreeRegressor(NodeImport &n) {
  Value x = readDecided(n);
  if (!x)
    return failure();
  TreeEnsemble ensemble(nnc::typeOf(x).getElementType());
  ensemble.numTargets = n.integer("n_targets", 1);
  if (failed(ensemble.readLists(n, "target", shapeOf(x)[1])))
    return failure();
  return importTargets(n, ensemble, x, n.text("post_transform", "NONE"));
}

static LogicalResult importEnsemble(NodeImport &n) {
  Value x = readDecided(n);
  if (!x)
    return failure();
  TreeEnsemble ensemble(nnc::typeOf(x).getElementType());
  ensemble.numTargets = n.integer("n_targets", 1);
  if (failed(ensemble.readTensors(n, shapeOf(x)[1])))
    return failure();
  // In the order of the numbers that the operator gives them.
  constexpr StringLiteral transforms[] = {"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"};
  int64_t transform = n.integer("post_transform", 0);
  if (transform < 0 || transform >= int64_t(std::size(transforms)))
    return n.error() << "attribute 'post_transform' has the unknown value " << transform;
  return importTargets(n, ensemble, x, transforms[transform]);
}

//===----------------------------------------------------------------------===//
// Classifier
//===----------------------------------------------------------------------===//

static LogicalResult importTreeClassifier(NodeImport &n) {
  Value x = readDecided(n);
  FailureOr<ClassLabels> labels = readClassLabels(n, "classlabels_int64s", "classlabels_strings");
  FailureOr<SmallVector<double>> base = readReals(n, "base_values");
  if (!x || failed(labels) || failed(base))
    return failure();
  TreeEnsemble ensemble(nnc::typeOf(x).getElementType());
  ensemble.numTargets = labels->count;
  if (failed(ensemble.readLists(n, "class", shapeOf(x)[1])))
    return failure();
  std::optional<int64_t> only = ensemble.onlyTarget();
  if (labels->count != 2 || !only) {
    if (!base->empty() && int64_t(base->size()) != labels->count)
      return n.error() << "has " << base->size() << " base values for " << labels->count
                       << " classes";
    Value scores = addBaseValues(n, ensemble.scores(n, x), *base);
    if (!scores || failed(yieldLabels(n, *labels, bestClass(n, scores))))
      return failure();
    return yieldScores(n, postTransform(n, scores, n.text("post_transform", "NONE")));
  }
  // As ONNX Runtime: weights that are never negative are probabilities.
  bool areProbabilities = !ensemble.hasNegativeWeight();
  if (*only == 1) { // the first class has no score, which is a score of 0
    if (!base->empty())
      return n.error() << "has base values, but weights of the second of two "
                          "classes only";
    Value scores = ensemble.scores(n, x);
    Value second = slice(n, scores, 1, 1, 1);
    if (!second ||
        failed(yieldLabels(n, *labels, secondClass(n, second, areProbabilities ? 0.5 : 0))))
      return failure();
    return yieldScores(n, postTransform(n, scores, n.text("post_transform", "NONE")));
  }
  if (base->size() > 1)
    return n.error() << "has " << base->size()
                     << " base values, but weights of the first of two classes only";
  // The score says how likely the *second* class is.
  Value score = addBaseValues(n, slice(n, ensemble.scores(n, x), 1, 0, 1), *base);
  return yieldOneScore(n, *labels, score, areProbabilities ? 0.5 : 0, areProbabilities);
}

ArrayRef<OnnxOpRow> nncc::frontend::treeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"ai.onnx.ml", "TreeEnsemble", 5, anyNewer, importEnsemble},
      {"ai.onnx.ml", "TreeEnsembleClassifier", 1, anyNewer, importTreeClassifier,
       "labels that are strings are left out"},
      {"ai.onnx.ml", "TreeEnsembleRegressor", 1, anyNewer, importTreeRegressor},
  };
  return rows;
}
