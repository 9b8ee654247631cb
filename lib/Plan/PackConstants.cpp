//===- PackConstants.cpp - constants in streaming order -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Plan/Passes.h"
#include <llvm/ADT/SmallSet.h>

namespace nncc {
#define GEN_PASS_DEF_PLANPACKCONSTANTS
#include "lib/Plan/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

namespace {

/// offset[d][i]: what index i of logical dimension d adds to the physical
/// position. Most results of a layout's map depend on one dimension, so the
/// position is a sum of such terms and of the `rest`, with its strides.
struct PositionTable {
  SmallVector<SmallVector<int64_t>> offset;
  SmallVector<std::pair<AffineExpr, int64_t>> rest;
  int64_t constant = 0;
};

int64_t evaluate(AffineExpr expr, ArrayRef<int64_t> index) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return index[dim.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  int64_t lhs = evaluate(binary.getLHS(), index);
  int64_t rhs = evaluate(binary.getRHS(), index);
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

/// The dimensions `expr` depends on.
llvm::SmallSet<unsigned, 4> dimensionsOf(AffineExpr expr) {
  llvm::SmallSet<unsigned, 4> found;
  expr.walk([&](AffineExpr part) {
    if (auto dim = dyn_cast<AffineDimExpr>(part))
      found.insert(dim.getPosition());
  });
  return found;
}

PositionTable makeTable(AffineMap map, ArrayRef<int64_t> logical,
                        ArrayRef<int64_t> physical) {
  PositionTable table;
  for (int64_t extent : logical)
    table.offset.emplace_back(extent, 0);
  int64_t stride = 1;
  for (unsigned r = map.getNumResults(); r-- > 0; stride *= physical[r]) {
    AffineExpr expr = map.getResult(r);
    llvm::SmallSet<unsigned, 4> dims = dimensionsOf(expr);
    SmallVector<int64_t> index(logical.size(), 0);
    if (dims.empty()) {
      table.constant += evaluate(expr, index) * stride;
    } else if (dims.size() > 1) {
      table.rest.push_back({expr, stride});
    } else {
      unsigned dim = *dims.begin();
      for (int64_t &i = index[dim]; i < logical[dim]; ++i)
        table.offset[dim][i] += evaluate(expr, index) * stride;
    }
  }
  return table;
}

int64_t positionOf(const PositionTable &table, ArrayRef<int64_t> index) {
  int64_t position = table.constant;
  for (auto [d, i] : llvm::enumerate(index))
    position += table.offset[d][i];
  for (auto [expr, stride] : table.rest)
    position += evaluate(expr, index) * stride;
  return position;
}

/// `data` in the order of `to`, read in the order of `from`.
ElementsAttr repack(const nnc::ConstantData &data, RankedTensorType logical,
                         nnc::LayoutAttr from, nnc::LayoutAttr to,
                         RankedTensorType physical) {
  if (data.isSplat() && !to.hasPadding(logical, physical))
    return nnc::makeConstant(physical, data.bytes());
  unsigned width = nnc::storedBytes(logical.getElementType());
  std::vector<char> bytes(physical.getNumElements() * width, 0);
  if (double pad = to.getPad().getValueAsDouble(); pad != 0.0)
    for (size_t i = 0; i < bytes.size(); i += width)
      nnc::storeElement(logical.getElementType(), pad, &bytes[i]);
  PositionTable source = makeTable(from.getMap(), logical.getShape(),
                                   data.getType().getShape());
  PositionTable target =
      makeTable(to.getMap(), logical.getShape(), physical.getShape());
  SmallVector<int64_t> index(logical.getRank(), 0);
  for (int64_t n = logical.getNumElements(); n > 0; --n) {
    int64_t read = positionOf(source, index), write = positionOf(target, index);
    const char *element = data.bytes().data() + (data.isSplat() ? 0 : read * width);
    std::memcpy(&bytes[write * width], element, width);
    for (unsigned d = index.size(); d-- > 0;) {
      if (++index[d] < logical.getDimSize(d))
        break;
      index[d] = 0;
    }
  }
  return nnc::makeConstant(physical, std::move(bytes));
}

/// True if a caller reads the result: its buffer needs a group that fills it.
bool isOutput(nnc::GroupOp group) {
  return llvm::any_of(group->getUsers(), llvm::IsaPred<func::ReturnOp>);
}

/// No object holds a constant of this size: tell before its bytes are made.
constexpr int64_t tooManyBytes = int64_t(1) << 31;

/// A relayout of a constant is a constant:
///   %p = nnc.group ins(%c) { ^bb0(%a): nnc.yield %a }   ->   nnc.constant packed
LogicalResult packConstant(nnc::GroupOp group) {
  if (isOutput(group) || group.getInto())
    return success();
  auto data = nnc::ConstantData::get(group.getInputs().front());
  if (!data)
    return success();
  auto logical = cast<RankedTensorType>(
      group.getBody().getArgument(0).getType());
  auto physical = cast<RankedTensorType>(group.getResult(0).getType());
  int64_t bytes = physical.getNumElements() * nnc::storedBytes(physical.getElementType());
  if (bytes >= tooManyBytes)
    return group.emitError("needs a constant of ")
           << bytes << " bytes, an object holds less than " << tooManyBytes;
  OpBuilder b(group);
  auto constant = b.create<nnc::ConstantOp>(
      group.getLoc(), repack(*data, logical, group.getInLayout(0),
                             group.getOutLayout(0), physical));
  group.getResult(0).replaceAllUsesWith(constant);
  group.erase();
  return success();
}

struct PlanPackConstants
    : nncc::impl::PlanPackConstantsBase<PlanPackConstants> {
  void runOnOperation() override {
    getOperation().walk([&](nnc::GroupOp group) {
      if (group.getInputs().size() == 1 && group.getNumResults() == 1 &&
          isa<nnc::YieldOp>(group.getBody().front().front()) && failed(packConstant(group)))
        signalPassFailure();
    });
    getOperation().walk([](nnc::ConstantOp constant) {
      if (constant.use_empty())
        constant.erase();
    });
  }
};

} // namespace
