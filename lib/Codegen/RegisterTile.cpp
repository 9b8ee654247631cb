//===- RegisterTile.cpp - the body of an expanded nest ------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/RegisterTile.h"
#include "dialects/Nnc/IR/RangedExpr.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/IR/IRMapping.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace nncc;

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

static void addLinear(AffineExpr expr, int64_t factor, LinearIndex &index) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    index.constant += factor * constant.getValue();
    return;
  }
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr)) {
    if (expr.getKind() == AffineExprKind::Add) {
      addLinear(binary.getLHS(), factor, index);
      addLinear(binary.getRHS(), factor, index);
      return;
    }
    auto rhs = dyn_cast<AffineConstantExpr>(binary.getRHS());
    if (expr.getKind() == AffineExprKind::Mul && rhs) {
      addLinear(binary.getLHS(), factor * rhs.getValue(), index);
      return;
    }
  }
  for (auto &[atom, coefficient] : index.terms)
    if (atom == expr) {
      coefficient += factor;
      return;
    }
  index.terms.push_back({expr, factor});
}

LinearIndex RegisterTile::linearIndex(unsigned buffer, ArrayRef<int64_t> offsets) {
  SmallVector<AffineExpr> indices;
  for (auto [origin, offset] : llvm::zip(origins, offsets))
    indices.push_back(origin + offset);
  AffineMap map = nest.getMap(buffer);
  auto type = cast<MemRefType>(nest->getOperand(buffer).getType());
  LinearIndex index;
  int64_t stride = 1;
  SmallVector<int64_t> strides(type.getRank());
  for (int64_t i = type.getRank(); i-- > 0; stride *= type.getDimSize(i))
    strides[i] = stride;
  for (auto [expr, stride] : llvm::zip(map.getResults(), strides))
    addLinear(simplifyRanged(expr.replaceDims(indices), unitExtents), stride,
              index);
  llvm::erase_if(index.terms, [](auto &term) { return term.second == 0; });
  return index;
}

static std::string keyOf(const LinearIndex &index) {
  std::string key;
  llvm::raw_string_ostream os(key);
  for (auto &[atom, coefficient] : index.terms)
    os << coefficient << "*" << atom << "+";
  return key;
}

