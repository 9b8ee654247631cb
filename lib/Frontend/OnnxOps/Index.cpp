//===- Index.cpp - operators with tensors of indices --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/Evaluation.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Checked indices
//===----------------------------------------------------------------------===//

/// The constant `indices` counted from the front; reports one out of range.
static Value normalized(NodeImport &n, Value indices, const nnc::ConstantData &data,
                        int64_t extent) {
  std::vector<double> values;
  bool changed = false;
  for (int64_t i = 0; i < data.size(); ++i) {
    int64_t index = data.integerAt(i);
    if (index < -extent || index >= extent) {
      n.error() << "index " << index << " is outside extent " << extent;
      return {};
    }
    changed |= index < 0;
    values.push_back(index < 0 ? index + extent : index);
  }
  return changed ? n.constant(nnc::makeConstant(data.getType(), ArrayRef<double>(values)))
                 : indices;
}

Value nncc::frontend::checked(NodeImport &n, Value indices, int64_t extent, bool &known) {
  if (!indices)
    return {};
  Type element = nnc::typeOf(indices).getElementType();
  if (!element.isSignlessInteger(32) && !element.isSignlessInteger(64)) {
    n.error() << "indices must be int32 or int64, not " << onnxTypeName(onnxTypeFor(element));
    return {};
  }
  if (auto constant = indices.getDefiningOp<nnc::ConstantOp>())
    if (auto data = nnc::ConstantData::get(constant.getValue()))
      return normalized(n, indices, *data, extent);
  known = false;
  n.checkIndices(indices, extent);
  return indices;
}

Value nncc::frontend::gather(NodeImport &n, Value data, ArrayRef<int64_t> shape,
                             AffineMap map, ArrayRef<IndexTensor> indices) {
  RankedTensorType type = nnc::typeOf(data);
  auto result = RankedTensorType::get(shape, type.getElementType());
  if (result.getNumElements() == 0)
    return n.createAs<nnc::GatherOp>(result, data, ValueRange(), map, ArrayAttr());
  SmallVector<Value> tensors;
  SmallVector<Attribute> maps;
  bool inRange = true;
  for (auto [k, index] : llvm::enumerate(indices)) {
    AffineExpr symbol = getAffineSymbolExpr(k, n.context());
    unsigned dim = llvm::find(map.getResults(), symbol) - map.getResults().begin();
    tensors.push_back(checked(n, index.tensor, type.getDimSize(dim), inRange));
    maps.push_back(AffineMapAttr::get(index.map));
  }
  return n.createAs<nnc::GatherOp>(result, data, tensors, map,
                                   ArrayAttr::get(n.context(), maps), inRange);
}

Value nncc::frontend::gatherUnchecked(NodeImport &n, Value data, ArrayRef<int64_t> shape,
                                      AffineMap map, ArrayRef<IndexTensor> indices,
                                      bool inRange) {
  if (!data)
    return {};
  SmallVector<Value> tensors;
  SmallVector<Attribute> maps;
  for (const IndexTensor &index : indices) {
    tensors.push_back(index.tensor);
    maps.push_back(AffineMapAttr::get(index.map));
  }
  auto result = RankedTensorType::get(shape, nnc::typeOf(data).getElementType());
  return n.createAs<nnc::GatherOp>(result, data, tensors, map,
                                   ArrayAttr::get(n.context(), maps), inRange);
}

/// `positions` as an expression of their number `i`: a step, a repetition of
/// elements or of the whole; null if they are none of these.
static AffineExpr regular(ArrayRef<int64_t> positions, AffineExpr i) {
  auto fits = [&](auto position) {
    for (size_t k = 0; k < positions.size(); ++k)
      if (positions[k] != position(int64_t(k)))
        return false;
    return true;
  };
  int64_t count = positions.size(), start = positions.empty() ? 0 : positions[0];
  int64_t step = count > 1 ? positions[1] - start : 1;
  if (fits([&](int64_t k) { return start + k * step; }))
    return i * step + start;
  int64_t times = 1; // that the first one is repeated
  while (times < count && positions[times] == start)
    ++times;
  if (fits([&](int64_t k) { return start + k / times; }))
    return i.floorDiv(times) + start;
  int64_t period = 1;
  while (period < count && positions[period] == start + period)
    ++period;
  if (fits([&](int64_t k) { return start + k % period; }))
    return i % period + start;
  return {};
}

Value nncc::frontend::take(NodeImport &n, Value tensor,
                           ArrayRef<SmallVector<int64_t>> positions) {
  if (!tensor)
    return {};
  MLIRContext *context = n.context();
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> exprs;
  SmallVector<IndexTensor> tables;
  for (auto [d, list] : llvm::enumerate(positions)) {
    shape.push_back(list.size());
    AffineExpr i = getAffineDimExpr(d, context);
    exprs.push_back(regular(list, i));
    if (exprs.back())
      continue;
    exprs.back() = getAffineSymbolExpr(tables.size(), context);
    auto type = RankedTensorType::get(shape.back(), IntegerType::get(context, 32));
    SmallVector<double> values(list.begin(), list.end());
    tables.push_back({n.constant(nnc::makeConstant(type, ArrayRef<double>(values))),
                      AffineMap::get(positions.size(), 0, i)});
  }
  if (tables.empty())
    return remap(n, tensor, shape, exprs);
  return gather(n, tensor, shape,
                AffineMap::get(shape.size(), tables.size(), exprs, context), tables);
}

