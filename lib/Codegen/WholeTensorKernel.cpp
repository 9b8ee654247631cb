//===- WholeTensorKernel.cpp - kernels that are no loop nests -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/WholeTensorKernel.h"
#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace nncc;

Operation *nncc::wholeTensorOp(nnc::GroupOp group) {
  Operation &first = group.getBody().front().front();
  return first.hasTrait<nnc::WholeTensors>() ? &first : nullptr;
}

WholeTensorKernel nncc::wholeTensorKernel(Operation *op) {
  return llvm::TypeSwitch<Operation *, WholeTensorKernel>(op)
      .Case([](nnc::CoupleProbabilitiesOp op) { return coupleProbabilitiesKernel(op); })
      .Case([](nnc::ScatterOp op) { return scatterKernel(op); })
      .Case([](nnc::SuppressBoxesOp op) { return suppressBoxesKernel(op); })
      .Case([](nnc::TopKOp op) { return topKKernel(op); })
      .Case([](nnc::WalkTreesOp op) { return walkTreesKernel(op); });
}

void nncc::emitUnits(OpBuilder &b, Location loc, const KernelBuffers &buffers,
                     llvm::function_ref<void(OpBuilder &, Value)> body) {
  Value one = b.create<arith::ConstantIndexOp>(loc, 1);
  auto loop = b.create<scf::ForOp>(loc, buffers.lo, buffers.hi, one);
  OpBuilder inside = OpBuilder::atBlockTerminator(loop.getBody());
  body(inside, loop.getInductionVar());
}

void nncc::emitLoop(OpBuilder &b, Location loc, int64_t count,
                    llvm::function_ref<void(OpBuilder &, Value)> body) {
  Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
  Value one = b.create<arith::ConstantIndexOp>(loc, 1);
  Value end = b.create<arith::ConstantIndexOp>(loc, count);
  auto loop = b.create<scf::ForOp>(loc, zero, end, one);
  OpBuilder inside = OpBuilder::atBlockTerminator(loop.getBody());
  body(inside, loop.getInductionVar());
}

static void emitLoopsFrom(OpBuilder &b, Location loc, ArrayRef<int64_t> shape,
                          SmallVector<Value> &index,
                          llvm::function_ref<void(OpBuilder &, ValueRange)> body) {
  if (index.size() == shape.size())
    return body(b, index);
  emitLoop(b, loc, shape[index.size()], [&](OpBuilder &inside, Value i) {
    index.push_back(i);
    emitLoopsFrom(inside, loc, shape, index, body);
    index.pop_back();
  });
}

void nncc::emitLoops(OpBuilder &b, Location loc, ArrayRef<int64_t> shape,
                     llvm::function_ref<void(OpBuilder &, ValueRange)> body) {
  SmallVector<Value> index;
  emitLoopsFrom(b, loc, shape, index, body);
}
