//===- TileAccess.cpp - what a register tile loads and stores -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/RangedExpr.h"
#include "lib/Codegen/ElementAccess.h"
#include "lib/Codegen/RegisterTile.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

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

static std::string keyOf(const LinearIndex &index) {
  std::string key;
  llvm::raw_string_ostream os(key);
  for (auto &[atom, coefficient] : index.terms)
    os << coefficient << "*" << atom << "+";
  return key;
}

static std::string keyWithConstant(const LinearIndex &index) {
  return keyOf(index) + "@" + std::to_string(index.constant);
}

/// A symbol for the index that symbol `k` of a map has at `offsets`: equal ones
/// share it, so what does not differ between lanes is seen not to.
AffineExpr RegisterTile::indexAt(unsigned k, ArrayRef<int64_t> offsets) {
  unsigned buffer = nest.getMaps().size() - 1 - nest.getIndices().size() + k;
  LinearIndex element = linearIndex(buffer, offsets);
  std::string key = std::to_string(k) + ":" + keyWithConstant(element);
  auto [entry, isNew] = indexNumbers.try_emplace(key, indexElements.size());
  if (isNew)
    indexElements.push_back({k, buffer, element});
  return getAffineSymbolExpr(entry->second, nest.getContext());
}

LinearIndex RegisterTile::linearIndex(unsigned buffer, ArrayRef<int64_t> offsets) {
  AffineMap map = nest.getMap(buffer);
  SmallVector<AffineExpr> indices, symbols;
  for (auto [origin, offset] : llvm::zip(origins, offsets))
    indices.push_back(origin + offset);
  for (unsigned k = 0; k < map.getNumSymbols(); ++k)
    symbols.push_back(indexAt(k, offsets));
  auto type = cast<MemRefType>(nest->getOperand(buffer).getType());
  LinearIndex index;
  int64_t stride = 1;
  SmallVector<int64_t> strides(type.getRank());
  for (int64_t i = type.getRank(); i-- > 0; stride *= type.getDimSize(i))
    strides[i] = stride;
  for (auto [expr, stride] : llvm::zip(map.getResults(), strides))
    addLinear(simplifyRanged(expr.replaceDimsAndSymbols(indices, symbols), unitExtents),
              stride, index);
  llvm::erase_if(index.terms, [](auto &term) { return term.second == 0; });
  return index;
}

/// The value of an index: wrapped and clamped to its dimension, whatever the
/// tensor holds.
Value RegisterTile::indexValue(OpBuilder &b, Block &block, unsigned number) {
  if (Value known = block.indexValues.lookup(number))
    return known;
  Location loc = nest.getLoc();
  const IndexElement element = indexElements[number];
  Value raw = loadScalar(b, block, element.buffer, element.place);
  if (int64_t extent = nest.getIndexExtents()[element.operand]) {
    auto constant = [&](int64_t i) -> Value {
      return b.create<arith::ConstantOp>(loc, b.getIntegerAttr(raw.getType(), i));
    };
    Value zero = constant(0);
    Value isNegative =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, raw, zero);
    Value wrapped = b.create<arith::AddIOp>(loc, raw, constant(extent));
    raw = b.create<arith::SelectOp>(loc, isNegative, wrapped, raw);
    raw = b.create<arith::MaxSIOp>(loc, raw, zero);
    raw = b.create<arith::MinSIOp>(loc, raw, constant(extent - 1));
  }
  return block.indexValues[number] =
             b.create<arith::IndexCastOp>(loc, b.getIndexType(), raw);
}

Value RegisterTile::atom(OpBuilder &b, Block &block, AffineExpr expr) {
  Location loc = nest.getLoc();
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return b.create<arith::ConstantIndexOp>(loc, constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return units[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return indexValue(b, block, symbol.getPosition());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Value lhs = atom(b, block, binary.getLHS()), rhs = atom(b, block, binary.getRHS());
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
      if (isa<AffineSymbolExpr>(part)) // loaded where it is used
        innermost = ~0u;
    });
    order.push_back({innermost, i});
  }
  llvm::sort(order);
  return llvm::map_to_vector(order, [&](auto entry) { return terms[entry.second]; });
}

