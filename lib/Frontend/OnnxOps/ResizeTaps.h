//===- ResizeTaps.h - what each element of a resized axis sums -----*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_RESIZETAPS_H
#define LIB_FRONTEND_ONNXOPS_RESIZETAPS_H

#include <llvm/ADT/SmallVector.h>
#include <string>

namespace nncc::frontend {

/// The attributes of a Resize node that say how, not how much.
struct ResizeRule {
  std::string mode;        ///< nearest, linear, cubic
  std::string coordinates; ///< coordinate_transformation_mode
  std::string rounding;    ///< nearest_mode; "simple" is that of opset 10
  double cubicA = -0.75;
  bool excludeOutside = false, antialias = false;
};

/// What is wrong with a rule; empty if nothing is.
std::string checkRule(const ResizeRule &rule);

/// Per output element the positions and weights of the input elements that it is
/// the sum of.
struct ResizeTaps {
  using Row = llvm::SmallVector<std::pair<int64_t, double>, 4>;
  llvm::SmallVector<Row> rows;
  llvm::SmallVector<int64_t> outside; ///< output elements beyond the region
  size_t width = 0;                   ///< of the longest row

  /// Every element is one of the input.
  bool isCopy() const;
};

/// The taps of an axis of `extent` elements that becomes one of `output`;
/// `scale` may differ from their ratio. The region is in parts of the extent.
ResizeTaps resizeTaps(const ResizeRule &rule, int64_t extent, int64_t output,
                      double scale, double roiBegin, double roiEnd);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_RESIZETAPS_H
