//===- LLVMModule.h - the LLVM IR of an object ------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_LLVMMODULE_H
#define LIB_EMIT_LLVMMODULE_H

#include "lib/Emit/Interface.h"
#include "nncc/Emit.h"
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <memory>

namespace nncc::emit {

/// Names of the sections of a model.
std::string codeSection(const ModelInterface &interface);
std::string weightsSection(const ModelInterface &interface);
constexpr llvm::StringLiteral infoSection = ".nncc.info";

/// Translates `module` and gives every function the attributes and the section
/// that an object of `target` promises. Weights stay an external declaration,
/// so that no optimization looks at their bytes.
llvm::Expected<std::unique_ptr<llvm::Module>>
translateModule(mlir::ModuleOp module, const ModelInterface &interface,
                const TargetInfo &target, const EmitOptions &options,
                llvm::LLVMContext &context);

/// Attributes and section of one function that LLVM generates code for.
void prepareFunction(llvm::Function &function, const ModelInterface &interface,
                     const TargetInfo &target, const EmitOptions &options);

/// Adds a read-only variable that takes the place of the declaration
/// `declared`, if there is one.
void placeGlobal(llvm::Module &module, llvm::StringRef declared,
                 llvm::Constant *content, llvm::StringRef section,
                 uint64_t alignment);

} // namespace nncc::emit

#endif // LIB_EMIT_LLVMMODULE_H