Value RegisterTile::atom(OpBuilder &b, AffineExpr expr) {
  Location loc = nest.getLoc();
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return b.create<arith::ConstantIndexOp>(loc, constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return units[dim.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Value lhs = atom(b, binary.getLHS()), rhs = atom(b, binary.getRHS());
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return b.create<arith::AddIOp>(loc, lhs, rhs);
  case AffineExprKind::Mul:
    return b.create<arith::MulIOp>(loc, lhs, rhs);
  case AffineExprKind::FloorDiv: // indices are never negative
    return b.create<arith::DivUIOp>(loc, lhs, rhs);
  default:
    return b.create<arith::RemUIOp>(loc, lhs, rhs);
  }
}

/// Terms sorted by the innermost loop they depend on.
static SmallVector<std::pair<AffineExpr, int64_t>>
inLoopOrder(ArrayRef<std::pair<AffineExpr, int64_t>> terms) {
  SmallVector<std::pair<unsigned, unsigned>> order; // innermost loop, position
  for (auto [i, term] : llvm::enumerate(terms)) {
    unsigned innermost = 0;
    term.first.walk([&](AffineExpr part) {
      if (auto dim = dyn_cast<AffineDimExpr>(part))
        innermost = std::max(innermost, dim.getPosition());
    });
    order.push_back({innermost, i});
  }
  llvm::sort(order);
  return llvm::map_to_vector(order, [&](auto entry) { return terms[entry.second]; });
}

/// The variable part of an index. Terms come in loop order, so the part that an
/// outer loop fixes is a prefix of the sum and can leave the inner loops.
Value RegisterTile::base(OpBuilder &b, Block &block, const LinearIndex &index) {
  Value &sum = block.bases[keyOf(index)];
  if (sum)
    return sum;
  Location loc = nest.getLoc();
  for (const auto &[expr, coefficient] : inLoopOrder(index.terms)) {
    Value term = atom(b, expr);
    if (coefficient != 1)
      term = b.create<arith::MulIOp>(
          loc, term, b.create<arith::ConstantIndexOp>(loc, coefficient));
    sum = sum ? b.create<arith::AddIOp>(loc, sum, term).getResult() : term;
  }
  if (!sum)
    sum = b.create<arith::ConstantIndexOp>(loc, 0);
  return sum;
}

//===----------------------------------------------------------------------===//
// Loads and stores
//===----------------------------------------------------------------------===//

static Value addConstant(OpBuilder &b, Location loc, Value base, int64_t offset) {
  if (offset == 0)
    return base;
  return b.create<arith::AddIOp>(
      loc, base, b.create<arith::ConstantIndexOp>(loc, offset));
}

/// The distance in memory between neighbouring lanes, or nothing if it varies.
static std::optional<int64_t> laneStride(ArrayRef<LinearIndex> lanes) {
  for (size_t i = 1; i < lanes.size(); ++i)
    if (lanes[i].terms != lanes[0].terms ||
        lanes[i].constant - lanes[i - 1].constant !=
            lanes[1].constant - lanes[0].constant)
      return std::nullopt;
  return lanes.size() < 2 ? 0 : lanes[1].constant - lanes[0].constant;
}

static SmallVector<int64_t> withLane(ArrayRef<int64_t> offsets, unsigned dim,
                                     int64_t lane) {
  SmallVector<int64_t> shifted(offsets);
  shifted[dim] += lane;
  return shifted;
}

Value RegisterTile::loadStored(OpBuilder &b, Block &block, unsigned buffer,
                               ArrayRef<int64_t> offsets, int64_t lanes) {
  Location loc = nest.getLoc();
  SmallVector<LinearIndex> indices;
  for (int64_t lane = 0; lane < lanes; ++lane)
    indices.push_back(
        linearIndex(buffer, withLane(offsets, nest.getLaneDim(), lane)));
  std::optional<int64_t> stride = laneStride(indices);
  auto scalarAt = [&](const LinearIndex &index) -> Value {
    std::string key = (Twine(buffer) + ":" + keyOf(index) + "@" + Twine(index.constant)).str();
    Value &value = block.loads[key];
    if (!value)
      value = b.create<memref::LoadOp>(
          loc, flats[buffer],
          addConstant(b, loc, base(b, block, index), index.constant));
    return value;
  };
  if (lanes == 1)
    return scalarAt(indices[0]);

  std::string key = (Twine(buffer) + ":" + keyOf(indices[0]) + "@" +
                     Twine(indices[0].constant) + "x" + Twine(lanes) + "/" +
                     (stride ? Twine(*stride) : Twine("gather")))
                        .str();
  Value &value = block.loads[key];
  if (value)
    return value;
  auto type = VectorType::get(
      lanes, cast<MemRefType>(flats[buffer].getType()).getElementType());
  if (stride == 1) {
    value = b.create<vector::LoadOp>(
        loc, type, flats[buffer],
        addConstant(b, loc, base(b, block, indices[0]), indices[0].constant));
  } else if (stride == 0) {
    value = b.create<vector::BroadcastOp>(loc, type, scalarAt(indices[0]));
  } else {
    SmallVector<Value> scalars = llvm::map_to_vector(indices, scalarAt);
    value = b.create<vector::FromElementsOp>(loc, type, scalars);
  }
  return value;
}

/// The storage type of an element in registers:
///   %c = arith.extf %s : vector<16xf16> to vector<16xf32>
///   %c = arith.cmpi ne, %s, 0 : vector<16xi8>          // a byte to bool
static Value toCompute(OpBuilder &b, Location loc, Value stored, Type type) {
  Type from = getElementTypeOrSelf(stored.getType());
  if (from == type)
    return stored;
  if (isa<FloatType>(type)) {
    if (auto vector = dyn_cast<VectorType>(stored.getType()))
      type = vector.clone(type);
    return b.create<arith::ExtFOp>(loc, type, stored);
  }
  Value zero = b.create<arith::ConstantOp>(
      loc, cast<TypedAttr>(b.getZeroAttr(stored.getType())));
  return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, stored, zero);
}

/// The inverse:
///   %s = arith.truncf %c : vector<16xf32> to vector<16xf16>
///   %s = arith.extui %c : vector<16xi1> to vector<16xi8>
static Value toStorage(OpBuilder &b, Location loc, Value value, Type type) {
  if (getElementTypeOrSelf(value.getType()) == type)
    return value;
  bool isFloat = isa<FloatType>(type);
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = vector.clone(type);
  return isFloat ? b.create<arith::TruncFOp>(loc, type, value).getResult()
                 : b.create<arith::ExtUIOp>(loc, type, value);
}

/// Elements that several points read are converted once, as they are loaded.
Value RegisterTile::load(OpBuilder &b, Block &block, unsigned buffer,
                         ArrayRef<int64_t> offsets, int64_t lanes) {
  Value stored = loadStored(b, block, buffer, offsets, lanes);
  Value &value = block.converted[stored];
  if (!value)
    value = toCompute(b, nest.getLoc(), stored, scalarType(buffer));
  return value;
}

