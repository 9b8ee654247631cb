//===- SupportVectors.cpp - support vector machines -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/ClassScores.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// A machine as attributes describe it. The kernel of two vectors is
///   LINEAR x.v    POLY (gamma x.v + coef0)^degree    RBF e^(-gamma |x - v|^2)
///   SIGMOID tanh(gamma x.v + coef0)
struct Machine {
  SmallVector<float> vectors, coefficients, rho;
  std::string kernel;
  float gamma = 0, coef0 = 0, degree = 0;
  int64_t numVectors = 0, numFeatures = 0;

  /// `count` support vectors for the features of `x`.
  LogicalResult read(NodeImport &n, Value x, int64_t count);
  /// The kernel of each row of `x` and each support vector: rows x vectors.
  Value evaluate(NodeImport &n, Value x) const;
};
} // namespace

/// `kernels` (rows x vectors) times `weights` (vectors x sums) plus `offsets` (sums), in
/// f64: large terms of both signs leave a small sum.
static Value weightedSum(NodeImport &n, Value kernels, Value weights, Value offsets) {
  Type f64 = Float64Type::get(n.context()), f32 = Float32Type::get(n.context());
  Value sum = n.create<nnc::MatmulOp>(n.convert(kernels, f64), n.convert(weights, f64));
  return n.convert(n.create<nnc::AddOp>(sum, n.convert(offsets, f64)), f32);
}

static Value floats(NodeImport &n, ArrayRef<int64_t> shape, ArrayRef<float> values) {
  return n.constant(
      nnc::makeConstant(RankedTensorType::get(shape, Float32Type::get(n.context())), values));
}

/// A matrix of f32 with at least one element.
static Value readRows(NodeImport &n) {
  Value x = n.convert(n.input(0), Float32Type::get(n.context()));
  if (x && shapeOf(x).size() == 1)
    x = n.reshape(x, {1, shapeOf(x)[0]});
  if (x && (shapeOf(x).size() != 2 || nnc::typeOf(x).getNumElements() == 0)) {
    n.error() << "input " << nnc::shapeText(shapeOf(x)) << " must be a matrix with elements";
    return {};
  }
  return x;
}

LogicalResult Machine::read(NodeImport &n, Value x, int64_t count) {
  auto list = [&](StringRef name) { return n.reals(name).value_or(SmallVector<float>()); };
  vectors = list("support_vectors");
  coefficients = list("coefficients");
  rho = list("rho");
  kernel = n.text("kernel_type", "LINEAR");
  SmallVector<float> parameters = list("kernel_params");
  numVectors = count;
  numFeatures = shapeOf(x)[1];
  if (kernel != "LINEAR" && kernel != "POLY" && kernel != "RBF" && kernel != "SIGMOID")
    return n.error() << "attribute 'kernel_type' has the unknown value '" << kernel << "'";
  if (parameters.size() == 3) {
    gamma = parameters[0];
    coef0 = parameters[1];
    degree = parameters[2];
  } else if (!parameters.empty() || kernel != "LINEAR") {
    return n.error() << "attribute 'kernel_params' has " << parameters.size()
                     << " entries, not 3 (gamma, coef0, degree)";
  }
  if (count < 1 || count > int64_t(vectors.size()) ||
      count * numFeatures != int64_t(vectors.size()))
    return n.error() << "has " << vectors.size() << " numbers for " << count
                     << " support vectors of " << numFeatures << " features";
  return success();
}