/// The variable part of an index. Terms come in loop order, so the part that an
/// outer loop fixes is a prefix of the sum and can leave the inner loops.
Value RegisterTile::base(OpBuilder &b, Block &block, const LinearIndex &index) {
  std::string key = keyOf(index);
  Value sum = block.bases[key];
  if (sum)
    return sum;
  Location loc = nest.getLoc();
  for (const auto &[expr, coefficient] : inLoopOrder(index.terms)) {
    Value term = atom(b, block, expr);
    if (coefficient != 1)
      term = b.create<arith::MulIOp>(
          loc, term, b.create<arith::ConstantIndexOp>(loc, coefficient));
    sum = sum ? b.create<arith::AddIOp>(loc, sum, term).getResult() : term;
  }
  if (!sum)
    sum = b.create<arith::ConstantIndexOp>(loc, 0);
  return block.bases[key] = sum;
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

/// The longest vectors of neighbours in memory that all lanes can be cut into;
/// 1 if there are none.
static int64_t contiguousRun(ArrayRef<LinearIndex> lanes) {
  for (int64_t run = lanes.size() / 2; run > 1; run /= 2) {
    bool fits = true;
    for (size_t first = 0; first < lanes.size() && fits; first += run)
      fits = laneStride(lanes.slice(first, run)) == 1;
    if (fits)
      return run;
  }
  return 1;
}

/// Where the vector of as many neighbours begins that holds all lanes, at a multiple of
/// its length; nothing if there is none. It ends in the buffer, as that has a multiple
/// of its length, too.
static std::optional<LinearIndex> alignedWindow(ArrayRef<LinearIndex> lanes,
                                                int64_t bufferExtent) {
  int64_t length = lanes.size();
  LinearIndex window = lanes[0];
  window.constant -= llvm::mod(window.constant, length);
  bool isAligned = bufferExtent % length == 0 &&
                   llvm::all_of(window.terms, [&](const auto &term) {
                     return term.second % length == 0;
                   });
  bool holdsAll = llvm::all_of(lanes, [&](const LinearIndex &lane) {
    return lane.terms == window.terms && lane.constant >= window.constant &&
           lane.constant < window.constant + length;
  });
  return isAligned && holdsAll ? std::optional(window) : std::nullopt;
}

SmallVector<LinearIndex> RegisterTile::laneIndices(unsigned buffer,
                                                   ArrayRef<int64_t> offsets,
                                                   int64_t lanes) {
  SmallVector<LinearIndex> indices;
  for (int64_t lane = 0; lane < lanes; ++lane)
    indices.push_back(
        linearIndex(buffer, withLane(offsets, nest.getLaneDim(), lane)));
  return indices;
}

Value RegisterTile::address(OpBuilder &b, Block &block, const LinearIndex &index) {
  return addConstant(b, nest.getLoc(), base(b, block, index), index.constant);
}

Value RegisterTile::loadScalar(OpBuilder &b, Block &block, unsigned buffer,
                               const LinearIndex &index) {
  std::string key = std::to_string(buffer) + ":" + keyWithConstant(index);
  Value value = block.loads[key];
  if (!value)
    value = b.create<memref::LoadOp>(nest.getLoc(), flats[buffer],
                                     address(b, block, index));
  return block.loads[key] = value;
}

/// A vector that several lanes or steps pick elements of.
Value RegisterTile::loadNeighbours(OpBuilder &b, Block &block, unsigned buffer,
                                   const LinearIndex &first, VectorType type) {
  Value &value = block.loads[std::to_string(buffer) + "[" + keyWithConstant(first) + "x" +
                             std::to_string(type.getNumElements())];
  if (!value)
    value = b.create<vector::LoadOp>(nest.getLoc(), type, flats[buffer],
                                     address(b, block, first));
  return value;
}

/// Loads elements that lie anywhere: a vector, a broadcast, runs of neighbours put
/// together, elements of one vector, or element by element.
Value RegisterTile::loadLanes(OpBuilder &b, Block &block, unsigned buffer,
                              ArrayRef<LinearIndex> indices) {
  Location loc = nest.getLoc();
  int64_t lanes = indices.size();
  auto type = VectorType::get(
      lanes, cast<MemRefType>(flats[buffer].getType()).getElementType());
  std::optional<int64_t> stride = laneStride(indices);
  if (stride == 1)
    return b.create<vector::LoadOp>(loc, type, flats[buffer],
                                    address(b, block, indices[0]));
  if (stride == 0)
    return b.create<vector::BroadcastOp>(loc, type,
                                         loadScalar(b, block, buffer, indices[0]));
  if (contiguousRun(indices) > 1) {
    Value first = loadLanes(b, block, buffer, indices.take_front(lanes / 2));
    Value second = loadLanes(b, block, buffer, indices.take_back(lanes / 2));
    return b.create<vector::ShuffleOp>(loc, first, second,
                                       llvm::to_vector(llvm::seq<int64_t>(0, lanes)));
  }
  int64_t extent = cast<MemRefType>(flats[buffer].getType()).getDimSize(0);
  if (auto window = alignedWindow(indices, extent)) {
    Value all = loadNeighbours(b, block, buffer, *window, type);
    SmallVector<int64_t> positions = llvm::map_to_vector(
        indices, [&](const LinearIndex &lane) { return lane.constant - window->constant; });
    return b.create<vector::ShuffleOp>(loc, all, all, positions);
  }
  SmallVector<Value> scalars = llvm::map_to_vector(indices, [&](const LinearIndex &index) {
    return loadScalar(b, block, buffer, index);
  });
  return b.create<vector::FromElementsOp>(loc, type, scalars);
}

Value RegisterTile::loadStored(OpBuilder &b, Block &block, unsigned buffer,
                         ArrayRef<int64_t> offsets, int64_t lanes) {
  SmallVector<LinearIndex> indices = laneIndices(buffer, offsets, lanes);
  if (lanes == 1)
    return loadScalar(b, block, buffer, indices[0]);
  std::string key = std::to_string(buffer);
  std::optional<int64_t> stride = laneStride(indices);
  for (const LinearIndex &index : ArrayRef(indices).take_front(stride ? 2 : lanes))
    key += ":" + keyWithConstant(index);
  key += "x" + std::to_string(lanes);
  Value value = block.loads[key];
  if (!value)
    value = loadLanes(b, block, buffer, indices);
  return block.loads[key] = value;
}

void RegisterTile::store(OpBuilder &b, Block &block, Value value,
                         const Point &point) {
  Location loc = nest.getLoc();
  unsigned buffer = nest.getMaps().size() - 1;
  value = toStorage(
      b, loc, value, cast<MemRefType>(flats[buffer].getType()).getElementType());
  SmallVector<LinearIndex> indices = laneIndices(buffer, point.offsets, point.lanes);
  if (point.lanes == 1) {
    b.create<memref::StoreOp>(loc, value, flats[buffer], address(b, block, indices[0]));
    return;
  }
  if (laneStride(indices) == 1) {
    b.create<vector::StoreOp>(loc, value, flats[buffer], address(b, block, indices[0]));
    return;
  }
  int64_t run = contiguousRun(indices);
  for (int64_t lane = 0; lane < point.lanes; lane += run) {
    Value at = address(b, block, indices[lane]);
    if (run == 1) {
      Value scalar = b.create<vector::ExtractOp>(loc, value, lane);
      b.create<memref::StoreOp>(loc, scalar, flats[buffer], at);
      continue;
    }
    Value part = b.create<vector::ShuffleOp>(
        loc, value, value, llvm::to_vector(llvm::seq<int64_t>(lane, lane + run)));
    b.create<vector::StoreOp>(loc, part, flats[buffer], at);
  }
}
