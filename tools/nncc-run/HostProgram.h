//===- HostProgram.h - a network run in this process -----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_HOSTPROGRAM_H
#define TOOLS_NNCC_RUN_HOSTPROGRAM_H

#include "nncc/Run.h"
#include <llvm/Support/raw_ostream.h>

namespace nncc::run {

struct Timing {
  double median = 0, minimum = 0; ///< microseconds
  unsigned runs = 0;
};

/// A loaded object with buffers of its own around every run.
class HostProgram {
public:
  static llvm::Expected<HostProgram> load(llvm::StringRef object,
                                          const ModelInfo &info);

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
  HostProgram(const ModelInfo &info, LoadedObject object)
      : info(info), object(std::move(object)) {}
  struct Call;

  ModelInfo info;
  LoadedObject object;
};

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_HOSTPROGRAM_H
