//===- HostProgram.h - an object loaded into this process -------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_HOSTPROGRAM_H
#define TOOLS_NNCC_RUN_HOSTPROGRAM_H

#include "ModelInfo.h"
#include <memory>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace nncc::run {

/// A function of the loaded object, for the profile.
struct LoadedFunction {
  std::string name;
  uint64_t begin, end;
};

struct Timing {
  double median = 0, minimum = 0; ///< microseconds
  unsigned runs = 0;
};

/// The very object file that a user links, loaded by ORC's object layer into
/// memory of its own. It sees no symbol of this process.
class HostProgram {
public:
  static llvm::Expected<HostProgram> load(llvm::StringRef object,
                                          const ModelInfo &info);
  HostProgram(HostProgram &&);
  ~HostProgram();

  /// Runs once with `threads` threads (1: no thread pool) and checks that
  /// nothing was written outside the buffers.
  llvm::Error run(const std::vector<Array> &inputs, std::vector<Array> &outputs,
                  unsigned threads);

  /// Runs for about a second.
  llvm::Expected<Timing> bench(const std::vector<Array> &inputs,
                               unsigned threads);

  /// Runs for about two seconds and prints where the time went.
  llvm::Error profile(const std::vector<Array> &inputs, unsigned threads,
                      llvm::raw_ostream &os);

private:
  HostProgram(const ModelInfo &info);
  struct Call;

  ModelInfo info;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<LoadedFunction> functions;
  int32_t (*entry)(const void *io) = nullptr;
};

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_HOSTPROGRAM_H
