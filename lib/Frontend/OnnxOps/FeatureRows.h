//===- FeatureRows.h - what models of ai.onnx.ml compute from ------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_FEATUREROWS_H
#define LIB_FRONTEND_ONNXOPS_FEATUREROWS_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// Input 0, of any element type, as a matrix of samples x features: a vector is the only
/// row. Null after reporting another rank, or a matrix without elements unless `mayBeEmpty`.
mlir::Value readRows(NodeImport &n, bool mayBeEmpty = false);

/// The list of an attribute as a constant of f32.
mlir::Value floats(NodeImport &n, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<float> values);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_FEATUREROWS_H
