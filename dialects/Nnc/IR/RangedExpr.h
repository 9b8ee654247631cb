//===- RangedExpr.h - affine expressions over bounded dimensions ---*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_RANGEDEXPR_H
#define DIALECTS_NNC_IR_RANGEDEXPR_H

#include <llvm/ADT/ArrayRef.h>
#include <mlir/IR/AffineMap.h>

namespace nncc {

/// The values that an index expression takes, both ends included.
struct IndexRange {
  int64_t min, max;
};

/// The range of `expr` where dimension i runs over 0 .. extents[i]-1. Symbols
/// are indices from a tensor: never negative, otherwise unknown. Exact unless
/// terms of a sum depend on each other.
IndexRange rangeOf(mlir::AffineExpr expr, llvm::ArrayRef<int64_t> extents);

/// Simplifies `expr` given that dimension i runs over 0 .. extents[i]-1. Beyond
/// MLIR's own simplification, the part of a sum that is smaller than the gcd of
/// the rest and the divisor leaves a floordiv and a mod:
///   (d0 * 16 + d1) floordiv 16   ->   d0               with d1 < 16
///   (d0 * 8 + d1) mod 16         ->   (d0 mod 2) * 8 + d1   with d1 < 8
mlir::AffineExpr simplifyRanged(mlir::AffineExpr expr,
                                llvm::ArrayRef<int64_t> extents);
/// The same for each result of a map.
mlir::AffineMap simplifyRanged(mlir::AffineMap map,
                               llvm::ArrayRef<int64_t> extents);

} // namespace nncc

#endif // DIALECTS_NNC_IR_RANGEDEXPR_H
