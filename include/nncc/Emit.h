//===- Emit.h - objects and headers --------------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_EMIT_H
#define NNCC_EMIT_H

#include "nncc/Target.h"
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <mlir/IR/BuiltinOps.h>
#include <string>

namespace nncc {

/// What kind of file to produce.
enum class OutputKind { Object, Assembly, LLVMText };

struct EmitOptions {
  unsigned optLevel = 3;
  bool optimizeSize = false;
};

/// Translates `module` (LLVM dialect, as the llvm stage leaves it) and returns
/// the bytes of the file. Weights become a raw section of the object and never
/// pass through LLVM IR.
llvm::Expected<llvm::SmallVector<char, 0>>
emitModule(mlir::ModuleOp module, const TargetInfo &target, OutputKind kind,
           const EmitOptions &options);

/// Returns the C header for the object of `module` (read before the llvm stage
/// or after it: only module attributes are used).
llvm::Expected<std::string> emitHeader(mlir::ModuleOp module, const TargetInfo &target);

/// Prints the facts embedded in the object file `path`.
llvm::Error inspectObject(llvm::StringRef path, llvm::raw_ostream &os);

} // namespace nncc

#endif // NNCC_EMIT_H
