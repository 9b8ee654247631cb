//===- Pooling.cpp - maxima and averages over windows
//-----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Window.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

template <nnc::PoolKind kind> static LogicalResult importPool(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  ArrayRef<int64_t> shape = shapeOf(input);
  if (shape.size() < 3 || shape.size() > 5)
    return n.error() << "input " << nnc::shapeText(shape)
                     << " must have 1 to 3 spatial dimensions";
  FailureOr<Window> window = readWindow(n, shape.drop_front(2), std::nullopt);
  if (failed(window))
    return failure();
  // A window that lies in the padding altogether has no maximum and no average.
  for (size_t i = 0; i < window->kernel.size(); ++i) {
    int64_t reach = (window->kernel[i] - 1) * window->dilations[i] + 1;
    int64_t pad = std::max(window->padBegin[i], window->padEnd[i]);
    if (pad >= reach)
      return n.error() << "padding " << pad
                       << " is not smaller than the window extent " << reach;
  }
  n.ignore("storage_order"); // the order of the indices, a result we refuse
  bool average = kind == nnc::PoolKind::Average;
  return n.yield(n.create<nnc::PoolOp>(
      input, kind, window->kernel, window->strides, window->dilations,
      window->padBegin, window->padEnd, n.integer("ceil_mode", 0) != 0,
      average && n.integer("count_include_pad", 0) != 0));
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
      {"", "AveragePool", 7, anyNewer, importPool<nnc::PoolKind::Average>},
      {"", "GlobalAveragePool", 7, anyNewer,
       importGlobalPool<nnc::ReduceKind::Mean>},
      {"", "GlobalMaxPool", 7, anyNewer,
       importGlobalPool<nnc::ReduceKind::Max>},
      {"", "MaxPool", 7, anyNewer, importPool<nnc::PoolKind::Max>},
  };
  return rows;
}
