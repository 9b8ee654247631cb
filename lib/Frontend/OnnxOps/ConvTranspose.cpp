//===- ConvTranspose.cpp - transposed convolution -----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Output element o, at p = o + padBegin, sums x[(p - k * dilation) / stride] *
// w[k] over the taps k for which that is an integer. All o with the same p mod
// stride use the same taps: such a phase is an ordinary convolution with a part
// of the filter, and the phases interleave to the output. No product with a zero
// between the input's elements is ever computed.
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Window.h"
#include <numeric>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// One spatial dimension of the node.
struct Axis {
  int64_t input, output, kernel, stride, dilation, padBegin;
};

/// The output elements first, first + stride, ... of one dimension, and the
/// convolution that computes them: its taps are the filter's from lastTap down
/// in steps of tapStep.
struct Phase {
  int64_t first = 0, count = 0;
  int64_t taps = 0, lastTap = 0, tapStep = 1;
  int64_t dilation = 1, padBegin = 0, padEnd = 0;
};
} // namespace

static Phase phaseOf(const Axis &axis, int64_t rest) {
  Phase phase;
  phase.first = llvm::mod(rest - axis.padBegin, axis.stride);
  if (phase.first >= axis.output)
    return phase;
  phase.count = llvm::divideCeil(axis.output - phase.first, axis.stride);
  int64_t common = std::gcd(axis.stride, axis.dilation);
  phase.tapStep = axis.stride / common;
  phase.dilation = axis.dilation / common;
  int64_t firstReach = 0;
  for (int64_t k = 0; k < axis.kernel; ++k) {
    if (llvm::mod(k * axis.dilation - rest, axis.stride) != 0)
      continue;
    phase.lastTap = k;
    if (phase.taps++ == 0)
      firstReach = (k * axis.dilation - rest) / axis.stride;
  }
  // Result j reads x[j + start - reach] for the reach of each tap, the last
  // tap's first.
  int64_t start = (phase.first + axis.padBegin - rest) / axis.stride;
  int64_t span = (phase.taps - 1) * phase.dilation;
  phase.padBegin = firstReach + span - start;
  phase.padEnd = phase.count + span - axis.input - phase.padBegin;
  return phase;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

/// The padding at the begin of a dimension whose output has `output` elements,
/// where all would be `full`; a longer output grows at its end.
static int64_t beginOf(StringRef mode, int64_t full, int64_t output) {
  int64_t total = std::max<int64_t>(full - output, 0);
  return mode == "SAME_UPPER" ? total / 2 : total - total / 2;
}

static FailureOr<SmallVector<Axis>> readAxes(NodeImport &n, ArrayRef<int64_t> input,
                                             ArrayRef<int64_t> kernel) {
  size_t rank = input.size();
  auto strides = readList(n, "strides", rank, 1, 1);
  auto dilations = readList(n, "dilations", rank, 1, 1);
  auto pads = readList(n, "pads", 2 * rank, 0, 0);
  auto extra = readList(n, "output_padding", rank, 0, 0);
  auto declared = readList(n, "kernel_shape", rank, 1, 0);
  bool isSet = n.hasAttribute("output_shape");
  auto wanted = readList(n, "output_shape", rank, 1, 0);
  if (failed(strides) || failed(dilations) || failed(pads) || failed(extra) ||
      failed(declared) || failed(wanted))
    return failure();
  if (n.hasAttribute("kernel_shape") && ArrayRef<int64_t>(*declared) != kernel)
    return n.error() << "attribute 'kernel_shape' is " << nnc::shapeText(*declared)
                     << ", the filter is " << nnc::shapeText(kernel);
  std::string mode = n.text("auto_pad", "NOTSET");
  bool same = mode == "SAME_UPPER" || mode == "SAME_LOWER";
  if (!same && mode != "NOTSET" && mode != "VALID" && !mode.empty())
    return n.error() << "attribute 'auto_pad' has the unknown value '" << mode << "'";
  SmallVector<Axis> axes;
  for (size_t i = 0; i < rank; ++i) {
    Axis axis{input[i], 0, kernel[i], (*strides)[i], (*dilations)[i], 0};
    int64_t full = axis.stride * (input[i] - 1) + (*extra)[i] +
                   (kernel[i] - 1) * axis.dilation + 1;
    if (isSet || same) {
      axis.output = isSet ? (*wanted)[i] : input[i] * axis.stride;
      axis.padBegin = beginOf(mode, full, axis.output);
    } else if (mode == "VALID") {
      axis.output = full;
    } else {
      axis.padBegin = (*pads)[i];
      axis.output = full - (*pads)[i] - (*pads)[rank + i];
    }
    if (axis.output < 1)
      return n.error() << "dimension " << i + 2 << " of the result has the extent "
                       << axis.output;
    axes.push_back(axis);
  }
  return axes;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// C x M/groups x spatial becomes the filter of a convolution, M x C/groups x
/// spatial.
static Value swapChannels(NodeImport &n, Value filter, int64_t groups) {
  SmallVector<int64_t> shape(shapeOf(filter)), order{0, 2, 1};
  int64_t inputs = shape[0] / groups, outputs = shape[1];
  SmallVector<int64_t> split{groups, inputs, outputs}, joined{groups * outputs, inputs};
  for (size_t d = 2; d < shape.size(); ++d) {
    split.push_back(shape[d]);
    joined.push_back(shape[d]);
    order.push_back(d + 1);
  }
  return n.reshape(n.create<nnc::TransposeOp>(n.reshape(filter, split), order), joined);
}

/// The taps of one combination of phases, the last one first.
static Value tapsOf(NodeImport &n, Value filter, ArrayRef<Phase> phases) {
  SmallVector<int64_t> shape(shapeOf(filter));
  SmallVector<AffineExpr> exprs{getAffineDimExpr(0, n.context()),
                                getAffineDimExpr(1, n.context())};
  for (auto [i, phase] : llvm::enumerate(phases)) {
    shape[i + 2] = phase.taps;
    exprs.push_back(getAffineDimExpr(i + 2, n.context()) * -phase.tapStep + phase.lastTap);
  }
  return remap(n, filter, shape, exprs);
}

/// What no tap reaches: the bias or zero.
static Value untouched(NodeImport &n, Value input, Value bias, ArrayRef<int64_t> shape) {
  if (!bias)
    return n.broadcast(n.scalar(0, input), shape);
  SmallVector<int64_t> column(shape.size() - 1, 1);
  column[0] = shape[1];
  return n.broadcast(n.reshape(bias, column), shape);
}

static Value convolve(NodeImport &n, Value input, Value filter, Value bias,
                      ArrayRef<Phase> phases, int64_t groups) {
  SmallVector<int64_t> ones(phases.size(), 1), dilations, begin, end;
  SmallVector<int64_t> shape{shapeOf(input)[0], shapeOf(filter)[0]};
  bool touched = true;
  for (const Phase &phase : phases) {
    touched &= phase.taps > 0;
    shape.push_back(phase.count);
    dilations.push_back(phase.dilation);
    begin.push_back(phase.padBegin);
    end.push_back(phase.padEnd);
  }
  if (!touched)
    return untouched(n, input, bias, shape);
  return n.create<nnc::ConvOp>(input, tapsOf(n, filter, phases), bias, ones, dilations,
                               begin, end, groups);
}

/// Every combination of the phases of each dimension.
static SmallVector<SmallVector<Phase>> combinations(ArrayRef<Axis> axes) {
  SmallVector<SmallVector<Phase>> all{{}};
  for (const Axis &axis : axes) {
    SmallVector<SmallVector<Phase>> next;
    for (const SmallVector<Phase> &outer : all)
      for (int64_t rest = 0; rest < axis.stride; ++rest)
        if (Phase phase = phaseOf(axis, rest); phase.count > 0) {
          next.push_back(outer);
          next.back().push_back(phase);
        }
    all = std::move(next);
  }
  return all;
}

static LogicalResult importConvTranspose(NodeImport &n) {
  Value input = n.input(0), filter = n.input(1), bias = n.optionalInput(2);
  if (!input || !filter)
    return failure();
  ArrayRef<int64_t> x = shapeOf(input), w = shapeOf(filter);
  int64_t groups = n.integer("group", 1);
  if (failed(checkConvRanks(n, x, w)))
    return failure();
  if (groups < 1 || x[1] % groups != 0 || w[0] != x[1])
    return n.error() << "filter " << nnc::shapeText(w) << " with group " << groups
                     << " does not fit input " << nnc::shapeText(x);
  if (bias && shapeOf(bias) != ArrayRef<int64_t>(w[1] * groups))
    return n.error() << "bias has shape " << nnc::shapeText(shapeOf(bias)) << ", "
                     << w[1] * groups << " output channels need " << w[1] * groups;
  FailureOr<SmallVector<Axis>> axes = readAxes(n, x.drop_front(2), w.drop_front(2));
  if (failed(axes))
    return failure();
  Value swapped = swapChannels(n, filter, groups);
  SmallVector<int64_t> shape{x[0], w[1] * groups}, steps{1, 1};
  for (const Axis &axis : *axes) {
    shape.push_back(axis.output);
    steps.push_back(axis.stride);
  }
  SmallVector<Value> parts;
  SmallVector<Attribute> maps;
  for (const SmallVector<Phase> &phases : combinations(*axes)) {
    parts.push_back(convolve(n, input, swapped, bias, phases, groups));
    SmallVector<int64_t> offsets{0, 0};
    for (const Phase &phase : phases)
      offsets.push_back(phase.first);
    maps.push_back(AffineMapAttr::get(nnc::boxMap(n.context(), offsets, steps)));
  }
  if (parts.size() == 1)
    return n.yield(parts.front());
  auto type = RankedTensorType::get(shape, nnc::typeOf(input).getElementType());
  return n.yield(n.createAs<nnc::AssembleOp>(type, parts, ArrayAttr::get(n.context(), maps)));
}

ArrayRef<OnnxOpRow> nncc::frontend::convTransposeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "ConvTranspose", 7, anyNewer, importConvTranspose},
  };
  return rows;
}
