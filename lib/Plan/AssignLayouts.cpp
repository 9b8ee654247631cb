//===- AssignLayouts.cpp - the physical layout of every value -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/ElementTypes.h"
#include "dialects/Nnc/IR/RangedExpr.h"
#include "lib/Plan/LayoutAssigner.h"
#include "lib/Plan/Passes.h"
#include <llvm/ADT/TypeSwitch.h>

namespace nncc {
#define GEN_PASS_DEF_PLANASSIGNLAYOUTS
#include "lib/Plan/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

void LayoutAssigner::run() {
  Block &block = func.getBody().front();
  for (BlockArgument argument : block.getArguments())
    placeRowMajor(argument, argument);
  findDestinations();
  SmallVector<Operation *> ops;
  for (Operation &op : block)
    ops.push_back(&op);
  for (Operation *op : ops)
    visit(op);
  for (Operation *op : llvm::reverse(replaced))
    op->erase();
}

void LayoutAssigner::visit(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case<nnc::GroupOp, nnc::TransposeOp, nnc::BroadcastOp, nnc::ReshapeOp,
            nnc::PadOp, nnc::AssembleOp>([&](auto op) { place(op); })
      .Case([&](nnc::RemapOp op) { placeView(op, op.getMap()); })
      .Case([&](nnc::ConstantOp op) { placeRowMajor(op, op); })
      .Case([&](func::ReturnOp op) { placeReturn(op); });
}

//===----------------------------------------------------------------------===//
// Copies between layouts
//===----------------------------------------------------------------------===//

/// A group without operations:
///   nnc.group ins(%from) { ^bb0(%a): nnc.yield %a }
/// A splat that becomes part of a larger tensor is a literal of the group.
Value LayoutAssigner::relayout(OpBuilder &b, Location loc, RankedTensorType logical,
                               const Placement &from, const PhysicalType &to,
                               Value into) {
  auto constant = nnc::ConstantData::get(from.physical);
  bool isLiteral = into && constant && constant->isSplat();
  SmallVector<Value> inputs;
  SmallVector<Attribute> inLayouts;
  if (!isLiteral) {
    inputs.push_back(from.physical);
    inLayouts.push_back(from.layout);
  }
  auto group = b.create<nnc::GroupOp>(loc, TypeRange{to.type}, inputs, into,
                                      b.getArrayAttr(inLayouts),
                                      b.getArrayAttr({to.layout}), nullptr);
  Block &body = group.getBody().emplaceBlock();
  OpBuilder inside = OpBuilder::atBlockEnd(&body);
  Value value = isLiteral ? inside.create<nnc::ConstantOp>(
                                      loc, nnc::makeConstant(logical, constant->bytes()))
                                .getResult()
                          : Value(body.addArgument(logical, loc));
  inside.create<nnc::YieldOp>(loc, value);
  return group.getResult(0);
}

/// `logical` in exactly the layout `to`, copied at most once per layout. Around a part of
/// a larger tensor lie other elements, not a border, even where one would lie.
Value LayoutAssigner::materialize(OpBuilder &b, Value logical, const PhysicalType &to) {
  const Placement &from = placements.find(logical)->second;
  nnc::LayoutAttr wanted = to.layout;
  bool isPart = !from.image && wanted.hasPadding(nnc::typeOf(logical), to.type);
  if (!isPart && from.layout == to.layout && from.physical.getType() == to.type)
    return from.physical;
  Value &copy = copies[{logical, to.layout, to.type}];
  if (!copy)
    copy = relayout(b, logical.getLoc(), nnc::typeOf(logical), from, to);
  return copy;
}

/// True if `conv` reads elements one by one, each for several products: a half would be
/// converted for each of them. Where there are large caches, memory is not scarce.
static bool readsWidened(nnc::ConvOp conv, const TargetInfo &target) {
  return !conv.isDepthwise() && target.vectorBits && target.l2Bytes;
}

/// f32 for halves.
static Type widened(Type element) {
  return isa<FloatType>(element) ? nnc::computeTypeOf(element) : element;
}

/// How `user` reads `logical`: as the image that it is already, unless all channels of a
/// group have to lie together or halves have to be f32.
ImageLayout LayoutAssigner::imageToRead(Value logical, Operation *user) {
  RankedTensorType type = nnc::typeOf(logical);
  auto wanted = ImageLayout::withoutHalo(channelBlockFor(type.getDimSize(1), target),
                                         type.getRank() - 2, type.getElementType());
  if (const auto &image = placements.find(logical)->second.image) {
    wanted.block = image->block;
    wanted.element = image->element;
  }
  auto conv = dyn_cast<nnc::ConvOp>(user);
  if (conv && cutsChannelBlocks(conv, target))
    wanted.block = 0;
  if (conv && readsWidened(conv, target) && !logical.getDefiningOp<nnc::ConstantOp>())
    wanted.element = widened(wanted.element);
  return wanted;
}

/// `logical` as an image with at least the halo of `wanted`.
Placement LayoutAssigner::materializeImage(OpBuilder &b, Value logical,
                                           ImageLayout wanted) {
  const Placement &from = placements.find(logical)->second;
  if (from.image && from.image->block == wanted.block &&
      from.image->element == wanted.element) {
    ImageLayout merged = *from.image;
    merged.mergeHalo(wanted.haloBegin, wanted.haloEnd);
    bool fits = merged.haloBegin == from.image->haloBegin &&
                merged.haloEnd == from.image->haloEnd;
    if (fits && (!wanted.hasHalo() || wanted.pad == from.image->pad))
      return from;
  }
  PhysicalType to = wanted.apply(nnc::typeOf(logical));
  return {materialize(b, logical, to), to.layout, wanted};
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

/// The distance in memory of neighbours along dimension `dim`, nothing if it
/// varies.
static std::optional<int64_t> strideAlong(const Placement &placement,
                                          RankedTensorType logical, unsigned dim) {
  MLIRContext *context = placement.layout.getContext();
  SmallVector<AffineExpr> dims(logical.getRank(), getAffineConstantExpr(0, context));
  dims[dim] = getAffineDimExpr(0, context);
  AffineExpr sum = getAffineConstantExpr(0, context);
  for (auto [expr, extent] : llvm::zip(placement.layout.getMap().getResults(),
                                       nnc::typeOf(placement.physical).getShape()))
    sum = sum * extent +
          simplifyRanged(expr.replaceDims(dims), logical.getDimSize(dim));
  sum = simplifyAffineExpr(sum, 1, 0);
  AffineExpr next = sum.replaceDims({getAffineDimExpr(0, context) + 1});
  auto stride = dyn_cast<AffineConstantExpr>(simplifyAffineExpr(next - sum, 1, 0));
  return stride ? std::optional(stride.getValue()) : std::nullopt;
}

/// The placement that `argument`'s use in the group asks for.
Placement LayoutAssigner::placeInput(OpBuilder &b, nnc::GroupOp group,
                                     BlockArgument argument) {
  Value logical = group.getInputs()[argument.getArgNumber()];
  RankedTensorType type = nnc::typeOf(logical);
  bool isConstant = logical.getDefiningOp<nnc::ConstantOp>() != nullptr;
  auto as = [&](PhysicalType to) {
    return Placement{materialize(b, logical, to), to.layout, {}};
  };
  for (OpOperand &use : argument.getUses()) {
    Operation *user = use.getOwner();
    if (user->hasTrait<nnc::WholeTensors>())
      return as(rowMajor(type));
    if (auto halo = inputHalo(use)) {
      ImageLayout wanted = imageToRead(logical, user);
      wanted.mergeHalo(halo->begin, halo->end);
      wanted.pad = padValue(*halo, logical);
      return materializeImage(b, logical, wanted);
    }
    if (auto conv = dyn_cast<nnc::ConvOp>(user); conv && isConstant &&
        use.getOperandNumber() == 1) {
      auto input = cast<BlockArgument>(conv.getInput());
      Value image = group.getInputs()[input.getArgNumber()];
      return as(filterLayout(conv, imageToRead(image, conv).block, target));
    }
    if (!isa<nnc::MatmulOp>(user))
      continue;
    bool isRight = use.getOperandNumber() == 1;
    if (isConstant && isRight)
      return as(rightOperandLayout(type, weightPanel(type.getShape().back(), target)));
    // Each element is read many times: the columns of the right side as vectors,
    // the rows of the left side at an address that is easy to compute.
    unsigned last = type.getRank() - 1;
    auto stride = strideAlong(placements.find(logical)->second, type, last);
    if (!stride || (isRight && *stride != 1 && type.getDimSize(last) > 1))
      return as(rowMajor(type));
  }
  return placements.find(logical)->second;
}

/// Max pooling pads with minus infinity; zero does as well, and can be shared
/// with convolutions, where no element is negative.
float LayoutAssigner::padValue(const WindowHalo &halo, Value logical) {
  return halo.pad < 0 && isNonNegative(logical) ? 0.0f : halo.pad;
}

bool LayoutAssigner::isNonNegative(Value logical) {
  if (nonNegative.contains(logical))
    return true;
  if (auto assemble = logical.getDefiningOp<nnc::AssembleOp>())
    return llvm::all_of(assemble.getParts(), [&](Value part) {
      return !part.getDefiningOp<nnc::AssembleOp>() && isNonNegative(part);
    });
  auto group = logical.getDefiningOp<nnc::GroupOp>();
  if (!group || group.getBody().empty()) // placed: its body has moved
    return false;
  auto yield = cast<nnc::YieldOp>(group.getBody().front().getTerminator());
  return yield.getValues().front().getDefiningOp<nnc::ReluOp>() != nullptr;
}

/// True if the group's result is an activation with channels: windows slide
/// over it, or it is computed pointwise or by spatial reduction from one.
bool LayoutAssigner::computesImage(nnc::GroupOp group) {
  RankedTensorType type = nnc::typeOf(group.getResult(0));
  if (type.getRank() < 3 || type.getRank() > 5)
    return false;
  Operation *anchor = anchorOf(group);
  if (anchor && isa<nnc::ConvOp, nnc::PoolOp>(anchor))
    return true;
  if (anchor && !isa<nnc::ReduceOp>(anchor))
    return false;
  for (OpOperand &use : group.getResult(0).getUses())
    if (consumerHalo(use))
      return true;
  return llvm::any_of(group.getInputs(), [&](Value input) {
    return placements.find(input)->second.image &&
           nnc::typeOf(input).getRank() == type.getRank() &&
           nnc::typeOf(input).getDimSize(1) == type.getDimSize(1);
  });
}

bool LayoutAssigner::hasOnlyRowMajorUsers(Value value) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    auto assemble = dyn_cast<nnc::AssembleOp>(user);
    return isa<nnc::ReshapeOp, func::ReturnOp>(user) ||
           (assemble && !becomesImage(assemble));
  });
}

