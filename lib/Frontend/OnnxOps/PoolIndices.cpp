//===- PoolIndices.cpp - where the maxima of windows are ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX numbers the elements of a whole tensor in row-major order.
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/PoolIndices.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// The indices of MaxPool
//===----------------------------------------------------------------------===//

namespace {
/// One tap of all windows at once.
struct Tap {
  SmallVector<SmallVector<int64_t>>
      positions; ///< per spatial dimension, clamped to it
  SmallVector<SmallVector<double>> inside; ///< 1 where it was, else 0
};
} // namespace

/// All offsets in a window, in row-major order.
static SmallVector<SmallVector<int64_t>> offsetsIn(ArrayRef<int64_t> kernel) {
  SmallVector<SmallVector<int64_t>> all{{}};
  for (int64_t extent : kernel) {
    SmallVector<SmallVector<int64_t>> next;
    for (const SmallVector<int64_t> &outer : all)
      for (int64_t k = 0; k < extent; ++k) {
        next.push_back(outer);
        next.back().push_back(k);
      }
    all = std::move(next);
  }
  return all;
}

static Tap tapAt(const Window &window, ArrayRef<int64_t> offset,
                 ArrayRef<int64_t> input, ArrayRef<int64_t> output) {
  Tap tap;
  for (size_t d = 0; d < offset.size(); ++d) {
    auto &positions = tap.positions.emplace_back();
    auto &inside = tap.inside.emplace_back();
    for (int64_t o = 0; o < output[d]; ++o) {
      int64_t at = o * window.strides[d] + offset[d] * window.dilations[d] -
                   window.padBegin[d];
      positions.push_back(std::clamp<int64_t>(at, 0, input[d] - 1));
      inside.push_back(at == positions.back());
    }
  }
  return tap;
}

/// The number of each of the tap's elements inside its image, to broadcast.
static Value numbersOf(NodeImport &n, const Tap &tap, ArrayRef<int64_t> spatial,
                       bool columnMajor) {
  Type i32 = IntegerType::get(n.context(), 32);
  int64_t rank = spatial.size();
  Value sum;
  for (int64_t d = 0; d < rank; ++d) {
    int64_t step = ShapedType::getNumElements(
        columnMajor ? spatial.take_front(d) : spatial.drop_front(d + 1));
    SmallVector<double> numbers;
    for (int64_t position : tap.positions[d])
      numbers.push_back(position * step);
    Value part = alongAxis(n, numbers, i32, d, rank);
    sum = sum ? n.create<nnc::AddOp>(sum, part) : part;
  }
  return sum;
}

/// Bool: where the tap lies inside the image; null if it always does.
static Value insideOf(NodeImport &n, const Tap &tap) {
  Value all;
  int64_t rank = tap.inside.size();
  for (auto [d, inside] : llvm::enumerate(tap.inside)) {
    if (!llvm::is_contained(inside, 0.0))
      continue;
    Value part =
        alongAxis(n, inside, IntegerType::get(n.context(), 1), d, rank);
    all = all ? n.create<nnc::AndOp>(all, part) : part;
  }
  return all;
}

Value nncc::frontend::indicesOfMaxima(NodeImport &n, Value input,
                                      const Window &window,
                                      ArrayRef<int64_t> output,
                                      bool columnMajor) {
  ArrayRef<int64_t> shape = shapeOf(input), spatial = shape.drop_front(2);
  // Every element of a window is a comparison.
  const int64_t mostTaps = 256, longest = 1 << 20;
  if (ShapedType::getNumElements(window.kernel) > mostTaps ||
      llvm::any_of(output, [&](int64_t extent) { return extent > longest; })) {
    n.error() << "indices of windows of " << nnc::shapeText(window.kernel)
              << " to a result " << nnc::shapeText(output)
              << " are not supported, the limits are " << mostTaps
              << " elements of a window and an extent of " << longest;
    return {};
  }
  Value best, where;
  for (const SmallVector<int64_t> &offset : offsetsIn(window.kernel)) {
    Tap tap = tapAt(window, offset, spatial, output.drop_front(2));
    SmallVector<SmallVector<int64_t>> positions{
        llvm::to_vector(llvm::seq<int64_t>(0, shape[0])),
        llvm::to_vector(llvm::seq<int64_t>(0, shape[1]))};
    positions.append(tap.positions);
    // Outside it repeats an element that is not larger than the window's first.
    Value element = take(n, input, positions),
          number = numbersOf(n, tap, spatial, columnMajor);
    if (!best) {
      best = element;
      where = n.broadcast(number, output);
      if (Value inside = insideOf(n, tap))
        where = n.create<nnc::SelectOp>(inside, where, n.scalar(-1, where));
      continue;
    }
    Value isBetter = n.create<nnc::LessOp>(best, element);
    // The first one inside replaces one that was not.
    isBetter = n.create<nnc::OrOp>(
        isBetter, n.create<nnc::LessOp>(where, n.scalar(0, where)));
    if (Value inside = insideOf(n, tap))
      isBetter = n.create<nnc::AndOp>(isBetter, inside);
    best = n.create<nnc::SelectOp>(isBetter, element, best);
    where = n.create<nnc::SelectOp>(isBetter, number, where);
  }
  if (!where)
    return {};
  // Images follow each other in both orders.
  Type i64 = IntegerType::get(n.context(), 64);
  Value images = positionsAlong(n, shape[0] * shape[1], i64, 0, 1);
  images = n.create<nnc::MulOp>(
      images, n.scalar(ShapedType::getNumElements(spatial), images));
  SmallVector<int64_t> planes(shape.size(), 1);
  planes[0] = shape[0];
  planes[1] = shape[1];
  return n.create<nnc::AddOp>(n.convert(where, i64), n.reshape(images, planes));
}

