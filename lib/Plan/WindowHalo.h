//===- WindowHalo.h - padding around window operations -------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PLAN_WINDOWHALO_H
#define LIB_PLAN_WINDOWHALO_H

#include "dialects/Nnc/IR/NncDialect.h"

namespace nncc {

/// Elements beyond the input that windows read, per spatial dimension, and the
/// value they must have.
struct WindowHalo {
  llvm::SmallVector<int64_t> begin, end;
  float pad = 0.0f;
};

/// What the window operation that `use` feeds as sliding input needs; nothing
/// if it is no such use.
std::optional<WindowHalo> inputHalo(mlir::OpOperand &use);

/// The same for the use of a value as input of a group.
std::optional<WindowHalo> consumerHalo(mlir::OpOperand &use);

/// The operation of a group that is neither elementwise nor a read; null if there is none.
mlir::Operation *anchorOf(nnc::GroupOp group);

} // namespace nncc

#endif // LIB_PLAN_WINDOWHALO_H
