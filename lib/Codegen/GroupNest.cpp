//===- GroupNest.cpp - a group as one loop nest -------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/GroupNest.h"
#include "dialects/Nnc/IR/RangedExpr.h"
#include <mlir/IR/BuiltinOps.h>
#include <numeric>

using namespace mlir;
using namespace nncc;

GroupNest::GroupNest(nnc::GroupOp group) : group(group) {
  Block &body = group.getBody().front();
  type = nnc::typeOf(cast<nnc::YieldOp>(body.getTerminator()).getValues().front());
  for (Operation &op : body.without_terminator())
    if (!isa<nnc::ScalarSemantics, nnc::ConstantOp, nnc::GatherOp>(op))
      anchor = &op;
  // A scalar is one element of one loop.
  SmallVector<int64_t> shape(type.getShape());
  parallel = std::max<int64_t>(1, type.getRank());
  for (unsigned dim = 0; dim < shape.size(); ++dim)
    loopOf.push_back(dim);
  nnc::ScheduleAttr schedule = *group.getSchedule();
  auto conv = dyn_cast_or_null<nnc::ConvOp>(anchor);
  if (conv && conv.lanesStayInGroup(schedule.getLanes())) {
    groupExtent = shape[1] = conv.getOutputsPerGroup();
    ++parallel;
    for (unsigned &loop : MutableArrayRef(loopOf).drop_front())
      ++loop;
  }
  extents.assign(parallel, 1);
  tile.assign(parallel, 1);
  if (groupExtent)
    extents[1] = conv.getGroups();
  // Panels of columns outside, rows inside: a panel of the right operand stays
  // in cache while the rows stream by.
  if (anchor && isa<nnc::MatmulOp>(anchor))
    std::swap(loopOf[shape.size() - 1], loopOf[shape.size() - 2]);
  for (unsigned dim = 0; dim < shape.size(); ++dim) {
    extents[loopOf[dim]] = shape[dim];
    if (dim == schedule.getLaneDim())
      tile[loopOf[dim]] = schedule.getLanes() * schedule.getVectors();
    else if (dim == schedule.getPointDim())
      tile[loopOf[dim]] = schedule.getPoints();
  }
}

unsigned GroupNest::addReduction(int64_t extent, bool unroll) {
  extents.push_back(extent);
  tile.push_back(unroll ? extent : 1);
  return extents.size() - 1;
}

GroupNest::Exprs GroupNest::broadcastIndex(RankedTensorType operand) {
  Exprs index;
  unsigned shift = type.getRank() - operand.getRank();
  for (auto [dim, extent] : llvm::enumerate(operand.getShape()))
    index.push_back(extent == 1 ? getAffineConstantExpr(0, group.getContext())
                                : result(dim + shift));
  return index;
}

void GroupNest::read(SmallVectorImpl<Access> &list, Value blockArgument,
                     Exprs index) {
  list.push_back({cast<BlockArgument>(blockArgument).getArgNumber(),
                  std::move(index)});
}

//===----------------------------------------------------------------------===//
// Anchors
//===----------------------------------------------------------------------===//

void GroupNest::addWindow(ArrayRef<int64_t> window, ArrayRef<int64_t> strides,
                          ArrayRef<int64_t> dilations,
                          ArrayRef<int64_t> padBegin, bool unrollLast,
                          Exprs &position, Exprs &tap) {
  const int64_t maxUnroll = 7; // wider windows would bloat the tile's code
  for (size_t i = 0; i < window.size(); ++i) {
    bool unroll = unrollLast && i + 1 == window.size() && window[i] <= maxUnroll;
    unsigned k = addReduction(window[i], unroll);
    tap.push_back(loop(k));
    position.push_back(result(i + 2) * strides[i] + loop(k) * dilations[i] -
                       padBegin[i]);
  }
}

/// Channels that lie together in `layout`, 1 if planar, 0 if all.
static int64_t channelBlock(nnc::LayoutAttr layout) {
  AffineExpr last = layout.getMap().getResults().back();
  if (last.getKind() == AffineExprKind::Mod)
    return cast<AffineConstantExpr>(cast<AffineBinaryOpExpr>(last).getRHS())
        .getValue();
  bool isChannel = last.isFunctionOfDim(1); // some or all channels
  return isChannel ? 0 : 1;
}

