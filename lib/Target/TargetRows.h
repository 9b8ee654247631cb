//===- TargetRows.h - the rows of each architecture ----------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TARGET_TARGETROWS_H
#define LIB_TARGET_TARGETROWS_H

#include "lib/Target/CpuFeatures.h"
#include <vector>

namespace nncc {

/// One architecture: its rows, general before special, and what the features of
/// a CPU say about all of them.
struct TargetFamily {
  std::vector<TargetInfo> rows;
  /// Sets the facts of `target` that follow from its instruction set. An error
  /// if the features leave out what no object can do without.
  llvm::Error (*readFacts)(TargetInfo &target, const CpuFeatures &features);
};

TargetFamily x86Family();
TargetFamily aarch64Family();
TargetFamily armFamily();
TargetFamily riscvFamily();
TargetFamily webAssemblyFamily();

} // namespace nncc

#endif // LIB_TARGET_TARGETROWS_H
