//===- TargetRows.h - the rows of each architecture ----------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TARGET_TARGETROWS_H
#define LIB_TARGET_TARGETROWS_H

#include "nncc/Target.h"
#include <vector>

namespace nncc {

/// The rows of one architecture's folder, general before special.
std::vector<TargetInfo> x86Targets();
std::vector<TargetInfo> aarch64Targets();
std::vector<TargetInfo> cortexMTargets();

} // namespace nncc

#endif // LIB_TARGET_TARGETROWS_H
