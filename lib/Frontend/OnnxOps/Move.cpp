//===- Move.cpp - tensors cut, joined and rearranged --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// What other operators are made of
//===----------------------------------------------------------------------===//

Value nncc::frontend::remap(NodeImport &n, Value tensor, ArrayRef<int64_t> shape,
                            ArrayRef<AffineExpr> exprs) {
  AffineMap map = AffineMap::get(shape.size(), 0, exprs, n.context());
  if (tensor && map.isIdentity() && shapeOf(tensor) == shape)
    return tensor;
  if (!tensor)
    return {};
  return n.createAs<nnc::RemapOp>(
      RankedTensorType::get(shape, nnc::typeOf(tensor).getElementType()), tensor, map);
}

Value nncc::frontend::slice(NodeImport &n, Value tensor, int64_t axis,
                            int64_t start, int64_t extent, int64_t step) {
  if (!tensor)
    return {};
  SmallVector<int64_t> shape(shapeOf(tensor));
  shape[axis] = extent;
  SmallVector<AffineExpr> exprs;
  for (size_t d = 0; d < shape.size(); ++d)
    exprs.push_back(getAffineDimExpr(d, n.context()));
  exprs[axis] = exprs[axis] * step + start;
  return remap(n, tensor, shape, exprs);
}

Value nncc::frontend::concat(NodeImport &n, ArrayRef<Value> parts, int64_t axis) {
  SmallVector<int64_t> shape(shapeOf(parts.front()));
  SmallVector<int64_t> offsets(shape.size(), 0);
  shape[axis] = 0;
  SmallVector<Value> kept;
  SmallVector<Attribute> maps;
  for (Value part : parts) {
    SmallVector<int64_t> expected(shape);
    if (shapeOf(part).size() == shape.size())
      expected[axis] = shapeOf(part)[axis];
    if (shapeOf(part) != ArrayRef<int64_t>(expected) ||
        nnc::typeOf(part).getElementType() != nnc::typeOf(parts.front()).getElementType()) {
      n.error() << "cannot join " << nnc::shapeText(shapeOf(parts.front())) << " and "
                << nnc::shapeText(shapeOf(part)) << " along axis " << axis;
      return {};
    }
    offsets[axis] = shape[axis];
    shape[axis] += expected[axis];
    if (nnc::typeOf(part).getNumElements() == 0)
      continue;
    kept.push_back(part);
    maps.push_back(AffineMapAttr::get(nnc::boxMap(n.context(), offsets)));
  }
  if (kept.size() == 1)
    return kept.front();
  auto type = RankedTensorType::get(shape, nnc::typeOf(parts.front()).getElementType());
  return n.createAs<nnc::AssembleOp>(type, kept, ArrayAttr::get(n.context(), maps));
}

//===----------------------------------------------------------------------===//
// Slice, Split, Concat
//===----------------------------------------------------------------------===//

static LogicalResult importConcat(NodeImport &n) {
  if (n.inputCount() == 0)
    return n.error() << "has no inputs";
  SmallVector<Value> parts;
  for (unsigned i = 0; i < n.inputCount(); ++i)
    parts.push_back(n.input(i));
  if (llvm::is_contained(parts, nullptr))
    return failure();
  FailureOr<int64_t> axis =
      n.normalizeAxis(n.integer("axis", 0), shapeOf(parts.front()).size());
  if (failed(axis))
    return failure();
  return n.yield(concat(n, parts, *axis));
}

namespace {
/// The positions that a slice takes from a dimension.
struct Positions {
  int64_t start, extent, step;
};
} // namespace

/// ONNX's rules for negative and too large bounds: NumPy's, except that a
/// backward slice always starts inside.
static Positions slicePositions(int64_t start, int64_t end, int64_t step,
                                int64_t extent) {
  if (extent == 0)
    return {0, 0, 1};
  auto clamp = [&](int64_t at, int64_t low, int64_t high) {
    return std::clamp(at < 0 ? at + extent : at, low, high);
  };
  int64_t last = step > 0 ? extent : extent - 1;
  start = clamp(start, 0, last);
  end = clamp(end, step > 0 ? 0 : -1, last);
  step = std::clamp<int64_t>(step, -INT32_MAX, INT32_MAX);
  int64_t count = llvm::divideCeilSigned(end - start, step);
  return {start, std::max<int64_t>(count, 0), step};
}

namespace {
/// One entry per sliced axis.
struct SliceBounds {
  SmallVector<int64_t> starts, ends, axes, steps;
};
} // namespace

