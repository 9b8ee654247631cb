//===- FormGroups.cpp - operations that become one kernel ---------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Plan/Passes.h"
#include <mlir/IR/IRMapping.h>

namespace nncc {
#define GEN_PASS_DEF_PLANFORMGROUPS
#include "lib/Plan/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

namespace {

/// Values that are data movement only: layouts express them.
bool isLayoutOnly(Operation *op) {
  return isa<nnc::ConstantOp, nnc::ReshapeOp, nnc::TransposeOp, nnc::PadOp,
             nnc::ViewOp, nnc::BroadcastOp, nnc::RemapOp, nnc::AssembleOp>(op);
}

/// A splat that only scalar code reads is a literal there; a contraction reads
/// its operands from memory.
bool isLiteral(OpOperand &use) {
  auto constant = nnc::ConstantData::get(use.get());
  return constant && constant->isSplat() &&
         isa<nnc::ScalarSemantics>(use.getOwner());
}

/// A gather whose result only one elementwise operation reads is how that reads
/// its operand.
bool isRead(Operation *op) {
  if (!isa<nnc::GatherOp>(op) || !op->hasOneUse())
    return false;
  Operation *user = *op->getUsers().begin();
  return isa<nnc::ScalarSemantics>(user) &&
         nnc::typeOf(user->getResult(0)).getShape() ==
             nnc::typeOf(op->getResult(0)).getShape();
}

/// The operations of one future group, in order; the last one's result leaves.
using Members = SmallVector<Operation *>;

/// The group computes more than elements of its operands.
bool hasAnchor(const Members &members) {
  return llvm::any_of(members, [](Operation *op) {
    return !isa<nnc::ScalarSemantics, nnc::GatherOp>(op);
  });
}

/// Moves the group that ends with `value`, if there is one, into group `home`,
/// which stands behind it. A kernel has one anchor.
void joinGroup(SmallVector<Members> &groups, DenseMap<Value, unsigned> &groupOf,
               Value value, unsigned home) {
  auto found = groupOf.find(value);
  if (found == groupOf.end() || found->second == home)
    return;
  Members &moved = groups[found->second], &members = groups[home];
  if (hasAnchor(moved) && hasAnchor(members))
    return;
  members.append(moved);
  llvm::sort(members, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  members.erase(std::unique(members.begin(), members.end()), members.end());
  moved.clear();
  groupOf.erase(found);
}

/// Assigns each computing operation of the block to a group.
SmallVector<Members> collectGroups(Block &block) {
  SmallVector<Members> groups;
  DenseMap<Value, unsigned> groupOf; // by the value that leaves the group
  for (Operation &op : block) {
    if (isLayoutOnly(&op) || isRead(&op) || op.hasTrait<OpTrait::IsTerminator>())
      continue;
    unsigned home = groups.size();
    if (isa<nnc::ScalarSemantics>(op)) {
      // Joining the latest producer keeps every other operand defined before
      // the group, which stands where its last member stood.
      Operation *latest = nullptr;
      for (Value operand : op.getOperands()) {
        auto found = groupOf.find(operand);
        Operation *producer = operand.getDefiningOp();
        if (found == groupOf.end() || !operand.hasOneUse() ||
            nnc::typeOf(operand).getShape() !=
                nnc::typeOf(op.getResult(0)).getShape() ||
            (latest && producer->isBeforeInBlock(latest)))
          continue;
        latest = producer;
        home = found->second;
      }
      if (latest) {
        groupOf.erase(latest->getResult(0));
        for (Value operand : op.getOperands())
          if (operand.hasOneUse() && operand.getType() == op.getResult(0).getType())
            joinGroup(groups, groupOf, operand, home);
      }
    }
    if (home == groups.size())
      groups.emplace_back();
    for (Value operand : op.getOperands())
      if (Operation *producer = operand.getDefiningOp();
          producer && isRead(producer) && !llvm::is_contained(groups[home], producer))
        groups[home].push_back(producer);
    groups[home].push_back(&op);
    if (!op.hasTrait<nnc::WholeTensors>()) // stands alone
      groupOf[op.getResult(0)] = home;
  }
  return groups;
}

/// Replaces `members` with one group:
///   %0 = nnc.conv %x, %w          %1 = nnc.group ins(%x, %w) {
///   %1 = nnc.relu %0       ->     ^bb0(%a, %b):
///                                   %0 = nnc.conv %a, %b
///                                   %1 = nnc.relu %0
///                                   nnc.yield %1 }
void buildGroup(ArrayRef<Operation *> members) {
  Operation *last = members.back();
  OpBuilder b(last);
  llvm::SetVector<Value> inputs;
  for (Operation *op : members)
    for (OpOperand &use : op->getOpOperands())
      if (!llvm::is_contained(members, use.get().getDefiningOp()) &&
          !isLiteral(use))
        inputs.insert(use.get());
  SmallVector<Attribute> layouts;
  for (Value input : inputs)
    layouts.push_back(nnc::LayoutAttr::getIdentity(
        b.getContext(), cast<RankedTensorType>(input.getType()).getRank()));
  SmallVector<Attribute> outLayouts;
  for (Value result : last->getResults())
    outLayouts.push_back(nnc::LayoutAttr::getIdentity(
        b.getContext(), nnc::typeOf(result).getRank()));
  Operation *const *anchor = llvm::find_if(
      members, [](Operation *op) { return !isa<nnc::ScalarSemantics, nnc::GatherOp>(op); });
  auto group = b.create<nnc::GroupOp>(
      (anchor == members.end() ? members.front() : *anchor)->getLoc(), last->getResultTypes(), inputs.getArrayRef(),
      /*into=*/nullptr, b.getArrayAttr(layouts), b.getArrayAttr(outLayouts), nullptr);
  Block &body = group.getBody().emplaceBlock();
  IRMapping mapping;
  for (Value input : inputs)
    mapping.map(input, body.addArgument(input.getType(), input.getLoc()));
  b.setInsertionPointToStart(&body);
  for (Operation *op : members) {
    for (OpOperand &use : op->getOpOperands())
      if (!mapping.contains(use.get()) && isLiteral(use))
        mapping.map(use.get(),
                    b.clone(*use.get().getDefiningOp())->getResult(0));
    b.clone(*op, mapping);
  }
  SmallVector<Value> yielded = llvm::map_to_vector(
      last->getResults(), [&](Value result) { return mapping.lookup(result); });
  b.create<nnc::YieldOp>(last->getLoc(), yielded);
  last->replaceAllUsesWith(group);
  for (Operation *op : llvm::reverse(members))
    op->erase();
}

struct PlanFormGroups : nncc::impl::PlanFormGroupsBase<PlanFormGroups> {
  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    Block &block = getOperation().getBody().front();
    for (const Members &members : collectGroups(block))
      if (!members.empty())
        buildGroup(members);
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isa<nnc::ConstantOp>(op) && op.use_empty())
        op.erase();
  }
};

} // namespace
