//===- LibCalls.h - functions that LLVM calls on its own --------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_LIBCALLS_H
#define LIB_EMIT_LIBCALLS_H

#include "lib/Emit/LLVMModule.h"
#include <vector>

namespace nncc::emit {

/// Adds internal definitions for those of `symbols` that LibCalls.mlir has and
/// `module` lacks. Returns whether anything was added.
llvm::Expected<bool>
defineLibCalls(llvm::Module &module, const std::vector<std::string> &symbols,
               mlir::MLIRContext *context, const ModelInterface &interface,
               const TargetInfo &target, const EmitOptions &options);

} // namespace nncc::emit

#endif // LIB_EMIT_LIBCALLS_H
