//===- RegisterAll.h - every dialect and pass, for tools --------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_REGISTERALL_H
#define NNCC_REGISTERALL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace nncc {

/// Adds every dialect that a module may contain between import and emission.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Registers every pass of nncc and the upstream ones its pipelines use.
void registerAllPasses();

} // namespace nncc

#endif // NNCC_REGISTERALL_H
