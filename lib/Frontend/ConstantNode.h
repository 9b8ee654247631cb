//===- ConstantNode.h - nodes whose inputs are constants ----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_CONSTANTNODE_H
#define LIB_FRONTEND_CONSTANTNODE_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// A node whose inputs are known while importing is imported like any other and
/// then evaluated, so that its results are known, too. Exporters compute shapes
/// this way, which must be constants when Reshape and its like ask for them.
class ConstantNode {
public:
  /// True if the inputs of the node are constants of a size that shapes, axes
  /// and scales may have. Larger ones are weights, which the graph stage folds.
  static bool applies(const NodeImport &n);

  /// Made before the node is imported.
  explicit ConstantNode(mlir::OpBuilder &builder);
  /// Evaluates the operations made since, puts constants into the results of
  /// `n` and erases what nobody uses.
  void evaluate(NodeImport &n);

private:
  /// The operations of the node so far.
  llvm::SmallVector<mlir::Operation *> made();
  void eraseUnused(NodeImport &n);

  mlir::Block *block;
  mlir::Operation *last; ///< in front of the node's operations, may be null
};

} // namespace nncc::frontend

#endif // LIB_FRONTEND_CONSTANTNODE_H
