//===- ElementAccess.h - elements between memory and registers -----*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CODEGEN_ELEMENTACCESS_H
#define LIB_CODEGEN_ELEMENTACCESS_H

#include <mlir/IR/Builders.h>

namespace nncc {

/// A scalar or vector of a storage type in its compute type `type`, see
/// ElementTypes.h.
mlir::Value toCompute(mlir::OpBuilder &b, mlir::Location loc, mlir::Value stored,
                      mlir::Type type);
/// The inverse.
mlir::Value toStorage(mlir::OpBuilder &b, mlir::Location loc, mlir::Value value,
                      mlir::Type type);

} // namespace nncc

#endif // LIB_CODEGEN_ELEMENTACCESS_H