/// The bounds of a Slice: attributes before opset 10, then inputs.
static FailureOr<SliceBounds> readBounds(NodeImport &n) {
  SliceBounds bounds;
  auto read = [&](unsigned input, StringRef name, SmallVector<int64_t> &list) {
    if (n.opset() < 10) {
      list = n.integers(name).value_or(list);
      return success();
    }
    if (!n.has(input) && input > 2)
      return success();
    auto given = n.integers(input, ("the list of " + name).str());
    if (succeeded(given))
      list = *given;
    return LogicalResult(given);
  };
  if (failed(read(1, "starts", bounds.starts)) ||
      failed(read(2, "ends", bounds.ends)))
    return failure();
  size_t count = bounds.starts.size();
  bounds.axes = llvm::to_vector(llvm::seq<int64_t>(0, count));
  bounds.steps.assign(count, 1);
  if (failed(read(3, "axes", bounds.axes)) ||
      failed(read(4, "steps", bounds.steps)))
    return failure();
  if (bounds.ends.size() != count || bounds.axes.size() != count ||
      bounds.steps.size() != count)
    return n.error() << "has " << count << " starts, " << bounds.ends.size()
                     << " ends, " << bounds.axes.size() << " axes and "
                     << bounds.steps.size() << " steps";
  return bounds;
}

/// The positions that a Slice node takes from each dimension of `shape`.
static FailureOr<SmallVector<Positions>>
readPositions(NodeImport &n, ArrayRef<int64_t> shape) {
  FailureOr<SliceBounds> bounds = readBounds(n);
  if (failed(bounds))
    return failure();
  SmallVector<Positions> slice;
  for (int64_t extent : shape)
    slice.push_back({0, extent, 1});
  for (auto [start, end, axis, step] :
       llvm::zip(bounds->starts, bounds->ends, bounds->axes, bounds->steps)) {
    FailureOr<int64_t> dim = n.normalizeAxis(axis, shape.size());
    if (failed(dim))
      return failure();
    if (step == 0)
      return n.error() << "axis " << *dim << " has a step of 0";
    slice[*dim] = slicePositions(start, end, step, shape[*dim]);
  }
  return slice;
}

static LogicalResult importSlice(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  FailureOr<SmallVector<Positions>> slice = readPositions(n, shapeOf(input));
  if (failed(slice))
    return failure();
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> exprs;
  for (auto [d, positions] : llvm::enumerate(*slice)) {
    shape.push_back(positions.extent);
    AffineExpr i = getAffineDimExpr(d, n.context());
    exprs.push_back(i * positions.step + positions.start);
  }
  return n.yield(remap(n, input, shape, exprs));
}

/// The extents of the parts of a Split: given, or as equal as they can be.
static FailureOr<SmallVector<int64_t>> splitSizes(NodeImport &n, int64_t extent) {
  std::optional<SmallVector<int64_t>> given;
  if (n.opset() < 13) {
    given = n.integers("split");
  } else if (n.has(1)) {
    FailureOr<SmallVector<int64_t>> sizes = n.integers(1, "the list of extents");
    if (failed(sizes))
      return failure();
    given = *sizes;
  }
  int64_t count = n.proto().output_size();
  if (!given) {
    int64_t parts = n.integer("num_outputs", count);
    if (parts != count || parts < 1)
      return n.error() << "attribute 'num_outputs' is " << parts << ", the node has "
                       << count << " outputs";
    int64_t size = llvm::divideCeil(extent, parts);
    if (n.opset() < 18 && extent % parts != 0)
      return n.error() << "extent " << extent << " is not divisible by " << parts
                       << " outputs";
    given.emplace();
    for (int64_t left = extent; count-- > 0; left -= given->back())
      given->push_back(std::clamp<int64_t>(left, 0, size));
    return *given;
  }
  int64_t sum = 0;
  for (int64_t size : *given)
    sum += size < 0 || size > extent ? extent + 1 : size;
  if (int64_t(given->size()) != count || sum != extent)
    return n.error() << "cannot split extent " << extent << " into "
                     << nnc::shapeText(*given) << " for " << count << " outputs";
  return *given;
}