/// True if a convolution slides over `value` for which `holds`.
static bool isReadBy(Value value, llvm::function_ref<bool(nnc::ConvOp)> holds) {
  return llvm::any_of(value.getUses(), [&](OpOperand &use) {
    auto group = dyn_cast<nnc::GroupOp>(use.getOwner());
    auto conv = group ? dyn_cast_or_null<nnc::ConvOp>(anchorOf(group)) : nullptr;
    return conv && consumerHalo(use) && holds(conv);
  });
}

/// An image as the consumers of `result` need it: with their halo, and in blocks of
/// `block` channels unless groups of one do not fit them.
ImageLayout LayoutAssigner::imageFor(Value result, int64_t block) {
  RankedTensorType type = nnc::typeOf(result);
  bool isWidened =
      isReadBy(result, [&](nnc::ConvOp conv) { return readsWidened(conv, target); });
  if (isReadBy(result, [&](nnc::ConvOp conv) { return cutsChannelBlocks(conv, target); }))
    block = 0;
  ImageLayout image = ImageLayout::withoutHalo(
      block, type.getRank() - 2,
      isWidened ? widened(type.getElementType()) : type.getElementType());
  for (OpOperand &use : result.getUses())
    if (auto halo = consumerHalo(use); halo && padValue(*halo, result) == 0.0f)
      image.mergeHalo(halo->begin, halo->end);
  return image;
}

