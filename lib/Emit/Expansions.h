//===- Expansions.h - arithmetic that a target lacks ------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_EXPANSIONS_H
#define LIB_EMIT_EXPANSIONS_H

namespace mlir {
class ModuleOp;
class RewritePatternSet;
} // namespace mlir

namespace nncc {
struct TargetInfo;
} // namespace nncc

namespace nncc::emit {

/// Rounding functions of floats of `width` bits as additions and comparisons;
/// rounding halves to even or (f32) away from zero, which fewer machines have, on
/// their own.
void addRoundingExpansions(mlir::RewritePatternSet &patterns, unsigned width);
void addRoundEvenExpansion(mlir::RewritePatternSet &patterns, unsigned width);
void addRoundAwayExpansion(mlir::RewritePatternSet &patterns);

/// Vectors of f32 to integers, by an operation that rounds as the processor is
/// set to.
void addTruncationExpansions(mlir::RewritePatternSet &patterns);

/// Comparisons of vectors of f32 that are right about NaN.
void addComparisonExpansions(mlir::RewritePatternSet &patterns);

/// exp, log, sin and the like as arithmetic, in f32 and f64.
void addFunctionExpansions(mlir::RewritePatternSet &patterns,
                           const TargetInfo &target);
/// Powers of integers as loops of multiplications.
void addIntegerPowerExpansion(mlir::RewritePatternSet &patterns);
/// Adds to `module` what the expansions call.
void addCalledFunctions(mlir::ModuleOp module);

/// Conversions between f16 and f32 as integer operations.
void addHalfExpansions(mlir::RewritePatternSet &patterns);
/// Vectors of f16 that are f32 stay that where they are compared.
void addHalfFences(mlir::RewritePatternSet &patterns);
/// Conversions between 16-bit floats and f64 by way of f32, rounding once.
void addNarrowingExpansions(mlir::RewritePatternSet &patterns);

} // namespace nncc::emit

#endif // LIB_EMIT_EXPANSIONS_H
