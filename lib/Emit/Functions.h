//===- Functions.h - elementary functions as arithmetic ------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_FUNCTIONS_H
#define LIB_EMIT_FUNCTIONS_H

#include "lib/Emit/FloatCode.h"

namespace nncc {
struct TargetInfo;
} // namespace nncc

namespace nncc::emit {

// All of them are within a few units in the last place over the whole range of
// f32 and f64, with the C library's results for 0, infinity and NaN
// (test/e2e/function-accuracy.py measures it). Divisions, branches and tables
// are avoided: the code is vectorized as it stands.

/// e^x * 2^power for a small power, without overflow on the way.
Num expScaled(Num x, int power);
inline Num exp(Num x) { return expScaled(x, 0); }
Num expm1(Num x);
Num log(Num x);
Num log1p(Num x);
Num tanh(Num x);
Num sinh(Num x);
Num cosh(Num x);
Num asinh(Num x);
Num acosh(Num x);
Num atanh(Num x);
Num erf(Num x);
Num asin(Num x);
Num acos(Num x);
Num atan(Num x);
Num pow(Num x, Num y);
/// Angles beyond what arithmetic reduces well call a function, see
/// LargeAngles.mlir.
Num sin(Num x, const TargetInfo &target);
Num cos(Num x, const TargetInfo &target);
Num tan(Num x, const TargetInfo &target);

/// The first letters of the functions that sin, cos and tan call.
inline constexpr llvm::StringLiteral kReduceAngle = "__nncc_reduce_angle_f";

} // namespace nncc::emit

#endif // LIB_EMIT_FUNCTIONS_H
