//===- BufferStarts.h - where kernels begin in buffers -------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CODEGEN_BUFFERSTARTS_H
#define LIB_CODEGEN_BUFFERSTARTS_H

#include "dialects/Nnc/IR/NncDialect.h"

namespace nncc {

/// Kernels that differ in which part of a buffer they work on become the same: what all
/// indices of `buffer`, an operand of `nest`, have in common leaves the maps. Returns the
/// number of elements by which the launch has to move the buffer's beginning.
///   maps = [(d0) -> (5, d0)] of memref<9x64xf32>   ->   maps = [(d0) -> (0, d0)], 320
int64_t takeStart(nnc::NestOp nest, mlir::Value buffer);

} // namespace nncc

#endif // LIB_CODEGEN_BUFFERSTARTS_H
