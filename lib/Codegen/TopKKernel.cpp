//===- TopKKernel.cpp - the k best elements in order --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Per line along the axis: the result is a heap of the k best elements so far
// with the worst one on top, which a better one replaces; at last the heap is
// taken apart from the top into descending order. n log k steps, no other memory.
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ScalarCode.h"
#include "lib/Codegen/ElementAccess.h"
#include "lib/Codegen/WholeTensorKernel.h"
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace nncc;

namespace {
/// A value, in its storage type, and where it comes from.
struct Entry {
  Value value, index;
};

class TopKEmitter {
public:
  TopKEmitter(nnc::TopKOp op, Location loc) : op(op), loc(loc) {
    ArrayRef<int64_t> shape = nnc::typeOf(op.getInput()).getShape();
    size = shape[op.getAxis()];
    k = op.getK();
    outer = ShapedType::getNumElements(shape.take_front(op.getAxis()));
    inner = ShapedType::getNumElements(shape.drop_front(op.getAxis() + 1));
  }

  int64_t work() const { return outer * inner; }

  void emit(OpBuilder &b, const KernelBuffers &buffers) {
    input = flatten(b, buffers.operands[0]);
    values = flatten(b, buffers.results[0]);
    indices = flatten(b, buffers.results[1]);
    auto loop = b.create<scf::ForOp>(loc, buffers.lo, buffers.hi, at(b, 1));
    OpBuilder unit = OpBuilder::atBlockTerminator(loop.getBody());
    Value line = loop.getInductionVar();
    Value block = unit.create<arith::DivUIOp>(loc, line, at(unit, inner));
    Value column = unit.create<arith::RemUIOp>(loc, line, at(unit, inner));
    auto start = [&](int64_t extent) -> Value {
      return unit.create<arith::AddIOp>(
          loc, unit.create<arith::MulIOp>(loc, block, at(unit, extent * inner)), column);
    };
    inputStart = start(size);
    outputStart = start(k);
    fillHeap(unit);
    replaceWorst(unit);
    takeApart(unit);
  }

private:
  Value at(OpBuilder &b, int64_t i) { return b.create<arith::ConstantIndexOp>(loc, i); }

  Value flatten(OpBuilder &b, Value buffer) {
    auto type = cast<MemRefType>(buffer.getType());
    if (type.getRank() == 1)
      return buffer;
    ReassociationIndices all(llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
    return b.create<memref::CollapseShapeOp>(loc, buffer,
                                             ArrayRef<ReassociationIndices>(all));
  }

  Value place(OpBuilder &b, Value start, Value i) {
    Value step = b.create<arith::MulIOp>(loc, i, at(b, inner));
    return b.create<arith::AddIOp>(loc, start, step);
  }

  Entry read(OpBuilder &b, Value i) {
    Value index = b.create<arith::IndexCastOp>(loc, b.getI64Type(), i);
    return {b.create<memref::LoadOp>(loc, input, place(b, inputStart, i)), index};
  }
  Entry load(OpBuilder &b, Value i) {
    Value where = place(b, outputStart, i);
    return {b.create<memref::LoadOp>(loc, values, where),
            b.create<memref::LoadOp>(loc, indices, where)};
  }
  void store(OpBuilder &b, Value i, Entry entry) {
    Value where = place(b, outputStart, i);
    b.create<memref::StoreOp>(loc, entry.value, values, where);
    b.create<memref::StoreOp>(loc, entry.index, indices, where);
  }

  /// True if `a` comes behind `c` in the result.
  Value isWorse(OpBuilder &b, Entry a, Entry c) {
    Type element = nnc::typeOf(op.getInput()).getElementType();
    nnc::ScalarCode code(b, loc, element);
    Value x = toCompute(b, loc, a.value, nnc::computeTypeOf(element));
    Value y = toCompute(b, loc, c.value, nnc::computeTypeOf(element));
    Value less = op.getSmallest() ? code.less(y, x) : code.less(x, y);
    Value later =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt, a.index, c.index);
    Value tie = b.create<arith::AndIOp>(loc, code.equal(x, y), later);
    return b.create<arith::OrIOp>(loc, less, tie);
  }

