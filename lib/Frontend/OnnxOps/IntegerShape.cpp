//===- IntegerShape.cpp - arithmetic on shapes
//------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Exporters compute shapes with nodes (Shape, Gather, Concat, ...). All shapes
// are static here, so these nodes have values, not operations.

#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// Input `i`, which must be a small constant of integers.
static FailureOr<IntTensor> integerInput(NodeImport &n, unsigned i) {
  OpFoldResult input = n.operand(i);
  if (!input)
    return failure();
  if (auto tensor = IntTensor::get(n.constant(i)))
    return *tensor;
  return n.error()
         << "is supported on small constants of integers only, input #" << i
         << " '" << n.proto().input(i) << "' is none";
}

static LogicalResult importShape(NodeImport &n) {
  OpFoldResult input = n.operand(0);
  if (!input)
    return failure();
  ArrayRef<int64_t> shape = typeOf(input).getShape();
  int64_t rank = shape.size();
  auto clamp = [&](int64_t axis) {
    return std::clamp<int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  int64_t start = clamp(n.integer("start", 0)),
          end = clamp(n.integer("end", rank));
  return n.yield(IntTensor::vector(
      n.context(), shape.slice(start, std::max<int64_t>(end - start, 0))));
}

static LogicalResult importSize(NodeImport &n) {
  OpFoldResult input = n.operand(0);
  if (!input)
    return failure();
  IntTensor size =
      IntTensor::vector(n.context(), typeOf(input).getNumElements());
  size.shape.clear();
  return n.yield(size);
}

static LogicalResult importConcat(NodeImport &n) {
  SmallVector<IntTensor> parts;
  for (unsigned i = 0; i < n.inputCount(); ++i) {
    FailureOr<IntTensor> part = integerInput(n, i);
    if (failed(part))
      return failure();
    parts.push_back(*part);
  }
  if (parts.empty())
    return n.error() << "has no inputs";
  FailureOr<int64_t> axis =
      n.normalizeAxis(n.integer("axis", 0), parts.front().rank());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape = parts.front().shape;
  for (const IntTensor &part : ArrayRef(parts).drop_front()) {
    SmallVector<int64_t> expected = shape;
    if (part.rank() == int64_t(shape.size()))
      expected[*axis] = part.shape[*axis];
    if (part.shape != expected || part.elementType != parts.front().elementType)
      return n.error() << "cannot join " << nnc::shapeText(shape) << " and "
                       << nnc::shapeText(part.shape) << " along axis " << *axis;
    shape[*axis] += part.shape[*axis];
  }
  return n.yield(IntTensor::generate(
      parts.front().elementType, shape, [&](ArrayRef<int64_t> index) {
        SmallVector<int64_t> local(index);
        const IntTensor *part = parts.begin();
        for (; local[*axis] >= part->shape[*axis]; ++part)
          local[*axis] -= part->shape[*axis];
        return part->element(local);
      }));
}

/// result[before, i, after] = data[before, indices[i], after]
static LogicalResult importGather(NodeImport &n) {
  FailureOr<IntTensor> data = integerInput(n, 0);
  if (failed(data))
    return failure();
  FailureOr<IntTensor> indices = integerInput(n, 1);
  if (failed(indices))
    return failure();
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", 0), data->rank());
  if (failed(axis))
    return failure();
  int64_t extent = data->shape[*axis];
  for (int64_t &index : indices->values) {
    if (index < -extent || index >= extent)
      return n.error() << "index " << index << " is outside extent " << extent;
    index += index < 0 ? extent : 0;
  }
  SmallVector<int64_t> shape(ArrayRef(data->shape).take_front(*axis));
  llvm::append_range(shape, indices->shape);
  llvm::append_range(shape, ArrayRef(data->shape).drop_front(*axis + 1));
  if (ShapedType::getNumElements(shape) > IntTensor::maxElements)
    return n.error() << "computes " << nnc::shapeText(shape)
                     << " integers, too many for a shape";
  return n.yield(IntTensor::generate(
      data->elementType, shape, [&](ArrayRef<int64_t> index) {
        SmallVector<int64_t> source(index.take_front(*axis));
        source.push_back(indices->element(index.slice(*axis, indices->rank())));
        llvm::append_range(source, index.drop_front(*axis + indices->rank()));
        return data->element(source);
      }));
}

namespace {
/// The positions that a slice takes from a dimension.
struct Positions {
  int64_t start, extent, step;
};
} // namespace

/// NumPy's rules for negative and too large bounds.
static Positions sliceRange(int64_t start, int64_t end, int64_t step,
                            int64_t extent) {
  int64_t low = step > 0 ? 0 : -1, high = step > 0 ? extent : extent - 1;
  auto clamp = [&](int64_t at) {
    return std::clamp(at < 0 ? at + extent : at, low, high);
  };
  // INT64_MIN as the end of a backward slice means "to the front".
  start = clamp(std::max(start, -extent - 1));
  end = clamp(std::max(end, -extent - 1));
  int64_t distance = step > 0 ? end - start : start - end;
  int64_t stride = step > 0 ? step : -std::max(step, -int64_t(INT32_MAX));
  return {start, distance <= 0 ? 0 : (distance - 1) / stride + 1,
          step > 0 ? stride : -stride};
}

static LogicalResult importSlice(NodeImport &n) {
  FailureOr<IntTensor> data = integerInput(n, 0);
  if (failed(data))
    return failure();
  FailureOr<SmallVector<int64_t>> starts, ends, axes, steps;
  if (n.opset() < 10) {
    starts = n.integers("starts").value_or(SmallVector<int64_t>());
    ends = n.integers("ends").value_or(SmallVector<int64_t>());
    axes = n.integers("axes").value_or(
        llvm::to_vector(llvm::seq<int64_t>(0, starts->size())));
    steps = SmallVector<int64_t>(starts->size(), 1);
  } else {
    starts = n.integers(1, "the list of starts");
    ends = n.integers(2, "the list of ends");
    if (failed(starts) || failed(ends))
      return failure();
    axes = n.has(3) ? n.integers(3, "the list of axes")
                    : llvm::to_vector(llvm::seq<int64_t>(0, starts->size()));
    steps = n.has(4) ? n.integers(4, "the list of steps")
                     : SmallVector<int64_t>(starts->size(), 1);
  }
  if (failed(axes) || failed(steps))
    return failure();
  if (ends->size() != starts->size() || axes->size() != starts->size() ||
      steps->size() != starts->size())
    return n.error() << "has " << starts->size() << " starts, " << ends->size()
                     << " ends, " << axes->size() << " axes and "
                     << steps->size() << " steps";
  SmallVector<Positions> ranges;
  for (int64_t extent : data->shape)
    ranges.push_back({0, extent, 1});
  for (auto [start, end, axis, step] :
       llvm::zip(*starts, *ends, *axes, *steps)) {
    FailureOr<int64_t> dim = n.normalizeAxis(axis, data->rank());
    if (failed(dim))
      return failure();
    if (step == 0)
      return n.error() << "axis " << *dim << " has a step of 0";
    ranges[*dim] = sliceRange(start, end, step, data->shape[*dim]);
  }
  auto shape = llvm::to_vector(
      llvm::map_range(ranges, [](Positions range) { return range.extent; }));
  return n.yield(IntTensor::generate(
      data->elementType, shape, [&](ArrayRef<int64_t> index) {
        SmallVector<int64_t> source;
        for (auto [range, i] : llvm::zip(ranges, index))
          source.push_back(range.start + i * range.step);
        return data->element(source);
      }));
}

ArrayRef<OnnxOpRow> nncc::frontend::integerShapeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Concat", 7, anyNewer, importConcat},
      {"", "Gather", 7, anyNewer, importGather},
      {"", "Shape", 7, anyNewer, importShape},
      {"", "Size", 7, anyNewer, importSize},
      {"", "Slice", 7, anyNewer, importSlice},
  };
  return rows;
}
