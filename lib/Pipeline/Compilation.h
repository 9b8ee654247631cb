//===- Compilation.h - one model on its way through the stages -----*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINE_COMPILATION_H
#define LIB_PIPELINE_COMPILATION_H

#include "lib/Pipeline/OutputFiles.h"
#include "nncc/Compiler.h"
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/Diagnostics.h>
#include <mlir/IR/MLIRContext.h>
#include <mlir/IR/OwningOpRef.h>

namespace nncc {

class Compilation {
public:
  /// `source` and `options` must outlive the compilation.
  Compilation(const ModelSource &source, const CompileOptions &options,
              MessageHandler handler);

  /// Imports the model, or reads IR that an earlier compilation wrote, and runs the
  /// stages up to `last`; the IR after each goes to `files` if the options ask for
  /// it.
  llvm::Error run(Stage last, OutputFiles &files);

  /// The product of the emit stage; its `object` holds the file of `kind`.
  llvm::Expected<CompiledModel> emit(OutputKind kind);

  /// The IR after `last`, constants included: text, or bytecode if `output` has that
  /// extension.
  std::string moduleFile(Stage last, llvm::StringRef output);

private:
  void handleDiagnostic(mlir::Diagnostic &diagnostic);
  std::string nodeOf(mlir::Diagnostic &diagnostic, llvm::StringRef text);
  llvm::Error importModel(OutputFiles &files);
  llvm::Error readModule();
  llvm::Error runStage(const StageInfo &row);
  llvm::Error saveStage(Stage stage, OutputFiles &files);
  std::string printStage(Stage stage, bool asBytecode, bool elide);
  void announce(Stage stage);
  llvm::Error failure(const llvm::Twine &where = "");
  llvm::StringRef path() const;

  const ModelSource &source;
  const CompileOptions &options;
  MessageHandler handler;
  TargetInfo target;
  llvm::json::Array launches; ///< for the report
  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

} // namespace nncc

#endif // LIB_PIPELINE_COMPILATION_H
