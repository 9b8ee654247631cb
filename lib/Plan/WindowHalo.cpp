//===- WindowHalo.cpp - padding around window operations ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Plan/WindowHalo.h"
#include <limits>

using namespace mlir;
using namespace nncc;

/// The part of padEnd that no window reaches is not counted.
template <typename Op>
static WindowHalo haloOf(Op op, ArrayRef<int64_t> window) {
  auto spatial = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape().drop_front(2);
  };
  ArrayRef<int64_t> input = spatial(op.getInput()), output = spatial(op.getResult());
  WindowHalo halo;
  for (size_t i = 0; i < window.size(); ++i) {
    int64_t reach = (output[i] - 1) * op.getStrides()[i] +
                    (window[i] - 1) * op.getDilations()[i] + 1;
    halo.begin.push_back(std::max<int64_t>(0, op.getPadBegin()[i]));
    halo.end.push_back(
        std::max<int64_t>(0, reach - op.getPadBegin()[i] - input[i]));
  }
  return halo;
}

std::optional<WindowHalo> nncc::inputHalo(OpOperand &use) {
  if (use.getOperandNumber() != 0)
    return std::nullopt;
  if (auto conv = dyn_cast<nnc::ConvOp>(use.getOwner()))
    return haloOf(conv, cast<RankedTensorType>(conv.getFilter().getType())
                            .getShape()
                            .drop_front(2));
  if (auto pool = dyn_cast<nnc::PoolOp>(use.getOwner())) {
    WindowHalo halo = haloOf(pool, pool.getWindow());
    if (pool.getKind() == nnc::PoolKind::Max)
      halo.pad = -std::numeric_limits<float>::infinity();
    return halo;
  }
  return std::nullopt;
}

std::optional<WindowHalo> nncc::consumerHalo(OpOperand &use) {
  auto group = dyn_cast<nnc::GroupOp>(use.getOwner());
  if (!group)
    return std::nullopt;
  for (OpOperand &inner :
       group.getBody().getArgument(use.getOperandNumber()).getUses())
    if (auto halo = inputHalo(inner))
      return halo;
  return std::nullopt;
}

Operation *nncc::anchorOf(nnc::GroupOp group) {
  for (Operation &op : group.getBody().front().without_terminator())
    if (!isa<nnc::ScalarSemantics, nnc::ConstantOp, nnc::GatherOp>(op))
      return &op;
  return nullptr;
}
