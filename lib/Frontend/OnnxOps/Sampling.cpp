//===- Sampling.cpp - images read between their pixels --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Sampling.h"
#include "lib/Frontend/OnnxOps/Moves.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// One dimension
//===----------------------------------------------------------------------===//

static Value add(NodeImport &n, Value x, double y) {
  return y == 0 ? x : n.create<nnc::AddOp>(x, n.scalar(y, x));
}
static Value times(NodeImport &n, Value x, double y) {
  return n.create<nnc::MulOp>(x, n.scalar(y, x));
}
static Value clamped(NodeImport &n, Value x, double low, double high) {
  return n.create<nnc::MinOp>(n.create<nnc::MaxOp>(x, n.scalar(low, x)),
                              n.scalar(high, x));
}

/// The distance from `low` is a triangle wave with the period 2 * (high - low).
/// What is inside is left as it is.
Value nncc::frontend::reflected(NodeImport &n, Value position,
                                const Border &border) {
  if (border.kind != Border::Reflect)
    return position;
  double range = border.high - border.low;
  if (range <= 0)
    return times(n, position, 0);
  Value distance = n.create<nnc::AbsOp>(add(n, position, -border.low));
  Value turns = n.create<nnc::FloorOp>(times(n, distance, 1 / (2 * range)));
  Value rest = n.create<nnc::SubOp>(distance, times(n, turns, 2 * range));
  Value back = n.create<nnc::SubOp>(n.scalar(2 * range, rest), rest);
  Value result = add(n, n.create<nnc::MinOp>(rest, back), border.low);
  Value isInside = n.create<nnc::AndOp>(
      n.create<nnc::LessEqualOp>(n.scalar(border.low, position), position),
      n.create<nnc::LessEqualOp>(position, n.scalar(border.high, position)));
  return n.create<nnc::SelectOp>(isInside, position, result);
}

Tap nncc::frontend::pixelAt(NodeImport &n, Value position, int64_t extent,
                            const Border &border) {
  position = reflected(n, position, border);
  Tap tap;
  if (border.kind == Border::Zeros)
    tap.inside = n.create<nnc::AndOp>(
        n.create<nnc::LessEqualOp>(n.scalar(0, position), position),
        n.create<nnc::LessEqualOp>(position, n.scalar(extent - 1, position)));
  // The conversion makes 0 of NaN and cuts the halves at which reflection may
  // end.
  tap.index = n.convert(clamped(n, position, 0, extent - 1),
                        IntegerType::get(n.context(), 32));
  return tap;
}

Taps nncc::frontend::linearTaps(NodeImport &n, Value position, int64_t extent,
                                const Border &border) {
  Value first = n.create<nnc::FloorOp>(position);
  Value part = n.create<nnc::SubOp>(position, first);
  Taps taps{pixelAt(n, first, extent, border),
            pixelAt(n, add(n, first, 1), extent, border)};
  taps[0].weight = n.create<nnc::SubOp>(n.scalar(1, part), part);
  taps[1].weight = part;
  return taps;
}

/// The polynomial c3 x^3 + c2 x^2 + c1 x + c0.
static Value cubic(NodeImport &n, Value x, double c3, double c2, double c1,
                   double c0) {
  Value result = add(n, times(n, x, c3), c2);
  result = add(n, n.create<nnc::MulOp>(result, x), c1);
  return add(n, n.create<nnc::MulOp>(result, x), c0);
}

Taps nncc::frontend::cubicTaps(NodeImport &n, Value position, int64_t extent,
                               const Border &border) {
  const double a = -0.75;
  Value base = n.create<nnc::FloorOp>(position);
  Value near = n.create<nnc::SubOp>(position, base);
  Value far = n.create<nnc::SubOp>(n.scalar(1, near), near);
  Taps taps;
  for (int64_t i = -1; i <= 2; ++i)
    taps.push_back(pixelAt(n, add(n, base, i), extent, border));
  // At distance d up to 1: (a+2)d^3 - (a+3)d^2 + 1; at 1 + d: ad^3 - 2ad^2 +
  // ad.
  taps[0].weight = cubic(n, near, a, -2 * a, a, 0);
  taps[1].weight = cubic(n, near, a + 2, -(a + 3), 0, 1);
  taps[2].weight = cubic(n, far, a + 2, -(a + 3), 0, 1);
  taps[3].weight = cubic(n, far, a, -2 * a, a, 0);
  return taps;
}

