//===- RoiAlign.cpp - regions of images as images of one size -------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"
#include "lib/Frontend/OnnxOps/Sampling.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
struct RoiRule {
  bool isMax, halfPixel;
  int64_t ratio; ///< samples per bin and dimension
  double scale;  ///< from the coordinates of regions to pixels
};

/// What a dimension of a region becomes.
struct RoiAxis {
  int64_t begin, end; ///< columns of the regions
  int64_t extent;     ///< of the image
  int64_t bins;
};
} // namespace

static FailureOr<RoiRule> readRule(NodeImport &n) {
  std::string mode = n.text("mode", "avg");
  std::string coordinates = "output_half_pixel"; // the only one before opset 16
  if (n.opset() >= 16)
    coordinates = n.text("coordinate_transformation_mode", "half_pixel");
  RoiRule rule{mode == "max", coordinates == "half_pixel",
               n.integer("sampling_ratio", 0), n.real("spatial_scale", 1)};
  if (mode != "max" && mode != "avg")
    return n.error() << "attribute 'mode' has the unknown value '" << mode
                     << "'";
  if (coordinates != "half_pixel" && coordinates != "output_half_pixel")
    return n.error() << "attribute 'coordinate_transformation_mode' has the "
                        "unknown value '"
                     << coordinates << "'";
  const int64_t most = 64;
  if (rule.ratio < 1 || rule.ratio > most)
    return n.error()
           << "attribute 'sampling_ratio' must be from 1 to " << most
           << ", it is " << rule.ratio
           << ": samples whose number depends on the data are not supported";
  return rule;
}

/// R x (bins * ratio): the positions of all samples along a dimension.
static Value positions(NodeImport &n, Value regions, const RoiAxis &axis,
                       const RoiRule &rule) {
  auto edge = [&](int64_t column) {
    Value value = slice(n, regions, 1, column, 1);
    value = n.create<nnc::MulOp>(value, n.scalar(rule.scale, regions));
    return rule.halfPixel ? n.create<nnc::SubOp>(value, n.scalar(0.5, regions))
                          : value;
  };
  Value begin = edge(axis.begin),
        extent = n.create<nnc::SubOp>(edge(axis.end), begin);
  if (!rule.halfPixel)
    extent = n.create<nnc::MaxOp>(extent, n.scalar(1, extent));
  SmallVector<double> parts;
  for (int64_t i = 0; i < axis.bins * rule.ratio; ++i)
    parts.push_back((i + 0.5) / (axis.bins * rule.ratio));
  Value part = alongAxis(n, parts, Float32Type::get(n.context()), 1, 2);
  return n.create<nnc::AddOp>(begin, n.create<nnc::MulOp>(extent, part));
}

/// Samples up to one pixel outside repeat the border, others are 0.
static Taps tapsOf(NodeImport &n, Value position, int64_t extent) {
  Value isInside = n.create<nnc::AndOp>(
      n.create<nnc::LessEqualOp>(n.scalar(-1, position), position),
      n.create<nnc::LessEqualOp>(position, n.scalar(extent, position)));
  position = n.create<nnc::MaxOp>(position, n.scalar(0, position));
  position = n.create<nnc::MinOp>(position, n.scalar(extent - 1, position));
  Taps taps = linearTaps(n, position, extent, {Border::Clamp, 0, 0});
  for (Tap &tap : taps)
    tap.inside = isInside;
  return taps;
}

/// All tensors R x positions as R x bins x samples of the other dimension, to
/// broadcast.
static void spreadOver(NodeImport &n, Taps &taps, bool isRow) {
  for (Tap &tap : taps)
    for (Value *value : {&tap.index, &tap.weight, &tap.inside}) {
      ArrayRef<int64_t> shape = shapeOf(*value);
      *value = isRow ? n.reshape(*value, {shape[0], shape[1], 1})
                     : n.reshape(*value, {shape[0], 1, shape[1]});
    }
}

/// The mean of the samples of each bin, or their largest weighted pixel.
static Value pooled(NodeImport &n, ArrayRef<Value> pixels, int64_t rows,
                    int64_t columns, const RoiRule &rule) {
  Value samples;
  for (Value pixel : pixels) {
    if (!samples)
      samples = pixel;
    else
      samples = rule.isMax ? n.create<nnc::MaxOp>(samples, pixel)
                           : n.create<nnc::AddOp>(samples, pixel);
  }
  if (!samples)
    return {};
  ArrayRef<int64_t> shape = shapeOf(samples);
  int64_t regions = shape[0], channels = shape[1];
  samples = n.reshape(
      samples, {regions, channels, rows, rule.ratio, columns, rule.ratio});
  auto kind = rule.isMax ? nnc::ReduceKind::Max : nnc::ReduceKind::Mean;
  return n.reshape(
      n.create<nnc::ReduceOp>(samples, kind, ArrayRef<int64_t>{3, 5}),
      {regions, channels, rows, columns});
}

static LogicalResult importRoiAlign(NodeImport &n) {
  Value image = n.input(0), regions = n.input(1), number = n.input(2);
  FailureOr<RoiRule> rule = readRule(n);
  if (!image || !regions || !number || failed(rule))
    return failure();
  ArrayRef<int64_t> x = shapeOf(image), r = shapeOf(regions);
  int64_t rows = n.integer("output_height", 1),
          columns = n.integer("output_width", 1);
  if (x.size() != 4 || r.size() != 2 || r[1] != 4 ||
      shapeOf(number) != r.take_front(1))
    return n.error() << "regions " << nnc::shapeText(r) << " and their images "
                     << nnc::shapeText(shapeOf(number)) << " do not fit input "
                     << nnc::shapeText(x);
  if (rows < 1 || columns < 1 || rows > INT16_MAX || columns > INT16_MAX ||
      x[2] < 1 || x[3] < 1)
    return n.error() << "cannot make regions of " << rows << "x" << columns
                     << " from input " << nnc::shapeText(x);
  regions = n.convert(regions, Float32Type::get(n.context()));
  SmallVector<Taps> axes;
  for (const RoiAxis &axis :
       {RoiAxis{1, 3, x[2], rows}, RoiAxis{0, 2, x[3], columns}}) {
    axes.push_back(tapsOf(n, positions(n, regions, axis, *rule), axis.extent));
    spreadOver(n, axes.back(), /*isRow=*/axes.size() == 1);
  }
  bool known = true;
  number = checked(n, number, x[0], known);
  if (!number)
    return failure();
  SmallVector<Value> pixels = weightedPixels(
      n, image, number, axes, {rows * rule->ratio, columns * rule->ratio});
  return n.yield(pooled(n, pixels, rows, columns, *rule));
}

ArrayRef<OnnxOpRow> nncc::frontend::roiAlignRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "RoiAlign", 10, anyNewer, importRoiAlign},
  };
  return rows;
}
