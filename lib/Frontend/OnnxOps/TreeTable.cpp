//===- TreeTable.cpp - decision trees in one normal form ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/TreeTable.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include <cmath>
#include <limits>
#include <llvm/ADT/DenseSet.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// What a network may claim
//===----------------------------------------------------------------------===//

LogicalResult TreeTable::checkBranches(NodeImport &n, ArrayRef<Branch> branches,
                                       int64_t numFeatures) {
  int64_t count = branches.size();
  for (auto [i, branch] : llvm::enumerate(branches)) {
    if (branch.feature < 0 || branch.feature >= numFeatures)
      return n.error() << "tree node #" << i << " asks for feature " << branch.feature
                       << ", the input has " << numFeatures;
    for (int64_t child : {branch.ifTrue, branch.ifFalse})
      if (child >= count || ~child >= numLeaves)
        return n.error() << "tree node #" << i << " has a child that does not exist";
  }
  for (int64_t root : roots)
    if (root >= count || ~root >= numLeaves)
      return n.error() << "the root of a tree does not exist";
  return success();
}

/// A walk must end: no node may be its own descendant. Depth first, without
/// recursion, since a chain of a million nodes is a tree, too.
LogicalResult TreeTable::checkCycles(NodeImport &n, ArrayRef<Branch> branches) {
  enum State : char { New, Open, Done };
  std::vector<State> states(branches.size(), New);
  for (int64_t root : roots) {
    SmallVector<int64_t> path;
    if (root >= 0)
      path.push_back(root);
    while (!path.empty()) {
      int64_t at = path.back();
      bool isSecondVisit = states[at] != New;
      if (isSecondVisit) {
        states[at] = Done;
        path.pop_back();
        continue;
      }
      states[at] = Open;
      for (int64_t child : {branches[at].ifTrue, branches[at].ifFalse}) {
        if (child < 0 || states[child] == Done)
          continue;
        if (states[child] == Open)
          return n.error() << "tree node #" << child << " is its own descendant";
        path.push_back(child);
      }
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Normal form
//===----------------------------------------------------------------------===//

/// The largest number of the element type that is less than `threshold`; NaN,
/// which no number is up to, if there is none.
double TreeTable::below(double threshold) const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (threshold == -infinity)
    return std::numeric_limits<double>::quiet_NaN();
  if (element.isF64())
    return std::nextafter(threshold, -infinity);
  return std::nextafter(float(threshold), -std::numeric_limits<float>::infinity());
}

int64_t TreeTable::append() {
  nodes.emplace_back();
  return nodes.size() - 1;
}

/// x == t: where x <= t goes on to a second node, which asks x <= s.
void TreeTable::placeEqual(int64_t at, const Branch &branch) {
  int64_t second = append();
  nodes[at] = {branch.feature, second, branch.ifFalse, branch.threshold, branch.nanIsTrue};
  nodes[second] = {branch.feature, branch.ifFalse, branch.ifTrue, below(branch.threshold), false};
}

void TreeTable::place(int64_t at, const Branch &branch) {
  const auto &[mode, feature, ifTrue, ifFalse, threshold, members, nanIsTrue] = branch;
  switch (mode) {
  case BranchMode::LessEqual:
    nodes[at] = {feature, ifTrue, ifFalse, threshold, nanIsTrue};
    return;
  case BranchMode::Less:
    nodes[at] = {feature, ifTrue, ifFalse, below(threshold), nanIsTrue};
    return;
  case BranchMode::Greater:
    nodes[at] = {feature, ifFalse, ifTrue, threshold, !nanIsTrue};
    return;
  case BranchMode::GreaterEqual:
    nodes[at] = {feature, ifFalse, ifTrue, below(threshold), !nanIsTrue};
    return;
  case BranchMode::Equal:
    placeEqual(at, branch);
    return;
  case BranchMode::NotEqual: // NaN is not equal to anything
    placeEqual(at, {BranchMode::Equal, feature, ifFalse, ifTrue, threshold, {}, false});
    return;
  case BranchMode::Member:
    if (members.empty()) // nothing is up to NaN
      nodes[at] = {feature, ifTrue, ifFalse, std::numeric_limits<double>::quiet_NaN(), nanIsTrue};
    for (auto [k, member] : llvm::enumerate(members)) {
      bool isLast = k + 1 == members.size();
      int64_t next = isLast ? ifFalse : append();
      placeEqual(at, {BranchMode::Equal, feature, ifTrue, next, member, {}, nanIsTrue});
      at = next;
    }
    return;
  }
}

LogicalResult TreeTable::build(NodeImport &n, ArrayRef<Branch> branches, ArrayRef<int64_t> given,
                               int64_t numFeatures) {
  roots.assign(given.begin(), given.end());
  if (failed(checkBranches(n, branches, numFeatures)) || failed(checkCycles(n, branches)))
    return failure();
  nodes.resize(branches.size());
  for (auto [i, branch] : llvm::enumerate(branches))
    place(i, branch);
  if (nodes.empty()) // all trees are leaves
    nodes.push_back({0, ~0, ~0, 0, false});
  if (nodes.size() > INT32_MAX / 3 || numLeaves > INT32_MAX)
    return n.error() << "has " << nodes.size() << " tree nodes and " << numLeaves
                     << " leaves, more than fit 32 bits";
  return success();
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

Value TreeTable::walk(NodeImport &n, Value input, ArrayRef<int64_t> order) const {
  MLIRContext *context = n.context();
  int64_t count = nodes.size(), numFeatures = shapeOf(input)[1];
  bool isSmall = std::max({count, numLeaves, numFeatures}) <= INT16_MAX;
  Type index = IntegerType::get(context, isSmall ? 16 : 32);
  std::vector<double> rows, thresholds, starts, flags;
  bool asksForNan = false;
  for (const Node &node : nodes) {
    rows.insert(rows.end(), {double(node.feature), double(node.ifTrue), double(node.ifFalse)});
    thresholds.push_back(node.threshold);
    flags.push_back(node.nanIsTrue);
    asksForNan |= node.nanIsTrue;
  }
  for (int64_t tree : order)
    starts.push_back(roots[tree]);
  auto table = [&](ArrayRef<int64_t> shape, Type type, const std::vector<double> &values) {
    return n.constant(nnc::makeConstant(RankedTensorType::get(shape, type), ArrayRef(values)));
  };
  Value nan;
  if (asksForNan)
    nan = table({count}, IntegerType::get(context, 1), flags);
  return n.create<nnc::WalkTreesOp>(input, table({numTrees()}, index, starts),
                                    table({count, 3}, index, rows),
                                    table({count}, element, thresholds), nan);
}

SmallVector<int64_t> TreeTable::leavesOf(int64_t tree) const {
  SmallVector<int64_t> leaves, open{roots[tree]};
  llvm::DenseSet<int64_t> seen;
  while (!open.empty()) {
    int64_t at = open.pop_back_val();
    if (at < 0) {
      leaves.push_back(~at);
    } else if (seen.insert(at).second) {
      open.append({nodes[at].ifTrue, nodes[at].ifFalse});
    }
  }
  return leaves;
}
