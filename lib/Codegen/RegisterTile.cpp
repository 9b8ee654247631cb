//===- RegisterTile.cpp - the body of an expanded nest ------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/RegisterTile.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/IR/IRMapping.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace nncc;

//===----------------------------------------------------------------------===//
// Computation
//===----------------------------------------------------------------------===//

/// Clones the scalar code of `region` for `lanes` elements at once:
///   %r = arith.addf %a, %b : f32   ->   %r = arith.addf %a, %b : vector<16xf32>
Value RegisterTile::inlineScalars(OpBuilder &b, Region &region, ValueRange args,
                                  int64_t lanes) {
  IRMapping mapping;
  mapping.map(region.getArguments(), args);
  for (Operation &op : region.front().without_terminator()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op); constant && lanes > 1) {
      auto type = VectorType::get(lanes, constant.getType());
      mapping.map(constant.getResult(),
                  b.create<arith::ConstantOp>(
                       op.getLoc(), SplatElementsAttr::get(type, Attribute(constant.getValue())))
                      .getResult());
      continue;
    }
    Operation *clone = b.clone(op, mapping);
    if (lanes > 1)
      for (Value result : clone->getResults())
        result.setType(VectorType::get(lanes, result.getType()));
  }
  return mapping.lookup(
      cast<nnc::YieldOp>(region.front().getTerminator()).getValues().front());
}

/// Every combination of offsets below `sizes` in the loops [first, last).
static SmallVector<SmallVector<int64_t>> offsetsWithin(ArrayRef<int64_t> sizes,
                                                       unsigned first,
                                                       unsigned last,
                                                       unsigned skip) {
  SmallVector<SmallVector<int64_t>> all{SmallVector<int64_t>(sizes.size(), 0)};
  for (unsigned dim = first; dim < last; ++dim) {
    if (dim == skip)
      continue;
    SmallVector<SmallVector<int64_t>> next;
    for (const SmallVector<int64_t> &offsets : all)
      for (int64_t i = 0; i < sizes[dim]; ++i)
        next.push_back(withLane(offsets, dim, i));
    all = std::move(next);
  }
  return all;
}

/// Cuts the lane loop into vectors: as many full ones as fit, then the powers
/// of two of the rest.
void RegisterTile::listPoints(ArrayRef<int64_t> sizes) {
  unsigned laneDim = nest.getLaneDim();
  points.clear();
  if (nest.hasReductionLanes()) {
    for (SmallVector<int64_t> &offsets :
         offsetsWithin(sizes, 0, nest.getParallel(), laneDim))
      points.push_back({std::move(offsets), 1});
    return;
  }
  for (const SmallVector<int64_t> &offsets :
       offsetsWithin(sizes, 0, nest.getParallel(), laneDim))
    for (int64_t lane = 0; lane < sizes[laneDim];) {
      int64_t length = std::min<int64_t>(
          nest.getLanes(), llvm::bit_floor<uint64_t>(sizes[laneDim] - lane));
      points.push_back({withLane(offsets, laneDim, lane), length});
      lane += length;
    }
}

/// One step of the innermost loops, `sizes` iterations of each.
SmallVector<Value> RegisterTile::combine(OpBuilder &b, ValueRange accumulators,
                                         ArrayRef<int64_t> sizes) {
  unsigned first = nest.getInitInputs().size(), last = sizes.size() - 1;
  SmallVector<Value> results(accumulators);
  MutableArrayRef<Value> all(results);
  Block block;
  for (const SmallVector<int64_t> &step :
       offsetsWithin(sizes, nest.getParallel(), sizes.size(),
                     /*skip=*/nest.hasReductionLanes() ? last : ~0u)) {
    for (auto [i, point] : llvm::enumerate(points)) {
      SmallVector<int64_t> offsets(point.offsets);
      for (size_t dim = 0; dim < step.size(); ++dim)
        offsets[dim] += step[dim];
      if (nest.hasReductionLanes()) {
        combineLanes(b, block, offsets, sizes[last], all.slice(i * slots(), slots()));
        continue;
      }
      Value &result = results[i * slots() + step[last] % slots()];
      SmallVector<Value> args;
      for (unsigned input = 0; input < nest.getInputs().size(); ++input)
        args.push_back(load(b, block, first + input, offsets, point.lanes));
      args.push_back(result);
      result = inlineScalars(b, nest.getCombine(), args, point.lanes);
    }
  }
  return results;
}

