//===- Comparison.cpp - how far outputs are from what was expected --------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Comparison.h"
#include <cmath>
#include <limits>
#include <llvm/ADT/StringSwitch.h>

using namespace llvm;
using namespace nncc::run;

double Comparison::ratio() const {
  if (maxError == 0)
    return 0;
  return maxReference > 0 ? maxError / maxReference
                          : std::numeric_limits<double>::infinity();
}

static double difference(double got, double expected) {
  if (got == expected || (std::isnan(got) && std::isnan(expected)))
    return 0;
  double error = std::fabs(got - expected);
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

double nncc::run::defaultTolerance(StringRef dtype) {
  return StringSwitch<double>(dtype)
      .Case("f16", 0x1p-10) // one unit in the last place
      .Case("bf16", 0x1p-7)
      .Case("f32", 1e-4)
      .Case("f64", 1e-12)
      .Default(0);
}

Comparison nncc::run::compare(const Array &got, const Array &expected) {
  Comparison result;
  bool isInteger = expected.dtype[0] == 'i' || expected.dtype[0] == 'u';
  for (int64_t i = 0, n = expected.elements(); i < n; ++i) {
    double reference = expected.value(i);
    double error = difference(got.value(i), reference);
    if (error == 0 && got.element(i) != expected.element(i) && isInteger)
      error = 1; // lost in f64
    if (error > result.maxError) {
      result.maxError = error;
      result.worst = i;
    }
    if (std::isfinite(reference))
      result.maxReference = std::max(result.maxReference, std::fabs(reference));
  }
  return result;
}

Error nncc::run::checkKind(StringRef what, const Array &array,
                           const Array &wanted) {
  if (array.dtype == wanted.dtype && array.shape == wanted.shape)
    return Error::success();
  return createStringError(what.str() + " is " + array.describe() +
                           ", but the network has " + wanted.describe());
}