/// The type in which the nest's regions take elements of a buffer.
Type RegisterTile::scalarType(unsigned buffer) {
  for (auto [count, region] :
       {std::pair(nest.getInitInputs().size(), &nest.getInit()),
        std::pair(nest.getInputs().size(), &nest.getCombine())}) {
    if (buffer < count)
      return region->getArgument(buffer).getType();
    buffer -= count;
  }
  return nest.getFinish().getArgument(buffer + nest.hasReduction()).getType();
}

void RegisterTile::store(OpBuilder &b, Block &block, Value value,
                         const Point &point) {
  Location loc = nest.getLoc();
  unsigned buffer = nest.getMaps().size() - 1;
  value = toStorage(
      b, loc, value, cast<MemRefType>(flats[buffer].getType()).getElementType());
  SmallVector<LinearIndex> indices;
  for (int64_t lane = 0; lane < point.lanes; ++lane)
    indices.push_back(linearIndex(
        buffer, withLane(point.offsets, nest.getLaneDim(), lane)));
  auto address = [&](const LinearIndex &index) {
    return addConstant(b, loc, base(b, block, index), index.constant);
  };
  if (point.lanes == 1) {
    b.create<memref::StoreOp>(loc, value, flats[buffer], address(indices[0]));
    return;
  }
  if (laneStride(indices) == 1) {
    b.create<vector::StoreOp>(loc, value, flats[buffer], address(indices[0]));
    return;
  }
  for (auto [lane, index] : llvm::enumerate(indices)) {
    Value scalar = b.create<vector::ExtractOp>(loc, value, lane);
    b.create<memref::StoreOp>(loc, scalar, flats[buffer], address(index));
  }
}

//===----------------------------------------------------------------------===//
// Computation
//===----------------------------------------------------------------------===//

/// Clones the scalar code of `region` for `lanes` elements at once:
///   %r = arith.addf %a, %b : f32   ->   %r = arith.addf %a, %b : vector<16xf32>
Value RegisterTile::inlineScalars(OpBuilder &b, Region &region, ValueRange args,
                                  int64_t lanes) {
  IRMapping mapping;
  mapping.map(region.getArguments(), args);
  for (Operation &op : region.front().without_terminator()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op); constant && lanes > 1) {
      auto type = VectorType::get(lanes, constant.getType());
      mapping.map(constant.getResult(),
                  b.create<arith::ConstantOp>(
                       op.getLoc(), SplatElementsAttr::get(type, Attribute(constant.getValue())))
                      .getResult());
      continue;
    }
    Operation *clone = b.clone(op, mapping);
    if (lanes > 1)
      for (Value result : clone->getResults())
        result.setType(VectorType::get(lanes, result.getType()));
  }
  return mapping.lookup(
      cast<nnc::YieldOp>(region.front().getTerminator()).getValues().front());
}

/// Every combination of offsets below `sizes` in the loops [first, last).
static SmallVector<SmallVector<int64_t>> offsetsWithin(ArrayRef<int64_t> sizes,
                                                       unsigned first,
                                                       unsigned last,
                                                       unsigned skip) {
  SmallVector<SmallVector<int64_t>> all{SmallVector<int64_t>(sizes.size(), 0)};
  for (unsigned dim = first; dim < last; ++dim) {
    if (dim == skip)
      continue;
    SmallVector<SmallVector<int64_t>> next;
    for (const SmallVector<int64_t> &offsets : all)
      for (int64_t i = 0; i < sizes[dim]; ++i)
        next.push_back(withLane(offsets, dim, i));
    all = std::move(next);
  }
  return all;
}

/// Cuts the lane loop into vectors: as many full ones as fit, then the powers
/// of two of the rest.
void RegisterTile::listPoints(ArrayRef<int64_t> sizes) {
  unsigned laneDim = nest.getLaneDim();
  points.clear();
  if (nest.hasReductionLanes()) {
    for (SmallVector<int64_t> &offsets :
         offsetsWithin(sizes, 0, nest.getParallel(), laneDim))
      points.push_back({std::move(offsets), 1});
    return;
  }
  for (const SmallVector<int64_t> &offsets :
       offsetsWithin(sizes, 0, nest.getParallel(), laneDim))
    for (int64_t lane = 0; lane < sizes[laneDim];) {
      int64_t length = std::min<int64_t>(
          nest.getLanes(), llvm::bit_floor<uint64_t>(sizes[laneDim] - lane));
      points.push_back({withLane(offsets, laneDim, lane), length});
      lane += length;
    }
}

