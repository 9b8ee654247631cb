//===- DeformConv.cpp - convolution whose taps are moved by a tensor ------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every tap of every window is a sample between pixels; the filter is a matrix
// that they are multiplied with.
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"
#include "lib/Frontend/OnnxOps/Sampling.h"
#include "lib/Frontend/OnnxOps/Window.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// K: taps of the window; G: groups of channels that share their offsets.
struct DeformedWindow {
  Window window;
  int64_t groups, offsetGroups, taps;
  SmallVector<int64_t> output; ///< spatial extents of the result
};
} // namespace

static FailureOr<DeformedWindow> readDeformation(NodeImport &n,
                                                 ArrayRef<int64_t> x,
                                                 ArrayRef<int64_t> w,
                                                 ArrayRef<int64_t> offset) {
  if (failed(checkConvRanks(n, x, w)))
    return failure();
  FailureOr<Window> window = readWindow(n, x.drop_front(2), w.drop_front(2));
  if (failed(window))
    return failure();
  DeformedWindow result{*window,
                        n.integer("group", 1),
                        n.integer("offset_group", 1),
                        ShapedType::getNumElements(w.drop_front(2)),
                        {}};
  if (result.groups < 1 || result.groups > x[1] || result.offsetGroups < 1 ||
      x[1] % result.offsetGroups != 0 || x[1] != w[1] * result.groups ||
      w[0] % result.groups != 0)
    return n.error() << "filter " << nnc::shapeText(w) << " with group "
                     << result.groups << " and offset group "
                     << result.offsetGroups << " does not fit input "
                     << nnc::shapeText(x);
  SmallVector<int64_t> wanted{x[0], result.offsetGroups * result.taps *
                                        int64_t(x.size() - 2)};
  for (size_t d = 0; d < window->kernel.size(); ++d) {
    int64_t reach = (window->kernel[d] - 1) * window->dilations[d] + 1;
    int64_t slack = x[d + 2] + window->padBegin[d] + window->padEnd[d] - reach;
    if (slack < 0)
      return n.error() << "window of extent " << reach
                       << " does not fit the padded input extent "
                       << slack + reach;
    result.output.push_back(slack / window->strides[d] + 1);
  }
  llvm::append_range(wanted, result.output);
  if (ArrayRef<int64_t>(wanted) != offset)
    return n.error() << "the offsets have the shape " << nnc::shapeText(offset)
                     << ", the window needs " << nnc::shapeText(wanted);
  return result;
}

/// N * G x K x output: where dimension `d` of the taps lies, without the
/// offsets.
static Value restPositions(NodeImport &n, const DeformedWindow &deform,
                           int64_t d, Type element) {
  const Window &window = deform.window;
  int64_t rank = deform.output.size() + 1;
  SmallVector<double> windows, taps;
  for (int64_t o = 0; o < deform.output[d]; ++o)
    windows.push_back(o * window.strides[d] - window.padBegin[d]);
  int64_t inner =
      ShapedType::getNumElements(ArrayRef(window.kernel).drop_front(d + 1));
  for (int64_t k = 0; k < deform.taps; ++k)
    taps.push_back(k / inner % window.kernel[d] * window.dilations[d]);
  return n.create<nnc::AddOp>(alongAxis(n, taps, element, 0, rank),
                              alongAxis(n, windows, element, d + 1, rank));
}

/// N x C x K x output: the input at every tap of every window.
static Value sampledTaps(NodeImport &n, Value input, Value offset, Value mask,
                         const DeformedWindow &deform) {
  ArrayRef<int64_t> x = shapeOf(input);
  int64_t spatial = x.size() - 2, images = x[0] * deform.offsetGroups;
  SmallVector<int64_t> grouped{images, x[1] / deform.offsetGroups},
      points{deform.taps};
  llvm::append_range(grouped, x.drop_front(2));
  llvm::append_range(points, deform.output);
  SmallVector<int64_t> split{images, deform.taps, spatial}, one{images};
  llvm::append_range(split, deform.output);
  llvm::append_range(one, points);
  Value offsets = n.reshape(offset, split);
  if (nnc::typeOf(offset).getElementType().getIntOrFloatBitWidth() < 32)
    offsets = n.convert(offsets, Float32Type::get(n.context()));
  SmallVector<Taps> axes;
  for (int64_t d = 0; d < spatial; ++d) {
    Value moved = n.reshape(slice(n, offsets, 2, d, 1), one);
    if (!moved)
      return {};
    Type element = nnc::typeOf(moved).getElementType();
    Value position =
        n.create<nnc::AddOp>(moved, restPositions(n, deform, d, element));
    axes.push_back(linearTaps(n, position, x[d + 2], {Border::Zeros, 0, 0}));
  }
  Value sum;
  for (Value term :
       weightedPixels(n, n.reshape(input, grouped), Value(), axes, points))
    sum = sum ? n.create<nnc::AddOp>(sum, term) : term;
  if (mask) {
    SmallVector<int64_t> shape(one);
    shape.insert(shape.begin() + 1, 1);
    sum = n.create<nnc::MulOp>(sum, n.reshape(mask, shape));
  }
  return sum;
}

static LogicalResult importDeformConv(NodeImport &n) {
  Value input = n.input(0), filter = n.input(1), offset = n.input(2);
  Value bias = n.optionalInput(3), mask = n.optionalInput(4);
  if (!input || !filter || !offset)
    return failure();
  ArrayRef<int64_t> x = shapeOf(input), w = shapeOf(filter);
  FailureOr<DeformedWindow> deform = readDeformation(n, x, w, shapeOf(offset));
  if (failed(deform))
    return failure();
  if (bias && shapeOf(bias) != w.take_front(1))
    return n.error() << "bias has shape " << nnc::shapeText(shapeOf(bias))
                     << ", " << w[0] << " output channels need " << w[0];
  Value samples = sampledTaps(n, input, offset, mask, *deform);
  int64_t groups = deform->groups, depth = w[1] * deform->taps;
  int64_t pixels = ShapedType::getNumElements(deform->output);
  Value columns = n.reshape(samples, {x[0], groups, depth, pixels});
  Value matrix = n.reshape(filter, {groups, w[0] / groups, depth});
  SmallVector<int64_t> shape{x[0], w[0]}, column(x.size() - 1, 1);
  llvm::append_range(shape, deform->output);
  column[0] = w[0];
  Value result = n.reshape(n.create<nnc::MatmulOp>(matrix, columns), shape);
  return n.yield(bias ? n.create<nnc::AddOp>(result, n.reshape(bias, column))
                      : result);
}

ArrayRef<OnnxOpRow> nncc::frontend::deformConvRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "DeformConv", 19, anyNewer, importDeformConv},
  };
  return rows;
}
