//===- GridSample.cpp - images sampled where a tensor says ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Sampling.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
struct GridRule {
  std::string mode; ///< nearest, linear or cubic
  Border::Kind border;
  bool alignCorners;
};
} // namespace

static FailureOr<GridRule> readRule(NodeImport &n) {
  std::string mode = n.text("mode", n.opset() < 20 ? "bilinear" : "linear");
  std::string padding = n.text("padding_mode", "zeros");
  GridRule rule{mode, Border::Zeros, n.integer("align_corners", 0) != 0};
  if (mode == "bilinear" || mode == "bicubic") // their names before opset 20
    rule.mode = mode.substr(2);
  if (rule.mode != "nearest" && rule.mode != "linear" && rule.mode != "cubic")
    return n.error() << "attribute 'mode' has the unknown value '" << mode
                     << "'";
  if (padding == "border")
    rule.border = Border::Clamp;
  else if (padding == "reflection")
    rule.border = Border::Reflect;
  else if (padding != "zeros")
    return n.error() << "attribute 'padding_mode' has the unknown value '"
                     << padding << "'";
  return rule;
}

/// Position in pixels of what the grid gives from -1 to 1: the centers of the
/// outer pixels with aligned corners, else their outer edges.
static Value pixelPosition(NodeImport &n, Value grid, int64_t extent,
                           bool alignCorners) {
  Value fromZero = n.create<nnc::AddOp>(grid, n.scalar(1, grid));
  double scale = alignCorners ? (extent - 1) / 2.0 : extent / 2.0;
  Value position = n.create<nnc::MulOp>(fromZero, n.scalar(scale, grid));
  return alignCorners ? position
                      : n.create<nnc::SubOp>(position, n.scalar(0.5, grid));
}

/// A position beyond the border moved back as the rule says; inside it stays.
static Value insideBorder(NodeImport &n, Value position, int64_t extent,
                          const Border &border) {
  if (border.kind != Border::Clamp)
    return reflected(n, position, border);
  Value clamped = n.create<nnc::MaxOp>(position, n.scalar(0, position));
  clamped = n.create<nnc::MinOp>(clamped, n.scalar(extent - 1, position));
  Value isOutside = n.create<nnc::OrOp>(
      n.create<nnc::LessOp>(position, n.scalar(border.low, position)),
      n.create<nnc::LessOp>(n.scalar(border.high, position), position));
  return n.create<nnc::SelectOp>(isOutside, clamped, position);
}

static Taps tapsOf(NodeImport &n, Value grid, int64_t extent,
                   const GridRule &rule) {
  Border border{rule.border, rule.alignCorners ? 0.0 : -0.5,
                rule.alignCorners ? extent - 1.0 : extent - 0.5};
  Value position = pixelPosition(n, grid, extent, rule.alignCorners);
  if (rule.mode == "nearest") {
    position =
        insideBorder(n, n.create<nnc::RoundOp>(position), extent, border);
    return {pixelAt(n, position, extent, border)};
  }
  position = insideBorder(n, position, extent, border);
  return rule.mode == "linear" ? linearTaps(n, position, extent, border)
                               : cubicTaps(n, position, extent, border);
}

static LogicalResult importGridSample(NodeImport &n) {
  Value image = n.input(0), grid = n.input(1);
  FailureOr<GridRule> rule = readRule(n);
  if (!image || !grid || failed(rule))
    return failure();
  ArrayRef<int64_t> x = shapeOf(image), points = shapeOf(grid);
  size_t spatial = x.size() - 2;
  if (x.size() < 3 || x.size() > 5 || points.size() != x.size() || points[0] != x[0] ||
      points.back() != int64_t(spatial))
    return n.error() << "grid " << nnc::shapeText(points)
                     << " does not fit input " << nnc::shapeText(x);
  if (llvm::is_contained(x.drop_front(2), 0))
    return n.error() << "input " << nnc::shapeText(x) << " has no pixels";
  if (!isa<FloatType>(nnc::typeOf(grid).getElementType()))
    return n.error() << "the grid must be of floats";
  if (nnc::typeOf(grid).getElementType().getIntOrFloatBitWidth() < 32)
    grid = n.convert(grid, Float32Type::get(n.context()));
  SmallVector<Taps> axes;
  SmallVector<int64_t> shape(points.drop_back());
  for (size_t d = 0; d < spatial; ++d) // the grid has the last dimension first
    axes.push_back(tapsOf(
        n, n.reshape(slice(n, grid, spatial + 1, spatial - 1 - d, 1), shape),
        x[d + 2], *rule));
  Value sum;
  for (Value term :
       weightedPixels(n, image, Value(), axes, ArrayRef(shape).drop_front()))
    sum = sum ? n.create<nnc::AddOp>(sum, term) : term;
  return n.yield(sum);
}

ArrayRef<OnnxOpRow> nncc::frontend::gridSampleRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "GridSample", 16, anyNewer, importGridSample},
  };
  return rows;
}