/// One step of the innermost loops, `sizes` iterations of each.
SmallVector<Value> RegisterTile::combine(OpBuilder &b, ValueRange accumulators,
                                         ArrayRef<int64_t> sizes) {
  unsigned first = nest.getInitInputs().size(), last = sizes.size() - 1;
  SmallVector<Value> results(accumulators);
  MutableArrayRef<Value> all(results);
  Block block;
  for (const SmallVector<int64_t> &step :
       offsetsWithin(sizes, nest.getParallel(), sizes.size(),
                     /*skip=*/nest.hasReductionLanes() ? last : ~0u)) {
    for (auto [i, point] : llvm::enumerate(points)) {
      SmallVector<int64_t> offsets(point.offsets);
      for (size_t dim = 0; dim < step.size(); ++dim)
        offsets[dim] += step[dim];
      if (nest.hasReductionLanes()) {
        combineLanes(b, block, offsets, sizes[last], all.slice(i * slots(), slots()));
        continue;
      }
      Value &result = results[i * slots() + step[last] % slots()];
      SmallVector<Value> args;
      for (unsigned input = 0; input < nest.getInputs().size(); ++input)
        args.push_back(load(b, block, first + input, offsets, point.lanes));
      args.push_back(result);
      result = inlineScalars(b, nest.getCombine(), args, point.lanes);
    }
  }
  return results;
}

SmallVector<Value> RegisterTile::reduce(OpBuilder &b, unsigned dim,
                                        ValueRange accumulators) {
  if (prefetch && dim == prefetch->level)
    askForNextPanel(b);
  if (dim == nest.getExtents().size())
    return combine(b, accumulators, nest.getTile());
  Location loc = nest.getLoc();
  int64_t tile = nest.getTile()[dim], count = nest.getExtents()[dim] / tile;
  SmallVector<Value> results(accumulators);
  if (count == 1) {
    origins[dim] = b.getAffineConstantExpr(0);
    results = reduce(b, dim + 1, results);
  } else {
    Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
    Value end = b.create<arith::ConstantIndexOp>(loc, count);
    Value one = b.create<arith::ConstantIndexOp>(loc, 1);
    auto loop = b.create<scf::ForOp>(
        loc, zero, end, one, results,
        [&](OpBuilder &body, Location loc, Value unit, ValueRange carried) {
          units[dim] = unit;
          origins[dim] = body.getAffineDimExpr(dim) * tile;
          body.create<scf::YieldOp>(loc, reduce(body, dim + 1, carried));
        });
    results.assign(loop.result_begin(), loop.result_end());
  }
  // Only the innermost loop may have a rest.
  if (int64_t rest = nest.getExtents()[dim] % tile) {
    SmallVector<int64_t> sizes(nest.getTile());
    sizes[dim] = rest;
    origins[dim] = b.getAffineConstantExpr(count * tile);
    results = combine(b, results, sizes);
  }
  return results;
}

void RegisterTile::emit(OpBuilder &b, ArrayRef<AffineExpr> tileOrigins,
                        ArrayRef<int64_t> sizes, ArrayRef<Value> tileUnits) {
  origins.assign(tileOrigins.begin(), tileOrigins.end());
  units.assign(tileUnits.begin(), tileUnits.end());
  unitExtents.clear();
  for (unsigned dim = 0; dim < sizes.size(); ++dim)
    unitExtents.push_back(nest.getUnits(dim));
  listPoints(sizes);

  unsigned numInit = nest.getInitInputs().size();
  SmallVector<Value> accumulators;
  if (nest.hasReduction()) {
    Block block;
    for (const Point &point : points) {
      SmallVector<Value> args;
      for (unsigned i = 0; i < numInit; ++i)
        args.push_back(load(b, block, i, point.offsets, point.lanes));
      int64_t lanes = nest.hasReductionLanes() ? nest.getLanes() : point.lanes;
      accumulators.append(slots(), inlineScalars(b, nest.getInit(), args, lanes));
    }
    accumulators = reduce(b, nest.getParallel(), accumulators);
  }
  unsigned firstFinish = numInit + nest.getInputs().size();
  SmallVector<Value> results;
  Block block;
  for (auto [i, point] : llvm::enumerate(points)) {
    SmallVector<Value> args;
    if (nest.hasReduction())
      args.push_back(combineChains(
          b, ArrayRef(accumulators).slice(i * slots(), slots()), point.lanes));
    for (unsigned j = 0; j < nest.getFinishInputs().size(); ++j)
      args.push_back(load(b, block, firstFinish + j, point.offsets, point.lanes));
    results.push_back(inlineScalars(b, nest.getFinish(), args, point.lanes));
  }
  // All loads of the tile come before its first store: an operand that shares
  // its bytes with the output is read before it is overwritten.
  for (auto [point, result] : llvm::zip(points, results))
    store(b, block, result, point);
}
