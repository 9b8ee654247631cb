//===- GroupIndices.cpp - indices from tensors, in nests ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/GroupNest.h"
#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace nncc;

/// The data is read at its map, whose symbols are elements of the indices.
void GroupNest::readGather(nnc::GatherOp gather) {
  MLIRContext *context = group.getContext();
  Exprs dims = broadcastIndex(gather.getType()), symbols;
  auto placed = [&](AffineMap map) {
    return llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) {
      return expr.replaceDimsAndSymbols(dims, symbols);
    });
  };
  for (unsigned k = 0; k < gather.getIndices().size(); ++k) {
    read(indexReads, gather.getIndices()[k], placed(gather.getIndexMap(k)));
    indexExtents.push_back(gather.getInRange() ? 0 : gather.getIndexedExtent(k));
  }
  for (unsigned k = 0; k < gather.getIndices().size(); ++k)
    symbols.push_back(getAffineSymbolExpr(
        indexReads.size() - gather.getIndices().size() + k, context));
  finishOperands.push_back(gather.getResult());
  read(finishReads, gather.getData(), placed(gather.getMap()));
}

void GroupNest::addIndexCheck(nnc::CheckIndicesOp check) {
  RankedTensorType indices = nnc::typeOf(check.getIndices());
  Exprs index;
  for (int64_t extent : indices.getShape())
    index.push_back(loop(addReduction(extent)));
  if (index.empty())
    addReduction(1);
  read(reads, check.getIndices(), index);
}

/// acc = index < -extent or index >= extent ? 1 : acc, starting with 0.
void GroupNest::buildIndexCheck(OpBuilder &b, nnc::NestOp nest) {
  auto check = cast<nnc::CheckIndicesOp>(anchor);
  Location loc = group.getLoc();
  Type index = nnc::typeOf(check.getIndices()).getElementType();
  auto constant = [&](Type type, int64_t value) -> Value {
    return b.create<arith::ConstantOp>(loc, b.getIntegerAttr(type, value));
  };
  b.setInsertionPointToStart(&nest.getInit().emplaceBlock());
  b.create<nnc::YieldOp>(loc, constant(b.getI32Type(), 0));

  Block &step = nest.getCombine().emplaceBlock();
  Value value = step.addArgument(index, loc);
  Value acc = step.addArgument(b.getI32Type(), loc);
  b.setInsertionPointToStart(&step);
  int64_t extent = check.getExtent();
  Value below = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, value,
                                        constant(index, -extent));
  Value above = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge, value,
                                        constant(index, extent));
  Value outside = b.create<arith::OrIOp>(loc, below, above);
  Value next = b.create<arith::SelectOp>(loc, outside, constant(b.getI32Type(), 1), acc);
  b.create<nnc::YieldOp>(loc, next);
}

//===----------------------------------------------------------------------===//
// Work in place
//===----------------------------------------------------------------------===//

/// The value whose buffer `value` lies in.
static Value bufferOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    auto group = dyn_cast<nnc::GroupOp>(op);
    auto launch = dyn_cast<nnc::LaunchOp>(op);
    if (auto view = dyn_cast<nnc::ViewOp>(op))
      value = view.getInput();
    else if (group && group.getInto())
      value = group.getInto();
    else if (launch)
      value = launch.getOutputs()[cast<OpResult>(value).getResultNumber()];
    else
      break;
  }
  return value;
}

SmallVector<int64_t> GroupNest::inPlaceArguments(nnc::NestOp nest) {
  SmallVector<Access> accesses;
  for (const auto *list : {&initReads, &reads, &finishReads, &indexReads})
    llvm::append_range(accesses, *list);
  unsigned first = initReads.size() + reads.size();
  auto isSafe = [&](unsigned candidate) {
    // Nobody reads another element of the buffer than the one that is computed.
    Value buffer = bufferOf(group.getInputs()[accesses[candidate].input]);
    for (auto [i, access] : llvm::enumerate(accesses))
      if (bufferOf(group.getInputs()[access.input]) == buffer &&
          nest.getMap(i) != nest.getOutputMap())
        return false;
    return true;
  };
  SmallVector<int64_t> result;
  for (unsigned i = first; i < first + finishReads.size(); ++i) {
    unsigned input = accesses[i].input;
    if (nest.getMap(i) == nest.getOutputMap() &&
        group.getInputs()[input].getType() == group.getResult(0).getType() && isSafe(i))
      result.push_back(input);
  }
  return result;
}