  /// Puts `entry` into the heap of `count` elements whose place `top` is free:
  /// worse ones below move up.
  void siftDown(OpBuilder &b, Value top, Value count, Entry entry) {
    Type index = b.getIndexType();
    auto loop = b.create<scf::WhileOp>(
        loc, TypeRange{index, index}, ValueRange{top},
        [&](OpBuilder &before, Location, ValueRange args) {
          Value last = before.create<arith::SubIOp>(loc, count, at(before, 1));
          Value twice = before.create<arith::MulIOp>(loc, args[0], at(before, 2));
          Value left = before.create<arith::AddIOp>(loc, twice, at(before, 1));
          Value right = before.create<arith::AddIOp>(loc, twice, at(before, 2));
          Value exists =
              before.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ule, left, last);
          // Beyond the end both are the last element: it is loaded, not used.
          left = before.create<arith::MinUIOp>(loc, left, last);
          right = before.create<arith::MinUIOp>(loc, right, last);
          Entry a = load(before, left), c = load(before, right);
          Value rightIsWorse = isWorse(before, c, a);
          Value child = before.create<arith::SelectOp>(loc, rightIsWorse, right, left);
          Entry worst{before.create<arith::SelectOp>(loc, rightIsWorse, c.value, a.value),
                      before.create<arith::SelectOp>(loc, rightIsWorse, c.index, a.index)};
          Value moves = before.create<arith::AndIOp>(loc, exists,
                                                     isWorse(before, worst, entry));
          before.create<scf::ConditionOp>(loc, moves, ValueRange{args[0], child});
        },
        [&](OpBuilder &after, Location, ValueRange args) {
          store(after, args[0], load(after, args[1]));
          after.create<scf::YieldOp>(loc, args[1]);
        });
    store(b, loop.getResult(0), entry);
  }

  void fillHeap(OpBuilder &b) {
    emitLoop(b, loc, k, [&](OpBuilder &inside, Value i) { store(inside, i, read(inside, i)); });
    emitLoop(b, loc, k / 2, [&](OpBuilder &inside, Value i) {
      Value top = inside.create<arith::SubIOp>(loc, at(inside, k / 2 - 1), i);
      siftDown(inside, top, at(inside, k), load(inside, top));
    });
  }

  void replaceWorst(OpBuilder &b) {
    emitLoop(b, loc, size - k, [&](OpBuilder &inside, Value i) {
      Value next = inside.create<arith::AddIOp>(loc, i, at(inside, k));
      Entry entry = read(inside, next);
      Value better = isWorse(inside, load(inside, at(inside, 0)), entry);
      auto branch = inside.create<scf::IfOp>(loc, better, /*withElseRegion=*/false);
      OpBuilder then = branch.getThenBodyBuilder();
      siftDown(then, at(then, 0), at(then, k), entry);
    });
  }

  void takeApart(OpBuilder &b) {
    emitLoop(b, loc, k - 1, [&](OpBuilder &inside, Value i) {
      Value last = inside.create<arith::SubIOp>(loc, at(inside, k - 1), i);
      Entry entry = load(inside, last);
      store(inside, last, load(inside, at(inside, 0)));
      siftDown(inside, at(inside, 0), last, entry);
    });
  }

  nnc::TopKOp op;
  Location loc;
  int64_t size, k, outer, inner;
  Value input, values, indices, inputStart, outputStart;
};
} // namespace

WholeTensorKernel nncc::topKKernel(nnc::TopKOp op) {
  WholeTensorKernel kernel;
  kernel.work = TopKEmitter(op, op.getLoc()).work();
  kernel.emit = [op](OpBuilder &b, Location loc, const KernelBuffers &buffers) {
    TopKEmitter(op, loc).emit(b, buffers);
  };
  return kernel;
}
