//===- ReductionChains.cpp - several accumulators per element -------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/RegisterTile.h"
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace nncc;

/// Accumulators of one point: vectors that hold all chains, or one per chain.
unsigned RegisterTile::slots() {
  int64_t chains = nest.getChains();
  return nest.hasReductionLanes() ? chains / nest.getLanes() : chains;
}

/// `length` lanes of a vector from `first` on; a single one is a scalar.
static Value takeLanes(OpBuilder &b, Location loc, Value vector, int64_t first,
                       int64_t length) {
  if (length == 1)
    return b.create<vector::ExtractOp>(loc, vector, first);
  return b.create<vector::ExtractStridedSliceOp>(
      loc, vector, ArrayRef<int64_t>{first}, ArrayRef<int64_t>{length},
      ArrayRef<int64_t>{1});
}

static Value putLanes(OpBuilder &b, Location loc, Value part, Value vector,
                      int64_t first) {
  if (!isa<VectorType>(part.getType()))
    return b.create<vector::InsertOp>(loc, part, vector, first);
  return b.create<vector::InsertStridedSliceOp>(
      loc, part, vector, ArrayRef<int64_t>{first}, ArrayRef<int64_t>{1});
}

/// Combines `count` neighbours along the lane loop with the accumulators of one
/// point. A rest below a whole vector leaves the lanes behind it as they are:
///   %x = vector.load ... : vector<4xf32>        // the last 4 of 20, 16 lanes
///   %a = extract lanes 0..3 of %acc             // combined with %x
///   %acc' = insert into %acc
void RegisterTile::combineLanes(OpBuilder &b, Block &block,
                                ArrayRef<int64_t> offsets, int64_t count,
                                MutableArrayRef<Value> accumulators) {
  Location loc = nest.getLoc();
  int64_t width = nest.getLanes();
  for (int64_t at = 0; at < count;) {
    int64_t length =
        std::min<int64_t>(width, llvm::bit_floor<uint64_t>(count - at));
    SmallVector<int64_t> shifted(offsets);
    shifted[nest.getLaneDim()] += at;
    Value x = load(b, block, nest.getInitInputs().size(), shifted, length);
    Value &accumulator = accumulators[at / width];
    int64_t first = at % width;
    Value part = length == width
                     ? accumulator
                     : takeLanes(b, loc, accumulator, first, length);
    part = inlineScalars(b, nest.getCombine(), {x, part}, length);
    accumulator =
        length == width ? part : putLanes(b, loc, part, accumulator, first);
    at += length;
  }
}

/// The chains of one point as one value: always the second half into the first,
/// so that the order does not depend on how many lanes a vector has.
Value RegisterTile::combineChains(OpBuilder &b, ArrayRef<Value> accumulators,
                                  int64_t lanes) {
  SmallVector<Value> chains(accumulators);
  int64_t width = nest.hasReductionLanes() ? nest.getLanes() : lanes;
  while (chains.size() > 1) {
    size_t half = chains.size() / 2;
    for (size_t i = 0; i < half; ++i)
      chains[i] = inlineScalars(b, nest.getCombine(),
                                {chains[i + half], chains[i]}, width);
    chains.truncate(half);
  }
  Value result = chains.front();
  for (; width > lanes; width /= 2) {
    Value low = takeLanes(b, nest.getLoc(), result, 0, width / 2);
    Value high = takeLanes(b, nest.getLoc(), result, width / 2, width / 2);
    result = inlineScalars(b, nest.getCombine(), {high, low}, width / 2);
  }
  return result;
}
