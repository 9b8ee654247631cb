//===- AssignLayouts.cpp - the physical layout of every value -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Plan/ImageLayout.h"
#include "lib/Plan/Passes.h"
#include "lib/Plan/WindowHalo.h"

namespace nncc {
#define GEN_PASS_DEF_PLANASSIGNLAYOUTS
#include "lib/Plan/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

namespace {

/// Where a logical value lies. `image` is set if the layout is one of an
/// activation with channels.
struct Placement {
  Value physical;
  nnc::LayoutAttr layout;
  std::optional<ImageLayout> image;
};

class LayoutAssigner {
public:
  LayoutAssigner(func::FuncOp func, const TargetInfo &target)
      : func(func), target(target) {}

  void run() {
    Block &block = func.getBody().front();
    for (BlockArgument argument : block.getArguments())
      placeRowMajor(argument, argument);
    SmallVector<Operation *> ops;
    for (Operation &op : block)
      ops.push_back(&op);
    for (Operation *op : ops)
      visit(op);
    for (Operation *op : llvm::reverse(replaced))
      op->erase();
  }

private:
  void visit(Operation *op) {
    if (auto group = dyn_cast<nnc::GroupOp>(op))
      place(group);
    else if (isa<nnc::ConstantOp>(op))
      placeRowMajor(op->getResult(0), op->getResult(0));
    else if (auto transpose = dyn_cast<nnc::TransposeOp>(op))
      place(transpose);
    else if (auto reshape = dyn_cast<nnc::ReshapeOp>(op))
      place(reshape);
    else if (auto pad = dyn_cast<nnc::PadOp>(op))
      place(pad);
    else if (isa<func::ReturnOp>(op))
      placeReturn(op);
  }

  void placeRowMajor(Value logical, Value physical) {
    placements[logical] = {physical, rowMajor(nnc::typeOf(logical)).layout, {}};
  }

  //===--------------------------------------------------------------------===//
  // Copies between layouts
  //===--------------------------------------------------------------------===//

  /// A group without operations:
  ///   nnc.group ins(%from) { ^bb0(%a): nnc.yield %a }
  Value relayout(OpBuilder &b, Location loc, RankedTensorType logical,
                 const Placement &from, const PhysicalType &to) {
    auto group = b.create<nnc::GroupOp>(
        loc, TypeRange{to.type}, from.physical, b.getArrayAttr({from.layout}),
        b.getArrayAttr({to.layout}), nullptr);
    Block &body = group.getBody().emplaceBlock();
    Value argument = body.addArgument(logical, loc);
    OpBuilder::atBlockEnd(&body).create<nnc::YieldOp>(loc, argument);
    return group.getResult(0);
  }

  /// `logical` in exactly the layout `to`, copied at most once per layout.
  Value materialize(OpBuilder &b, Value logical, const PhysicalType &to) {
    const Placement &from = placements.find(logical)->second;
    if (from.layout == to.layout && from.physical.getType() == to.type)
      return from.physical;
    Value &copy = copies[{logical, to.layout, to.type}];
    if (!copy)
      copy = relayout(b, logical.getLoc(), nnc::typeOf(logical), from, to);
    return copy;
  }

