//===- TreeTensors.cpp - the attributes of TreeEnsemble -------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/TreeEnsemble.h"
#include <cmath>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// The numbers of a tensor attribute; none if it is left out.
static FailureOr<SmallVector<double>> readTensor(NodeImport &n, StringRef name) {
  SmallVector<double> values;
  if (!n.hasAttribute(name))
    return values;
  auto data = nnc::ConstantData::get(n.tensor(name));
  if (!data)
    return n.failed() ? failure()
                      : n.error() << "attribute '" << name << "' is no tensor of numbers";
  for (int64_t i = 0; i < data->size(); ++i)
    values.push_back(data->at(i));
  return values;
}

/// The sets of the nodes that ask for a member: one after the other, each ended
/// by NaN.
static SmallVector<SmallVector<double>> readSets(ArrayRef<double> values) {
  SmallVector<SmallVector<double>> sets(1);
  for (double value : values)
    if (std::isnan(value))
      sets.emplace_back();
    else
      sets.back().push_back(value);
  return sets;
}

namespace {
struct InnerNodes {
  SmallVector<int64_t> features, ifTrue, ifFalse, trueIsLeaf, falseIsLeaf, nanIsTrue;
  SmallVector<double> modes, splits, members;

  LogicalResult read(NodeImport &n);
  FailureOr<SmallVector<Branch>> branches(NodeImport &n) const;
};
} // namespace

LogicalResult InnerNodes::read(NodeImport &n) {
  FailureOr<SmallVector<double>> modeNumbers = readTensor(n, "nodes_modes");
  FailureOr<SmallVector<double>> splitValues = readTensor(n, "nodes_splits");
  FailureOr<SmallVector<double>> memberValues = readTensor(n, "membership_values");
  if (failed(modeNumbers) || failed(splitValues) || failed(memberValues))
    return failure();
  modes = *modeNumbers;
  splits = *splitValues;
  members = *memberValues;
  std::pair<StringRef, SmallVector<int64_t> *> lists[] = {
      {"nodes_featureids", &features},    {"nodes_truenodeids", &ifTrue},
      {"nodes_falsenodeids", &ifFalse},   {"nodes_trueleafs", &trueIsLeaf},
      {"nodes_falseleafs", &falseIsLeaf}, {"nodes_missing_value_tracks_true", &nanIsTrue},
  };
  for (auto [name, list] : lists) {
    *list = n.integers(name).value_or(SmallVector<int64_t>());
    if (list == &nanIsTrue && list->empty())
      list->assign(modes.size(), 0);
    if (list->size() != modes.size())
      return n.error() << "attribute '" << name << "' has " << list->size() << " entries for "
                       << modes.size() << " modes";
  }
  if (splits.size() != modes.size())
    return n.error() << "attribute 'nodes_splits' has " << splits.size() << " entries for "
                     << modes.size() << " modes";
  n.ignore("nodes_hitrates");
  return success();
}

FailureOr<SmallVector<Branch>> InnerNodes::branches(NodeImport &n) const {
  // In the order of the numbers that the operator gives them.
  constexpr BranchMode known[] = {
      BranchMode::LessEqual, BranchMode::Less,     BranchMode::GreaterEqual, BranchMode::Greater,
      BranchMode::Equal,     BranchMode::NotEqual, BranchMode::Member};
  SmallVector<SmallVector<double>> sets = readSets(members);
  size_t nextSet = 0;
  SmallVector<Branch> result;
  for (size_t i = 0; i < modes.size(); ++i) {
    if (!(modes[i] >= 0 && modes[i] < std::size(known)))
      return n.error() << "tree node #" << i << " has the unknown mode " << modes[i];
    if (ifTrue[i] < 0 || ifFalse[i] < 0)
      return n.error() << "tree node #" << i << " has a child that does not exist";
    Branch branch{known[size_t(modes[i])],
                  features[i],
                  trueIsLeaf[i] ? ~ifTrue[i] : ifTrue[i],
                  falseIsLeaf[i] ? ~ifFalse[i] : ifFalse[i],
                  splits[i],
                  {},
                  nanIsTrue[i] != 0};
    if (branch.mode == BranchMode::Member) {
      if (nextSet == sets.size())
        return n.error() << "tree node #" << i << " has no set in 'membership_values'";
      branch.members = sets[nextSet++];
    }
    result.push_back(std::move(branch));
  }
  return result;
}

LogicalResult TreeEnsemble::readTensors(NodeImport &n, int64_t numFeatures) {
  constexpr nnc::ReduceKind kinds[] = {nnc::ReduceKind::Mean, nnc::ReduceKind::Sum,
                                       nnc::ReduceKind::Min, nnc::ReduceKind::Max};
  int64_t aggregate = n.integer("aggregate_function", 1);
  if (aggregate < 0 || aggregate >= int64_t(std::size(kinds)))
    return n.error() << "attribute 'aggregate_function' has the unknown value " << aggregate;
  kind = kinds[aggregate];
  InnerNodes inner;
  FailureOr<SmallVector<double>> leafValues = readTensor(n, "leaf_weights");
  SmallVector<int64_t> targets = n.integers("leaf_targetids").value_or(SmallVector<int64_t>());
  SmallVector<int64_t> roots = n.integers("tree_roots").value_or(SmallVector<int64_t>());
  if (failed(leafValues) || failed(inner.read(n)))
    return failure();
  if (targets.size() != leafValues->size() || targets.empty())
    return n.error() << "has " << leafValues->size() << " leaf weights for " << targets.size()
                     << " leaves";
  if (roots.empty())
    return n.error() << "has no trees (attribute 'tree_roots')";
  for (int64_t root : roots)
    if (root < 0)
      return n.error() << "the root of a tree does not exist";
  FailureOr<SmallVector<Branch>> branches = inner.branches(n);
  table.numLeaves = targets.size();
  if (failed(branches) || failed(table.build(n, *branches, roots, numFeatures)))
    return failure();
  SmallVector<LeafWeight> given;
  for (auto [leaf, target] : llvm::enumerate(targets))
    given.push_back({int64_t(leaf), target, (*leafValues)[leaf]});
  return addWeights(n, given);
}
