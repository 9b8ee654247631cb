//===- Sampler.h - where a thread spends its time ---------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_SAMPLER_H
#define TOOLS_NNCC_RUN_SAMPLER_H

#include <cstdint>
#include <vector>

namespace nncc::run {

/// Collects the program counter up to 1000 times in a second of processor time,
/// by a timer signal. Objects hold no instrumentation, so what is profiled is
/// what ships. One at a time may exist.
class Sampler {
public:
  Sampler();
  ~Sampler() { stop(); }
  Sampler(const Sampler &) = delete;
  Sampler &operator=(const Sampler &) = delete;

  /// Ends the collection and returns the program counters.
  std::vector<uint64_t> stop();
};

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_SAMPLER_H
