//===- DecomposeSoftmax.cpp - softmax as reductions -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/Transforms/Passes.h"
#include <mlir/IR/PatternMatch.h>

namespace nncc::nnc {
#define GEN_PASS_DEF_DECOMPOSESOFTMAX
#include "dialects/Nnc/Transforms/Passes.h.inc"
} // namespace nncc::nnc

using namespace mlir;
using namespace nncc::nnc;

///   %y = nnc.softmax %x {axis = a}
///     ->
///   %m = nnc.reduce max %x {axes = [a]}
///   %d = nnc.sub %x, %m
///   %e = nnc.exp %d
///   %s = nnc.reduce sum %e {axes = [a]}
///   %y = nnc.div %e, %s
///
/// Subtracting the maximum keeps e^x from overflowing. The sum of a row of f16 could
/// still exceed its largest number if the row is longer than that: then it is f32.
static void decompose(SoftmaxOp softmax) {
  OpBuilder b(softmax);
  Location loc = softmax.getLoc();
  Value x = softmax.getInput();
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> shape(type.getShape());
  int64_t axis = softmax.getAxis();
  Type element = type.getElementType();
  const int64_t largestHalf = 65504;
  if (element.isF16() && shape[axis] > largestHalf) {
    type = type.clone(b.getF32Type());
    x = b.create<CastOp>(loc, type, x, b.getF32Type());
  }
  shape[axis] = 1;
  auto reduced = RankedTensorType::get(shape, type.getElementType());
  Value maximum = b.create<ReduceOp>(loc, reduced, x, ReduceKind::Max, axis);
  Value shifted = b.create<SubOp>(loc, type, x, maximum);
  Value exponential = b.create<ExpOp>(loc, type, shifted);
  Value sum =
      b.create<ReduceOp>(loc, reduced, exponential, ReduceKind::Sum, axis);
  Value result = b.create<DivOp>(loc, type, exponential, sum);
  if (type != softmax.getType())
    result = b.create<CastOp>(loc, softmax.getType(), result, element);
  softmax.replaceAllUsesWith(result);
  softmax.erase();
}

namespace {
struct DecomposeSoftmax
    : nncc::nnc::impl::DecomposeSoftmaxBase<DecomposeSoftmax> {
  void runOnOperation() override {
    getOperation()->walk([](SoftmaxOp softmax) { decompose(softmax); });
  }
};
} // namespace
