//===- Passes.h - every decision per group -------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PLAN_PASSES_H
#define LIB_PLAN_PASSES_H

#include "dialects/Nnc/IR/NncDialect.h"
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/Pass/Pass.h>

namespace nncc {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "lib/Plan/Passes.h.inc"
} // namespace nncc

#endif // LIB_PLAN_PASSES_H
