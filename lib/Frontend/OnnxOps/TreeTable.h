//===- TreeTable.h - decision trees in one normal form ----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_TREETABLE_H
#define LIB_FRONTEND_ONNXOPS_TREETABLE_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// What a node of an ensemble compares a feature with.
enum class BranchMode { LessEqual, Less, GreaterEqual, Greater, Equal, NotEqual, Member };

/// An inner node as a network gives it. A child is a node, or ~l for leaf l.
struct Branch {
  BranchMode mode;
  int64_t feature, ifTrue, ifFalse;
  double threshold;
  llvm::SmallVector<double> members; ///< of the set that Member asks for
  bool nanIsTrue = false;
};

/// A share of a leaf in the result: the `target` gets `weight`.
struct LeafWeight {
  int64_t leaf, target;
  double weight;
};

/// All trees of an ensemble. Inner nodes only ask `feature <= threshold`, which
/// is what nnc.walk_trees knows; the other questions become one or more of
/// them:
///
///     x > t     !(x <= t)
///     x < t     x <= s          s: the largest number below t
///     x == t    x <= t && !(x <= s)
///     x in {a, b}    x == a || x == b
class TreeTable {
public:
  /// Numbers are rounded to `element`, f32 or f64, before they are compared.
  explicit TreeTable(mlir::Type element) : element(element) {}

  /// Puts `branches` into normal form; `roots` are as children are. Reports
  /// children and features that do not exist (there are `numFeatures`), and
  /// cycles.
  mlir::LogicalResult build(NodeImport &n, llvm::ArrayRef<Branch> branches,
                            llvm::ArrayRef<int64_t> roots, int64_t numFeatures);

  int64_t numTrees() const { return roots.size(); }
  /// The leaf of each tree that each row of `input` reaches: rows x trees. The
  /// trees come in the given order.
  mlir::Value walk(NodeImport &n, mlir::Value input, llvm::ArrayRef<int64_t> order) const;
  /// The leaves below the root of a tree.
  llvm::SmallVector<int64_t> leavesOf(int64_t tree) const;

  int64_t numLeaves = 0;

private:
  struct Node {
    int64_t feature, ifTrue, ifFalse;
    double threshold;
    bool nanIsTrue;
  };
  mlir::LogicalResult checkBranches(NodeImport &n, llvm::ArrayRef<Branch> branches,
                                    int64_t numFeatures);
  mlir::LogicalResult checkCycles(NodeImport &n, llvm::ArrayRef<Branch> branches);
  int64_t append();
  void place(int64_t at, const Branch &branch);
  void placeEqual(int64_t at, const Branch &branch);
  double below(double threshold) const;

  mlir::Type element;
  llvm::SmallVector<Node> nodes;
  llvm::SmallVector<int64_t> roots;
};

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_TREETABLE_H
