//===- ArgExtreme.h - where the largest or smallest element is - -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_ARGEXTREME_H
#define LIB_FRONTEND_ONNXOPS_ARGEXTREME_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// The position (int32) of the first, or with `last` the last, largest or
/// smallest element along `axis`, which stays as extent 1. NaN is more extreme
/// than any number, as in NumPy. `kind` is Max or Min. Reports an axis without
/// elements.
mlir::Value argExtreme(NodeImport &n, mlir::Value x, int64_t axis,
                       nnc::ReduceKind kind, bool last);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_ARGEXTREME_H
