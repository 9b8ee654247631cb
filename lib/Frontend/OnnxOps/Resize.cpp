//===- Resize.cpp - images of another size ------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Resizing is separable, and the shapes are known: per axis each output element
// is a weighted sum of a few input elements, with positions and weights that are
// computed here (ResizeTaps.cpp).
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"
#include "lib/Frontend/OnnxOps/ResizeTaps.h"
#include <cmath>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

static Value weightsAlong(NodeImport &n, ArrayRef<double> values, int64_t axis, int64_t rank) {
  return alongAxis(n, values, Float32Type::get(n.context()), axis, rank);
}

/// The sum over taps of (the elements at the tap's positions) * weights.
static Value sumOfTaps(NodeImport &n, Value x, int64_t axis, const ResizeTaps &taps) {
  Value sum;
  int64_t rank = shapeOf(x).size();
  for (size_t t = 0; t < taps.width; ++t) {
    SmallVector<int64_t> positions;
    SmallVector<double> weights;
    for (const ResizeTaps::Row &row : taps.rows) {
      positions.push_back(t < row.size() ? row[t].first : 0);
      weights.push_back(t < row.size() ? row[t].second : 0);
    }
    Value term = n.create<nnc::MulOp>(take(n, x, axis, positions),
                                      weightsAlong(n, weights, axis, rank));
    sum = sum ? n.create<nnc::AddOp>(sum, term) : term;
  }
  return sum;
}

/// Many taps per element: a product with the matrix of weights.
static Value productWithTaps(NodeImport &n, Value x, int64_t axis,
                             const ResizeTaps &taps) {
  int64_t rank = shapeOf(x).size(), inputs = shapeOf(x)[axis];
  int64_t outputs = taps.rows.size();
  std::vector<double> matrix(inputs * outputs, 0.0);
  for (auto [o, row] : llvm::enumerate(taps.rows))
    for (auto [position, weight] : row)
      matrix[position * outputs + o] += weight;
  auto type = RankedTensorType::get({inputs, outputs}, Float32Type::get(n.context()));
  Value weights = n.constant(nnc::makeConstant(type, ArrayRef<double>(matrix)));
  if (rank == 1)
    return n.reshape(n.create<nnc::MatmulOp>(n.reshape(x, {1, inputs}), weights), {outputs});
  SmallVector<int64_t> swap = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::swap(swap[axis], swap.back());
  Value last = axis + 1 == rank ? x : n.create<nnc::TransposeOp>(x, swap);
  Value product = n.create<nnc::MatmulOp>(last, weights);
  return axis + 1 == rank ? product : n.create<nnc::TransposeOp>(product, swap);
}

static Value resizeAxis(NodeImport &n, Value x, int64_t axis, const ResizeTaps &taps,
                        double outside) {
  if (!x)
    return {};
  if (taps.isCopy()) {
    SmallVector<int64_t> positions;
    for (const ResizeTaps::Row &row : taps.rows)
      positions.push_back(row.front().first);
    return take(n, x, axis, positions);
  }
  const size_t maxSum = 8; // more taps stream better as a product
  Value result = taps.width <= maxSum ? sumOfTaps(n, x, axis, taps)
                                      : productWithTaps(n, x, axis, taps);
  if (outside == 0 || taps.outside.empty())
    return result;
  SmallVector<double> values(taps.rows.size(), 0.0);
  for (int64_t position : taps.outside)
    values[position] = outside;
  return n.create<nnc::AddOp>(result, weightsAlong(n, values, axis, shapeOf(x).size()));
}

//===----------------------------------------------------------------------===//
// Inputs and attributes
//===----------------------------------------------------------------------===//

/// The floats of input `i`; an empty list if it is absent or empty.
static FailureOr<SmallVector<double>> readFloats(NodeImport &n, unsigned i,
                                                 StringRef what) {
  SmallVector<double> values;
  ElementsAttr constant = n.constant(i);
  if (!n.has(i))
    return values;
  auto data = nnc::ConstantData::get(constant);
  if (!data || data->getType().getRank() > 1)
    return n.error() << what << " (input #" << i << " '" << n.proto().input(i)
                     << "') must be a constant vector of floats";
  for (int64_t k = 0; k < data->size(); ++k) {
    values.push_back(data->at(k));
    if (!(std::abs(values.back()) <= INT32_MAX)) // nor a number that is none
      return n.error() << what << " (input #" << i << ") has the entry " << values.back();
  }
  return values;
}

namespace {
/// What one axis of a Resize does.
struct AxisPlan {
  int64_t output;
  double scale = 1, roiBegin = 0, roiEnd = 1;
};
} // namespace

/// The longest axis whose elements are listed one by one, as taps are.
static constexpr int64_t mostTaps = 1 << 24;

/// `extent` as an integer; 0, which no axis may have, if it is none that fits.
static int64_t wholeExtent(double extent) {
  return extent >= 1 && extent <= mostTaps ? int64_t(extent) : 0;
}

static std::optional<SmallVector<AxisPlan>> planSizes(NodeImport &n,
                                                      ArrayRef<int64_t> shape,
                                                      ArrayRef<int64_t> axes,
                                                      ArrayRef<int64_t> sizes) {
  SmallVector<AxisPlan> plan;
  SmallVector<double> scales;
  for (auto [i, axis] : llvm::enumerate(axes))
    scales.push_back(double(sizes[i]) / shape[axis]);
  std::string policy = n.text("keep_aspect_ratio_policy", "stretch");
  bool smaller = policy == "not_larger", larger = policy == "not_smaller";
  if (!smaller && !larger && policy != "stretch") {
    n.error() << "attribute 'keep_aspect_ratio_policy' has the unknown value '" << policy
              << "'";
    return std::nullopt;
  }
  for (auto [i, axis] : llvm::enumerate(axes)) {
    if (smaller || larger) {
      double scale = smaller ? *llvm::min_element(scales) : *llvm::max_element(scales);
      plan.push_back({wholeExtent(scale * shape[axis] + 0.5), scale});
    } else {
      plan.push_back({sizes[i], scales[i]});
    }
  }
  return plan;
}