Value Machine::evaluate(NodeImport &n, Value x) const {
  Value all = floats(n, {numVectors, numFeatures}, vectors);
  auto constant = [&](double value) { return n.scalar(value, x); };
  if (kernel == "RBF") {
    // The sum of squared differences: products would cancel.
    Value rows = n.reshape(x, {shapeOf(x)[0], 1, numFeatures});
    Value difference = n.create<nnc::SubOp>(rows, all);
    Value sum = n.create<nnc::ReduceOp>(n.create<nnc::MulOp>(difference, difference),
                                        nnc::ReduceKind::Sum, ArrayRef<int64_t>{2});
    Value distance = sum ? n.reshape(sum, {shapeOf(x)[0], numVectors}) : Value();
    return n.create<nnc::ExpOp>(n.create<nnc::MulOp>(distance, constant(-gamma)));
  }
  Value product =
      n.create<nnc::MatmulOp>(x, n.create<nnc::TransposeOp>(all, ArrayRef<int64_t>{1, 0}));
  if (kernel == "LINEAR")
    return product;
  Value line =
      n.create<nnc::AddOp>(n.create<nnc::MulOp>(product, constant(gamma)), constant(coef0));
  if (kernel == "SIGMOID")
    return n.create<nnc::TanhOp>(line);
  return n.create<nnc::PowOp>(line, constant(degree));
}

//===----------------------------------------------------------------------===//
// Regression
//===----------------------------------------------------------------------===//

static LogicalResult importRegressor(NodeImport &n) {
  Value x = readRows(n);
  Machine machine;
  if (!x)
    return failure();
  n.ignore("n_targets"); // 1: there is one coefficient per vector
  int64_t count = n.integer("n_supports", 0);
  if (count == 0) // the coefficients themselves are the only vector
    return n.error() << "has no support vectors (attribute 'n_supports')";
  if (failed(machine.read(n, x, count)))
    return failure();
  if (int64_t(machine.coefficients.size()) != count || machine.rho.size() != 1)
    return n.error() << "has " << machine.coefficients.size() << " coefficients and "
                     << machine.rho.size() << " entries in 'rho' for " << count
                     << " support vectors";
  Value score = weightedSum(n, machine.evaluate(n, x), floats(n, {count, 1}, machine.coefficients),
                            floats(n, {1}, machine.rho));
  if (n.integer("one_class", 0)) {
    Value isInside = n.create<nnc::LessOp>(n.scalar(0, x), score);
    score = n.create<nnc::SelectOp>(isInside, n.scalar(1, x), n.scalar(-1, x));
  }
  std::string transform = n.text("post_transform", "NONE");
  if (transform != "NONE")
    return n.error() << "attribute 'post_transform' must be NONE, got '" << transform << "'";
  return n.yield(score);
}

//===----------------------------------------------------------------------===//
// Classification
//===----------------------------------------------------------------------===//

namespace {
/// One decision per pair of classes i < j, in the order (0, 1), (0, 2) ... (1, 2) ...
struct Pairs {
  int64_t numClasses, numPairs;
  SmallVector<int64_t> starts; ///< number of the first support vector of each class

  Pairs(ArrayRef<int64_t> vectorsPerClass)
      : numClasses(vectorsPerClass.size()), numPairs(numClasses * (numClasses - 1) / 2) {
    starts.push_back(0);
    for (int64_t count : vectorsPerClass)
      starts.push_back(starts.back() + count);
  }
  void forEach(llvm::function_ref<void(int64_t pair, int64_t i, int64_t j)> body) const {
    for (int64_t i = 0, pair = 0; i < numClasses; ++i)
      for (int64_t j = i + 1; j < numClasses; ++j)
        body(pair++, i, j);
  }
};
} // namespace

/// What each support vector adds to each decision: vectors x pairs. In the matrix of
/// coefficients, classes - 1 x vectors, class i has row j - 1 for its decisions
/// against j, and class j has row i.
static Value pairWeights(NodeImport &n, const Machine &machine, const Pairs &pairs) {
  std::vector<float> weights(machine.numVectors * pairs.numPairs);
  pairs.forEach([&](int64_t pair, int64_t i, int64_t j) {
    auto copy = [&](int64_t of, int64_t row) {
      for (int64_t v = pairs.starts[of]; v < pairs.starts[of + 1]; ++v)
        weights[v * pairs.numPairs + pair] = machine.coefficients[row * machine.numVectors + v];
    };
    copy(i, j - 1);
    copy(j, i);
  });
  return floats(n, {machine.numVectors, pairs.numPairs}, weights);
}

