//===- LaunchOrder.h - which launches must wait -----------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_LAUNCHORDER_H
#define LIB_EMIT_LAUNCHORDER_H

#include "dialects/Nnc/IR/NncDialect.h"
#include <llvm/ADT/DenseSet.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

namespace nncc::emit {

/// The launches of @main that need a barrier in front when several threads run
/// it: those that touch memory which a launch since the last barrier writes, or
/// write memory which it reads.
llvm::DenseSet<mlir::Operation *> launchesThatWait(mlir::func::FuncOp main);

} // namespace nncc::emit

#endif // LIB_EMIT_LAUNCHORDER_H
