//===- Expansions.h - arithmetic that a target lacks ------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_EXPANSIONS_H
#define LIB_EMIT_EXPANSIONS_H

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace nncc::emit {

/// f32 rounding functions as additions and comparisons.
void addRoundingExpansions(mlir::RewritePatternSet &patterns);

/// Conversions between f16 and f32 as integer operations.
void addHalfExpansions(mlir::RewritePatternSet &patterns);

} // namespace nncc::emit

#endif // LIB_EMIT_EXPANSIONS_H