SmallVector<Value> RegisterTile::reduce(OpBuilder &b, unsigned dim,
                                        ValueRange accumulators) {
  if (prefetch && dim == prefetch->level)
    askForNextPanel(b);
  if (dim == nest.getExtents().size())
    return combine(b, accumulators, nest.getTile());
  Location loc = nest.getLoc();
  int64_t tile = nest.getTile()[dim], count = nest.getExtents()[dim] / tile;
  SmallVector<Value> results(accumulators);
  if (count == 1) {
    origins[dim] = b.getAffineConstantExpr(0);
    results = reduce(b, dim + 1, results);
  } else {
    Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
    Value end = b.create<arith::ConstantIndexOp>(loc, count);
    Value one = b.create<arith::ConstantIndexOp>(loc, 1);
    auto loop = b.create<scf::ForOp>(
        loc, zero, end, one, results,
        [&](OpBuilder &body, Location loc, Value unit, ValueRange carried) {
          units[dim] = unit;
          origins[dim] = body.getAffineDimExpr(dim) * tile;
          body.create<scf::YieldOp>(loc, reduce(body, dim + 1, carried));
        });
    results.assign(loop.result_begin(), loop.result_end());
  }
  // Only the innermost loop may have a rest.
  if (int64_t rest = nest.getExtents()[dim] % tile) {
    SmallVector<int64_t> sizes(nest.getTile());
    sizes[dim] = rest;
    origins[dim] = b.getAffineConstantExpr(count * tile);
    results = combine(b, results, sizes);
  }
  return results;
}

void RegisterTile::emit(OpBuilder &b, ArrayRef<AffineExpr> tileOrigins,
                        ArrayRef<int64_t> sizes, ArrayRef<Value> tileUnits) {
  origins.assign(tileOrigins.begin(), tileOrigins.end());
  units.assign(tileUnits.begin(), tileUnits.end());
  unitExtents.clear();
  for (unsigned dim = 0; dim < sizes.size(); ++dim)
    unitExtents.push_back(nest.getUnits(dim));
  listPoints(sizes);

  unsigned numInit = nest.getInitInputs().size();
  SmallVector<Value> accumulators;
  if (nest.hasReduction()) {
    Block block;
    for (const Point &point : points) {
      SmallVector<Value> args;
      for (unsigned i = 0; i < numInit; ++i)
        args.push_back(load(b, block, i, point.offsets, point.lanes));
      int64_t lanes = nest.hasReductionLanes() ? nest.getLanes() : point.lanes;
      accumulators.append(slots(), inlineScalars(b, nest.getInit(), args, lanes));
    }
    accumulators = reduce(b, nest.getParallel(), accumulators);
  }
  unsigned firstFinish = numInit + nest.getInputs().size();
  SmallVector<Value> results;
  Block block;
  for (auto [i, point] : llvm::enumerate(points)) {
    SmallVector<Value> args;
    if (nest.hasReduction())
      args.push_back(combineChains(
          b, ArrayRef(accumulators).slice(i * slots(), slots()), point.lanes));
    for (unsigned j = 0; j < nest.getFinishInputs().size(); ++j)
      args.push_back(load(b, block, firstFinish + j, point.offsets, point.lanes));
    results.push_back(inlineScalars(b, nest.getFinish(), args, point.lanes));
  }
  // All loads of the tile come before its first store: an operand that shares
  // its bytes with the output is read before it is overwritten.
  for (auto [point, result] : llvm::zip(points, results))
    store(b, block, result, point);
}