void GroupNest::addConv(nnc::ConvOp conv) {
  auto filter = nnc::typeOf(conv.getFilter());
  int64_t inputs = filter.getDimSize(1);
  unsigned inputArgument = cast<BlockArgument>(conv.getInput()).getArgNumber();
  int64_t block = channelBlock(group.getInLayout(inputArgument));
  // Input channels are reduced in the order they lie in memory: blocks outside
  // the window, channels of a block inside.
  // (With -strict the order is that of no layout: window, then channels.)
  AffineExpr channel = getAffineConstantExpr(0, group.getContext());
  int64_t split = block > 1 ? std::gcd(block, inputs) : 1;
  bool strict = group->getParentOfType<ModuleOp>()->hasAttr("nnc.strict");
  auto reduceBlocks = [&] {
    if (split > 1 && inputs > split)
      channel = channel + loop(addReduction(inputs / split)) * split;
    else if (split == 1 && block != 0 && inputs > 1)
      channel = channel + loop(addReduction(inputs));
  };
  // Lanes of several groups take their channels out of one vector.
  bool unrollsBlock = conv.getGroups() > 1 && !groupExtent;
  if (!strict)
    reduceBlocks();
  Exprs position, tap;
  addWindow(filter.getShape().drop_front(2), conv.getStrides(),
            conv.getDilations(), conv.getPadBegin(),
            /*unrollLast=*/conv.isDepthwise(), position, tap);
  if (strict)
    reduceBlocks();
  if (split > 1)
    channel = channel + loop(addReduction(split, unrollsBlock));
  else if (block == 0 && inputs > 1)
    channel = channel + loop(addReduction(inputs));

  AffineExpr member = groupExtent
                          ? loop(1)
                          : result(1).floorDiv(conv.getOutputsPerGroup());
  Exprs input{result(0), channel};
  if (conv.getGroups() > 1)
    input[1] = member * inputs + channel;
  llvm::append_range(input, position);
  Exprs weight{result(1), channel};
  llvm::append_range(weight, tap);
  read(reads, conv.getInput(), input);
  read(reads, conv.getFilter(), weight);
  if (conv.getBias())
    read(initReads, conv.getBias(), {result(1)});
  combineKind = MultiplyAdd;
}

void GroupNest::addMatmul(nnc::MatmulOp matmul) {
  int64_t depth = nnc::typeOf(matmul.getLhs()).getShape().back();
  AffineExpr k = loop(addReduction(depth));
  // Prefetches need steps longer than one row of the right operand.
  const int64_t step = 16;
  if (group.getSchedule()->getPrefetch() && depth % step == 0) {
    extents.back() /= step;
    k = k * step + loop(addReduction(step));
  }
  unsigned rank = type.getRank();
  auto batchIndex = [&](RankedTensorType operand) {
    Exprs index;
    for (int64_t dim = 0; dim + 2 < operand.getRank(); ++dim)
      index.push_back(operand.getDimSize(dim) == 1
                          ? getAffineConstantExpr(0, group.getContext())
                          : result(dim + rank - operand.getRank()));
    return index;
  };
  Exprs lhs = batchIndex(nnc::typeOf(matmul.getLhs()));
  llvm::append_values(lhs, result(rank - 2), k);
  Exprs rhs = batchIndex(nnc::typeOf(matmul.getRhs()));
  llvm::append_values(rhs, k, result(rank - 1));
  read(reads, matmul.getLhs(), lhs);
  read(reads, matmul.getRhs(), rhs);
  combineKind = MultiplyAdd;
}

void GroupNest::addPool(nnc::PoolOp pool) {
  Exprs index{result(0), result(1)}, tap;
  addWindow(pool.getWindow(), pool.getStrides(), pool.getDilations(),
            pool.getPadBegin(), /*unrollLast=*/true, index, tap);
  read(reads, pool.getInput(), index);
  bool max = pool.getKind() == nnc::PoolKind::Max;
  combineKind = max ? Max : Add;
  skipsNaN = max; // as ONNX Runtime, and one instruction instead of three
  if (!max)
    for (int64_t extent : pool.getWindow())
      count *= extent;
}

void GroupNest::addReduce(nnc::ReduceOp reduce) {
  auto input = nnc::typeOf(reduce.getInput());
  Exprs index;
  for (int64_t dim = 0; dim < input.getRank(); ++dim)
    index.push_back(result(dim));
  for (int64_t axis : reduce.getAxes()) {
    index[axis] = loop(addReduction(input.getDimSize(axis)));
    if (reduce.getKind() == nnc::ReduceKind::Mean)
      count *= input.getDimSize(axis);
  }
  read(reads, reduce.getInput(), index);
  switch (reduce.getKind()) {
  case nnc::ReduceKind::Sum:
  case nnc::ReduceKind::Mean:
    return void(combineKind = Add);
  case nnc::ReduceKind::Max:
    return void(combineKind = Max);
  case nnc::ReduceKind::Min:
    return void(combineKind = Min);
  case nnc::ReduceKind::Prod:
    return void(combineKind = Multiply);
  }
}

