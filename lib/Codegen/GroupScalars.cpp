//===- GroupScalars.cpp - the scalar code of a group's nest -------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Codegen/GroupNest.h"
#include <limits>
#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace nncc;

namespace {
/// Starts a region with one block of scalar arguments.
Block &addScalarBlock(Region &region, ArrayRef<Type> types, Location loc) {
  Block &block = region.emplaceBlock();
  block.addArguments(types, SmallVector<Location>(types.size(), loc));
  return block;
}

Value floatConstant(OpBuilder &b, Location loc, Type type, double value) {
  return b.create<arith::ConstantOp>(loc, b.getFloatAttr(type, value));
}
} // namespace

void GroupNest::buildFinish(OpBuilder &b, Region &region) {
  Location loc = group.getLoc();
  Type element = type.getElementType();
  SmallVector<Type> types;
  bool reduces = extents.size() > parallel;
  if (reduces)
    types.push_back(element);
  for (const Access &access : finishReads)
    types.push_back(nnc::typeOf(group.getInputs()[access.input]).getElementType());
  Block &block = addScalarBlock(region, types, loc);
  b.setInsertionPointToStart(&block);

  DenseMap<Value, Value> scalars;
  for (auto [i, operand] : llvm::enumerate(finishOperands))
    scalars[operand] = block.getArgument(i + reduces);
  for (Operation &op : group.getBody().front().without_terminator()) {
    Value result = op.getResult(0);
    if (isa<nnc::GatherOp>(op))
      continue; // read with the operands
    if (auto constant = dyn_cast<nnc::ConstantOp>(op)) {
      auto splat = nnc::ConstantData::get(constant.getValue());
      auto elementType = nnc::typeOf(result).getElementType();
      scalars[result] =
          isa<FloatType>(elementType)
              ? floatConstant(b, loc, elementType, splat->at(0))
              : b.create<arith::ConstantOp>(
                     loc, b.getIntegerAttr(elementType, splat->integerAt(0)))
                    .getResult();
    } else if (auto scalar = dyn_cast<nnc::ScalarSemantics>(op)) {
      SmallVector<Value> args = llvm::map_to_vector(
          op.getOperands(), [&](Value operand) { return scalars.lookup(operand); });
      scalars[result] = scalar.emitScalar(b, op.getLoc(), args);
    } else if (reduces) {
      scalars[result] = block.getArgument(0);
      if (scale != 1.0)
        scalars[result] = b.create<arith::MulFOp>(
            loc, block.getArgument(0), floatConstant(b, loc, element, scale));
    } else {
      // A reduction over nothing reads its operand at the result's index.
      scalars[result] = scalars.lookup(op.getOperand(0));
    }
  }
  Value yielded = cast<nnc::YieldOp>(group.getBody().front().getTerminator())
                      .getValues()
                      .front();
  b.create<nnc::YieldOp>(loc, scalars.lookup(yielded));
}

/// The accumulator before the first element: the bias, or what does not change
/// the result.
void GroupNest::buildInit(OpBuilder &b, Region &region) {
  Location loc = group.getLoc();
  SmallVector<Type> types(initReads.size(), type.getElementType());
  Block &start = addScalarBlock(region, types, loc);
  b.setInsertionPointToStart(&start);
  double infinity = std::numeric_limits<double>::infinity();
  double neutral = combineKind == Max        ? -infinity
                   : combineKind == Min      ? infinity
                   : combineKind == Multiply ? 1.0
                                             : 0.0;
  Value first = initReads.empty()
                    ? floatConstant(b, loc, type.getElementType(), neutral)
                    : Value(start.getArgument(0));
  b.create<nnc::YieldOp>(loc, first);
}

/// acc = acc + x * y, or whatever the anchor does with each element.
void GroupNest::buildCombine(OpBuilder &b, Region &region) {
  Location loc = group.getLoc();
  SmallVector<Type> types(reads.size() + 1, type.getElementType());
  Block &step = addScalarBlock(region, types, loc);
  b.setInsertionPointToStart(&step);
  Value acc = step.getArguments().back(), x = step.getArgument(0);
  // `contract` lets a target with fused multiply-add use it.
  auto contract = arith::FastMathFlagsAttr::get(b.getContext(),
                                                arith::FastMathFlags::contract);
  auto select = [&](arith::CmpFPredicate predicate) -> Value {
    Value wins = b.create<arith::CmpFOp>(loc, predicate, x, acc);
    return b.create<arith::SelectOp>(loc, wins, x, acc);
  };
  Value next;
  switch (combineKind) {
  case MultiplyAdd:
    next = b.create<arith::AddFOp>(
        loc, acc,
        b.create<arith::MulFOp>(loc, x, step.getArgument(1), contract),
        contract);
    break;
  case Add:
    next = b.create<arith::AddFOp>(loc, acc, x);
    break;
  case Multiply:
    next = b.create<arith::MulFOp>(loc, acc, x);
    break;
  case Max:
    next = select(arith::CmpFPredicate::OGT);
    break;
  case Min:
    next = select(arith::CmpFPredicate::OLT);
    break;
  }
  b.create<nnc::YieldOp>(loc, next);
}
