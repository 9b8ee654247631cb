//===- Col2Im.cpp - overlapping blocks summed to images -------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Window.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// One spatial dimension.
struct BlockAxis {
  int64_t image, block, stride, dilation, padBegin;
  int64_t padded; ///< extent of image and padding
  int64_t count;  ///< of blocks
};
} // namespace

static FailureOr<SmallVector<BlockAxis>> readAxes(NodeImport &n) {
  auto image = n.integers(1, "the shape of images"),
       block = n.integers(2, "the shape of blocks");
  if (failed(image) || failed(block))
    return failure();
  size_t rank = image->size();
  auto strides = readList(n, "strides", rank, 1, 1),
       dilations = readList(n, "dilations", rank, 1, 1);
  auto pads = readList(n, "pads", 2 * rank, 0, 0);
  if (failed(strides) || failed(dilations) || failed(pads))
    return failure();
  if (rank < 1 || block->size() != rank ||
      llvm::any_of(
          *image, [](int64_t e) { return e < 1 || e > INT32_MAX; }) ||
      llvm::any_of(*block, [](int64_t e) { return e < 1 || e > INT32_MAX; }))
    return n.error() << "cannot make images of " << nnc::shapeText(*image)
                     << " from blocks of " << nnc::shapeText(*block);
  SmallVector<BlockAxis> axes;
  for (size_t d = 0; d < rank; ++d) {
    BlockAxis axis{(*image)[d],
                   (*block)[d],
                   (*strides)[d],
                   (*dilations)[d],
                   (*pads)[d],
                   0,
                   0};
    axis.padded = axis.image + axis.padBegin + (*pads)[rank + d];
    int64_t slack = axis.padded - ((axis.block - 1) * axis.dilation + 1);
    axis.count = slack < 0 ? 0 : slack / axis.stride + 1;
    axes.push_back(axis);
  }
  return axes;
}

/// For every element of every block, blocks last: its place in the padded
/// image.
static std::vector<double> placesOf(ArrayRef<BlockAxis> axes) {
  std::vector<double> elements{0}, blocks{0};
  for (const BlockAxis &axis : axes) {
    auto refine = [&](std::vector<double> &places, int64_t count,
                      int64_t step) {
      std::vector<double> next;
      for (double place : places)
        for (int64_t i = 0; i < count; ++i)
          next.push_back(place * axis.padded + i * step);
      places = std::move(next);
    };
    refine(elements, axis.block, axis.dilation);
    refine(blocks, axis.count, axis.stride);
  }
  std::vector<double> all;
  for (double element : elements)
    for (double block : blocks)
      all.push_back(element + block);
  return all;
}

static LogicalResult importCol2Im(NodeImport &n) {
  Value x = n.input(0);
  FailureOr<SmallVector<BlockAxis>> axes = readAxes(n);
  if (!x || failed(axes))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(x);
  int64_t elements = 1, blocks = 1, pixels = 1;
  SmallVector<int64_t> padded, begin{0, 0}, end{0, 0};
  for (const BlockAxis &axis : *axes) {
    elements = llvm::SaturatingMultiply<uint64_t>(elements, axis.block);
    blocks = llvm::SaturatingMultiply<uint64_t>(blocks, axis.count);
    pixels = llvm::SaturatingMultiply<uint64_t>(pixels, axis.padded);
    padded.push_back(axis.padded);
    begin.push_back(-axis.padBegin);
    end.push_back(axis.image + axis.padBegin - axis.padded);
  }
  if (shape.size() != 3 || elements < 1 || shape[1] % elements != 0 ||
      shape[2] != blocks || blocks == 0)
    return n.error() << "input " << nnc::shapeText(shape) << " is not made of "
                     << blocks << " blocks of " << elements << " elements";
  int64_t batch = shape[0], channels = shape[1] / elements;
  if (llvm::Error problem = checkShape({batch, channels, pixels}))
    return n.error() << llvm::toString(std::move(problem));
  const int64_t most = 1 << 24; // places that are worth being stored
  if (elements * blocks > most)
    return n.error() << "has " << elements * blocks
                     << " elements per channel, at most " << most
                     << " are supported";
  Value places = n.constant(nnc::makeConstant(
      RankedTensorType::get(elements * blocks,
                            IntegerType::get(n.context(), 32)),
      ArrayRef<double>(placesOf(*axes))));
  AffineExpr image = getAffineDimExpr(0, n.context()),
             i = getAffineDimExpr(1, n.context());
  AffineExpr place = getAffineSymbolExpr(0, n.context());
  Value sums =
      scatter(n, n.broadcast(n.scalar(0, x), {batch * channels, pixels}),
              n.reshape(x, {batch * channels, elements * blocks}),
              AffineMap::get(2, 1, {image, place}, n.context()),
              {{places, AffineMap::get(2, 0, i)}},
              nnc::ReduceKindAttr::get(n.context(), nnc::ReduceKind::Sum));
  SmallVector<int64_t> images{batch, channels};
  images.append(padded);
  return n.yield(
      n.create<nnc::PadOp>(n.reshape(sums, images), begin, end, APFloat(0.0)));
}

ArrayRef<OnnxOpRow> nncc::frontend::col2ImRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Col2Im", 18, anyNewer, importCol2Im},
  };
  return rows;
}
