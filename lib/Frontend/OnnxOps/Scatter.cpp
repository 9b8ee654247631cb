//===- Scatter.cpp - elements replaced where tensors of indices say -------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

/// The attribute 'reduction' as attribute of nnc.scatter: null for none.
static FailureOr<nnc::ReduceKindAttr> readReduction(NodeImport &n) {
  std::string name = n.text("reduction", "none");
  auto kind = [&](nnc::ReduceKind kind) {
    return nnc::ReduceKindAttr::get(n.context(), kind);
  };
  if (name == "none")
    return nnc::ReduceKindAttr();
  if (name == "add")
    return kind(nnc::ReduceKind::Sum);
  if (name == "mul")
    return kind(nnc::ReduceKind::Prod);
  if (name == "max")
    return kind(nnc::ReduceKind::Max);
  if (name == "min")
    return kind(nnc::ReduceKind::Min);
  return n.error() << "attribute 'reduction' has the unknown value '" << name
                   << "'";
}

Value nncc::frontend::scatter(NodeImport &n, Value data, Value updates,
                              AffineMap map, ArrayRef<IndexTensor> indices,
                              nnc::ReduceKindAttr reduction) {
  if (!data || !updates)
    return {};
  RankedTensorType type = nnc::typeOf(data);
  if (nnc::typeOf(updates).getElementType() != type.getElementType()) {
    n.error() << "data and updates have different element types";
    return {};
  }
  if (nnc::typeOf(updates).getNumElements() == 0)
    return data;
  SmallVector<Value> tensors;
  SmallVector<Attribute> maps;
  bool inRange = true;
  for (auto [k, index] : llvm::enumerate(indices)) {
    unsigned dim =
        llvm::find(map.getResults(), getAffineSymbolExpr(k, n.context())) -
        map.getResults().begin();
    tensors.push_back(checked(n, index.tensor, type.getDimSize(dim), inRange));
    maps.push_back(AffineMapAttr::get(index.map));
  }
  return n.createAs<nnc::ScatterOp>(type, data, updates, tensors, map,
                                    ArrayAttr::get(n.context(), maps),
                                    reduction);
}

/// As above, with the attribute 'reduction'.
static LogicalResult importScatter(NodeImport &n, Value data, Value updates,
                                   AffineMap map,
                                   ArrayRef<IndexTensor> indices) {
  FailureOr<nnc::ReduceKindAttr> reduction = readReduction(n);
  return failed(reduction)
             ? failure()
             : n.yield(scatter(n, data, updates, map, indices, *reduction));
}

/// result[.., indices[.., i, ..], ..] = updates[.., i, ..]
static LogicalResult importScatterElements(NodeImport &n) {
  Value data = n.input(0), indices = n.input(1), updates = n.input(2);
  if (!data || !indices || !updates)
    return failure();
  ArrayRef<int64_t> to = shapeOf(data), shape = shapeOf(indices);
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", 0), to.size());
  if (failed(axis))
    return failure();
  bool fits = to.size() == shape.size() && shape == shapeOf(updates);
  for (size_t d = 0; fits && d < shape.size(); ++d)
    fits = int64_t(d) == *axis || shape[d] <= to[d];
  if (!fits)
    return n.error() << "indices of shape " << nnc::shapeText(shape)
                     << " and updates of shape "
                     << nnc::shapeText(shapeOf(updates))
                     << " do not fit data of shape " << nnc::shapeText(to);
  AffineMap same = AffineMap::getMultiDimIdentityMap(shape.size(), n.context());
  SmallVector<AffineExpr> exprs(same.getResults());
  exprs[*axis] = getAffineSymbolExpr(0, n.context());
  return importScatter(n, data, updates,
                       AffineMap::get(shape.size(), 1, exprs, n.context()),
                       {{indices, same}});
}

