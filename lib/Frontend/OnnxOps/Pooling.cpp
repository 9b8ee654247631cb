//===- Pooling.cpp - maxima and averages over windows ---------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/PoolIndices.h"
#include "lib/Frontend/OnnxOps/Window.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// The window of a pool; padding that a window could lie in altogether is refused:
/// it would have no maximum and no average.
static FailureOr<Window> readPoolWindow(NodeImport &n, Value input) {
  ArrayRef<int64_t> shape = shapeOf(input);
  if (shape.size() < 3 || shape.size() > 5)
    return n.error() << "input " << nnc::shapeText(shape)
                     << " must have 1 to 3 spatial dimensions";
  FailureOr<Window> window = readWindow(n, shape.drop_front(2), std::nullopt);
  if (failed(window))
    return failure();
  for (size_t i = 0; i < window->kernel.size(); ++i) {
    int64_t reach = (window->kernel[i] - 1) * window->dilations[i] + 1;
    int64_t pad = std::max(window->padBegin[i], window->padEnd[i]);
    if (pad >= reach)
      return n.error() << "padding " << pad
                       << " is not smaller than the window extent " << reach;
  }
  return window;
}

static Value pool(NodeImport &n, Value input, nnc::PoolKind kind, const Window &window,
                  bool ceilMode, bool countPad) {
  return n.create<nnc::PoolOp>(input, kind, window.kernel, window.strides, window.dilations,
                               window.padBegin, window.padEnd, ceilMode, countPad);
}

static LogicalResult importAveragePool(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  FailureOr<Window> window = readPoolWindow(n, input);
  return failed(window) ? failure()
                        : n.yield(pool(n, input, nnc::PoolKind::Average, *window,
                                       n.integer("ceil_mode", 0) != 0,
                                       n.integer("count_include_pad", 0) != 0));
}

static LogicalResult importMaxPool(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  FailureOr<Window> window = readPoolWindow(n, input);
  if (failed(window))
    return failure();
  bool columnMajor = n.integer("storage_order", 0) != 0;
  Value result = pool(n, input, nnc::PoolKind::Max, *window, n.integer("ceil_mode", 0) != 0,
                      /*countPad=*/false);
  if (failed(n.yield(result)))
    return failure();
  if (n.proto().output_size() < 2 || n.proto().output(1).empty())
    return success();
  return n.yield(indicesOfMaxima(n, input, *window, shapeOf(result), columnMajor));
}

/// Pads for the partial windows that ceil_mode adds.
static void padForLast(Window &window, ArrayRef<int64_t> spatial) {
  for (auto [i, extent] : llvm::enumerate(spatial)) {
    int64_t stride = window.strides[i], padded = extent + window.padBegin[i];
    int64_t reach = (window.kernel[i] - 1) * window.dilations[i] + 1;
    int64_t slack = padded + window.padEnd[i] - reach;
    // It must begin inside the input or the padding before it.
    if (slack >= 0 && slack % stride != 0 && (slack / stride + 1) * stride < padded)
      window.padEnd[i] += stride - slack % stride;
  }
}

/// (the sum of |x|^p over windows)^(1/p): an average with its divisor taken back.
static LogicalResult importLpPool(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  FailureOr<Window> window = readPoolWindow(n, x);
  int64_t p = n.integer("p", 2);
  if (failed(window))
    return failure();
  if (p < 1)
    return n.error() << "attribute 'p' must be positive, it is " << p;
  if (n.integer("ceil_mode", 0))
    padForLast(*window, shapeOf(x).drop_front(2));
  Value power = p == 2 ? n.create<nnc::MulOp>(x, x) : n.create<nnc::AbsOp>(x);
  if (p > 2)
    power = n.create<nnc::PowOp>(power, n.scalar(p, x));
  Value result = pool(n, power, nnc::PoolKind::Average, *window, /*ceilMode=*/false,
                      /*countPad=*/true);
  result = n.create<nnc::MulOp>(result, n.scalar(ShapedType::getNumElements(window->kernel), x));
  if (p == 2)
    result = n.create<nnc::SqrtOp>(result);
  if (p > 2)
    result = n.create<nnc::PowOp>(result, n.scalar(1.0 / p, x));
  return n.yield(result);
}

template <nnc::ReduceKind kind>
static LogicalResult importGlobalPool(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  int64_t rank = shapeOf(input).size();
  if (rank < 3)
    return n.error() << "input " << nnc::shapeText(shapeOf(input))
                     << " has no spatial dimension";
  return n.yield(n.create<nnc::ReduceOp>(
      input, kind, llvm::to_vector(llvm::seq<int64_t>(2, rank))));
}

ArrayRef<OnnxOpRow> nncc::frontend::poolingRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "AveragePool", 7, anyNewer, importAveragePool},
      {"", "GlobalAveragePool", 7, anyNewer,
       importGlobalPool<nnc::ReduceKind::Mean>},
      {"", "GlobalMaxPool", 7, anyNewer,
       importGlobalPool<nnc::ReduceKind::Max>},
      {"", "LpPool", 7, anyNewer, importLpPool},
      {"", "MaxPool", 7, anyNewer, importMaxPool},
  };
  return rows;
}
