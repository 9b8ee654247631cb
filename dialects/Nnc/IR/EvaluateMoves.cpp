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

ElementsAttr nncc::nnc::evaluateGather(GatherOp op,
                                       ArrayRef<ConstantData> operands) {
  const ConstantData &data = operands.front();
  ArrayRef<ConstantData> indices = operands.drop_front();
  SmallVector<int64_t> extents, symbols(indices.size());
  for (unsigned k = 0; k < indices.size(); ++k)
    extents.push_back(op.getIndexedExtent(k));
  Bytes result(op.getType());
  bool inRange = true;
  forEachIndex(op.getType().getShape(), [&](int64_t i, ArrayRef<int64_t> index) {
    for (unsigned k = 0; k < indices.size(); ++k) {
      symbols[k] = indices[k].integerAt(
          positionOf(op.getIndexMap(k), indices[k].getType().getShape(), index));
      symbols[k] += symbols[k] < 0 ? extents[k] : 0;
      inRange &= symbols[k] >= 0 && symbols[k] < extents[k];
    }
    if (inRange)
      result.copy(i, data,
                  positionOf(op.getMap(), data.getType().getShape(), index, symbols));
  });
  return inRange ? result.get() : ElementsAttr();
}
