//===- Emit.h - objects and headers --------------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_EMIT_H
#define NNCC_EMIT_H

#include "nncc/Target.h"
#include <functional>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/MemoryBufferRef.h>
#include <mlir/IR/BuiltinOps.h>
#include <string>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace nncc {

/// Appends the passes of the llvm stage: from launches on buffers to the LLVM
/// dialect. The module says for which target (`nnc.target`).
void addLLVMPasses(mlir::OpPassManager &passes);

/// The C identifier for any text (an ONNX name, a file name) by the rule of
/// docs/c-names.md.
std::string cIdentifier(llvm::StringRef text);

/// What kind of file to produce.
enum class OutputKind { Object, Assembly, LLVMText };

struct EmitOptions {
  unsigned optLevel = 3;
  bool optimizeSize = false;
  /// Hears before each kernel k of n is compiled.
  std::function<void(unsigned k, unsigned n)> progress;
};

/// Translates `module` (LLVM dialect, as the llvm stage leaves it) and returns
/// the bytes of the file. Weights become a raw section of the object and never
/// pass through LLVM IR.
llvm::Expected<llvm::SmallVector<char, 0>>
emitModule(mlir::ModuleOp module, const TargetInfo &target, OutputKind kind,
           const EmitOptions &options);

/// Returns the C header for the object of `module`, which the llvm stage has
/// seen or not: it leaves behind what the header needs.
llvm::Expected<std::string> emitHeader(mlir::ModuleOp module, const TargetInfo &target);

/// What an object can be packed into.
enum class WrapperKind { Archive, SharedLibrary };

/// Returns the file of `kind` that holds `object` of model `name`; shared
/// libraries exist on hosted targets only.
llvm::Expected<llvm::SmallVector<char, 0>>
wrapObject(llvm::ArrayRef<char> object, WrapperKind kind, llvm::StringRef name,
           const TargetInfo &target);

/// Describes every launch of a module between the lower and the tile stage.
llvm::json::Array describeLaunches(mlir::ModuleOp module);

/// What -report shows: two lines for the terminal, a file for tools and a page for
/// a browser.
struct CompileReport {
  std::string summary, json, html;
};

/// Reports on the object of `module` (after the llvm stage).
llvm::Expected<CompileReport> makeReport(mlir::ModuleOp module,
                                         const TargetInfo &target,
                                         llvm::json::Array launches,
                                         llvm::ArrayRef<char> object);

/// Prints the facts embedded in an object file: tensors, arena, sections,
/// symbols.
llvm::Error inspectObject(llvm::StringRef path, llvm::raw_ostream &os);
llvm::Error inspectObject(llvm::MemoryBufferRef object, llvm::raw_ostream &os);

} // namespace nncc

#endif // NNCC_EMIT_H
