//===- TreeEnsemble.cpp - trees and the weights of their leaves -----------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/TreeEnsemble.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include <limits>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/MathExtras.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<double>> nncc::frontend::readReals(NodeImport &n, StringRef name) {
  std::string asTensor = (name + "_as_tensor").str();
  SmallVector<double> values;
  if (n.hasAttribute(asTensor)) {
    auto data = nnc::ConstantData::get(n.tensor(asTensor));
    if (!data)
      return n.failed() ? failure()
                        : n.error() << "attribute '" << asTensor << "' is no tensor of numbers";
    for (int64_t i = 0; i < data->size(); ++i)
      values.push_back(data->at(i));
  } else if (auto floats = n.reals(name)) {
    values.assign(floats->begin(), floats->end());
  }
  return values;
}

/// A list of integers that has `size` entries.
static FailureOr<SmallVector<int64_t>> readList(NodeImport &n, StringRef name, size_t size) {
  SmallVector<int64_t> list = n.integers(name).value_or(SmallVector<int64_t>());
  if (list.size() != size)
    return n.error() << "attribute '" << name << "' has " << list.size() << " entries, not "
                     << size;
  return list;
}

static std::optional<BranchMode> branchMode(StringRef name) {
  return llvm::StringSwitch<std::optional<BranchMode>>(name)
      .Case("BRANCH_LEQ", BranchMode::LessEqual)
      .Case("BRANCH_LT", BranchMode::Less)
      .Case("BRANCH_GTE", BranchMode::GreaterEqual)
      .Case("BRANCH_GT", BranchMode::Greater)
      .Case("BRANCH_EQ", BranchMode::Equal)
      .Case("BRANCH_NEQ", BranchMode::NotEqual)
      .Default(std::nullopt);
}

static FailureOr<nnc::ReduceKind> readAggregate(NodeImport &n) {
  std::string name = n.text("aggregate_function", "SUM");
  auto kind = llvm::StringSwitch<std::optional<nnc::ReduceKind>>(name)
                  .Case("SUM", nnc::ReduceKind::Sum)
                  .Case("AVERAGE", nnc::ReduceKind::Mean)
                  .Case("MIN", nnc::ReduceKind::Min)
                  .Case("MAX", nnc::ReduceKind::Max)
                  .Default(std::nullopt);
  if (!kind)
    return n.error() << "attribute 'aggregate_function' has the unknown value '" << name << "'";
  return *kind;
}

namespace {
/// The nodes of all trees in the order of the attributes of
/// TreeEnsembleClassifier.
struct NodeLists {
  SmallVector<int64_t> trees, ids, features, ifTrue, ifFalse, nanIsTrue;
  SmallVector<std::string> modes;
  SmallVector<double> values;
  /// (tree, id) -> position in the lists; as child: a branch, or ~l for leaf l.
  DenseMap<std::pair<int64_t, int64_t>, int64_t> positions;
  SmallVector<int64_t> children;

  LogicalResult read(NodeImport &n);
  LogicalResult number(NodeImport &n, int64_t &numLeaves);
  /// The child that node `at` names with `id`.
  FailureOr<int64_t> child(NodeImport &n, size_t at, int64_t id) const;
};
} // namespace

LogicalResult NodeLists::read(NodeImport &n) {
  modes = n.texts("nodes_modes");
  size_t size = modes.size();
  if (size == 0)
    return n.error() << "has no tree nodes (attribute 'nodes_modes')";
  std::pair<StringRef, SmallVector<int64_t> *> lists[] = {
      {"nodes_treeids", &trees},        {"nodes_nodeids", &ids},
      {"nodes_featureids", &features},  {"nodes_truenodeids", &ifTrue},
      {"nodes_falsenodeids", &ifFalse},
  };
  for (auto [name, list] : lists) {
    FailureOr<SmallVector<int64_t>> values = readList(n, name, size);
    if (failed(values))
      return failure();
    *list = *values;
  }
  nanIsTrue.assign(size, 0);
  if (auto flags = n.integers("nodes_missing_value_tracks_true"); flags && !flags->empty()) {
    FailureOr<SmallVector<int64_t>> values = readList(n, "nodes_missing_value_tracks_true", size);
    if (failed(values))
      return failure();
    nanIsTrue = *values;
  }
  FailureOr<SmallVector<double>> reals = readReals(n, "nodes_values");
  if (failed(reals))
    return failure();
  values = *reals;
  if (values.size() != size)
    return n.error() << "attribute 'nodes_values' has " << values.size() << " entries, not "
                     << size;
  n.ignore("nodes_hitrates");
  n.ignore("nodes_hitrates_as_tensor");
  return success();
}

