//===- PoolIndices.h - where the maxima of windows are -------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_POOLINDICES_H
#define LIB_FRONTEND_ONNXOPS_POOLINDICES_H

#include "lib/Frontend/OnnxOps/Window.h"

namespace nncc::frontend {

/// The second result of MaxPool: the number of each window's first largest
/// element among all of `input`, int64 of shape `output`. With `columnMajor`
/// the elements of an image are counted by columns.
mlir::Value indicesOfMaxima(NodeImport &n, mlir::Value input,
                            const Window &window,
                            llvm::ArrayRef<int64_t> output, bool columnMajor);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_POOLINDICES_H
