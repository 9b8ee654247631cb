//===- ChooseSchedules.cpp - register tiles by cost ---------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Plan/Passes.h"
#include "lib/Plan/WindowHalo.h"
#include "nncc/Target.h"

namespace nncc {
#define GEN_PASS_DEF_PLANCHOOSESCHEDULES
#include "lib/Plan/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

namespace {

/// What the register tile of a group has to cover.
struct TileProblem {
  int64_t laneDim = 0, pointDim = 0;
  int64_t laneExtent = 1, pointExtent = 1;
  int64_t block = 1; ///< lanes that lie together in the result or the weights
  /// Each point multiplies a scalar (contraction) or has operands of its own
  /// in every lane (pooling, depthwise convolution, elementwise).
  bool contraction = false;
  int64_t depth = 1; ///< products per element of a contraction
  /// Vectors of a contraction hold several groups, each with a scalar of its own.
  bool manyGroups = false;
  /// Of a sliding window without contraction: taps along `pointDim`, which one
  /// reduction step handles together, their spacing, and whether each tap has a
  /// weight vector.
  int64_t taps = 1, stride = 1;
  bool weights = false;
  /// Partial results per element of a reduction.
  int64_t chains = 1;
  /// The vectors run along the innermost reduced dimension.
  bool reductionLanes = false;