LogicalResult NodeLists::number(NodeImport &n, int64_t &numLeaves) {
  int64_t numBranches = 0;
  for (auto [i, mode] : llvm::enumerate(modes)) {
    if (!positions.try_emplace({trees[i], ids[i]}, i).second)
      return n.error() << "tree " << trees[i] << " has two nodes with the number " << ids[i];
    if (mode == "LEAF")
      children.push_back(~numLeaves++);
    else if (branchMode(mode))
      children.push_back(numBranches++);
    else
      return n.error() << "tree node #" << i << " has the unknown mode '" << mode << "'";
  }
  return success();
}

FailureOr<int64_t> NodeLists::child(NodeImport &n, size_t at, int64_t id) const {
  auto found = positions.find({trees[at], id});
  if (found == positions.end())
    return n.error() << "tree node #" << at << " has the child " << id
                     << ", which is no node of tree " << trees[at];
  return children[found->second];
}

//===----------------------------------------------------------------------===//
// TreeEnsembleClassifier, TreeEnsembleRegressor
//===----------------------------------------------------------------------===//

LogicalResult TreeEnsemble::readLists(NodeImport &n, StringRef prefix, int64_t numFeatures) {
  NodeLists lists;
  FailureOr<nnc::ReduceKind> aggregate = readAggregate(n);
  if (failed(aggregate) || failed(lists.read(n)) || failed(lists.number(n, table.numLeaves)))
    return failure();
  kind = *aggregate;
  SmallVector<Branch> branches;
  SmallVector<int64_t> roots;
  for (auto [i, mode] : llvm::enumerate(lists.modes)) {
    if (i == 0 || lists.trees[i] != lists.trees[i - 1]) // a tree begins with its root
      roots.push_back(lists.children[i]);
    if (mode == "LEAF")
      continue;
    FailureOr<int64_t> ifTrue = lists.child(n, i, lists.ifTrue[i]);
    FailureOr<int64_t> ifFalse = lists.child(n, i, lists.ifFalse[i]);
    if (failed(ifTrue) || failed(ifFalse))
      return failure();
    branches.push_back({*branchMode(mode),
                        lists.features[i],
                        *ifTrue,
                        *ifFalse,
                        lists.values[i],
                        {},
                        lists.nanIsTrue[i] != 0});
  }
  if (failed(table.build(n, branches, roots, numFeatures)))
    return failure();

  FailureOr<SmallVector<double>> reals = readReals(n, (prefix + "_weights").str());
  if (failed(reals))
    return failure();
  SmallVector<SmallVector<int64_t>> keys;
  for (StringRef suffix : {"_treeids", "_nodeids", "_ids"}) {
    FailureOr<SmallVector<int64_t>> list = readList(n, (prefix + suffix).str(), reals->size());
    if (failed(list))
      return failure();
    keys.push_back(*list);
  }
  SmallVector<LeafWeight> given;
  for (auto [tree, node, target, weight] : llvm::zip(keys[0], keys[1], keys[2], *reals)) {
    auto found = lists.positions.find({tree, node});
    if (found == lists.positions.end())
      return n.error() << "has a weight for node " << node << " of tree " << tree
                       << ", which does not exist";
    int64_t leaf = lists.children[found->second];
    if (leaf < 0) // weights of inner nodes have no effect
      given.push_back({~leaf, target, weight});
  }
  return addWeights(n, given);
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

LogicalResult TreeEnsemble::addWeights(NodeImport &n, ArrayRef<LeafWeight> given) {
  constexpr int64_t most = int64_t(1) << 30;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  int64_t size = 0;
  if (numTargets < 1 || llvm::MulOverflow(table.numLeaves, numTargets, size) || size > most)
    return n.error() << "has " << table.numLeaves << " leaves with weights for " << numTargets
                     << " targets, at most 2^30 are supported";
  double neutral = kind == nnc::ReduceKind::Min   ? infinity
                   : kind == nnc::ReduceKind::Max ? -infinity
                                                  : 0;
  weights.assign(size, neutral);
  isGiven.assign(size, false);
  for (auto [leaf, target, weight] : given) {
    if (target < 0 || target >= numTargets)
      return n.error() << "a leaf has a weight for target " << target << ", there are "
                       << numTargets;
    int64_t at = leaf * numTargets + target;
    if (kind == nnc::ReduceKind::Min)
      weights[at] = std::min(weights[at], weight);
    else if (kind == nnc::ReduceKind::Max)
      weights[at] = std::max(weights[at], weight);
    else
      weights[at] += weight;
    isGiven[at] = true;
  }
  return success();
}

std::optional<int64_t> TreeEnsemble::onlyTarget() const {
  std::optional<int64_t> only;
  for (size_t at = 0; at < isGiven.size(); ++at) {
    if (!isGiven[at])
      continue;
    int64_t target = at % numTargets;
    if (only && *only != target)
      return std::nullopt;
    only = target;
  }
  return only;
}

bool TreeEnsemble::hasNegativeWeight() const {
  return llvm::any_of(weights, [](double weight) { return weight < 0; });
}

//===----------------------------------------------------------------------===//
// Scores
//===----------------------------------------------------------------------===//

/// Boosted trees for several classes have one class each: the trees in the
/// order of their targets, if each target has the same number of them.
std::optional<SmallVector<int64_t>> TreeEnsemble::treesByTarget() const {
  int64_t numTrees = table.numTrees();
  if (kind == nnc::ReduceKind::Min || kind == nnc::ReduceKind::Max || numTrees % numTargets != 0)
    return std::nullopt;
  SmallVector<SmallVector<int64_t>> trees(numTargets);
  for (int64_t tree = 0; tree < numTrees; ++tree) {
    std::optional<int64_t> only;
    for (int64_t leaf : table.leavesOf(tree))
      for (int64_t target = 0; target < numTargets; ++target) {
        if (!isGiven[leaf * numTargets + target])
          continue;
        if (only && *only != target)
          return std::nullopt;
        only = target;
      }
    trees[only.value_or(0)].push_back(tree);
  }
  SmallVector<int64_t> order;
  for (const SmallVector<int64_t> &list : trees) {
    if (int64_t(list.size()) != numTrees / numTargets)
      return std::nullopt;
    llvm::append_range(order, list);
  }
  return order;
}

/// The weights of `leaves` (rows x trees): for each target, or `byTarget` for
/// the one that each tree has.
Value TreeEnsemble::leafWeights(NodeImport &n, Value leaves, bool byTarget) const {
  MLIRContext *context = n.context();
  SmallVector<int64_t> from{table.numLeaves}, to(shapeOf(leaves));
  SmallVector<AffineExpr> exprs{getAffineSymbolExpr(0, context)};
  std::vector<double> values = weights;
  if (!byTarget) {
    from.push_back(numTargets);
    to.push_back(numTargets);
    exprs.push_back(getAffineDimExpr(2, context));
  } else {
    values.assign(table.numLeaves, 0);
    for (size_t at = 0; at < weights.size(); ++at)
      if (isGiven[at])
        values[at / numTargets] = weights[at];
  }
  Value data =
      n.constant(nnc::makeConstant(RankedTensorType::get(from, element), ArrayRef<double>(values)));
  AffineMap leaf = AffineMap::get(
      to.size(), 0, {getAffineDimExpr(0, context), getAffineDimExpr(1, context)}, context);
  return gatherUnchecked(n, data, to, AffineMap::get(to.size(), 1, exprs, context),
                         {{leaves, leaf}}, /*inRange=*/true);
}

/// `weights` without dimension `axis`.
Value TreeEnsemble::aggregate(NodeImport &n, Value given, int64_t axis) const {
  bool isMean = kind == nnc::ReduceKind::Mean;
  Value result =
      n.create<nnc::ReduceOp>(given, isMean ? nnc::ReduceKind::Sum : kind, ArrayRef<int64_t>{axis});
  if (!result)
    return {};
  result = n.reshape(result, {shapeOf(given)[0], numTargets});
  if (isMean)
    result = n.create<nnc::DivOp>(result, n.scalar(table.numTrees(), result));
  if (!llvm::is_contained(isGiven, false) || isMean || kind == nnc::ReduceKind::Sum)
    return result;
  // No tree has said anything about a target: 0.
  double neutral = std::numeric_limits<double>::infinity();
  if (kind == nnc::ReduceKind::Max)
    neutral = -neutral;
  Value isUnknown = n.create<nnc::EqualOp>(result, n.scalar(neutral, result));
  return n.create<nnc::SelectOp>(isUnknown, n.scalar(0, result), result);
}

Value TreeEnsemble::scores(NodeImport &n, Value input) const {
  int64_t numTrees = table.numTrees();
  std::optional<SmallVector<int64_t>> order = treesByTarget();
  bool byTarget = order.has_value();
  if (!byTarget)
    order = llvm::to_vector(llvm::seq<int64_t>(0, numTrees));
  Value leaves = table.walk(n, input, *order);
  if (!leaves)
    return {};
  Value given = leafWeights(n, leaves, byTarget);
  if (!given || !byTarget)
    return given ? aggregate(n, given, 1) : Value();
  int64_t rows = shapeOf(input)[0];
  return aggregate(n, n.reshape(given, {rows, numTargets, numTrees / numTargets}), 2);
}
