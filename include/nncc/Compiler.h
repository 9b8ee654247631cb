//===- Compiler.h - a network in, an object out --------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_COMPILER_H
#define NNCC_COMPILER_H

#include "nncc/Pipeline.h"
#include <functional>
#include <llvm/Support/Error.h>
#include <map>
#include <optional>
#include <string>

namespace nncc {

/// Everything a user can choose. Defaults are what `nncc model.onnx` does.
struct CompileOptions {
  std::string target = "host";
  std::string cpu;      ///< -mcpu=
  std::string features; ///< -mattr=
  /// Prefix of every symbol and macro; empty: from the file's name.
  std::string name;
  std::map<std::string, int64_t> dims; ///< -dim name=value
  unsigned optLevel = 3;               ///< 0..3
  bool optimizeSize = false;           ///< -Os
  bool strict = false;                 ///< -strict
  unsigned threads = 8;                ///< bound of the caller's thread count
  std::optional<Stage> stopAfter;
  /// The input is IR that `stopAfter` or `saveStages` wrote, with its target and
  /// name; the first stage to run on it.
  std::optional<Stage> startAt;
  std::string saveStages; ///< folder for the IR after each stage
  bool report = false; ///< write <output>.report.{json,html}, print a summary
  /// Called on long work with the stage, kernel k of n (0 of 0: none).
  std::function<void(llvm::StringRef stage, unsigned k, unsigned n)> progress;
};

/// Compiles the `.onnx` or `.onnxtxt` file `input` (with `startAt` an `.mlir` or
/// `.mlirbc` file) and writes `output`, whose
/// extension selects the kind (.o .a .so .s .ll .mlir), with the header beside
/// it. Diagnostics go to `errors`, one per problem, the report's summary to
/// `messages`; on failure nothing is left on disk and existing files keep their
/// content.
llvm::Error compileFile(llvm::StringRef input, llvm::StringRef output,
                        const CompileOptions &options, llvm::raw_ostream &errors,
                        llvm::raw_ostream &messages);

} // namespace nncc

#endif // NNCC_COMPILER_H
