//===- ExpandNests.cpp - loop nests into loops over register tiles ------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/Passes.h"
#include "lib/Codegen/RegisterTile.h"
#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

namespace nncc {
#define GEN_PASS_DEF_CODEGENEXPANDNESTS
#include "lib/Codegen/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

namespace {

/// Builds the loops around the register tiles of one nest.
class NestExpander {
public:
  explicit NestExpander(nnc::NestOp nest) : nest(nest) {}

  void expand() {
    OpBuilder b(nest);
    for (Value buffer : nest.getOperands().drop_back(2))
      flats.push_back(flatten(b, buffer));
    Location loc = nest.getLoc();
    MLIRContext *context = nest.getContext();
    for (unsigned dim = 0; dim < nest.getExtents().size(); ++dim)
      origins.push_back(getAffineDimExpr(dim, context) * nest.getTile()[dim]);
    sizes.assign(nest.getTile().begin(), nest.getTile().end());
    units.resize(sizes.size());
    Value one = b.create<arith::ConstantIndexOp>(loc, 1);
    auto loop = b.create<scf::ForOp>(loc, nest.getLo(), nest.getHi(), one);
    b.setInsertionPointToStart(loop.getBody());
    splitWork(b, loop.getInductionVar());
    emitWorkLoop(b, 0);
    nest.erase();
  }

private:
  /// All dimensions of a row-major buffer as one.
  Value flatten(OpBuilder &b, Value buffer) {
    auto type = cast<MemRefType>(buffer.getType());
    if (type.getRank() == 1)
      return buffer;
    if (type.getRank() == 0)
      return b.create<memref::ExpandShapeOp>(
          nest.getLoc(), MemRefType::get({1}, type.getElementType()), buffer,
          ArrayRef<ReassociationIndices>{});
    ReassociationIndices all(llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
    return b.create<memref::CollapseShapeOp>(nest.getLoc(), buffer,
                                             ArrayRef<ReassociationIndices>(all));
  }

  /// Work unit -> unit index of each work loop, the last loop fastest.
  void splitWork(OpBuilder &b, Value work) {
    Location loc = nest.getLoc();
    for (unsigned dim = nest.getNumWorkLoops(); dim-- > 0;) {
      int64_t count = nest.getUnits(dim);
      if (count == 1) {
        units[dim] = b.create<arith::ConstantIndexOp>(loc, 0);
        continue;
      }
      bool isOuter = llvm::all_of(llvm::seq(0u, dim), [&](unsigned outer) {
        return nest.getUnits(outer) == 1;
      });
      if (isOuter) {
        units[dim] = work;
        work = nullptr;
        continue;
      }
      Value extent = b.create<arith::ConstantIndexOp>(loc, count);
      units[dim] = b.create<arith::RemUIOp>(loc, work, extent);
      work = b.create<arith::DivUIOp>(loc, work, extent);
    }
  }

  bool hasPartialTile(unsigned dim) {
    return nest.getExtents()[dim] % nest.getTile()[dim] != 0;
  }

  /// Runs `body` with loop `dim` in its last, partial tile.
  void inPartialTile(OpBuilder &b, unsigned dim, llvm::function_ref<void()> body) {
    int64_t tile = nest.getTile()[dim], full = nest.getExtents()[dim] / tile;
    AffineExpr origin = std::exchange(
        origins[dim], getAffineConstantExpr(full * tile, b.getContext()));
    sizes[dim] = nest.getExtents()[dim] % tile;
    body();
    origins[dim] = origin;
    sizes[dim] = tile;
  }

  /// Chooses between full and partial tiles of each work loop, then goes on to
  /// the loops inside one unit of work.
  void emitWorkLoop(OpBuilder &b, unsigned dim) {
    if (dim == nest.getNumWorkLoops())
      return emitInnerLoop(b, dim);
    if (!hasPartialTile(dim))
      return emitWorkLoop(b, dim + 1);
    int64_t full = nest.getExtents()[dim] / nest.getTile()[dim];
    if (full == 0)
      return inPartialTile(b, dim, [&] { emitWorkLoop(b, dim + 1); });
    Location loc = nest.getLoc();
    Value isFull = b.create<arith::CmpIOp>(
        loc, arith::CmpIPredicate::ult, units[dim],
        b.create<arith::ConstantIndexOp>(loc, full));
    auto branch = b.create<scf::IfOp>(loc, isFull, /*withElseRegion=*/true);
    OpBuilder then = branch.getThenBodyBuilder();
    emitWorkLoop(then, dim + 1);
    OpBuilder otherwise = branch.getElseBodyBuilder();
    inPartialTile(otherwise, dim, [&] { emitWorkLoop(otherwise, dim + 1); });
  }

  void emitInnerLoop(OpBuilder &b, unsigned dim) {
    if (dim == nest.getParallel()) {
      RegisterTile(nest, flats).emit(b, origins, sizes, units);
      return;
    }
    Location loc = nest.getLoc();
    int64_t full = nest.getExtents()[dim] / nest.getTile()[dim];
    if (full == 1) {
      AffineExpr origin = std::exchange(
          origins[dim], getAffineConstantExpr(0, b.getContext()));
      emitInnerLoop(b, dim + 1);
      origins[dim] = origin;
    } else if (full > 1) {
      Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
      Value end = b.create<arith::ConstantIndexOp>(loc, full);
      Value one = b.create<arith::ConstantIndexOp>(loc, 1);
      auto loop = b.create<scf::ForOp>(loc, zero, end, one);
      OpBuilder body = OpBuilder::atBlockTerminator(loop.getBody());
      units[dim] = loop.getInductionVar();
      emitInnerLoop(body, dim + 1);
    }
    if (hasPartialTile(dim))
      inPartialTile(b, dim, [&] { emitInnerLoop(b, dim + 1); });
  }

  nnc::NestOp nest;
  SmallVector<Value> flats, units;
  SmallVector<AffineExpr> origins;
  SmallVector<int64_t> sizes;
};

struct CodegenExpandNests
    : nncc::impl::CodegenExpandNestsBase<CodegenExpandNests> {
  void runOnOperation() override {
    SmallVector<nnc::NestOp> nests;
    getOperation().walk([&](nnc::NestOp nest) { nests.push_back(nest); });
    for (nnc::NestOp nest : nests)
      NestExpander(nest).expand();
  }
};

} // namespace
