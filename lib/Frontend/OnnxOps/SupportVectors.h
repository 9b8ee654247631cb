//===- SupportVectors.h - support vector machines ------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_SUPPORTVECTORS_H
#define LIB_FRONTEND_ONNXOPS_SUPPORTVECTORS_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// ai.onnx.ml.SVMRegressor, a row among the linear models, which it generalizes.
mlir::LogicalResult importSVMRegressor(NodeImport &n);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_SUPPORTVECTORS_H