LogicalResult GroupNest::addAnchor(Operation *op) {
  if (auto check = dyn_cast<nnc::CheckIndicesOp>(op))
    return addIndexCheck(check), success();
  if (auto conv = dyn_cast<nnc::ConvOp>(op))
    addConv(conv);
  else if (auto matmul = dyn_cast<nnc::MatmulOp>(op))
    addMatmul(matmul);
  else if (auto pool = dyn_cast<nnc::PoolOp>(op))
    addPool(pool);
  else if (auto reduce = dyn_cast<nnc::ReduceOp>(op))
    addReduce(reduce);
  else
    return group.emitError() << "no kernel computes '" << op->getName() << "'";
  return success();
}

AffineMap GroupNest::mapOf(nnc::LayoutAttr layout, ArrayRef<AffineExpr> index) {
  MLIRContext *context = group.getContext();
  SmallVector<AffineExpr> physical;
  for (AffineExpr expr : layout.getMap().getResults())
    physical.push_back(simplifyRanged(expr.replaceDims(index), extents));
  unsigned symbols = 0;
  for (AffineExpr expr : physical)
    expr.walk([&](AffineExpr part) {
      symbols = isa<AffineSymbolExpr>(part) ? indexReads.size() : symbols;
    });
  return AffineMap::get(extents.size(), symbols, physical, context);
}

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

FailureOr<nnc::NestOp> GroupNest::emit(OpBuilder &b, ValueRange arguments) {
  if (anchor && failed(addAnchor(anchor)))
    return failure();
  Block &body = group.getBody().front();
  // Block arguments that scalar code (or the terminator itself) reads.
  auto isPointwise = [](Operation &op) {
    auto reduce = dyn_cast<nnc::ReduceOp>(op);
    return isa<nnc::ScalarSemantics, nnc::YieldOp>(op) ||
           (reduce && reduce.getAxes().empty());
  };
  for (Operation &op : body) {
    if (auto gather = dyn_cast<nnc::GatherOp>(op))
      readGather(gather);
    if (isPointwise(op))
      for (Value operand : op.getOperands())
        if (isa<BlockArgument>(operand) &&
            !llvm::is_contained(finishOperands, operand)) {
          finishOperands.push_back(operand);
          read(finishReads, operand, broadcastIndex(nnc::typeOf(operand)));
        }
  }

  SmallVector<Attribute> maps;
  auto buffers = [&](ArrayRef<Access> accesses) {
    SmallVector<Value> values;
    for (const Access &access : accesses) {
      values.push_back(arguments[access.input]);
      maps.push_back(AffineMapAttr::get(
          mapOf(group.getInLayout(access.input), access.index)));
    }
    return values;
  };
  SmallVector<Value> init = buffers(initReads), ins = buffers(reads),
                     finish = buffers(finishReads), indices = buffers(indexReads);
  Exprs index;
  for (unsigned dim = 0; dim < type.getRank(); ++dim)
    index.push_back(result(dim));
  maps.push_back(AffineMapAttr::get(mapOf(group.getOutLayout(0), index)));

  nnc::ScheduleAttr schedule = *group.getSchedule();
  size_t numInputs = group.getInputs().size();
  Location loc = group.getLoc();
  int64_t chains = schedule.getChains();
  unsigned laneLoop = 0;
  if (schedule.getLaneDim() == -1)
    laneLoop = extents.size() - 1;
  else if (type.getRank())
    laneLoop = loopOf[schedule.getLaneDim()];
  if (chains > 1)
    tile.back() = std::min(extents.back(), chains);
  auto nest = b.create<nnc::NestOp>(
      loc, init, ins, finish, indices, arguments[numInputs], arguments[numInputs + 1],
      arguments[numInputs + 2], extents, parallel, b.getArrayAttr(maps), tile,
      laneLoop, schedule.getLanes(),
      schedule.getPrefetch() ? b.getI64IntegerAttr(1) : IntegerAttr(),
      chains, indexExtents);

  OpBuilder::InsertionGuard guard(b);
  if (isa_and_nonnull<nnc::CheckIndicesOp>(anchor)) {
    buildIndexCheck(b, nest);
  } else if (nest.hasReduction()) {
    buildInit(b, nest.getInit());
    buildCombine(b, nest.getCombine());
  }
  buildFinish(b, nest.getFinish());
  return nest;
}
