//===- ResizeTaps.cpp - what each element of a resized axis sums --------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/ResizeTaps.h"
#include <algorithm>
#include <cmath>
#include <llvm/ADT/STLExtras.h>

using namespace nncc::frontend;

std::string nncc::frontend::checkRule(const ResizeRule &rule) {
  auto unknown = [](const char *attribute, const std::string &value) {
    return "attribute '" + std::string(attribute) + "' has the unknown value '" + value + "'";
  };
  if (!llvm::is_contained({"nearest", "linear", "cubic"}, rule.mode))
    return unknown("mode", rule.mode);
  if (!llvm::is_contained({"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
                           "align_corners", "asymmetric", "tf_crop_and_resize"},
                          rule.coordinates))
    return unknown("coordinate_transformation_mode", rule.coordinates);
  if (!llvm::is_contained(
          {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil", "simple"},
          rule.rounding))
    return unknown("nearest_mode", rule.rounding);
  if (rule.antialias && rule.mode == "nearest")
    return "attribute 'antialias' has no meaning with mode 'nearest'";
  return "";
}

bool ResizeTaps::isCopy() const {
  return llvm::all_of(rows, [](const Row &row) {
    return row.size() == 1 && row.front().second == 1;
  });
}

/// Where in the input output element `o` lies.
static double positionOf(const ResizeRule &rule, int64_t o, int64_t extent,
                         int64_t output, double scale, double roiBegin, double roiEnd) {
  double length = scale * extent; // of the output, not rounded
  if (rule.coordinates == "asymmetric")
    return o / scale;
  if (rule.coordinates == "align_corners")
    return length == 1 ? 0 : o * (extent - 1) / (length - 1);
  if (rule.coordinates == "tf_crop_and_resize") {
    double region = (roiEnd - roiBegin) * (extent - 1);
    return roiBegin * (extent - 1) +
           (length == 1 ? region / 2 : o * region / (length - 1));
  }
  if (rule.coordinates == "pytorch_half_pixel" && length == 1)
    return -0.5;
  double position = (o + 0.5) / scale - 0.5;
  // The center of the input becomes the center of the output, also where the
  // output is shorter than its length.
  if (rule.coordinates == "half_pixel_symmetric")
    position += extent / 2.0 * (1 - output / length);
  return position;
}

static int64_t nearest(const ResizeRule &rule, double position, double scale) {
  if (rule.rounding == "floor")
    return std::floor(position);
  if (rule.rounding == "ceil")
    return std::ceil(position);
  if (rule.rounding == "simple")
    return scale < 1 ? std::ceil(position) : std::trunc(position);
  double below = std::floor(position), ratio = position - below;
  bool up = rule.rounding == "round_prefer_ceil" ? ratio >= 0.5 : ratio > 0.5;
  return up ? below + 1 : below;
}

/// The interpolation kernel at distance `x`.
static double kernelAt(const ResizeRule &rule, double x) {
  x = std::abs(x);
  if (rule.mode == "linear")
    return std::max(0.0, 1 - x);
  double a = rule.cubicA;
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/// Interpolation at `position`: the kernel, stretched over the elements that one
/// output element stands for if `antialias` asks for it. Elements beyond the ends
/// are the last ones, or left out.
static ResizeTaps::Row interpolate(const ResizeRule &rule, double position,
                                   int64_t extent, double scale) {
  double stretch = rule.antialias ? std::min(scale, 1.0) : 1.0;
  double support = (rule.mode == "linear" ? 1 : 2) / stretch;
  // Farther out everything is the same, and no integer need hold it.
  position = std::clamp(position, -support - 1, extent + support);
  ResizeTaps::Row row;
  double sum = 0;
  for (int64_t i = std::ceil(position - support); i <= position + support; ++i) {
    double weight = kernelAt(rule, (i - position) * stretch);
    bool isInside = i >= 0 && i < extent;
    if (weight == 0 || (rule.excludeOutside && !isInside))
      continue;
    int64_t element = std::clamp<int64_t>(i, 0, extent - 1);
    sum += weight;
    if (!row.empty() && row.back().first == element)
      row.back().second += weight;
    else
      row.push_back({element, weight});
  }
  bool normalize = rule.antialias || rule.excludeOutside;
  for (auto &[element, weight] : row)
    weight /= normalize ? sum : 1;
  return row;
}

ResizeTaps nncc::frontend::resizeTaps(const ResizeRule &rule, int64_t extent,
                                      int64_t output, double scale,
                                      double roiBegin, double roiEnd) {
  ResizeTaps taps;
  for (int64_t o = 0; o < output; ++o) {
    ResizeTaps::Row &row = taps.rows.emplace_back();
    double position = positionOf(rule, o, extent, output, scale, roiBegin, roiEnd);
    if (rule.coordinates == "tf_crop_and_resize" &&
        (position < 0 || position > extent - 1))
      taps.outside.push_back(o);
    else if (rule.mode == "nearest")
      row.push_back({nearest(rule, std::clamp<double>(position, 0, extent - 1), scale), 1.0});
    else
      row = interpolate(rule, position, extent, scale);
    taps.width = std::max(taps.width, row.size());
  }
  taps.width = std::max<size_t>(taps.width, 1);
  return taps;
}
