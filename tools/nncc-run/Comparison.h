//===- Comparison.h - how far outputs are from what was expected *- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_COMPARISON_H
#define TOOLS_NNCC_RUN_COMPARISON_H

#include "NpyFile.h"

namespace nncc::run {

struct Comparison {
  double maxError = 0;     ///< infinite where only one side is a number
  double maxReference = 0; ///< largest finite magnitude expected
  int64_t worst = 0;       ///< element with the largest error

  /// The error relative to the largest value; an all-zero reference allows
  /// none.
  double ratio() const;
  bool within(double tolerance) const { return ratio() <= tolerance; }
};

/// The ratio up to which elements of a type are right if nobody says otherwise:
/// integers have to be exact.
double defaultTolerance(llvm::StringRef dtype);

/// Compares two arrays of the same shape.
Comparison compare(const Array &got, const Array &expected);

/// An error that names both sides if shape or type of `array` is not
/// `wanted`'s.
llvm::Error checkKind(llvm::StringRef what, const Array &array,
                      const Array &wanted);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_COMPARISON_H
