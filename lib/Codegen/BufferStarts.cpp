//===- BufferStarts.cpp - where kernels begin in buffers ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/BufferStarts.h"
#include "dialects/Nnc/IR/RangedExpr.h"

using namespace mlir;
using namespace nncc;

/// `map` with `first` subtracted from its results.
static AffineMap without(ArrayRef<int64_t> first, AffineMap map) {
  SmallVector<AffineExpr> exprs;
  for (auto [expr, constant] : llvm::zip(map.getResults(), first))
    exprs.push_back(expr - constant);
  return AffineMap::get(map.getNumDims(), map.getNumSymbols(), exprs, map.getContext());
}

int64_t nncc::takeStart(nnc::NestOp nest, Value buffer) {
  SmallVector<unsigned> uses;
  SmallVector<int64_t> first(cast<MemRefType>(buffer.getType()).getRank(), INT64_MAX);
  for (unsigned i = 0; i < nest.getMaps().size(); ++i) {
    if (nest->getOperand(i) != buffer)
      continue;
    uses.push_back(i);
    for (auto [least, expr] : llvm::zip(first, nest.getMap(i).getResults()))
      least = std::min(least, rangeOf(expr, nest.getExtents()).min);
  }
  if (uses.empty())
    return 0;
  int64_t start = 0;
  for (auto [least, extent] :
       llvm::zip(first, cast<MemRefType>(buffer.getType()).getShape())) {
    least = std::max<int64_t>(least, 0); // a range may be wider than what occurs
    start = start * extent + least;
  }
  if (start == 0)
    return 0;
  SmallVector<Attribute> maps(nest.getMaps().getValue());
  for (unsigned i : uses)
    maps[i] = AffineMapAttr::get(without(first, nest.getMap(i)));
  nest.setMapsAttr(ArrayAttr::get(nest.getContext(), maps));
  return start;
}
