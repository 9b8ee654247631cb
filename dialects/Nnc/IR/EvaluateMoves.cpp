//===- EvaluateMoves.cpp - constants put elsewhere --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/Evaluation.h"

using namespace mlir;
using namespace nncc::nnc;

static int64_t evaluate(AffineExpr expr, ArrayRef<int64_t> dims,
                        ArrayRef<int64_t> symbols) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  int64_t lhs = evaluate(binary.getLHS(), dims, symbols);
  int64_t rhs = evaluate(binary.getRHS(), dims, symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return lhs + rhs;
  case AffineExprKind::Mul:
    return lhs * rhs;
  case AffineExprKind::FloorDiv:
    return llvm::divideFloorSigned(lhs, rhs);
  default:
    return llvm::mod(lhs, rhs);
  }
}

/// The row-major position of index map(dims) in a tensor of `shape`.
static int64_t positionOf(AffineMap map, ArrayRef<int64_t> shape,
                          ArrayRef<int64_t> dims, ArrayRef<int64_t> symbols = {}) {
  int64_t position = 0;
  for (auto [expr, extent] : llvm::zip(map.getResults(), shape))
    position = position * extent + evaluate(expr, dims, symbols);
  return position;
}

/// Calls `visit(i, index)` for each index of `shape` in row-major order.
template <typename Visit>
static void forEachIndex(ArrayRef<int64_t> shape, Visit visit) {
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0, count = ShapedType::getNumElements(shape); i < count; ++i) {
    visit(i, ArrayRef<int64_t>(index));
    for (size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
}

namespace {
/// The bytes of a constant that is being put together.
struct Bytes {
  explicit Bytes(RankedTensorType type)
      : type(type), width(storedBytes(type.getElementType())),
        data(type.getNumElements() * width) {}

  void copy(int64_t to, const ConstantData &from, int64_t at) {
    std::memcpy(&data[to * width],
                from.bytes().data() + (from.isSplat() ? 0 : at * width), width);
  }
  ElementsAttr get() const { return makeConstant(type, ArrayRef<char>(data)); }

  RankedTensorType type;
  size_t width;
  std::vector<char> data;
};
} // namespace

ElementsAttr nncc::nnc::evaluateRemap(RemapOp op, const ConstantData &input) {
  if (input.isSplat())
    return makeConstant(op.getType(), input.bytes());
  Bytes result(op.getType());
  forEachIndex(op.getType().getShape(), [&](int64_t i, ArrayRef<int64_t> index) {
    result.copy(i, input, positionOf(op.getMap(), input.getType().getShape(), index));
  });
  return result.get();
}

ElementsAttr nncc::nnc::evaluateAssemble(AssembleOp op,
                                         ArrayRef<ConstantData> parts) {
  Bytes result(op.getType());
  for (unsigned k = 0; k < parts.size(); ++k)
    forEachIndex(parts[k].getType().getShape(), [&](int64_t i, ArrayRef<int64_t> index) {
      result.copy(positionOf(op.getPartMap(k), op.getType().getShape(), index),
                  parts[k], i);
    });
  return result.get();
}

/// What the symbols of a gather's or scatter's map are for `index`: elements of
/// `indices`, counted from the front. Nothing if one is out of range.
template <typename Op>
static std::optional<SmallVector<int64_t>>
symbolsAt(Op op, ArrayRef<ConstantData> indices, ArrayRef<int64_t> index) {
  SmallVector<int64_t> symbols;
  for (unsigned k = 0; k < indices.size(); ++k) {
    int64_t extent = op.getIndexedExtent(k);
    int64_t symbol = indices[k].integerAt(
        positionOf(op.getIndexMap(k), indices[k].getType().getShape(), index));
    symbols.push_back(symbol < 0 ? symbol + extent : symbol);
    if (symbols.back() < 0 || symbols.back() >= extent)
      return std::nullopt;
  }
  return symbols;
}

ElementsAttr nncc::nnc::evaluateGather(GatherOp op,
                                       ArrayRef<ConstantData> operands) {
  const ConstantData &data = operands.front();
  Bytes result(op.getType());
  bool inRange = true;
  forEachIndex(op.getType().getShape(), [&](int64_t i, ArrayRef<int64_t> index) {
    auto symbols = symbolsAt(op, operands.drop_front(), index);
    inRange &= symbols.has_value();
    if (symbols)
      result.copy(i, data,
                  positionOf(op.getMap(), data.getType().getShape(), index, *symbols));
  });
  return inRange ? result.get() : ElementsAttr();
}

ElementsAttr nncc::nnc::evaluateScatter(ScatterOp op,
                                        ArrayRef<ConstantData> operands) {
  if (op.getReduction())
    return {};
  const ConstantData &data = operands[0], &updates = operands[1];
  auto type = cast<RankedTensorType>(op.getType());
  Bytes result(type);
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    result.copy(i, data, i);
  forEachIndex(updates.getType().getShape(), [&](int64_t i, ArrayRef<int64_t> index) {
    if (auto symbols = symbolsAt(op, operands.drop_front(2), index))
      result.copy(positionOf(op.getMap(), type.getShape(), index, *symbols), updates, i);
  });
  return result.get();
}
