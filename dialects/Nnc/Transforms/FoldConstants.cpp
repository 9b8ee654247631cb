//===- FoldConstants.cpp - compute what is known at compile time ----------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %s = nnc.constant dense<[1.0, 2.0]> : tensor<2xf32>
//   %t = nnc.constant dense<4.0> : tensor<2xf32>
//   %0 = nnc.mul %s, %t
//     ->
//   %0 = nnc.constant dense<[4.0, 8.0]> : tensor<2xf32>
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/Evaluation.h"
#include "dialects/Nnc/Transforms/Passes.h"

namespace nncc::nnc {
#define GEN_PASS_DEF_FOLDCONSTANTS
#include "dialects/Nnc/Transforms/Passes.h.inc"
} // namespace nncc::nnc

using namespace mlir;
using namespace nncc::nnc;

namespace {
struct FoldConstants : nncc::nnc::impl::FoldConstantsBase<FoldConstants> {
  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) { fold(op); });
  }

  void fold(Operation *op) {
    ElementsAttr value = evaluate(op);
    if (!value)
      return;
    OpBuilder builder(op);
    op->replaceAllUsesWith(builder.create<ConstantOp>(op->getLoc(), value));
    op->erase();
    ++folded;
  }
};
} // namespace
