//===- CpuFeatures.h - what LLVM knows about a CPU ------------ -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TARGET_CPUFEATURES_H
#define LIB_TARGET_CPUFEATURES_H

#include "nncc/Target.h"

namespace llvm {
class MCSubtargetInfo;
} // namespace llvm

namespace nncc {

/// The features of a CPU under the names that -mattr takes.
class CpuFeatures {
public:
  /// Those of the triple, CPU and features of `target`; an error if LLVM does
  /// not know one of them.
  static llvm::Expected<CpuFeatures> of(const TargetInfo &target);

  bool has(llvm::StringRef name) const;

  /// The first of the comma-separated `names` that is missing, or nothing.
  std::string firstMissing(llvm::StringRef names) const;

  CpuFeatures(CpuFeatures &&);
  ~CpuFeatures();

private:
  explicit CpuFeatures(std::unique_ptr<llvm::MCSubtargetInfo> subtarget);
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
};

/// Makes LLVM's code generators known, once.
void initializeBackEnds();

} // namespace nncc

#endif // LIB_TARGET_CPUFEATURES_H