/// result[indices[i, 0 .. k-1], after] = updates[i, after]
static LogicalResult importScatterND(NodeImport &n) {
  Value data = n.input(0), indices = n.input(1), updates = n.input(2);
  if (!data || !indices || !updates)
    return failure();
  ArrayRef<int64_t> to = shapeOf(data), rows = shapeOf(indices);
  size_t depth = rows.empty() ? 0 : rows.back();
  SmallVector<int64_t> wanted(rows.empty() ? rows : rows.drop_back());
  if (depth <= to.size())
    llvm::append_range(wanted, to.drop_front(depth));
  if (depth < 1 || depth > to.size() ||
      ArrayRef<int64_t>(wanted) != shapeOf(updates))
    return n.error() << "indices of shape " << nnc::shapeText(rows)
                     << " and updates of shape "
                     << nnc::shapeText(shapeOf(updates))
                     << " do not fit data of shape " << nnc::shapeText(to);
  unsigned loops = wanted.size();
  SmallVector<AffineExpr> exprs, row;
  for (size_t d = 0; d + 1 < rows.size(); ++d)
    row.push_back(getAffineDimExpr(d, n.context()));
  for (size_t k = 0; k < depth; ++k)
    exprs.push_back(getAffineSymbolExpr(k, n.context()));
  SmallVector<IndexTensor> tensors =
      indexColumns(n, indices, depth, loops, row);
  for (size_t d = depth; d < to.size(); ++d)
    exprs.push_back(getAffineDimExpr(d - depth + rows.size() - 1, n.context()));
  return importScatter(n, data, updates,
                       AffineMap::get(loops, depth, exprs, n.context()),
                       tensors);
}

//===----------------------------------------------------------------------===//
// TensorScatter
//===----------------------------------------------------------------------===//

/// B x sequence: where along the axis each row of the updates goes. A circular
/// cache begins again behind its end.
static Value cachePositions(NodeImport &n, int64_t batch, int64_t count,
                            int64_t extent, bool isCircular) {
  Value first = n.optionalInput(2);
  Type i64 = IntegerType::get(n.context(), 64);
  if (!first)
    first = n.broadcast(
        n.constant(nnc::makeSplat(RankedTensorType::get({}, i64), 0)), {batch});
  if (shapeOf(first) != ArrayRef<int64_t>(batch)) {
    n.error() << "the positions (input #2) have the shape "
              << nnc::shapeText(shapeOf(first)) << ", " << batch
              << " batches need " << batch;
    return {};
  }
  Type element = nnc::typeOf(first).getElementType();
  Value result = n.create<nnc::AddOp>(n.reshape(first, {batch, 1}),
                                      positionsAlong(n, count, element, 1, 2));
  return isCircular ? n.create<nnc::ModOp>(result, n.scalar(extent, result))
                    : result;
}

/// A cache with rows replaced from a position on:
///   result[b, .., first[b] + i, ..] = updates[b, .., i, ..]
static LogicalResult importTensorScatter(NodeImport &n) {
  Value cache = n.input(0), updates = n.input(1);
  if (!cache || !updates)
    return failure();
  ArrayRef<int64_t> to = shapeOf(cache), from = shapeOf(updates);
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", -2), to.size());
  std::string mode = n.text("mode", "linear");
  if (failed(axis))
    return failure();
  if (mode != "linear" && mode != "circular")
    return n.error() << "attribute 'mode' has the unknown value '" << mode
                     << "'";
  SmallVector<int64_t> wanted(to);
  if (*axis < int64_t(from.size()))
    wanted[*axis] = std::min(from[*axis], to[*axis]);
  if (*axis == 0 || ArrayRef<int64_t>(wanted) != from)
    return n.error() << "updates of shape " << nnc::shapeText(from)
                     << " along axis " << *axis
                     << " do not fit a cache of shape " << nnc::shapeText(to);
  Value positions =
      cachePositions(n, to[0], from[*axis], to[*axis], mode == "circular");
  if (!positions)
    return failure();
  AffineMap same = AffineMap::getMultiDimIdentityMap(to.size(), n.context());
  SmallVector<AffineExpr> exprs(same.getResults());
  AffineMap row =
      AffineMap::get(to.size(), 0, {exprs[0], exprs[*axis]}, n.context());
  exprs[*axis] = getAffineSymbolExpr(0, n.context());
  return n.yield(scatter(n, cache, updates,
                         AffineMap::get(to.size(), 1, exprs, n.context()),
                         {{positions, row}}));
}

ArrayRef<OnnxOpRow> nncc::frontend::scatterRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Scatter", 9, 10, importScatterElements},
      {"", "ScatterElements", 11, anyNewer, importScatterElements},
      {"", "ScatterND", 11, anyNewer, importScatterND},
      {"", "TensorScatter", 24, anyNewer, importTensorScatter},
  };
  return rows;
}