Value nncc::frontend::take(NodeImport &n, Value tensor, int64_t axis,
                           ArrayRef<int64_t> positions) {
  if (!tensor)
    return {};
  SmallVector<SmallVector<int64_t>> all;
  for (int64_t extent : shapeOf(tensor))
    all.push_back(llvm::to_vector(llvm::seq<int64_t>(0, extent)));
  all[axis].assign(positions.begin(), positions.end());
  return take(n, tensor, all);
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// result[before, i, after] = data[before, indices[i], after]
static LogicalResult importGather(NodeImport &n) {
  Value data = n.input(0), indices = n.input(1);
  if (!data || !indices)
    return failure();
  ArrayRef<int64_t> from = shapeOf(data), rows = shapeOf(indices);
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", 0), from.size());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(from.take_front(*axis));
  llvm::append_range(shape, rows);
  llvm::append_range(shape, from.drop_front(*axis + 1));
  SmallVector<AffineExpr> exprs, element;
  for (size_t d = 0; d < shape.size(); ++d) {
    bool isRow = int64_t(d) >= *axis && d < *axis + rows.size();
    (isRow ? element : exprs).push_back(getAffineDimExpr(d, n.context()));
  }
  exprs.insert(exprs.begin() + *axis, getAffineSymbolExpr(0, n.context()));
  return n.yield(gather(n, data, shape,
                        AffineMap::get(shape.size(), 1, exprs, n.context()),
                        {{indices, AffineMap::get(shape.size(), 0, element, n.context())}}));
}

/// result[.., i, ..] = data[.., indices[.., i, ..], ..]
static LogicalResult importGatherElements(NodeImport &n) {
  Value data = n.input(0), indices = n.input(1);
  if (!data || !indices)
    return failure();
  ArrayRef<int64_t> from = shapeOf(data), shape = shapeOf(indices);
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", 0), from.size());
  if (failed(axis))
    return failure();
  bool fits = from.size() == shape.size();
  for (size_t d = 0; fits && d < shape.size(); ++d)
    fits = int64_t(d) == *axis || shape[d] <= from[d];
  if (!fits)
    return n.error() << "indices of shape " << nnc::shapeText(shape)
                     << " do not fit data of shape " << nnc::shapeText(from);
  AffineMap same = AffineMap::getMultiDimIdentityMap(shape.size(), n.context());
  SmallVector<AffineExpr> exprs(same.getResults());
  exprs[*axis] = getAffineSymbolExpr(0, n.context());
  return n.yield(gather(n, data, shape,
                        AffineMap::get(shape.size(), 1, exprs, n.context()),
                        {{indices, same}}));
}

SmallVector<IndexTensor>
nncc::frontend::indexColumns(NodeImport &n, Value indices, int64_t depth,
                             unsigned loops, ArrayRef<AffineExpr> place) {
  SmallVector<IndexTensor> result;
  ArrayRef<int64_t> shape = shapeOf(indices).drop_back();
  for (int64_t k = 0; k < depth; ++k) {
    SmallVector<AffineExpr> exprs;
    for (size_t d = 0; d < shape.size(); ++d)
      exprs.push_back(getAffineDimExpr(d, n.context()));
    exprs.push_back(getAffineConstantExpr(k, n.context()));
    Value column = remap(n, indices, shape, exprs);
    if (ElementsAttr known = nnc::evaluate(column.getDefiningOp()))
      column = n.constant(known);
    result.push_back({column, AffineMap::get(loops, 0, place, n.context())});
  }
  return result;
}

/// result[batch, i, after] = data[batch, indices[batch, i, 0 .. k-1], after]
static LogicalResult importGatherND(NodeImport &n) {
  Value data = n.input(0), indices = n.input(1);
  if (!data || !indices)
    return failure();
  ArrayRef<int64_t> from = shapeOf(data), rows = shapeOf(indices);
  int64_t batch = n.integer("batch_dims", 0), rank = from.size();
  int64_t depth = rows.empty() ? 0 : rows.back();
  if (rows.empty() || batch < 0 || depth < 1 || batch + depth > rank ||
      batch >= int64_t(rows.size()) ||
      from.take_front(batch) != rows.take_front(batch))
    return n.error() << "indices of shape " << nnc::shapeText(rows) << " with "
                     << batch << " batch dimensions do not fit data of shape "
                     << nnc::shapeText(from);
  SmallVector<int64_t> shape(rows.drop_back());
  llvm::append_range(shape, from.drop_front(batch + depth));
  SmallVector<AffineExpr> exprs, element;
  auto dim = [&](unsigned d) { return getAffineDimExpr(d, n.context()); };
  for (size_t d = 0; d + 1 < rows.size(); ++d)
    element.push_back(dim(d));
  for (int64_t d = 0; d < rank; ++d) {
    if (d >= batch && d < batch + depth)
      exprs.push_back(getAffineSymbolExpr(d - batch, n.context()));
    else
      exprs.push_back(dim(d < batch ? d : d - batch - depth + rows.size() - 1));
  }
  SmallVector<IndexTensor> tensors = indexColumns(n, indices, depth, shape.size(), element);
  return n.yield(gather(n, data, shape,
                        AffineMap::get(shape.size(), depth, exprs, n.context()), tensors));
}

//===----------------------------------------------------------------------===//
// Compress, ReverseSequence
//===----------------------------------------------------------------------===//

/// The elements of an axis, or of everything in order, whose condition is true.
static LogicalResult importCompress(NodeImport &n) {
  Value x = n.input(0);
  std::optional<IntTensor> condition = IntTensor::get(n.constant(1));
  if (!x)
    return failure();
  if (!n.has(1) || !condition || condition->rank() != 1)
    return n.error() << "the condition (input #1) must be a constant vector of bools";
  int64_t axis = 0;
  if (n.hasAttribute("axis")) {
    FailureOr<int64_t> given = n.normalizeAxis(n.integer("axis", 0), shapeOf(x).size());
    if (failed(given))
      return failure();
    axis = *given;
  } else {
    x = n.reshape(x, {nnc::typeOf(x).getNumElements()});
  }
  SmallVector<int64_t> positions;
  for (auto [i, isTaken] : llvm::enumerate(condition->values)) {
    if (!isTaken)
      continue;
    if (int64_t(i) >= shapeOf(x)[axis])
      return n.error() << "index " << i << " is outside extent " << shapeOf(x)[axis];
    positions.push_back(i);
  }
  return n.yield(take(n, x, axis, positions));
}

/// The first elements of each batch, as many as its length says, in reverse:
///   result[t, b, ...] = x[t < length[b] ? length[b] - 1 - t : t, b, ...]
static LogicalResult importReverseSequence(NodeImport &n) {
  Value x = n.input(0), lengths = n.input(1);
  if (!x || !lengths)
    return failure();
  ArrayRef<int64_t> shape = shapeOf(x);
  int64_t batch = n.integer("batch_axis", 1), time = n.integer("time_axis", 0);
  if (shape.size() < 2 || batch + time != 1 || batch * time != 0)
    return n.error() << "batch axis " << batch << " and time axis " << time
                     << " must be the first two dimensions of input " << nnc::shapeText(shape);
  if (shapeOf(lengths) != shape.slice(batch, 1))
    return n.error() << "lengths of shape " << nnc::shapeText(shapeOf(lengths)) << " do not fit "
                     << shape[batch] << " batches";
  Type element = nnc::typeOf(lengths).getElementType();
  Value step = positionsAlong(n, shape[time], element, time, 2);
  Value length = batch == 1 ? lengths : n.reshape(lengths, {shape[batch], 1});
  Value last = n.create<nnc::SubOp>(length, n.scalar(1, length));
  Value isReversed = n.create<nnc::LessOp>(step, length);
  Value source = n.create<nnc::SelectOp>(isReversed, n.create<nnc::SubOp>(last, step), step);
  SmallVector<AffineExpr> exprs;
  for (size_t d = 0; d < shape.size(); ++d)
    exprs.push_back(getAffineDimExpr(d, n.context()));
  AffineMap place = AffineMap::get(shape.size(), 0, {exprs[0], exprs[1]}, n.context());
  exprs[time] = getAffineSymbolExpr(0, n.context());
  return n.yield(gather(n, x, shape, AffineMap::get(shape.size(), 1, exprs, n.context()),
                        {{source, place}}));
}

//===----------------------------------------------------------------------===//
// TopK
//===----------------------------------------------------------------------===//

static LogicalResult importTopK(NodeImport &n) {
  Value input = n.input(0);
  int64_t k = n.integer("k", 0);
  if (n.opset() >= 10) {
    FailureOr<SmallVector<int64_t>> given = n.integers(1, "the number of elements");
    if (failed(given))
      return failure();
    if (given->size() != 1)
      return n.error() << "takes one number of elements, not " << given->size();
    k = given->front();
  }
  if (!input)
    return failure();
  FailureOr<int64_t> axis =
      n.normalizeAxis(n.integer("axis", -1), shapeOf(input).size());
  if (failed(axis))
    return failure();
  n.ignore("sorted"); // sorted elements are in one of the orders that may be
  Value values = n.create<nnc::TopKOp>(input, *axis, k, n.integer("largest", 1) == 0);
  if (failed(n.yield(values)))
    return failure();
  return n.yield(values.getDefiningOp()->getResult(1));
}

ArrayRef<OnnxOpRow> nncc::frontend::indexRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Compress", 9, anyNewer, importCompress},
      {"", "Gather", 7, anyNewer, importGather},
      {"", "GatherElements", 11, anyNewer, importGatherElements},
      {"", "GatherND", 11, anyNewer, importGatherND},
      {"", "ReverseSequence", 10, anyNewer, importReverseSequence},
      {"", "TopK", 7, anyNewer, importTopK},
  };
  return rows;
}
