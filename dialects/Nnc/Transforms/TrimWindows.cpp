//===- TrimWindows.cpp - taps of convolutions that read padding only ------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/Transforms/Passes.h"
#include <mlir/Dialect/Func/IR/FuncOps.h>

namespace nncc::nnc {
#define GEN_PASS_DEF_TRIMWINDOWS
#include "dialects/Nnc/Transforms/Passes.h.inc"
} // namespace nncc::nnc

using namespace mlir;
using namespace nncc::nnc;

namespace {
/// The taps of one spatial dimension that a convolution keeps, and its padding then.
struct Taps {
  int64_t first, count, padBegin, padEnd;
};
} // namespace

/// True if tap `k` of some window along spatial dimension `i` lies in the input.
static bool isReached(ConvOp conv, unsigned i, int64_t k) {
  int64_t extent = typeOf(conv.getInput()).getDimSize(i + 2);
  int64_t windows = typeOf(conv.getResult()).getDimSize(i + 2);
  int64_t first = k * conv.getDilations()[i] - conv.getPadBegin()[i];
  for (int64_t window = 0; window < windows; ++window) {
    int64_t at = first + window * conv.getStrides()[i];
    if (at >= 0 && at < extent)
      return true;
  }
  return false;
}

/// Leaves out taps on both sides as long as the padding that they read is left out, too.
static Taps reachedTaps(ConvOp conv, unsigned i) {
  int64_t dilation = conv.getDilations()[i];
  Taps taps{0, typeOf(conv.getFilter()).getDimSize(i + 2), conv.getPadBegin()[i],
            conv.getPadEnd()[i]};
  while (taps.count > 1 && taps.padBegin >= dilation && !isReached(conv, i, taps.first)) {
    ++taps.first;
    --taps.count;
    taps.padBegin -= dilation;
  }
  while (taps.count > 1 && taps.padEnd >= dilation &&
         !isReached(conv, i, taps.first + taps.count - 1)) {
    --taps.count;
    taps.padEnd -= dilation;
  }
  return taps;
}

static void trim(ConvOp conv) {
  RankedTensorType filter = typeOf(conv.getFilter());
  MLIRContext *context = conv.getContext();
  SmallVector<int64_t> shape(filter.getShape().take_front(2)), padBegin, padEnd;
  SmallVector<AffineExpr> index{getAffineDimExpr(0, context), getAffineDimExpr(1, context)};
  for (unsigned i = 0; i < conv.getSpatialRank(); ++i) {
    Taps taps = reachedTaps(conv, i);
    shape.push_back(taps.count);
    padBegin.push_back(taps.padBegin);
    padEnd.push_back(taps.padEnd);
    index.push_back(getAffineDimExpr(i + 2, context) + taps.first);
  }
  if (ArrayRef(shape) == filter.getShape())
    return;
  OpBuilder b(conv);
  Value kept = b.create<RemapOp>(
      conv.getLoc(), RankedTensorType::get(shape, filter.getElementType()),
      conv.getFilter(), AffineMap::get(shape.size(), 0, index, context));
  conv.getFilterMutable().assign(kept);
  conv.setPadBegin(padBegin);
  conv.setPadEnd(padEnd);
}

namespace {

///   %0 = nnc.conv %x, %w {dilations = [36, 36], padBegin = [36, 36], padEnd = [36, 36]}
///        : (tensor<1x8x33x33xf32>, tensor<4x8x3x3xf32>) -> tensor<1x4x33x33xf32>
///     ->
///   %v = nnc.remap %w affine_map<(o, c, y, x) -> (o, c, y + 1, x + 1)>
///        : (tensor<4x8x3x3xf32>) -> tensor<4x8x1x1xf32>
///   %0 = nnc.conv %x, %v {dilations = [36, 36], padBegin = [0, 0], padEnd = [0, 0]}
struct TrimWindows : nncc::nnc::impl::TrimWindowsBase<TrimWindows> {
  void runOnOperation() override {
    getOperation().walk([](ConvOp conv) { trim(conv); });
  }
};

} // namespace
