//===- TreeEnsemble.h - trees and the weights of their leaves ---*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_TREEENSEMBLE_H
#define LIB_FRONTEND_ONNXOPS_TREEENSEMBLE_H

#include "lib/Frontend/OnnxOps/TreeTable.h"

namespace nncc::frontend {

/// A tree ensemble as one of the operators of ai.onnx.ml describes it.
class TreeEnsemble {
public:
  explicit TreeEnsemble(mlir::Type element) : element(element), table(element) {}

  /// The attributes of TreeEnsembleClassifier and -Regressor: lists with an
  /// entry per node and per weight; those of weights begin with `weights`.
  mlir::LogicalResult readLists(NodeImport &n, llvm::StringRef weights, int64_t numFeatures);
  /// The attributes of TreeEnsemble: tensors, inner nodes and leaves apart.
  mlir::LogicalResult readTensors(NodeImport &n, int64_t numFeatures);

  /// Sum, mean, minimum or maximum of the weights that the trees give each
  /// target: rows x numTargets.
  mlir::Value scores(NodeImport &n, mlir::Value input) const;

  /// The target of all weights, if they have one in common.
  std::optional<int64_t> onlyTarget() const;
  bool hasNegativeWeight() const;

  int64_t numTargets = 1;

private:
  mlir::LogicalResult addWeights(NodeImport &n, llvm::ArrayRef<LeafWeight> given);
  std::optional<llvm::SmallVector<int64_t>> treesByTarget() const;
  mlir::Value leafWeights(NodeImport &n, mlir::Value leaves, bool byTarget) const;
  mlir::Value aggregate(NodeImport &n, mlir::Value weights, int64_t axis) const;

  mlir::Type element;
  TreeTable table;
  nnc::ReduceKind kind = nnc::ReduceKind::Sum;
  /// Per leaf and target, row-major; where a leaf says nothing, what changes
  /// nothing.
  std::vector<double> weights;
  std::vector<bool> isGiven;
};

/// The attribute `name` (floats) or, for doubles, `name`_as_tensor; empty if
/// there is neither.
mlir::FailureOr<llvm::SmallVector<double>> readReals(NodeImport &n, llvm::StringRef name);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_TREEENSEMBLE_H
