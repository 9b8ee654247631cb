//===- SupportVectors.cpp - support vector machines -----------------------===//
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

static LogicalResult importVectorRegressor(NodeImport &n) {
  Value x = n.convert(readRows(n), Float32Type::get(n.context()));
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

/// The probability of i in each decision between i and j: 1 / (1 + e^(a s + b)), not quite
/// 0 or 1 (J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999).
static Value pairProbabilities(NodeImport &n, Value scores, ArrayRef<float> a, ArrayRef<float> b) {
  constexpr double least = 1e-7;
  int64_t count = a.size();
  Value line = n.create<nnc::AddOp>(n.create<nnc::MulOp>(scores, floats(n, {count}, a)),
                                    floats(n, {count}, b));
  Value probability = n.create<nnc::SigmoidOp>(n.create<nnc::NegOp>(line));
  Value above = n.create<nnc::MaxOp>(probability, n.scalar(least, scores));
  return n.create<nnc::MinOp>(above, n.scalar(1 - least, scores));
}

/// The probability of each class from those of pairs. With r_ij = p and r_ji = 1 - p the
/// form of nnc.couple_probabilities has Q_ii = sum of r_ji^2 and Q_ij = -r_ij r_ji.
static Value coupleProbabilities(NodeImport &n, Value p, const Pairs &pairs) {
  if (!p)
    return {};
  int64_t k = pairs.numClasses, rows = shapeOf(p)[0];
  SmallVector<int64_t> columns(k * k, 2 * pairs.numPairs); // of zeros
  SmallVector<float> unit(k * k);
  pairs.forEach([&](int64_t pair, int64_t i, int64_t j) {
    columns[i * k + j] = pair;
    columns[j * k + i] = pairs.numPairs + pair;
  });
  for (int64_t i = 0; i < k; ++i)
    unit[i * k + i] = 1;
  Value zeros = floats(n, {rows, 1}, SmallVector<float>(rows));
  Value all = concat(n, {p, n.create<nnc::SubOp>(n.scalar(1, p), p), zeros}, 1);
  Value flat = take(n, all, 1, columns);
  if (!flat)
    return {};
  Value r = n.reshape(flat, {rows, k, k});
  Value sums = n.create<nnc::ReduceOp>(n.create<nnc::MulOp>(r, r), nnc::ReduceKind::Sum,
                                       ArrayRef<int64_t>{1});
  Value transposed = n.create<nnc::TransposeOp>(r, ArrayRef<int64_t>{0, 2, 1});
  Value diagonal = n.create<nnc::MulOp>(sums, floats(n, {k, k}, unit));
  return n.create<nnc::CoupleProbabilitiesOp>(
      n.create<nnc::SubOp>(diagonal, n.create<nnc::MulOp>(r, transposed)));
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

static LogicalResult importVectorClassifier(NodeImport &n) {
  Value x = n.convert(readRows(n), Float32Type::get(n.context()));
  FailureOr<ClassLabels> labels = readClassLabels(n, "classlabels_ints", "classlabels_strings");
  SmallVector<int64_t> perClass = n.integers("vectors_per_class").value_or(SmallVector<int64_t>());
  if (!x || failed(labels))
    return failure();
  for (int64_t count : perClass)
    if (count < 0 || count > INT32_MAX)
      return n.error() << "a class has " << count << " support vectors";
  auto probA = n.reals("prob_a").value_or(SmallVector<float>());
  auto probB = n.reals("prob_b").value_or(SmallVector<float>());
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
  if (!probA.empty()) {
    if (int64_t(probA.size()) != pairs.numPairs || probB.size() != probA.size())
      return n.error() << "has " << probA.size() << " entries in 'prob_a' and " << probB.size()
                       << " in 'prob_b' for " << pairs.numPairs << " pairs of classes";
    scores = coupleProbabilities(n, pairProbabilities(n, scores, probA, probB), pairs);
  } else if (pairs.numPairs == 1) {
    if (transform != "NONE" && transform != "LOGISTIC")
      return n.error() << "post_transform " << transform
                       << " is not supported for one score of two classes";
    scores = concat(n, {n.create<nnc::NegOp>(scores), scores}, 1);
  }
  return n.yield(postTransform(n, scores, transform));
}

ArrayRef<OnnxOpRow> nncc::frontend::supportVectorRows() {
  static constexpr OnnxOpRow rows[] = {
      {"ai.onnx.ml", "SVMClassifier", 1, anyNewer, importVectorClassifier, ""},
      {"ai.onnx.ml", "SVMRegressor", 1, anyNewer, importVectorRegressor, ""},
  };
  return rows;
}