static LogicalResult importSplit(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  FailureOr<int64_t> axis =
      n.normalizeAxis(n.integer("axis", 0), shapeOf(input).size());
  if (failed(axis))
    return failure();
  FailureOr<SmallVector<int64_t>> sizes = splitSizes(n, shapeOf(input)[*axis]);
  if (failed(sizes))
    return failure();
  int64_t start = 0;
  for (int64_t size : *sizes) {
    if (failed(n.yield(slice(n, input, *axis, start, size))))
      return failure();
    start += size;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Repetition and rearrangement
//===----------------------------------------------------------------------===//

static LogicalResult importTile(NodeImport &n) {
  Value input = n.input(0);
  FailureOr<SmallVector<int64_t>> repeats = n.integers(1, "the list of repeats");
  if (!input || failed(repeats))
    return failure();
  SmallVector<int64_t> shape(shapeOf(input));
  if (repeats->size() != shape.size())
    return n.error() << "has " << repeats->size() << " repeats for rank " << shape.size();
  SmallVector<AffineExpr> exprs;
  for (auto [d, count] : llvm::enumerate(*repeats)) {
    if (count < 0 || count > INT32_MAX)
      return n.error() << "cannot repeat dimension " << d << " " << count << " times";
    AffineExpr i = getAffineDimExpr(d, n.context());
    exprs.push_back(count == 1 || shape[d] == 0 ? i : i % shape[d]);
    shape[d] *= count;
  }
  return n.yield(remap(n, input, shape, exprs));
}

/// The block size of DepthToSpace and SpaceToDepth, and an image to apply it to.
static FailureOr<int64_t> readBlock(NodeImport &n, Value input) {
  int64_t block = n.integer("blocksize", 0);
  if (block < 1 || block > INT16_MAX)
    return n.error() << "attribute 'blocksize' must be 1 to " << INT16_MAX << ", got " << block;
  if (shapeOf(input).size() != 4)
    return n.error() << "input " << nnc::shapeText(shapeOf(input))
                     << " must have 4 dimensions";
  return block;
}

/// The attribute `mode`, which exists from opset `since` on.
static FailureOr<std::string> readMode(NodeImport &n, int since) {
  std::string mode = n.opset() < since ? "DCR" : n.text("mode", "DCR");
  if (mode != "DCR" && mode != "CRD")
    return n.error() << "attribute 'mode' has the unknown value '" << mode << "'";
  return mode;
}

/// Channels become blocks of pixels: channel (i * b + j) * C + c, or with mode
/// CRD c * b * b + i * b + j, is pixel (i, j) of the block of channel c.
static LogicalResult importDepthToSpace(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  FailureOr<int64_t> block = readBlock(n, input);
  FailureOr<std::string> mode = readMode(n, 11);
  if (failed(block) || failed(mode))
    return failure();
  ArrayRef<int64_t> x = shapeOf(input);
  int64_t b = *block, channels = x[1] / (b * b);
  if (x[1] % (b * b) != 0)
    return n.error() << x[1] << " channels are not divisible by blocksize " << b
                     << " squared";
  AffineExpr image, c, row, column;
  bindDims(n.context(), image, c, row, column);
  AffineExpr pixel = (row % b) * b + column % b;
  AffineExpr depth = *mode == "DCR" ? pixel * channels + c : c * (b * b) + pixel;
  return n.yield(remap(n, input, {x[0], channels, x[2] * b, x[3] * b},
                       {image, depth, row.floorDiv(b), column.floorDiv(b)}));
}

/// The reverse, channels in the same order.
static LogicalResult importSpaceToDepth(NodeImport &n) {
  Value input = n.input(0);
  if (!input)
    return failure();
  FailureOr<int64_t> block = readBlock(n, input);
  FailureOr<std::string> mode = readMode(n, 28);
  if (failed(block) || failed(mode))
    return failure();
  ArrayRef<int64_t> x = shapeOf(input);
  int64_t b = *block;
  if (x[2] % b != 0 || x[3] % b != 0)
    return n.error() << "image " << nnc::shapeText(x.drop_front(2))
                     << " is not divisible by blocksize " << b;
  AffineExpr image, depth, row, column;
  bindDims(n.context(), image, depth, row, column);
  AffineExpr pixel = *mode == "DCR" ? depth.floorDiv(x[1]) : depth % (b * b);
  AffineExpr c = *mode == "DCR" ? depth % x[1] : depth.floorDiv(b * b);
  return n.yield(remap(n, input, {x[0], x[1] * b * b, x[2] / b, x[3] / b},
                       {image, c, row * b + pixel.floorDiv(b), column * b + pixel % b}));
}

ArrayRef<OnnxOpRow> nncc::frontend::moveRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Concat", 7, anyNewer, importConcat},
      {"", "DepthToSpace", 7, anyNewer, importDepthToSpace},
      {"", "Slice", 7, anyNewer, importSlice,
       "if bounds are data: only elementwise operators, Gather by it, Unsqueeze and a reduction"},
      {"", "SpaceToDepth", 7, anyNewer, importSpaceToDepth},
      {"", "Split", 7, anyNewer, importSplit},
      {"", "Tile", 7, anyNewer, importTile},
  };
  return rows;
}