  /// Input vectors that one step loads for `points` neighbouring results.
  int64_t inputs(int64_t points) const {
    return std::min(points * taps, (points - 1) * stride + taps);
  }
};

/// Logical dimension whose neighbours lie together in memory, of extent > 1 if
/// there is one.
int64_t contiguousDim(nnc::LayoutAttr layout, RankedTensorType logical) {
  for (AffineExpr expr : llvm::reverse(layout.getMap().getResults())) {
    std::optional<int64_t> dim;
    expr.walk([&](AffineExpr part) {
      if (auto d = dyn_cast<AffineDimExpr>(part))
        dim = d.getPosition();
    });
    if (dim && logical.getDimSize(*dim) > 1)
      return *dim;
  }
  return logical.getRank() - 1;
}

/// Elements of dimension `dim` that lie together if `layout` blocks it innermost.
int64_t innermostBlock(nnc::LayoutAttr layout, unsigned dim) {
  if (layout.getMap().getNumResults() == 0)
    return 1;
  AffineExpr last = layout.getMap().getResults().back();
  if (last.getKind() != AffineExprKind::Mod || !last.isFunctionOfDim(dim))
    return 1;
  return cast<AffineConstantExpr>(cast<AffineBinaryOpExpr>(last).getRHS())
      .getValue();
}

/// Bits of the widest element that the group holds in registers. Narrow ones do
/// not count: layouts are blocked for vectors of f32.
unsigned widestElement(nnc::GroupOp group) {
  unsigned bits = 32;
  auto visit = [&](Type type) {
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      bits = std::max(bits, tensor.getElementTypeBitWidth());
  };
  llvm::for_each(group.getBody().getArgumentTypes(), visit);
  for (Operation &op : group.getBody().front())
    llvm::for_each(op.getResultTypes(), visit);
  return bits;
}

/// Lanes of a vector of that element.
int64_t lanesFor(nnc::GroupOp group, const TargetInfo &target) {
  return std::max(1u, target.vectorBits / widestElement(group));
}

/// The weight operand of a contraction and its dimension along the lanes.
int64_t weightPanelOf(nnc::GroupOp group, Operation *anchor) {
  auto weight = dyn_cast<BlockArgument>(anchor->getOperand(1));
  if (!weight)
    return 1;
  unsigned dim = isa<nnc::ConvOp>(anchor) ? 0 : nnc::typeOf(weight).getRank() - 1;
  return innermostBlock(group.getInLayout(weight.getArgNumber()), dim);
}

void setWindow(TileProblem &problem, Operation *anchor) {
  if (auto conv = dyn_cast<nnc::ConvOp>(anchor)) {
    problem.taps = nnc::typeOf(conv.getFilter()).getShape().back();
    problem.stride = conv.getStrides().back();
    problem.weights = true;
  } else if (auto pool = dyn_cast<nnc::PoolOp>(anchor)) {
    problem.taps = pool.getWindow().back();
    problem.stride = pool.getStrides().back();
  }
}

/// Products that each element of a contraction's result sums.
int64_t depthOf(Operation *anchor) {
  if (auto matmul = dyn_cast<nnc::MatmulOp>(anchor))
    return nnc::typeOf(matmul.getLhs()).getShape().back();
  RankedTensorType filter = nnc::typeOf(cast<nnc::ConvOp>(anchor).getFilter());
  return filter.getNumElements() / std::max<int64_t>(1, filter.getDimSize(0));
}

/// Sums depend on their order. With -strict it is that of 16 partial sums on every
/// target and in every layout; without, it is whatever is fastest.
const int64_t strictChains = 16;

bool isStrict(nnc::GroupOp group) {
  return group->getParentOfType<ModuleOp>()->hasAttr("nnc.strict");
}

int64_t chainsFor(int64_t extent) {
  return std::min<int64_t>(strictChains, llvm::PowerOf2Ceil(extent));
}

/// Rows that are reduced where they lie in memory are read as vectors.
void setChains(TileProblem &problem, nnc::GroupOp group, Operation *anchor,
               const TargetInfo &target) {
  if (auto pool = dyn_cast<nnc::PoolOp>(anchor))
    if (isStrict(group) && pool.getKind() == nnc::PoolKind::Average)
      problem.chains = chainsFor(pool.getWindow().back());
  auto reduce = dyn_cast<nnc::ReduceOp>(anchor);
  if (!reduce || reduce.getAxes().empty())
    return;
  RankedTensorType input = nnc::typeOf(reduce.getInput());
  int64_t axis = reduce.getAxes().back(), extent = input.getDimSize(axis);
  unsigned argument = cast<BlockArgument>(reduce.getInput()).getArgNumber();
  problem.reductionLanes =
      target.vectorBits && extent > 1 &&
      contiguousDim(group.getInLayout(argument), input) == axis;
  bool isSelection = reduce.getKind() == nnc::ReduceKind::Max ||
                     reduce.getKind() == nnc::ReduceKind::Min;
  if (problem.reductionLanes || (isStrict(group) && !isSelection))
    problem.chains = chainsFor(extent);
}

/// The lanes of a convolution with groups cover one of them, or a vector several.
void setGroups(TileProblem &problem, nnc::ConvOp conv, int64_t lanes) {
  if (conv.lanesStayInGroup(lanes)) {
    problem.laneExtent = conv.getOutputsPerGroup();
    if (problem.block == problem.laneExtent)
      problem.block = 1; // no tile straddles it
    return;
  }
  problem.manyGroups = problem.contraction && conv.getGroups() > 1;
}

TileProblem problemOf(nnc::GroupOp group, const TargetInfo &target) {
  TileProblem problem;
  auto yield = cast<nnc::YieldOp>(group.getBody().front().getTerminator());
  RankedTensorType result = nnc::typeOf(yield.getValues().front());
  int64_t rank = result.getRank();
  if (rank == 0)
    return problem;
  Operation *anchor = anchorOf(group);
  problem.laneDim = contiguousDim(group.getOutLayout(0), result);
  problem.pointDim = rank - 1;
  if (anchor && isa<nnc::ConvOp>(anchor)) {
    problem.laneDim = 1;
    problem.contraction = !cast<nnc::ConvOp>(anchor).isDepthwise();
  } else if (auto pool = dyn_cast_or_null<nnc::PoolOp>(anchor)) {
    // A window is many loads and one store.
    auto input = cast<BlockArgument>(pool.getInput());
    problem.laneDim = contiguousDim(group.getInLayout(input.getArgNumber()),
                                    nnc::typeOf(pool.getInput()));
  } else if (anchor && isa<nnc::MatmulOp>(anchor)) {
    problem.laneDim = rank - 1;
    problem.pointDim = rank - 2;
    problem.contraction = true;
  }
  if (problem.pointDim == problem.laneDim)
    problem.pointDim = std::max<int64_t>(0, rank - 2);
  if (problem.pointDim == rank - 1 && anchor && !problem.contraction)
    setWindow(problem, anchor);
  if (anchor)
    setChains(problem, group, anchor, target);
  problem.laneExtent = result.getDimSize(problem.laneDim);
  problem.pointExtent = problem.pointDim == problem.laneDim
                            ? 1
                            : result.getDimSize(problem.pointDim);
  problem.block = innermostBlock(group.getOutLayout(0), problem.laneDim);
  if (problem.contraction)
    problem.depth = depthOf(anchor);
  if (anchor && isa<nnc::ConvOp, nnc::MatmulOp>(anchor))
    problem.block = std::max(problem.block, weightPanelOf(group, anchor));
  if (auto conv = dyn_cast_or_null<nnc::ConvOp>(anchor))
    setGroups(problem, conv, lanesFor(group, target));
  return problem;
}

/// Cycles of one reduction step with `vectors` x `points` accumulators. Cores
/// with vectors overlap loads and arithmetic, scalar ones do not.
double stepCycles(const TargetInfo &target, const TileProblem &problem,
                  int64_t vectors, int64_t points) {
  double fmas = double(vectors * points * problem.taps) / target.fmaPerCycle;
  double loads = problem.contraction
                     ? vectors + points
                     : vectors * (problem.inputs(points) +
                                  (problem.weights ? problem.taps : 0));
  const double loopOverhead = 0.5;
  if (target.vectorBits == 0)
    return fmas + loads + 2 * loopOverhead;
  if (problem.manyGroups) // a permutation per product
    fmas = std::max(fmas, double(vectors * points));
  return std::max({fmas, loads / 2, double(target.fmaLatency)}) + loopOverhead;
}

/// Vectors that cover `extent` lanes: full ones and powers of two of the rest.
int64_t vectorsFor(int64_t extent, int64_t lanes) {
  return extent / lanes + llvm::popcount(static_cast<uint64_t>(extent % lanes));
}

/// Cycles per reduction step over the whole result for one choice.
double totalCycles(const TargetInfo &target, const TileProblem &problem,
                   int64_t lanes, int64_t vectors, int64_t points) {
  int64_t width = lanes * vectors;
  int64_t fullLanes = problem.laneExtent / width;
  int64_t restLanes = vectorsFor(problem.laneExtent % width, lanes);
  int64_t fullPoints = problem.pointExtent / points;
  int64_t restPoints = problem.pointExtent % points;
  auto row = [&](int64_t tilePoints) {
    double cycles = fullLanes * stepCycles(target, problem, vectors, tilePoints);
    if (restLanes)
      cycles += stepCycles(target, problem, restLanes, tilePoints);
    return cycles;
  };
  double cycles = fullPoints * row(points) + (restPoints ? row(restPoints) : 0);
  // A partial tile is a second copy of the code. A tile that is part of a block
  // needs a division to find its place, one that straddles blocks one for each
  // of its vectors.
  if (fullLanes && restLanes)
    cycles *= 1.01;
  if (fullPoints && restPoints)
    cycles *= 1.01;
  // The weights of a tile's columns stream once per row of the result: from the
  // second-level cache if they and the input beside them fit it.
  if (problem.contraction && target.l2Bytes &&
      width * problem.depth * 4 > int64_t(target.l2Bytes / 4 * 3))
    cycles *= 1.1;
  if (width % problem.block != 0)
    cycles *= problem.block % width == 0 ? 1.02 : 2.0;
  return cycles;
}

bool fitsRegisters(const TargetInfo &target, const TileProblem &problem,
                   int64_t vectors, int64_t points) {
  unsigned registers =
      target.vectorBits ? target.vectorRegisters : target.scalarRegisters;
  // Accumulators and what one step multiplies: a row of vectors and a scalar, or
  // all inputs and weights of a window's row, which LLVM loads first. Without
  // FMA there is a product, and one register is spare.
  int64_t needed = vectors * points * problem.chains + (target.hasFma ? 0 : 1) + 1;
  if (problem.manyGroups) // a vector of the input serves products one after the other
    needed += vectors * points;
  needed += problem.contraction
                ? vectors + 1
                : vectors * (problem.inputs(points) +
                             (problem.weights ? problem.taps : 0));
  return needed <= static_cast<int64_t>(registers) || vectors * points == 1;
}

/// True if the weights stream from beyond the second-level cache.
bool weightsNeedPrefetch(nnc::GroupOp group, const TargetInfo &target,
                         const TileProblem &problem) {
  if (!problem.contraction || !target.l2Bytes)
    return false;
  auto weight = dyn_cast<BlockArgument>(anchorOf(group)->getOperand(1));
  if (!weight)
    return false;
  auto physical = nnc::typeOf(group.getInputs()[weight.getArgNumber()]);
  uint64_t bytes = physical.getNumElements() * physical.getElementTypeBitWidth() / 8;
  return bytes > target.l2Bytes / 2;
}

/// The tile of a reduction along memory: rows enough to hide the latency of an
/// addition.
nnc::ScheduleAttr rowSchedule(nnc::GroupOp group, const TargetInfo &target,
                              int64_t chains) {
  auto yield = cast<nnc::YieldOp>(group.getBody().front().getTerminator());
  ArrayRef<int64_t> shape = nnc::typeOf(yield.getValues().front()).getShape();
  int64_t lanes = std::min<int64_t>(lanesFor(group, target), chains);
  int64_t pointDim = shape.size() - 1;
  while (pointDim > 0 && shape[pointDim] == 1)
    --pointDim;
  int64_t rows = std::max<int64_t>(
      1, int64_t(2 * target.fmaLatency) * lanes / chains);
  return nnc::ScheduleAttr::get(group.getContext(), lanes, /*vectors=*/1,
                                /*laneDim=*/-1, std::min(rows, shape[pointDim]),
                                pointDim, /*prefetch=*/false, chains);
}

/// Whether there is nothing to compute; such a group becomes no kernel.
bool isEmpty(nnc::GroupOp group) {
  auto yield = cast<nnc::YieldOp>(group.getBody().front().getTerminator());
  return nnc::typeOf(yield.getValues().front()).getNumElements() == 0;
}

/// Vectors (or scalars) of a tile for which each copy of the code pays: functions need
/// no more than what hides their latency.
int64_t mostElements(nnc::GroupOp group, const TargetInfo &target) {
  auto isFunction = [](Operation &op) { return op.hasTrait<nnc::FunctionCode>(); };
  if (anchorOf(group) || llvm::none_of(group.getBody().front(), isFunction))
    return std::numeric_limits<int64_t>::max();
  return target.vectorBits ? 4 : 2;
}

nnc::ScheduleAttr chooseSchedule(nnc::GroupOp group, const TargetInfo &target) {
  if (isEmpty(group))
    return nnc::ScheduleAttr::get(group.getContext(), /*lanes=*/1, /*vectors=*/1,
                                  /*laneDim=*/-1, /*points=*/1, /*pointDim=*/-1,
                                  /*prefetch=*/false, /*chains=*/1);
  TileProblem problem = problemOf(group, target);
  if (problem.reductionLanes)
    return rowSchedule(group, target, problem.chains);
  int64_t lanes = std::min<int64_t>(
      lanesFor(group, target),
      llvm::PowerOf2Ceil(problem.laneExtent));
  // Without a reduction there is nothing to keep in registers: a small tile
  // hides the loop's cost.
  int64_t maxVectors = std::min<int64_t>(llvm::divideCeil(problem.laneExtent, lanes), 8);
  int64_t maxPoints = std::min<int64_t>(problem.pointExtent, anchorOf(group) ? 28 : 4);
  int64_t maxElements = mostElements(group, target);
  double best = std::numeric_limits<double>::infinity();
  int64_t bestVectors = 1, bestPoints = 1;
  for (int64_t vectors = 1; vectors <= maxVectors; ++vectors)
    for (int64_t points = 1; points <= maxPoints; ++points) {
      if (!fitsRegisters(target, problem, vectors, points) ||
          vectors * points > maxElements)
        continue;
      double cycles = totalCycles(target, problem, lanes, vectors, points);
      if (cycles < best) {
        best = cycles;
        bestVectors = vectors;
        bestPoints = points;
      }
    }
  return nnc::ScheduleAttr::get(group.getContext(), lanes, bestVectors,
                                problem.laneDim, bestPoints, problem.pointDim,
                                weightsNeedPrefetch(group, target, problem),
                                problem.chains);
}

struct PlanChooseSchedules
    : nncc::impl::PlanChooseSchedulesBase<PlanChooseSchedules> {
  void runOnOperation() override {
    auto target = targetOf(getOperation()->getParentOfType<ModuleOp>());
    if (!target) {
      getOperation().emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    getOperation().walk([&](nnc::GroupOp group) {
      group.setScheduleAttr(chooseSchedule(group, *target));
    });
  }
};

} // namespace
