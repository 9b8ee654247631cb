//===- PlaceMoves.cpp - operations that are a matter of layout ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/RangedExpr.h"
#include "lib/Plan/LayoutAssigner.h"
#include <llvm/ADT/SmallPtrSet.h>

using namespace mlir;
using namespace nncc;

nnc::LayoutAttr nncc::readThrough(nnc::LayoutAttr layout, AffineMap map,
                                  ArrayRef<int64_t> shape) {
  AffineMap composed = layout.getMap().compose(map);
  // Other names for dimensions leave nothing to simplify.
  if (!map.isPermutation())
    composed = simplifyRanged(composed, shape);
  return nnc::LayoutAttr::get(layout.getContext(), composed, layout.getPad());
}

void LayoutAssigner::placeRowMajor(Value logical, Value physical) {
  placements[logical] = {physical, rowMajor(nnc::typeOf(logical)).layout, {}};
}

/// True if `map` takes whole channel blocks of an image: positions stay where
/// they are, channels are offset by a multiple of the block.
static bool keepsImage(AffineMap map, const ImageLayout &image) {
  for (auto [d, expr] : llvm::enumerate(map.getResults())) {
    if (d == 0 || expr == getAffineDimExpr(d, map.getContext()))
      continue;
    AffineExpr offset = expr - getAffineDimExpr(d, map.getContext());
    auto constant = dyn_cast<AffineConstantExpr>(offset);
    if (d != 1 || !constant ||
        (image.block > 1 && constant.getValue() % image.block != 0))
      return false;
  }
  return map.getNumDims() == map.getNumResults();
}

/// The part of `input` that `map` reaches from the indices of `type`.
Placement LayoutAssigner::viewOf(Placement input, AffineMap map,
                                 RankedTensorType type) {
  input.layout = readThrough(input.layout, map, type.getShape());
  if (input.image && !keepsImage(map, *input.image))
    input.image.reset();
  return input;
}

/// The result is the input's buffer, read through `map`.
void LayoutAssigner::placeView(Operation *op, AffineMap map) {
  Value result = op->getResult(0);
  placements[result] = viewOf(placements.find(op->getOperand(0))->second, map,
                              nnc::typeOf(result));
  if (isNonNegative(op->getOperand(0)))
    nonNegative.insert(result);
  replaced.push_back(op);
}

void LayoutAssigner::place(nnc::TransposeOp op) {
  SmallVector<AffineExpr> index(op.getPermutation().size());
  for (auto [result, operand] : llvm::enumerate(op.getPermutation()))
    index[operand] = getAffineDimExpr(result, op.getContext());
  placeView(op, AffineMap::get(index.size(), 0, index, op.getContext()));
}

void LayoutAssigner::place(nnc::BroadcastOp op) {
  MLIRContext *context = op.getContext();
  RankedTensorType from = nnc::typeOf(op.getInput()), to = op.getType();
  SmallVector<AffineExpr> index;
  for (auto [d, extent] : llvm::enumerate(from.getShape()))
    index.push_back(extent == 1
                        ? getAffineConstantExpr(0, context)
                        : getAffineDimExpr(d + to.getRank() - from.getRank(), context));
  placeView(op, AffineMap::get(to.getRank(), 0, index, context));
}

/// A row-major tensor under another shape is a view.
void LayoutAssigner::place(nnc::ReshapeOp op) {
  OpBuilder b(op);
  Value input = op.getInput();
  Value bytes = isRowMajor(input) ? placements.find(input)->second.physical
                                  : materialize(b, input, rowMajor(nnc::typeOf(input)));
  Value view = b.createOrFold<nnc::ViewOp>(op.getLoc(), op.getType(), bytes);
  placeRowMajor(op.getResult(), view);
  replaced.push_back(op);
}

/// True if the physical order of the elements is the logical one, as for the
/// blocked layout of a single pixel with full blocks.
bool LayoutAssigner::isRowMajor(Value logical) {
  const Placement &placement = placements.find(logical)->second;
  ArrayRef<int64_t> shape = nnc::typeOf(logical).getShape();
  auto physical = cast<RankedTensorType>(placement.physical.getType());
  if (physical.getNumElements() != nnc::typeOf(logical).getNumElements() ||
      physical.getElementType() != nnc::typeOf(logical).getElementType())
    return false;
  MLIRContext *context = func.getContext();
  SmallVector<AffineExpr> dims;
  for (auto [i, extent] : llvm::enumerate(shape))
    dims.push_back(extent == 1 ? getAffineConstantExpr(0, context)
                               : getAffineDimExpr(i, context));
  auto linear = [&](AffineMap map, ArrayRef<int64_t> extents) {
    AffineExpr sum = getAffineConstantExpr(0, context);
    for (auto [expr, extent] : llvm::zip(map.getResults(), extents))
      sum = sum * extent + expr.replaceDims(dims);
    return simplifyAffineExpr(sum, shape.size(), 0);
  };
  return linear(placement.layout.getMap(), physical.getShape()) ==
         linear(AffineMap::getMultiDimIdentityMap(shape.size(), context), shape);
}

/// A pad is a relayout into the interior of a buffer whose halo is the border;
/// a crop reads only part of the input.
void LayoutAssigner::place(nnc::PadOp op) {
  OpBuilder b(op);
  RankedTensorType from = nnc::typeOf(op.getInput()), to = nnc::typeOf(op.getResult());
  SmallVector<int64_t> read, write, shape;
  for (unsigned i = 0; i < from.getRank(); ++i) {
    int64_t begin = op.getPadBegin()[i], end = op.getPadEnd()[i];
    shape.push_back(from.getDimSize(i) + std::min<int64_t>(begin, 0) +
                    std::min<int64_t>(end, 0));
    read.push_back(std::max<int64_t>(-begin, 0));
    write.push_back(std::max<int64_t>(begin, 0));
  }
  Placement input = placements.find(op.getInput())->second;
  input.layout = readThrough(input.layout, nnc::boxMap(op.getContext(), read), shape);
  auto interior = nnc::LayoutAttr::get(
      op.getContext(), nnc::boxMap(op.getContext(), write),
      op.getValue().convertToDouble());
  Value padded = relayout(b, op.getLoc(),
                          RankedTensorType::get(shape, from.getElementType()),
                          input, {interior, to});
  placeRowMajor(op.getResult(), padded);
  replaced.push_back(op);
}

/// Every output is a row-major buffer of its own, written by a group.
void LayoutAssigner::placeReturn(Operation *op) {
  OpBuilder b(op);
  llvm::SmallPtrSet<Value, 4> taken;
  for (OpOperand &operand : op->getOpOperands()) {
    Value logical = operand.get();
    PhysicalType wanted = rowMajor(nnc::typeOf(logical));
    Value physical = materialize(b, logical, wanted);
    auto group = physical.getDefiningOp<nnc::GroupOp>();
    // A part of a larger tensor is not the last value of its buffer.
    bool isLast = group && llvm::none_of(physical.getUses(), [](OpOperand &use) {
      auto user = dyn_cast<nnc::GroupOp>(use.getOwner());
      return user && user.getInto() == use.get();
    });
    if (!isLast || taken.contains(physical))
      physical = relayout(b, logical.getLoc(), wanted.type,
                          {physical, wanted.layout, {}}, wanted);
    taken.insert(physical);
    operand.set(physical);
  }
}
