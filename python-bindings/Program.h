//===- Program.h - a compiled model that Python calls --------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PYTHON_BINDINGS_PROGRAM_H
#define PYTHON_BINDINGS_PROGRAM_H

#include "nncc/Compiler.h"
#include "nncc/Run.h"
#include <mutex>

namespace nncc {

/// The object of a model in this process, with arenas and threads for as many
/// calls as there are at a time.
class Program {
public:
  static llvm::Expected<std::unique_ptr<Program>>
  create(std::shared_ptr<CompiledModel> model);
  ~Program();

  const run::ModelInfo &facts() const { return info; }

  /// Loads the object unless that has been done.
  llvm::Error load();

  /// Runs the network on the addresses of its inputs and outputs, in order, and
  /// returns what the entry returns. Several threads may call at a time.
  int32_t run(const std::vector<uint64_t> &pointers, unsigned threads);

private:
  Program(std::shared_ptr<CompiledModel> model, run::ModelInfo info);
  struct Call;
  std::unique_ptr<Call> takeCall();

  std::shared_ptr<CompiledModel> model;
  run::ModelInfo info;
  std::mutex mutex; ///< guards what follows
  std::unique_ptr<run::LoadedObject> object;
  std::vector<std::unique_ptr<Call>> idle;
};

} // namespace nncc

#endif // PYTHON_BINDINGS_PROGRAM_H