/// The image the group writes, or nothing if it writes row-major because nothing
/// else reads it.
std::optional<ImageLayout> LayoutAssigner::resultImage(nnc::GroupOp group) {
  Value result = group.getResult(0);
  if (hasOnlyRowMajorUsers(result) || !computesImage(group))
    return std::nullopt;
  auto conv = dyn_cast_or_null<nnc::ConvOp>(anchorOf(group));
  bool isCut = conv && cutsChannelBlocks(conv, target);
  return imageFor(
      result, isCut ? 0 : channelBlockFor(nnc::typeOf(result).getDimSize(1), target));
}

/// A group with several results: kernels of whole tensors write row-major ones.
void LayoutAssigner::placeResults(nnc::GroupOp group, ArrayRef<Value> inputs,
                                  ArrayRef<Attribute> layouts) {
  OpBuilder b(group);
  auto placed = b.create<nnc::GroupOp>(
      group.getLoc(), group.getResultTypes(), inputs, /*into=*/nullptr,
      b.getArrayAttr(layouts), group.getOutLayouts(), nullptr);
  placed.getBody().takeBody(group.getBody());
  for (auto [logical, physical] : llvm::zip(group.getResults(), placed.getResults()))
    placeRowMajor(logical, physical);
  replaced.push_back(group);
}

