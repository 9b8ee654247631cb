//===- Moves.h - tensors cut and joined ----------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_MOVES_H
#define LIB_FRONTEND_ONNXOPS_MOVES_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// result[i] = tensor[exprs(i)]; the dimensions of `exprs` are the result's.
mlir::Value remap(NodeImport &n, mlir::Value tensor,
                  llvm::ArrayRef<int64_t> shape,
                  llvm::ArrayRef<mlir::AffineExpr> exprs);
/// `extent` elements of dimension `axis`: start, start + step, ...
mlir::Value slice(NodeImport &n, mlir::Value tensor, int64_t axis,
                  int64_t start, int64_t extent, int64_t step = 1);
/// `parts` one after the other along `axis`. Reports parts that do not fit.
mlir::Value concat(NodeImport &n, llvm::ArrayRef<mlir::Value> parts,
                   int64_t axis);

/// A tensor of indices; `map` takes an index of the result to one of its elements.
struct IndexTensor {
  mlir::Value tensor;
  mlir::AffineMap map;
};
/// result[i] = data[map(i)]; symbol k of `map` is an element of indices[k].
/// Constant indices are checked now, others when the network runs.
mlir::Value gather(NodeImport &n, mlir::Value data,
                   llvm::ArrayRef<int64_t> shape, mlir::AffineMap map,
                   llvm::ArrayRef<IndexTensor> indices);
/// Makes sure that `indices` are in range, at once or when the network runs;
/// clears `known` in the latter case. Null after reporting a problem.
mlir::Value checked(NodeImport &n, mlir::Value indices, int64_t extent, bool &known);
/// As `gather`, with indices that have been checked, or that are known to be inside.
mlir::Value gatherUnchecked(NodeImport &n, mlir::Value data, llvm::ArrayRef<int64_t> shape,
                            mlir::AffineMap map, llvm::ArrayRef<IndexTensor> indices,
                            bool inRange);
/// The last dimension of `indices` has an index for each of `depth` dimensions,
/// which may differ in extent: one tensor for each, with elements at `place`.
llvm::SmallVector<IndexTensor> indexColumns(NodeImport &n, mlir::Value indices, int64_t depth,
                                            unsigned loops,
                                            llvm::ArrayRef<mlir::AffineExpr> place);
/// `data` with elements replaced: for each index i of `updates`, in order, the
/// element map(i), or its reduction with the update. Indices as above.
mlir::Value scatter(NodeImport &n, mlir::Value data, mlir::Value updates, mlir::AffineMap map,
                    llvm::ArrayRef<IndexTensor> indices, nnc::ReduceKindAttr reduction = {});
/// result[i, j, ...] = tensor[positions[0][i], positions[1][j], ...], which are
/// known to be inside.
mlir::Value take(NodeImport &n, mlir::Value tensor,
                 llvm::ArrayRef<llvm::SmallVector<int64_t>> positions);
/// The elements `positions` of dimension `axis`, known to be inside.
mlir::Value take(NodeImport &n, mlir::Value tensor, int64_t axis,
                 llvm::ArrayRef<int64_t> positions);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_MOVES_H
