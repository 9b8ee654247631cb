//===- Compiler.h - a network in, an object out --------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_COMPILER_H
#define NNCC_COMPILER_H

#include "nncc/Emit.h"
#include "nncc/Pipeline.h"
#include "nncc/Target.h"
#include <functional>
#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBufferRef.h>
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
  std::map<std::string, std::string> values; ///< -value name=numbers
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

//===----------------------------------------------------------------------===//
// In memory
//===----------------------------------------------------------------------===//

/// A file by its path, or a protobuf in memory, whose identifier stands for the
/// path in messages and names.
struct ModelSource {
  std::string path;
  std::optional<llvm::MemoryBufferRef> memory;
};

/// One thing the compiler has to say about a model.
struct CompileMessage {
  enum Severity { Error, Warning, Note } severity = Error;
  std::string text;
  std::string node; ///< the ONNX node it is about, empty if there is none
};
using MessageHandler = std::function<void(const CompileMessage &)>;

/// An object and what belongs to it.
struct CompiledModel {
  std::string name; ///< prefix of symbols and macros
  TargetInfo target;
  llvm::SmallVector<char, 0> object;
  std::string header;
  CompileReport report; ///< if the options ask for one
};

/// Compiles `source` to an object without writing files. Safe to call from
/// several threads. `options.stopAfter` is not used.
llvm::Expected<CompiledModel> compileModel(const ModelSource &source,
                                           const CompileOptions &options,
                                           MessageHandler handler);

/// Writes `model` to `output` (.o, .a or .so) and its header beside it, all or
/// nothing.
llvm::Error saveModel(const CompiledModel &model, llvm::StringRef output);

} // namespace nncc

#endif // NNCC_COMPILER_H