/// How many decisions each class wins: i where a score is positive, else j.
static Value countVotes(NodeImport &n, Value scores, const Pairs &pairs) {
  std::vector<float> change(pairs.numPairs * pairs.numClasses), base(pairs.numClasses);
  pairs.forEach([&](int64_t pair, int64_t i, int64_t j) {
    change[pair * pairs.numClasses + i] = 1;
    change[pair * pairs.numClasses + j] = -1;
    base[j] += 1;
  });
  Value wins = n.create<nnc::LessOp>(n.scalar(0, scores), scores);
  Value votes = n.create<nnc::MatmulOp>(n.convert(wins, Float32Type::get(n.context())),
                                        floats(n, {pairs.numPairs, pairs.numClasses}, change));
  return n.create<nnc::AddOp>(votes, floats(n, {pairs.numClasses}, base));
}

static LogicalResult checkClasses(NodeImport &n, const Machine &machine, const Pairs &pairs,
                                  const ClassLabels &labels) {
  if (labels.count != pairs.numClasses || labels.count < 2)
    return n.error() << "has " << labels.count << " labels and " << pairs.numClasses
                     << " entries in 'vectors_per_class'";
  if (int64_t(machine.coefficients.size()) != (pairs.numClasses - 1) * machine.numVectors ||
      int64_t(machine.rho.size()) != pairs.numPairs)
    return n.error() << "has " << machine.coefficients.size() << " coefficients and "
                     << machine.rho.size() << " entries in 'rho' for " << machine.numVectors
                     << " support vectors of " << pairs.numClasses << " classes";
  return success();
}

static LogicalResult importClassifier(NodeImport &n) {
  Value x = readRows(n);
  FailureOr<ClassLabels> labels = readClassLabels(n, "classlabels_ints", "classlabels_strings");
  SmallVector<int64_t> perClass = n.integers("vectors_per_class").value_or(SmallVector<int64_t>());
  if (!x || failed(labels))
    return failure();
  if (!n.reals("prob_a").value_or(SmallVector<float>()).empty())
    return n.error() << "probabilities (attribute 'prob_a') are not supported, export the "
                        "decision function";
  n.ignore("prob_b");
  for (int64_t count : perClass)
    if (count < 0 || count > INT32_MAX)
      return n.error() << "a class has " << count << " support vectors";
  Pairs pairs(perClass);
  Machine machine;
  if (failed(machine.read(n, x, pairs.starts.back())) ||
      failed(checkClasses(n, machine, pairs, *labels)))
    return failure();
  Value scores = weightedSum(n, machine.evaluate(n, x), pairWeights(n, machine, pairs),
                             floats(n, {pairs.numPairs}, machine.rho));
  if (!scores || failed(yieldLabels(n, *labels, bestClass(n, countVotes(n, scores, pairs)))))
    return failure();
  std::string transform = n.text("post_transform", "NONE");
  if (pairs.numPairs == 1) {
    if (transform != "NONE" && transform != "LOGISTIC")
      return n.error() << "post_transform " << transform
                       << " is not supported for one score of two classes";
    scores = concat(n, {n.create<nnc::NegOp>(scores), scores}, 1);
  }
  return n.yield(postTransform(n, scores, transform));
}

ArrayRef<OnnxOpRow> nncc::frontend::supportVectorRows() {
  static constexpr OnnxOpRow rows[] = {
      {"ai.onnx.ml", "SVMClassifier", 1, anyNewer, importClassifier, "no probabilities (prob_a)"},
      {"ai.onnx.ml", "SVMRegressor", 1, anyNewer, importRegressor, ""},
  };
  return rows;
}
