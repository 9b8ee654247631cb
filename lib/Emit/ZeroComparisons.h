//===- ZeroComparisons.h - comparisons that LLVM gets wrong ------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_ZEROCOMPARISONS_H
#define LIB_EMIT_ZEROCOMPARISONS_H

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace nncc::emit {

/// Where the machine has the vectors of MVE: rewrites comparisons of float vectors
/// with zero so that those with NaN come out right. The last thing before code
/// generation, since optimizations write them back.
void mendZeroComparisons(llvm::Module &module, const llvm::TargetMachine &machine);

} // namespace nncc::emit

#endif // LIB_EMIT_ZEROCOMPARISONS_H
