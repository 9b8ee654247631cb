//===- PlaceParts.cpp - tensors put together from parts -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The buffer of an assembled tensor is there before its first part, and groups
// write their parts into it:
//
//   %a = nnc.group ins(%x)               %e = nnc.buffer padded ...
//   %b = nnc.group ins(%y)          ->   %a = nnc.group ins(%x) into(%e)
//   %c = nnc.assemble %a, %b, %z         %b = nnc.group ins(%y) into(%a)
//                                        %c = nnc.group ins(%z) into(%b) // a copy
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Plan/LayoutAssigner.h"
#include <numeric>

using namespace mlir;
using namespace nncc;

/// A value is part of the first tensor that asks for it; for others it is copied.
void LayoutAssigner::findDestinations() {
  for (auto op : func.getOps<nnc::AssembleOp>()) {
    bool image = becomesImage(op);
    for (auto [k, part] : llvm::enumerate(op.getParts())) {
      auto group = part.getDefiningOp<nnc::GroupOp>();
      if (!group || group.getBody().front().front().hasTrait<nnc::WholeTensors>())
        continue;
      // Windows over a part want an image, which a row-major tensor is not.
      if (image || !isImage(part) || hasOnlyRowMajorUsers(part))
        destinations.try_emplace(part, Destination{op, static_cast<unsigned>(k)});
    }
  }
}

/// True if `value` will be an activation with channels: windows slide over it,
/// or it comes from such by operations that keep channels.
bool LayoutAssigner::isImage(Value value) {
  auto known = images.find(value);
  if (known != images.end())
    return known->second;
  images[value] = false; // while its own inputs are asked
  return images[value] = findImage(value);
}

bool LayoutAssigner::findImage(Value value) {
  RankedTensorType type = nnc::typeOf(value);
  if (type.getRank() < 3 || type.getRank() > 5)
    return false;
  if (llvm::any_of(value.getUses(), [](OpOperand &use) { return consumerHalo(use).has_value(); }))
    return true;
  auto comesFrom = [&](ValueRange inputs) {
    return llvm::any_of(inputs, [&](Value input) {
      return nnc::typeOf(input).getRank() == type.getRank() && isImage(input);
    });
  };
  if (auto assemble = value.getDefiningOp<nnc::AssembleOp>())
    return comesFrom(assemble.getParts());
  if (auto remap = value.getDefiningOp<nnc::RemapOp>())
    return comesFrom(remap.getInput());
  auto group = value.getDefiningOp<nnc::GroupOp>();
  if (!group)
    return false;
  auto placed = placements.find(value);
  if (placed != placements.end())
    return placed->second.image.has_value();
  Operation *anchor = anchorOf(group);
  if (anchor && isa<nnc::ConvOp, nnc::PoolOp>(anchor))
    return true;
  return (!anchor || isa<nnc::ReduceOp>(anchor)) && comesFrom(group.getInputs());
}

/// The largest channel block up to the target's that no part straddles.
static int64_t blockOf(nnc::AssembleOp op, const TargetInfo &target) {
  int64_t block = channelBlockFor(op.getType().getDimSize(1), target);
  if (block <= 1)
    return block;
  for (unsigned k = 0; k < op.getParts().size(); ++k) {
    AffineExpr channel = op.getPartMap(k).getResult(1);
    AffineExpr offset = channel - getAffineDimExpr(1, op.getContext());
    // Interleaved channels: each part has elements in every block.
    auto constant = dyn_cast<AffineConstantExpr>(offset);
    block = std::gcd(block, constant ? constant.getValue() : 1);
  }
  return block < 4 ? 1 : block;
}

bool LayoutAssigner::becomesImage(nnc::AssembleOp op) {
  return isImage(op.getResult()) && !hasOnlyRowMajorUsers(op.getResult());
}

LayoutAssigner::Whole &LayoutAssigner::wholeOf(OpBuilder &b, nnc::AssembleOp op) {
  auto [entry, isNew] = wholes.try_emplace(op);
  Whole &whole = entry->second;
  if (!isNew)
    return whole;
  RankedTensorType type = op.getType();
  if (becomesImage(op))
    whole.image = imageFor(op.getResult(), blockOf(op, target));
  whole.physical = whole.image ? whole.image->apply(type) : rowMajor(type);
  bool padded = whole.physical.layout.hasPadding(type, whole.physical.type);
  whole.chain = b.create<nnc::BufferOp>(
      op.getLoc(), whole.physical.type, padded ? whole.physical.layout : nullptr,
      padded ? TypeAttr::get(type) : nullptr);
  return whole;
}

/// Notes that the buffer's value is now `chain` and that part `part` lies there.
void LayoutAssigner::placePart(nnc::AssembleOp op, unsigned part, Value chain) {
  Whole &whole = wholes.find(op)->second;
  whole.chain = chain;
  Placement all{chain, whole.physical.layout, whole.image};
  placements[op.getParts()[part]] =
      viewOf(all, op.getPartMap(part), nnc::typeOf(op.getParts()[part]));
}

void LayoutAssigner::place(nnc::AssembleOp op) {
  OpBuilder b(op);
  wholeOf(b, op);
  for (auto [k, part] : llvm::enumerate(op.getParts())) {
    auto found = destinations.find(part);
    if (found != destinations.end() && found->second.whole == op &&
        found->second.part == k)
      continue;
    Whole &whole = wholes.find(op)->second;
    RankedTensorType type = nnc::typeOf(part);
    whole.chain = relayout(
        b, op.getLoc(), type, placements.find(part)->second,
        {readThrough(whole.physical.layout, op.getPartMap(k), type.getShape()),
         whole.physical.type},
        whole.chain);
  }
  Whole &whole = wholes.find(op)->second;
  placements[op.getResult()] = {whole.chain, whole.physical.layout, whole.image};
  if (isNonNegative(op.getResult()))
    nonNegative.insert(op.getResult());
  replaced.push_back(op);
}
