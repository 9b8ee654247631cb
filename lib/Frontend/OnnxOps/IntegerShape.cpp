//===- IntegerShape.cpp - arithmetic on shapes
//------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Exporters compute shapes with nodes (Shape, Gather, Concat, ...). All shapes
// are static here, so these nodes have values, not operations.

#include "lib/Frontend/OnnxOps/Moves.h"
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

bool nncc::frontend::areIntegers(NodeImport &n, unsigned count) {
  return llvm::all_of(llvm::seq(count), [&](unsigned i) {
    return IntTensor::get(n.constant(i)).has_value();
  });
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

LogicalResult nncc::frontend::foldConcat(NodeImport &n) {
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
LogicalResult nncc::frontend::foldGather(NodeImport &n) {
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

FailureOr<SmallVector<Positions>>
nncc::frontend::readPositions(NodeImport &n, ArrayRef<int64_t> shape) {
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

LogicalResult nncc::frontend::foldSlice(NodeImport &n) {
  FailureOr<IntTensor> data = integerInput(n, 0);
  if (failed(data))
    return failure();
  FailureOr<SmallVector<Positions>> slice = readPositions(n, data->shape);
  if (failed(slice))
    return failure();
  SmallVector<int64_t> shape;
  for (Positions positions : *slice)
    shape.push_back(positions.extent);
  auto element = [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> source;
    for (auto [positions, i] : llvm::zip(*slice, index))
      source.push_back(positions.start + i * positions.step);
    return data->element(source);
  };
  return n.yield(IntTensor::generate(data->elementType, shape, element));
}

ArrayRef<OnnxOpRow> nncc::frontend::integerShapeRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Shape", 7, anyNewer, importShape},
      {"", "Size", 7, anyNewer, importSize},
  };
  return rows;
}
