//===- Window.cpp - sliding windows of convolutions and pools -------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Window.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

FailureOr<SmallVector<int64_t>>
nncc::frontend::readList(NodeImport &n, StringRef name, size_t count,
                         int64_t minimum, int64_t otherwise) {
  std::optional<SmallVector<int64_t>> list = n.integers(name);
  if (!list)
    return SmallVector<int64_t>(count, otherwise);
  if (list->size() != count)
    return n.error() << "attribute '" << name << "' has " << list->size()
                     << " entries, needs " << count;
  for (int64_t value : *list)
    if (value < minimum || value > INT32_MAX)
      return n.error() << "attribute '" << name << "' has the entry " << value
                       << ", the smallest one allowed is " << minimum
                       << " and the largest one 2147483647";
  return *list;
}

static LogicalResult readKernel(NodeImport &n, size_t rank,
                                std::optional<ArrayRef<int64_t>> kernel,
                                Window &window) {
  if (!kernel && !n.hasAttribute("kernel_shape"))
    return n.error() << "attribute 'kernel_shape' is missing";
  FailureOr<SmallVector<int64_t>> declared =
      readList(n, "kernel_shape", rank, 1, 0);
  if (failed(declared))
    return failure();
  if (kernel && n.hasAttribute("kernel_shape") &&
      *kernel != ArrayRef<int64_t>(*declared))
    return n.error() << "attribute 'kernel_shape' is "
                     << nnc::shapeText(*declared) << ", the filter is "
                     << nnc::shapeText(*kernel);
  window.kernel = kernel ? llvm::to_vector(*kernel) : *declared;
  return success();
}

/// Padding so that the output has ceil(input / stride) positions; the odd
/// element goes to the end for SAME_UPPER.
static void padSame(Window &window, ArrayRef<int64_t> spatial, bool upper) {
  for (auto [i, extent] : llvm::enumerate(spatial)) {
    int64_t stride = window.strides[i],
            reach = (window.kernel[i] - 1) * window.dilations[i] + 1;
    int64_t count = llvm::divideCeil(extent, stride);
    int64_t total = std::max<int64_t>((count - 1) * stride + reach - extent, 0);
    window.padBegin[i] = upper ? total / 2 : total - total / 2;
    window.padEnd[i] = total - window.padBegin[i];
  }
}

FailureOr<Window>
nncc::frontend::readWindow(NodeImport &n, ArrayRef<int64_t> spatial,
                           std::optional<ArrayRef<int64_t>> kernel) {
  Window window;
  size_t rank = spatial.size();
  auto strides = readList(n, "strides", rank, 1, 1);
  auto dilations = readList(n, "dilations", rank, 1, 1);
  auto pads = readList(n, "pads", 2 * rank, 0, 0);
  if (failed(readKernel(n, rank, kernel, window)) || failed(strides) ||
      failed(dilations) || failed(pads))
    return failure();
  window.strides = *strides;
  window.dilations = *dilations;
  window.padBegin.assign(rank, 0);
  window.padEnd.assign(rank, 0);
  std::string mode = n.text("auto_pad", "NOTSET");
  if (mode == "NOTSET" || mode.empty()) {
    llvm::copy(ArrayRef(*pads).take_front(rank), window.padBegin.begin());
    llvm::copy(ArrayRef(*pads).take_back(rank), window.padEnd.begin());
  } else if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    padSame(window, spatial, mode == "SAME_UPPER");
  } else if (mode != "VALID") {
    return n.error() << "attribute 'auto_pad' has the unknown value '" << mode
                     << "'";
  }
  return window;
}

LogicalResult nncc::frontend::checkConvRanks(NodeImport &n, ArrayRef<int64_t> input,
                                             ArrayRef<int64_t> filter) {
  if (input.size() >= 3 && input.size() <= 5 && filter.size() == input.size())
    return success();
  return n.error() << "input " << nnc::shapeText(input) << " and filter "
                   << nnc::shapeText(filter) << " must both have 1 to 3 spatial dimensions";
}

Value nncc::frontend::convolve(NodeImport &n, Value input, Value filter, Value bias) {
  if (!input || !filter || failed(checkConvRanks(n, shapeOf(input), shapeOf(filter))))
    return {};
  FailureOr<Window> window =
      readWindow(n, shapeOf(input).drop_front(2), shapeOf(filter).drop_front(2));
  if (failed(window))
    return {};
  return n.create<nnc::ConvOp>(input, filter, bias, window->strides, window->dilations,
                               window->padBegin, window->padEnd, n.integer("group", 1));
}