void LayoutAssigner::place(nnc::GroupOp group) {
  OpBuilder b(group);
  SmallVector<Value> inputs;
  SmallVector<Attribute> layouts;
  for (BlockArgument argument : group.getBody().getArguments()) {
    Placement input = placeInput(b, group, argument);
    inputs.push_back(input.physical);
    layouts.push_back(input.layout);
  }
  if (group.getBody().front().front().hasTrait<nnc::WholeTensors>())
    return placeResults(group, inputs, layouts);
  Value result = group.getResult(0), into;
  RankedTensorType type = nnc::typeOf(result);
  if (isNonNegative(result))
    nonNegative.insert(result);
  auto destination = destinations.find(result);
  std::optional<ImageLayout> image;
  PhysicalType physical = rowMajor(type);
  if (destination != destinations.end()) {
    auto [assemble, part] = destination->second;
    const Whole &whole = wholeOf(b, assemble);
    into = whole.chain;
    physical = {readThrough(whole.physical.layout, assemble.getPartMap(part),
                            type.getShape()),
                whole.physical.type};
  } else if ((image = resultImage(group))) {
    physical = image->apply(type);
  }
  auto placed = b.create<nnc::GroupOp>(
      group.getLoc(), TypeRange{physical.type}, inputs, into, b.getArrayAttr(layouts),
      b.getArrayAttr({physical.layout}), nullptr);
  placed.getBody().takeBody(group.getBody());
  if (into)
    placePart(destination->second.whole, destination->second.part, placed.getResult(0));
  else
    placements[result] = {placed.getResult(0), physical.layout, image};
  replaced.push_back(group);
}

namespace {

struct PlanAssignLayouts
    : nncc::impl::PlanAssignLayoutsBase<PlanAssignLayouts> {
  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    auto target = targetOf(getOperation()->getParentOfType<ModuleOp>());
    if (!target) {
      getOperation().emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    LayoutAssigner(getOperation(), *target).run();
  }
};

} // namespace
