//===- GroupScalars.cpp - the scalar code of a group's nest -------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/ScalarCode.h"
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

Type elementOf(Value tensor) { return nnc::typeOf(tensor).getElementType(); }

/// A splat as one scalar.
Value literal(OpBuilder &b, Location loc, nnc::ConstantOp constant) {
  Type element = elementOf(constant);
  Type type = nnc::computeTypeOf(element);
  auto splat = nnc::ConstantData::get(constant.getValue());
  if (isa<IntegerType>(element))
    return b.create<arith::ConstantOp>(
        loc, b.getIntegerAttr(type, splat->integerAt(0)));
  return b.create<arith::ConstantOp>(loc,
                                     b.getFloatAttr(type, splat->at(0)));
}
} // namespace

/// Operations whose result is one of their operands, or has no more digits.
static bool isExact(Operation &op) {
  return isa<nnc::AbsOp, nnc::BitcastOp, nnc::CastOp, nnc::CeilOp, nnc::FloorOp, nnc::MaxOp,
             nnc::MinOp, nnc::NegOp, nnc::ReluOp, nnc::RoundOp, nnc::SelectOp>(op);
}

/// A number of 16 bits is rounded to them in a register, too: what a network computes
/// does not depend on which of its values lie in memory.
static Value rounded(OpBuilder &b, Operation &op, Value value) {
  Type element = elementOf(op.getResult(0)), compute = nnc::computeTypeOf(element);
  if (!isa<FloatType>(element) || compute == element || isExact(op))
    return value;
  return nnc::ScalarCode(b, op.getLoc(), compute).cast(value, element);
}

Type GroupNest::reducedElement() {
  return elementOf(anchor->getResult(0));
}

/// The sum of `count` elements as their mean; one of integers rounds to zero.
static Value meanOf(OpBuilder &b, Location loc, Value sum, Type element,
                    int64_t count) {
  nnc::ScalarCode code(b, loc, element);
  if (count == 1)
    return sum;
  if (isa<FloatType>(element))
    return b.create<arith::MulFOp>(loc, sum, code.constant(1.0 / count));
  return code.div(sum, code.constant(count));
}

static bool computes(nnc::GroupOp group) {
  return llvm::any_of(group.getBody().front(), llvm::IsaPred<nnc::ScalarSemantics>);
}

void GroupNest::buildFinish(OpBuilder &b, Region &region) {
  Location loc = group.getLoc();
  SmallVector<Type> types;
  bool reduces = extents.size() > parallel;
  if (reduces)
    types.push_back(nnc::computeTypeOf(reducedElement()));
  Type stored = elementOf(group.getResult(0));
  auto isStoredSo = [&](const Access &access) {
    return elementOf(group.getInputs()[access.input]) == stored;
  };
  // Without scalar code elements pass through as they are stored, if that is one way.
  bool copies = !reduces && !computes(group) && llvm::all_of(finishReads, isStoredSo);
  for (const Access &access : finishReads) {
    Type element = elementOf(group.getInputs()[access.input]);
    types.push_back(copies ? nnc::storageTypeOf(element)
                           : nnc::computeTypeOf(element));
  }
  Block &block = addScalarBlock(region, types, loc);
  b.setInsertionPointToStart(&block);

  Value yielded = cast<nnc::YieldOp>(group.getBody().front().getTerminator())
                      .getValues()
                      .front();
  DenseMap<Value, Value> scalars;
  for (auto [i, operand] : llvm::enumerate(finishOperands))
    scalars[operand] = block.getArgument(i + reduces);
  for (Operation &op : group.getBody().front().without_terminator()) {
    Value result = op.getResult(0);
    if (isa<nnc::GatherOp>(op))
      continue; // read with the operands
    if (auto constant = dyn_cast<nnc::ConstantOp>(op)) {
      scalars[result] = literal(b, loc, constant);
    } else if (auto scalar = dyn_cast<nnc::ScalarSemantics>(op)) {
      SmallVector<Value> args = llvm::map_to_vector(
          op.getOperands(), [&](Value operand) { return scalars.lookup(operand); });
      scalars[result] = scalar.emitScalar(b, op.getLoc(), args);
    } else if (reduces) {
      scalars[result] =
          meanOf(b, loc, block.getArgument(0), reducedElement(), count);
    } else {
      // A reduction over nothing reads its operand at the result's index.
      scalars[result] = scalars.lookup(op.getOperand(0));
    }
    // What is stored as its type is rounded by that.
    if (result != yielded || stored != type.getElementType())
      scalars[result] = rounded(b, op, scalars[result]);
  }
  b.create<nnc::YieldOp>(loc, scalars.lookup(yielded));
}

/// The accumulator before the first element: the bias, or what does not change
/// the result.
void GroupNest::buildInit(OpBuilder &b, Region &region) {
  Location loc = group.getLoc();
  Type element = reducedElement();
  SmallVector<Type> types(initReads.size(), nnc::computeTypeOf(element));
  Block &start = addScalarBlock(region, types, loc);
  b.setInsertionPointToStart(&start);
  double infinity = std::numeric_limits<double>::infinity();
  double neutral = combineKind == Max        ? -infinity
                   : combineKind == Min      ? infinity
                   : combineKind == Multiply ? 1.0
                                             : 0.0;
  Value first = initReads.empty()
                    ? nnc::ScalarCode(b, loc, element).constant(neutral)
                    : Value(start.getArgument(0));
  b.create<nnc::YieldOp>(loc, first);
}

/// acc = acc + x * y, or whatever the anchor does with each element.
void GroupNest::buildCombine(OpBuilder &b, Region &region) {
  Location loc = group.getLoc();
  Type element = reducedElement(), compute = nnc::computeTypeOf(element);
  SmallVector<Type> types(reads.size() + 1, compute);
  Block &step = addScalarBlock(region, types, loc);
  b.setInsertionPointToStart(&step);
  Value acc = step.getArguments().back(), x = step.getArgument(0);
  nnc::ScalarCode code(b, loc, element);
  // `contract` lets a target with fused multiply-add use it.
  auto contract = arith::FastMathFlagsAttr::get(b.getContext(),
                                                arith::FastMathFlags::contract);
  auto winner = [&](Value wins) { return code.select(wins, x, acc); };
  Value next;
  switch (combineKind) {
  case MultiplyAdd:
    if (isa<FloatType>(element))
      next = b.create<arith::AddFOp>(
          loc, acc,
          b.create<arith::MulFOp>(loc, x, step.getArgument(1), contract),
          contract);
    else
      next = b.create<arith::AddIOp>(
          loc, acc, b.create<arith::MulIOp>(loc, x, step.getArgument(1)));
    break;
  case Add:
    next = code.arithmetic<arith::AddFOp, arith::AddIOp>(acc, x);
    break;
  case Multiply:
    next = code.arithmetic<arith::MulFOp, arith::MulIOp>(acc, x);
    break;
  case Max:
    next = skipsNaN ? winner(code.less(acc, x)) : code.max(acc, x);
    break;
  case Min:
    next = skipsNaN ? winner(code.less(x, acc)) : code.min(acc, x);
    break;
  }
  b.create<nnc::YieldOp>(loc, next);
}
