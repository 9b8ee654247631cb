//===- ScatterKernel.cpp - elements replaced by index -------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Updates are applied one after the other, so that several of one element have
// the same outcome every time. Threads share a dimension that no index decides:
// each copies its slices of the data, then applies their updates.
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ScalarCode.h"
#include "lib/Codegen/ElementAccess.h"
#include "lib/Codegen/WholeTensorKernel.h"
#include <mlir/Dialect/Affine/Utils.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace nncc;

namespace {
class ScatterEmitter {
public:
  explicit ScatterEmitter(nnc::ScatterOp op) : op(op), map(op.getMap()) {
    updates.assign(nnc::typeOf(op.getUpdates()).getShape().begin(),
                   nnc::typeOf(op.getUpdates()).getShape().end());
    data.assign(op.getType().getShape().begin(), op.getType().getShape().end());
    for (auto [d, expr] : llvm::enumerate(map.getResults()))
      if (auto dim = dyn_cast<AffineDimExpr>(expr);
          dim && (!shared || data[d] > data[*shared])) {
        shared = d;
        sharedLoop = dim.getPosition();
      }
  }

  int64_t work() const { return shared ? data[*shared] : 1; }

  void emit(OpBuilder &b, Location loc, const KernelBuffers &buffers) {
    from = buffers.operands[0];
    values = buffers.operands[1];
    indices = ArrayRef(buffers.operands).drop_front(2);
    to = buffers.results[0];
    Value one = b.create<arith::ConstantIndexOp>(loc, 1);
    Value inPlace = isInPlace(b, loc);
    auto loop = b.create<scf::ForOp>(loc, buffers.lo, buffers.hi, one);
    OpBuilder unit = OpBuilder::atBlockTerminator(loop.getBody());
    auto copying = unit.create<scf::IfOp>(loc, inPlace, /*withElseRegion=*/true);
    OpBuilder otherwise = copying.getElseBodyBuilder();
    copySlice(otherwise, loc, loop.getInductionVar());
    applyUpdates(unit, loc, loop.getInductionVar());
  }

private:
  /// True if the planner gave the result the buffer of the data.
  Value isInPlace(OpBuilder &b, Location loc) {
    Value source = b.create<memref::ExtractAlignedPointerAsIndexOp>(loc, from);
    Value target = b.create<memref::ExtractAlignedPointerAsIndexOp>(loc, to);
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, source, target);
  }

  void copySlice(OpBuilder &b, Location loc, Value unit) {
    SmallVector<int64_t> shape(data);
    if (shared)
      shape.erase(shape.begin() + *shared);
    emitLoops(b, loc, shape, [&](OpBuilder &inside, ValueRange rest) {
      SmallVector<Value> index(rest);
      if (shared)
        index.insert(index.begin() + *shared, unit);
      Value element = inside.create<memref::LoadOp>(loc, from, index);
      inside.create<memref::StoreOp>(loc, element, to, index);
    });
  }

  void applyUpdates(OpBuilder &b, Location loc, Value unit) {
    SmallVector<int64_t> shape(updates);
    OpBuilder guarded = b;
    if (shared) {
      shape.erase(shape.begin() + sharedLoop);
      Value end = b.create<arith::ConstantIndexOp>(loc, updates[sharedLoop]);
      Value exists =
          b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, unit, end);
      auto branch = b.create<scf::IfOp>(loc, exists, /*withElseRegion=*/false);
      guarded = branch.getThenBodyBuilder();
    }
    emitLoops(guarded, loc, shape, [&](OpBuilder &inside, ValueRange rest) {
      SmallVector<Value> index(rest);
      if (shared)
        index.insert(index.begin() + sharedLoop, unit);
      applyUpdate(inside, loc, index);
    });
  }

  SmallVector<Value> evaluate(OpBuilder &b, Location loc, AffineMap map,
                              ValueRange dims, ValueRange symbols) {
    return llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) {
      return affine::expandAffineExpr(b, loc, expr, dims, symbols);
    });
  }

  /// An index counted from the front, and whether it is in range.
  std::pair<Value, Value> indexAt(OpBuilder &b, Location loc, unsigned k,
                                  ValueRange dims) {
    Value raw = b.create<memref::LoadOp>(
        loc, indices[k], evaluate(b, loc, op.getIndexMap(k), dims, {}));
    auto constant = [&](int64_t i) -> Value {
      return b.create<arith::ConstantOp>(loc, b.getIntegerAttr(raw.getType(), i));
    };
    Value extent = constant(op.getIndexedExtent(k));
    Value isNegative =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, raw, constant(0));
    Value index = b.create<arith::SelectOp>(
        loc, isNegative, b.create<arith::AddIOp>(loc, raw, extent), raw);
    Value inRange =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, index, extent);
    return {b.create<arith::IndexCastOp>(loc, b.getIndexType(), index), inRange};
  }

  void applyUpdate(OpBuilder &b, Location loc, ValueRange dims) {
    SmallVector<Value> symbols;
    Value allInRange = b.create<arith::ConstantIntOp>(loc, 1, 1);
    for (unsigned k = 0; k < indices.size(); ++k) {
      auto [index, inRange] = indexAt(b, loc, k, dims);
      symbols.push_back(index);
      allInRange = b.create<arith::AndIOp>(loc, allInRange, inRange);
    }
    auto branch = b.create<scf::IfOp>(loc, allInRange, /*withElseRegion=*/false);
    OpBuilder inside = branch.getThenBodyBuilder();
    SmallVector<Value> place = evaluate(inside, loc, map, dims, symbols);
    Value update = inside.create<memref::LoadOp>(loc, values, dims);
    if (op.getReduction())
      update = reduced(inside, loc, inside.create<memref::LoadOp>(loc, to, place), update);
    inside.create<memref::StoreOp>(loc, update, to, place);
  }

  Value reduced(OpBuilder &b, Location loc, Value old, Value update) {
    Type element = op.getType().getElementType();
    nnc::ScalarCode code(b, loc, element);
    Value x = toCompute(b, loc, old, nnc::computeTypeOf(element));
    Value y = toCompute(b, loc, update, nnc::computeTypeOf(element));
    Value result;
    switch (*op.getReduction()) {
    case nnc::ReduceKind::Prod:
      result = code.arithmetic<arith::MulFOp, arith::MulIOp>(x, y);
      break;
    case nnc::ReduceKind::Max:
      result = code.max(x, y);
      break;
    case nnc::ReduceKind::Min:
      result = code.min(x, y);
      break;
    default:
      result = code.arithmetic<arith::AddFOp, arith::AddIOp>(x, y);
    }
    return toStorage(b, loc, result, old.getType());
  }

  nnc::ScatterOp op;
  AffineMap map;
  SmallVector<int64_t> updates, data;
  std::optional<unsigned> shared; ///< dimension of the data
  unsigned sharedLoop = 0;        ///< the same of the updates
  Value from, values, to;
  ArrayRef<Value> indices;
};
} // namespace

WholeTensorKernel nncc::scatterKernel(nnc::ScatterOp op) {
  WholeTensorKernel kernel;
  kernel.work = ScatterEmitter(op).work();
  kernel.inPlace = 0;
  kernel.emit = [op](OpBuilder &b, Location loc, const KernelBuffers &buffers) {
    ScatterEmitter(op).emit(b, loc, buffers);
  };
  return kernel;
}
