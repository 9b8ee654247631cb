//===- ScalarKernels.h - what scalar operations compute -----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_SCALARKERNELS_H
#define DIALECTS_NNC_IR_SCALARKERNELS_H

#include <cstdint>
#include <mlir/IR/Operation.h>

namespace nncc::nnc {

/// One element of any compute type: floats as f64, which is rounded to f32 after
/// every operation on f32, integers sign-extended to 64 bits.
union Lane {
  double number;
  int64_t integer;
};

/// Computes `count` lanes; operands that an operation does not have are not
/// read. `width` is the number of bits of the integers, or floats, at work.
using LaneKernel = void (*)(Lane *out, const Lane *x, const Lane *y,
                            const Lane *z, int64_t count, unsigned width);

/// The kernel of a scalar arith or math operation, null if there is none, and
/// its width.
std::pair<LaneKernel, unsigned> kernelOf(mlir::Operation &op);

} // namespace nncc::nnc

#endif // DIALECTS_NNC_IR_SCALARKERNELS_H
