//===- WeightBytes.h - the bytes of constants -------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_WEIGHTBYTES_H
#define LIB_EMIT_WEIGHTBYTES_H

#include "dialects/Nnc/IR/NncDialect.h"
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/Support/Error.h>

namespace nncc::emit {

/// Calls `sink` with the bytes of `elements` in memory order, one byte for each
/// element narrower than a byte. Blobs are passed as they are; only splats and
/// packed bits are expanded, in small pieces.
void forEachByteRange(mlir::ElementsAttr elements,
                      llvm::function_ref<void(llvm::ArrayRef<char>)> sink);

/// Writes the section that `weights` describes to `section`, which has its size
/// and is zero.
llvm::Error writeWeights(nnc::WeightsOp weights,
                         llvm::MutableArrayRef<char> section);

} // namespace nncc::emit

#endif // LIB_EMIT_WEIGHTBYTES_H