static std::optional<SmallVector<AxisPlan>> planAxes(NodeImport &n,
                                                     ArrayRef<int64_t> shape,
                                                     ArrayRef<int64_t> axes) {
  bool isOld = n.opset() < 11; // inputs X, scales
  auto scales = readFloats(n, isOld ? 1 : 2, "the list of scales");
  auto roi = isOld ? FailureOr<SmallVector<double>>(SmallVector<double>())
                   : readFloats(n, 1, "the region");
  if (failed(scales) || failed(roi))
    return std::nullopt;
  SmallVector<AxisPlan> plan;
  if (!isOld && n.has(3)) {
    FailureOr<SmallVector<int64_t>> sizes = n.integers(3, "the list of sizes");
    if (failed(sizes))
      return std::nullopt;
    if (sizes->size() == axes.size()) {
      auto planned = planSizes(n, shape, axes, *sizes);
      if (!planned)
        return std::nullopt;
      plan = *planned;
    }
  } else if (scales->size() == axes.size()) {
    for (auto [axis, scale] : llvm::zip(axes, *scales))
      plan.push_back({wholeExtent(std::floor(float(shape[axis]) * float(scale))), scale});
  }
  if (plan.empty() && !axes.empty()) {
    n.error() << "needs a scale or a size for each of " << axes.size() << " axes";
    return std::nullopt;
  }
  if (roi->size() == 2 * axes.size())
    for (auto [i, axis] : llvm::enumerate(plan)) {
      axis.roiBegin = (*roi)[i];
      axis.roiEnd = (*roi)[axes.size() + i];
    }
  return plan;
}

/// Resizes the given axes of `x`, one after the other.
static LogicalResult resize(NodeImport &n, Value x, ArrayRef<int64_t> axes,
                            ArrayRef<AxisPlan> plan, const ResizeRule &rule,
                            double outside) {
  for (auto [axis, wanted] : llvm::zip(axes, plan)) {
    if (wanted.output < 1 || wanted.output > mostTaps || !(wanted.scale > 0) ||
        !std::isfinite(wanted.scale))
      return n.error() << "cannot resize dimension " << axis << " of extent "
                       << shapeOf(x)[axis] << " to " << wanted.output << " by a factor of "
                       << wanted.scale;
    int64_t extent = shapeOf(x)[axis];
    bool isWhole = rule.coordinates != "tf_crop_and_resize" ||
                   (wanted.roiBegin == 0 && wanted.roiEnd == 1);
    if (wanted.output == extent && wanted.scale == 1 && isWhole)
      continue;
    x = resizeAxis(n, x, axis,
                   resizeTaps(rule, extent, wanted.output, wanted.scale,
                              wanted.roiBegin, wanted.roiEnd),
                   outside);
    if (!x)
      return failure();
  }
  return n.yield(x);
}

static LogicalResult importResize(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  ArrayRef<int64_t> shape = shapeOf(x);
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
  if (auto given = n.integers("axes")) {
    axes = *given; // their order is that of scales and sizes
    if (failed(n.normalizeAxes(axes, shape.size())))
      return failure();
    for (int64_t &axis : axes)
      axis += axis < 0 ? shape.size() : 0;
  }
  ResizeRule rule;
  rule.mode = n.text("mode", "nearest");
  rule.coordinates = n.opset() < 11 ? "asymmetric"
                                    : n.text("coordinate_transformation_mode", "half_pixel");
  rule.rounding = n.opset() < 11 ? "simple" : n.text("nearest_mode", "round_prefer_floor");
  rule.cubicA = n.real("cubic_coeff_a", -0.75f);
  rule.excludeOutside = n.integer("exclude_outside", 0) != 0;
  rule.antialias = n.integer("antialias", 0) != 0;
  double outside = n.real("extrapolation_value", 0);
  if (std::string problem = checkRule(rule); !problem.empty())
    return n.error() << problem;
  auto plan = planAxes(n, shape, axes);
  return plan ? resize(n, x, axes, *plan, rule, outside) : failure();
}

/// Resize's predecessor, with scales as attribute before opset 9.
static LogicalResult importUpsample(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  SmallVector<double> scales;
  if (n.opset() < 9) {
    for (float scale : n.reals("scales").value_or(SmallVector<float>()))
      scales.push_back(scale);
  } else {
    auto given = readFloats(n, 1, "the list of scales");
    if (failed(given))
      return failure();
    scales = *given;
  }
  ArrayRef<int64_t> shape = shapeOf(x);
  if (scales.size() != shape.size())
    return n.error() << "has " << scales.size() << " scales for rank " << shape.size();
  ResizeRule rule;
  rule.mode = n.text("mode", "nearest");
  rule.coordinates = "asymmetric";
  rule.rounding = "simple";
  if (std::string problem = checkRule(rule); !problem.empty())
    return n.error() << problem;
  SmallVector<AxisPlan> plan;
  for (auto [extent, scale] : llvm::zip(shape, scales))
    plan.push_back({int64_t(std::floor(float(extent) * float(scale))), scale});
  return resize(n, x, llvm::to_vector(llvm::seq<int64_t>(0, shape.size())), plan, rule, 0);
}

ArrayRef<OnnxOpRow> nncc::frontend::resizeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Resize", 10, anyNewer, importResize},
      {"", "Upsample", 7, 9, importUpsample},
  };
  return rows;
}