//===----------------------------------------------------------------------===//
// Pixels
//===----------------------------------------------------------------------===//

/// A tensor B x points as one to broadcast over channels: B x 1 x points.
static Value overChannels(NodeImport &n, Value value) {
  if (!value)
    return {};
  SmallVector<int64_t> shape(shapeOf(value));
  shape.insert(shape.begin() + 1, 1);
  return n.reshape(value, shape);
}

/// Takes an index of B x C x points to one of a tensor B x points, whose
/// extents of 1 broadcast.
static AffineMap placeIn(NodeImport &n, Value tensor, unsigned rank) {
  SmallVector<AffineExpr> exprs;
  for (auto [d, extent] : llvm::enumerate(shapeOf(tensor)))
    exprs.push_back(extent == 1
                        ? getAffineConstantExpr(0, n.context())
                        : getAffineDimExpr(d == 0 ? 0 : d + 1, n.context()));
  return AffineMap::get(rank, 0, exprs, n.context());
}

namespace {
/// One combination of taps.
struct Corner {
  SmallVector<Value> indices;
  Value weight, inside;
};
} // namespace

static SmallVector<Corner> cornersOf(NodeImport &n, ArrayRef<Taps> axes) {
  auto both = [&](auto multiply, Value x, Value y) {
    return !x ? y : !y ? x : multiply(x, y);
  };
  auto product = [&](Value x, Value y) { return n.create<nnc::MulOp>(x, y); };
  auto conjunction = [&](Value x, Value y) {
    return n.create<nnc::AndOp>(x, y);
  };
  SmallVector<Corner> corners(1);
  for (const Taps &taps : axes) {
    SmallVector<Corner> next;
    for (const Corner &outer : corners)
      for (const Tap &tap : taps) {
        Corner &corner = next.emplace_back(outer);
        corner.indices.push_back(tap.index);
        corner.weight = both(product, corner.weight, tap.weight);
        corner.inside = both(conjunction, corner.inside, tap.inside);
      }
    corners = std::move(next);
  }
  return corners;
}

/// The pixels at a corner: the channels and points of the images that `number`
/// chooses.
static Value pixelsAt(NodeImport &n, Value image, Value number,
                      const Corner &corner, ArrayRef<int64_t> shape) {
  SmallVector<IndexTensor> tensors;
  SmallVector<AffineExpr> exprs{getAffineDimExpr(0, n.context()),
                                getAffineDimExpr(1, n.context())};
  if (number) {
    exprs[0] = getAffineSymbolExpr(0, n.context());
    tensors.push_back(
        {number,
         AffineMap::get(shape.size(), 0, getAffineDimExpr(0, n.context()))});
  }
  for (Value index : corner.indices) {
    if (!index)
      return {};
    exprs.push_back(getAffineSymbolExpr(tensors.size(), n.context()));
    tensors.push_back({index, placeIn(n, index, shape.size())});
  }
  AffineMap map =
      AffineMap::get(shape.size(), tensors.size(), exprs, n.context());
  return gatherUnchecked(n, image, shape, map, tensors, /*inRange=*/!number);
}

SmallVector<Value> nncc::frontend::weightedPixels(NodeImport &n, Value image,
                                                  Value number,
                                                  ArrayRef<Taps> axes,
                                                  ArrayRef<int64_t> points) {
  SmallVector<int64_t> shape{number ? shapeOf(number)[0] : shapeOf(image)[0],
                             shapeOf(image)[1]};
  llvm::append_range(shape, points);
  Type element = nnc::typeOf(image).getElementType();
  SmallVector<Value> result;
  for (const Corner &corner : cornersOf(n, axes)) {
    Value pixels = pixelsAt(n, image, number, corner, shape);
    if (corner.inside)
      pixels = n.create<nnc::SelectOp>(overChannels(n, corner.inside), pixels,
                                       n.scalar(0, image));
    if (corner.weight)
      pixels = n.create<nnc::MulOp>(
          pixels, n.convert(overChannels(n, corner.weight), element));
    result.push_back(pixels);
  }
  return result;
}
