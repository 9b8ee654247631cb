//===- Pipeline.h - the compiler as a table of stages --------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_PIPELINE_H
#define NNCC_PIPELINE_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <optional>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace nncc {

struct CompileOptions;

/// The stages of a compilation, in order.
enum class Stage { Import, Graph, Compress, Plan, Lower, Tile, Memory, LLVM, Emit };

/// One row of the table in lib/Pipeline/Stages.cpp.
struct StageInfo {
  Stage stage;
  llvm::StringLiteral name;    ///< as -stop-after= spells it
  llvm::StringLiteral meaning; ///< one line for --help and the documentation
  /// Appends the stage's passes; null for import and emit, which are no passes.
  void (*build)(mlir::OpPassManager &, const CompileOptions &);
};

/// The whole compiler, in order.
llvm::ArrayRef<StageInfo> allStages();

/// The stage that `name` spells.
std::optional<Stage> parseStage(llvm::StringRef name);

} // namespace nncc

#endif // NNCC_PIPELINE_H
