//===- PanelPrefetch.cpp - the next panel of weights ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/RegisterTile.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>

using namespace mlir;
using namespace nncc;

/// The element that `map` reaches in iteration `i` of loop `dim`, 0 elsewhere.
static int64_t elementAt(AffineMap map, MemRefType buffer, unsigned dim,
                         int64_t i) {
  SmallVector<AffineExpr> loops(map.getNumDims(),
                                getAffineConstantExpr(0, map.getContext()));
  loops[dim] = getAffineConstantExpr(i, map.getContext());
  int64_t element = 0;
  for (auto [expr, extent] : llvm::zip(map.getResults(), buffer.getShape()))
    element = element * extent +
              cast<AffineConstantExpr>(expr.replaceDims(loops)).getValue();
  return element;
}

std::optional<PanelPrefetch> PanelPrefetch::plan(nnc::NestOp nest) {
  if (!nest.getPrefetch())
    return std::nullopt;
  PanelPrefetch plan;
  plan.buffer = nest.getInitInputs().size() + *nest.getPrefetch();
  AffineMap map = nest.getMap(plan.buffer);
  unsigned parallel = nest.getParallel(), last = nest.getExtents().size();
  std::optional<unsigned> panelLoop;
  for (unsigned dim = 0; dim < parallel; ++dim)
    if (map.isFunctionOfDim(dim))
      panelLoop = dim;
  if (!panelLoop)
    return std::nullopt;
  plan.panelLoop = *panelLoop;
  int64_t shares = 1;
  for (unsigned dim = plan.panelLoop + 1; dim < parallel; ++dim)
    shares *= nest.getUnits(dim);
  if (shares == 1)
    return std::nullopt;

  const int64_t lineBytes = 64;
  auto buffer = cast<MemRefType>(nest->getOperand(plan.buffer).getType());
  plan.lineElements = lineBytes * 8 / buffer.getElementTypeBitWidth();
  int64_t width = nest.getTile()[plan.panelLoop], lanes = nest.getLanes();
  bool contiguous = elementAt(map, buffer, plan.panelLoop, width - lanes) -
                        elementAt(map, buffer, plan.panelLoop, 0) ==
                    width - lanes;
  plan.streams = contiguous ? 1 : width / lanes;
  // The innermost step whose share is a line or more spreads them best.
  int64_t elements = width / plan.streams;
  for (plan.level = last; plan.level > parallel; --plan.level) {
    if (elements >= shares * plan.lineElements)
      break;
    if (map.isFunctionOfDim(plan.level - 1))
      elements *= nest.getExtents()[plan.level - 1];
  }
  plan.linesPerStep = llvm::divideCeil(elements, shares * plan.lineElements);
  return plan;
}

/// The unit index of parallel loop `dim`, a constant in its partial tile.
Value RegisterTile::unitOf(OpBuilder &b, unsigned dim) {
  if (auto origin = dyn_cast<AffineConstantExpr>(origins[dim]))
    return b.create<arith::ConstantIndexOp>(
        nest.getLoc(), origin.getValue() / nest.getTile()[dim]);
  return units[dim];
}

/// Prefetches this tile's share of what the next panel's tiles will read in the
/// reduction step that begins. Behind the last panel nothing is read: a
/// prefetch of an address that does not exist has no effect.
void RegisterTile::askForNextPanel(OpBuilder &b) {
  Location loc = nest.getLoc();
  Value share;
  for (unsigned dim = prefetch->panelLoop + 1; dim < nest.getParallel();
       ++dim) {
    if (nest.getUnits(dim) == 1)
      continue;
    Value unit = unitOf(b, dim);
    if (!share) {
      share = unit;
      continue;
    }
    Value count = b.create<arith::ConstantIndexOp>(loc, nest.getUnits(dim));
    share = b.create<arith::AddIOp>(
        loc, b.create<arith::MulIOp>(loc, share, count), unit);
  }
  SmallVector<AffineExpr> saved = origins;
  for (unsigned dim = prefetch->level; dim < origins.size(); ++dim)
    origins[dim] = b.getAffineConstantExpr(0);
  Value length = b.create<arith::ConstantIndexOp>(
      loc, prefetch->linesPerStep * prefetch->lineElements);
  share = b.create<arith::MulIOp>(loc, share, length);
  int64_t width = nest.getTile()[prefetch->panelLoop];
  Block block;
  for (int64_t stream = 0; stream < prefetch->streams; ++stream) {
    SmallVector<int64_t> offsets(origins.size(), 0);
    offsets[prefetch->panelLoop] = width + stream * width / prefetch->streams;
    LinearIndex index = linearIndex(prefetch->buffer, offsets);
    Value first = b.create<arith::AddIOp>(loc, base(b, block, index), share);
    for (int64_t line = 0; line < prefetch->linesPerStep; ++line) {
      Value distance = b.create<arith::ConstantIndexOp>(
          loc, index.constant + line * prefetch->lineElements);
      Value address = b.create<arith::AddIOp>(loc, first, distance);
      b.create<memref::PrefetchOp>(loc, flats[prefetch->buffer], address,
                                   /*isWrite=*/false,
                                   /*localityHint=*/2, /*isDataCache=*/true);
    }
  }
  origins = std::move(saved);
}