//===----------------------------------------------------------------------===//
// MaxUnpool
//===----------------------------------------------------------------------===//

/// The shape of what was pooled, as far as the window tells.
static FailureOr<SmallVector<int64_t>> unpooledShape(NodeImport &n,
                                                     ArrayRef<int64_t> pooled) {
  FailureOr<Window> window = readWindow(n, pooled.drop_front(2), std::nullopt);
  if (failed(window))
    return failure();
  SmallVector<int64_t> shape(pooled.take_front(2));
  for (size_t d = 0; d < window->kernel.size(); ++d) {
    int64_t extent = (pooled[d + 2] - 1) * window->strides[d] +
                     window->kernel[d] - window->padBegin[d] -
                     window->padEnd[d];
    if (extent < 1)
      return n.error() << "dimension " << d + 2
                       << " of the result has the extent " << extent;
    shape.push_back(extent);
  }
  if (llvm::Error problem = checkShape(shape))
    return n.error() << "result: " << llvm::toString(std::move(problem));
  return shape;
}

/// Zeros, with the maxima where the indices say.
static LogicalResult importMaxUnpool(NodeImport &n) {
  Value input = n.input(0), indices = n.input(1);
  if (!input || !indices)
    return failure();
  if (shapeOf(input).size() < 3 || shapeOf(indices) != shapeOf(input))
    return n.error() << "indices of shape " << nnc::shapeText(shapeOf(indices))
                     << " do not fit input " << nnc::shapeText(shapeOf(input));
  FailureOr<SmallVector<int64_t>> inner = unpooledShape(n, shapeOf(input));
  if (failed(inner))
    return failure();
  SmallVector<int64_t> shape(*inner);
  if (n.has(2)) {
    FailureOr<SmallVector<int64_t>> wanted =
        n.integers(2, "the shape of the result");
    if (failed(wanted))
      return failure();
    shape = *wanted;
  }
  SmallVector<int64_t> begin(inner->size(), 0), end;
  for (size_t d = 0; d < inner->size(); ++d) {
    if (shape.size() != inner->size() || shape[d] < (*inner)[d])
      return n.error() << "the result " << nnc::shapeText(shape)
                       << " is smaller than " << nnc::shapeText(*inner)
                       << ", which the window covers";
    end.push_back(shape[d] - (*inner)[d]);
  }
  int64_t size = ShapedType::getNumElements(*inner),
          count = nnc::typeOf(input).getNumElements();
  Value zeros = n.broadcast(n.scalar(0, input), {size});
  Value flat =
      scatter(n, zeros, n.reshape(input, {count}),
              AffineMap::get(1, 1, getAffineSymbolExpr(0, n.context())),
              {{n.reshape(indices, {count}),
                AffineMap::getMultiDimIdentityMap(1, n.context())}});
  return n.yield(
      n.create<nnc::PadOp>(n.reshape(flat, *inner), begin, end, APFloat(0.0)));
}

ArrayRef<OnnxOpRow> nncc::frontend::poolIndexRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "MaxUnpool", 9, anyNewer, importMaxUnpool},
  };
  return rows;
}