  /// `logical` as an image with at least the halo of `wanted`; any block will
  /// do if it is an image already.
  Placement materializeImage(OpBuilder &b, Value logical, ImageLayout wanted) {
    const Placement &from = placements.find(logical)->second;
    if (from.image) {
      wanted.block = from.image->block;
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

  //===--------------------------------------------------------------------===//
  // Layout-only operations
  //===--------------------------------------------------------------------===//

  /// The input's layout with its dimensions renamed is the result's.
  void place(nnc::TransposeOp op) {
    Placement input = placements.find(op.getInput())->second;
    SmallVector<AffineExpr> renamed(op.getPermutation().size());
    for (auto [result, operand] : llvm::enumerate(op.getPermutation()))
      renamed[operand] = getAffineDimExpr(result, op.getContext());
    placements[op.getResult()] = {input.physical,
                                  withDims(input.layout, renamed), {}};
    replaced.push_back(op);
  }

  static nnc::LayoutAttr withDims(nnc::LayoutAttr layout,
                                  ArrayRef<AffineExpr> dims) {
    AffineMap map =
        layout.getMap().replaceDimsAndSymbols(dims, {}, dims.size(), 0);
    return nnc::LayoutAttr::get(layout.getContext(), map, layout.getPad());
  }

  /// A row-major tensor under another shape is a view.
  void place(nnc::ReshapeOp op) {
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
  bool isRowMajor(Value logical) {
    const Placement &placement = placements.find(logical)->second;
    ArrayRef<int64_t> shape = nnc::typeOf(logical).getShape();
    auto physical = cast<RankedTensorType>(placement.physical.getType());
    if (physical.getNumElements() != nnc::typeOf(logical).getNumElements())
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
  void place(nnc::PadOp op) {
    OpBuilder b(op);
    RankedTensorType from = nnc::typeOf(op.getInput()), to = nnc::typeOf(op.getResult());
    SmallVector<AffineExpr> read, write;
    SmallVector<int64_t> shape;
    for (unsigned i = 0; i < from.getRank(); ++i) {
      int64_t begin = op.getPadBegin()[i], end = op.getPadEnd()[i];
      shape.push_back(from.getDimSize(i) + std::min<int64_t>(begin, 0) +
                      std::min<int64_t>(end, 0));
      read.push_back(b.getAffineDimExpr(i) + std::max<int64_t>(-begin, 0));
      write.push_back(b.getAffineDimExpr(i) + std::max<int64_t>(begin, 0));
    }
    Placement input = placements.find(op.getInput())->second;
    input.layout = withDims(input.layout, read);
    auto interior = nnc::LayoutAttr::get(
        op.getContext(), AffineMap::get(read.size(), 0, write, op.getContext()),
        static_cast<float>(op.getValue().convertToDouble()));
    Value padded = relayout(b, op.getLoc(),
                            RankedTensorType::get(shape, from.getElementType()),
                            input, {interior, to});
    placeRowMajor(op.getResult(), padded);
    replaced.push_back(op);
  }

  /// Every output is a row-major buffer of its own, written by a group.
  void placeReturn(Operation *op) {
    OpBuilder b(op);
    llvm::SmallPtrSet<Value, 4> taken;
    for (OpOperand &operand : op->getOpOperands()) {
      Value logical = operand.get();
      PhysicalType wanted = rowMajor(nnc::typeOf(logical));
      Value physical = materialize(b, logical, wanted);
      if (!physical.getDefiningOp<nnc::GroupOp>() || taken.contains(physical))
        physical = relayout(b, logical.getLoc(), wanted.type,
                            {physical, wanted.layout, {}}, wanted);
      taken.insert(physical);
      operand.set(physical);
    }
  }

  //===--------------------------------------------------------------------===//
  // Groups
  //===--------------------------------------------------------------------===//

  /// The placement that `argument`'s use in the group asks for.
  Placement placeInput(OpBuilder &b, nnc::GroupOp group, BlockArgument argument) {
    Value logical = group.getInputs()[argument.getArgNumber()];
    bool isConstant = logical.getDefiningOp<nnc::ConstantOp>() != nullptr;
    for (OpOperand &use : argument.getUses()) {
      Operation *user = use.getOwner();
      if (auto halo = inputHalo(use)) {
        ImageLayout wanted = ImageLayout::withoutHalo(
            channelBlockFor(nnc::typeOf(logical).getDimSize(1), target), halo->begin.size());
        wanted.mergeHalo(halo->begin, halo->end);
        wanted.pad = padValue(*halo, logical);
        return materializeImage(b, logical, wanted);
      }
      if (auto conv = dyn_cast<nnc::ConvOp>(user); conv && isConstant &&
          use.getOperandNumber() == 1) {
        PhysicalType to = filterLayout(
            nnc::typeOf(logical), conv.isDepthwise(),
            weightPanel(nnc::typeOf(logical).getDimSize(0), target),
            channelBlockFor(nnc::typeOf(conv.getInput()).getDimSize(1), target));
        return {materialize(b, logical, to), to.layout, {}};
      }
      if (isa<nnc::MatmulOp>(user) && isConstant && use.getOperandNumber() == 1) {
        PhysicalType to = rightOperandLayout(
            nnc::typeOf(logical), weightPanel(nnc::typeOf(logical).getShape().back(), target));
        return {materialize(b, logical, to), to.layout, {}};
      }
    }
    return placements.find(logical)->second;
  }

  /// Max pooling pads with minus infinity; zero does as well, and can be shared
  /// with convolutions, where no element is negative.
  float padValue(const WindowHalo &halo, Value logical) {
    return halo.pad < 0 && nonNegative.contains(logical) ? 0.0f : halo.pad;
  }

  static bool endsWithRelu(nnc::GroupOp group) {
    auto yield = cast<nnc::YieldOp>(group.getBody().front().getTerminator());
    return yield.getValues().front().getDefiningOp<nnc::ReluOp>() != nullptr;
  }

  /// True if the group's result is an activation with channels: windows slide
  /// over it, or it is computed pointwise or by spatial reduction from one.
  bool computesImage(nnc::GroupOp group) {
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

  /// The layout the group writes: an image with the halo its consumers need, or
  /// row-major if nothing else reads it.
  std::optional<ImageLayout> resultImage(nnc::GroupOp group) {
    Value result = group.getResult(0);
    bool onlyRowMajorUsers = llvm::all_of(result.getUsers(), [](Operation *user) {
      return isa<nnc::ReshapeOp, func::ReturnOp>(user);
    });
    if (onlyRowMajorUsers || !computesImage(group))
      return std::nullopt;
    RankedTensorType type = nnc::typeOf(result);
    ImageLayout image = ImageLayout::withoutHalo(
        channelBlockFor(type.getDimSize(1), target), type.getRank() - 2);
    for (OpOperand &use : result.getUses())
      if (auto halo = consumerHalo(use); halo && padValue(*halo, result) == 0.0f)
        image.mergeHalo(halo->begin, halo->end);
    return image;
  }

  void place(nnc::GroupOp group) {
    OpBuilder b(group);
    SmallVector<Value> inputs;
    SmallVector<Attribute> layouts;
    for (BlockArgument argument : group.getBody().getArguments()) {
      Placement input = placeInput(b, group, argument);
      inputs.push_back(input.physical);
      layouts.push_back(input.layout);
    }
    Value result = group.getResult(0);
    if (endsWithRelu(group))
      nonNegative.insert(result);
    std::optional<ImageLayout> image = resultImage(group);
    PhysicalType physical =
        image ? image->apply(nnc::typeOf(result)) : rowMajor(nnc::typeOf(result));
    auto placed = b.create<nnc::GroupOp>(
        group.getLoc(), TypeRange{physical.type}, inputs, b.getArrayAttr(layouts),
        b.getArrayAttr({physical.layout}), nullptr);
    placed.getBody().takeBody(group.getBody());
    placements[result] = {placed.getResult(0), physical.layout, image};
    replaced.push_back(group);
  }

  func::FuncOp func;
  const TargetInfo &target;
  DenseMap<Value, Placement> placements;
  DenseMap<std::tuple<Value, Attribute, Type>, Value> copies;
  DenseSet<Value> nonNegative;
  SmallVector<Operation *> replaced;
};

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
