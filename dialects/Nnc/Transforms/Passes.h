//===- Passes.h - rewriting networks ----------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_TRANSFORMS_PASSES_H
#define DIALECTS_NNC_TRANSFORMS_PASSES_H

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Pass/Pass.h>

namespace nncc::nnc {

#define GEN_PASS_DECL
#include "dialects/Nnc/Transforms/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "dialects/Nnc/Transforms/Passes.h.inc"

/// Appends the graph stage: everything that makes a network smaller without
/// deciding anything about the machine. The order is explained in
/// GraphStage.cpp.
void addGraphPasses(mlir::OpPassManager &manager);

} // namespace nncc::nnc

#endif // DIALECTS_NNC_TRANSFORMS_PASSES_H
