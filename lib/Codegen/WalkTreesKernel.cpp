//===- WalkTreesKernel.cpp - down decision trees to their leaves ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A unit of work is one tree for one row of the input: a loop that follows the
// children until one of them is a leaf.
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/WholeTensorKernel.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace nncc;

namespace {
class TreeWalker {
public:
  TreeWalker(OpBuilder &b, Location loc, ArrayRef<Value> operands)
      : b(b), loc(loc), input(operands[0]), roots(operands[1]), nodes(operands[2]),
        thresholds(operands[3]), nanIsTrue(operands.size() > 4 ? operands[4] : Value()) {}

  /// The number of the leaf that `row` reaches in `tree`, an i32.
  Value walk(Value row, Value tree) {
    Value root = load(roots, tree);
    auto loop = b.create<scf::WhileOp>(
        loc, root.getType(), root,
        [&](OpBuilder &before, Location, ValueRange node) {
          Value zero =
              before.create<arith::ConstantOp>(loc, before.getIntegerAttr(node[0].getType(), 0));
          Value isInner =
              before.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge, node[0], zero);
          before.create<scf::ConditionOp>(loc, isInner, node);
        },
        [&](OpBuilder &after, Location, ValueRange node) {
          TreeWalker inside(*this, after);
          after.create<scf::YieldOp>(loc, inside.step(row, node[0]));
        });
    Value leaf = loop.getResult(0); // -1 - number
    Value minusOne = b.create<arith::ConstantOp>(loc, b.getIntegerAttr(leaf.getType(), -1));
    Value number = b.create<arith::XOrIOp>(loc, leaf, minusOne);
    if (number.getType().isInteger(32))
      return number;
    return b.create<arith::ExtSIOp>(loc, b.getI32Type(), number);
  }

private:
  TreeWalker(const TreeWalker &other, OpBuilder &b)
      : b(b), loc(other.loc), input(other.input), roots(other.roots), nodes(other.nodes),
        thresholds(other.thresholds), nanIsTrue(other.nanIsTrue) {}

  Value load(Value buffer, ValueRange index) {
    return b.create<memref::LoadOp>(loc, buffer, index);
  }
  Value toIndex(Value integer) {
    return b.create<arith::IndexCastOp>(loc, b.getIndexType(), integer);
  }
  Value at(int64_t i) { return b.create<arith::ConstantIndexOp>(loc, i); }

  /// The child of `node` on the side that `row` takes.
  Value step(Value row, Value node) {
    Value place = toIndex(node);
    Value feature = toIndex(load(nodes, {place, at(0)}));
    Value x = load(input, {row, feature});
    Value isTrue =
        b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLE, x, load(thresholds, place));
    if (nanIsTrue) {
      Value flag = load(nanIsTrue, place);
      Value zero = b.create<arith::ConstantOp>(loc, b.getIntegerAttr(flag.getType(), 0));
      Value isSet = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, flag, zero);
      Value isNan = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, x, x);
      isTrue = b.create<arith::OrIOp>(loc, isTrue, b.create<arith::AndIOp>(loc, isSet, isNan));
    }
    // Both children lie beside each other: the choice is one of addresses.
    Value column = b.create<arith::SelectOp>(loc, isTrue, at(1), at(2));
    return load(nodes, {place, column});
  }

  OpBuilder &b;
  Location loc;
  Value input, roots, nodes, thresholds, nanIsTrue;
};
} // namespace

WholeTensorKernel nncc::walkTreesKernel(nnc::WalkTreesOp op) {
  ArrayRef<int64_t> shape = nnc::typeOf(op.getLeaves()).getShape();
  int64_t trees = shape[1];
  WholeTensorKernel kernel;
  kernel.work = shape[0] * trees;
  kernel.emit = [trees](OpBuilder &b, Location loc, const KernelBuffers &buffers) {
    Value one = b.create<arith::ConstantIndexOp>(loc, 1);
    auto loop = b.create<scf::ForOp>(loc, buffers.lo, buffers.hi, one);
    OpBuilder unit = OpBuilder::atBlockTerminator(loop.getBody());
    Value count = unit.create<arith::ConstantIndexOp>(loc, trees);
    Value row = unit.create<arith::DivUIOp>(loc, loop.getInductionVar(), count);
    Value tree = unit.create<arith::RemUIOp>(loc, loop.getInductionVar(), count);
    Value leaf = TreeWalker(unit, loc, buffers.operands).walk(row, tree);
    unit.create<memref::StoreOp>(loc, leaf, buffers.results[0], ValueRange{row, tree});
  };
  return kernel;
}
