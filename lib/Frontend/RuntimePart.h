//===- RuntimePart.h - tensors whose extent only a run knows ------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A Slice with bounds that are data has no static shape. Its result stays the whole
// input, with a note which positions along one axis exist (Symbol::part). What computes
// element by element hands the note on; a reduction along the axis leaves out what does
// not exist. That is how bags of embeddings are summed:
//
//   Slice(indices, offsets[i], offsets[i + 1]) -> Gather(table, _) -> ReduceSum(_, 0)
//
// All other operators report such an input.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_RUNTIMEPART_H
#define LIB_FRONTEND_RUNTIMEPART_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// True if the node is a Slice with bounds that are not known while importing.
bool isRuntimeSlice(NodeImport &n);
mlir::LogicalResult importRuntimeSlice(NodeImport &n, llvm::SmallVectorImpl<Symbol> &results);

/// True if an input is part of a tensor.
bool takesPart(const NodeImport &n);
/// Imports such a node, which `import` does for whole tensors.
mlir::LogicalResult importOfPart(NodeImport &n, mlir::LogicalResult (*import)(NodeImport &),
                                 llvm::SmallVectorImpl<Symbol> &results);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_RUNTIMEPART_H
