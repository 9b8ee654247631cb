//===- BorderFill.cpp - constant borders of padded buffers --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/BorderFill.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace nncc;

namespace {
/// How one physical dimension relates to the logical ones.
struct PhysicalDim {
  enum { Plain, Outer, Inner } kind = Plain;
  unsigned logical = 0; ///< the dimension it shows
  int64_t block = 1;    ///< of Outer and Inner
  int64_t offset = 0;   ///< of Plain: elements in front of the interior
};

PhysicalDim classify(AffineExpr expr) {
  PhysicalDim dim;
  if (expr.getKind() == AffineExprKind::Add) {
    auto sum = cast<AffineBinaryOpExpr>(expr);
    dim.offset = cast<AffineConstantExpr>(sum.getRHS()).getValue();
    expr = sum.getLHS();
  }
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr)) {
    dim.kind = expr.getKind() == AffineExprKind::Mod ? PhysicalDim::Inner
                                                     : PhysicalDim::Outer;
    dim.block = cast<AffineConstantExpr>(binary.getRHS()).getValue();
    expr = binary.getLHS();
  }
  dim.logical = cast<AffineDimExpr>(expr).getPosition();
  return dim;
}
} // namespace

SmallVector<Box> nncc::borderBoxes(nnc::LayoutAttr layout,
                                   RankedTensorType logical,
                                   RankedTensorType physical) {
  SmallVector<PhysicalDim> dims =
      llvm::map_to_vector(layout.getMap().getResults(), classify);
  // The interior with whole blocks; `box` shrinks to it dimension by dimension.
  Box box{SmallVector<int64_t>(dims.size(), 0),
          SmallVector<int64_t>(physical.getShape())};
  SmallVector<Box> boxes;
  for (unsigned i = 0; i < dims.size(); ++i) {
    const PhysicalDim &dim = dims[i];
    if (dim.kind != PhysicalDim::Plain)
      continue;
    int64_t extent = logical.getDimSize(dim.logical);
    int64_t behind = physical.getDimSize(i) - dim.offset - extent;
    auto slice = [&](int64_t begin, int64_t length) {
      if (length == 0)
        return;
      boxes.push_back(box);
      boxes.back().begin[i] = begin;
      boxes.back().extent[i] = length;
    };
    slice(0, dim.offset);
    slice(dim.offset + extent, behind);
    box.begin[i] = dim.offset;
    box.extent[i] = extent;
  }
  for (auto [i, inner] : llvm::enumerate(dims)) {
    int64_t extent = logical.getDimSize(inner.logical);
    if (inner.kind != PhysicalDim::Inner || extent % inner.block == 0)
      continue;
    Box lanes = box;
    lanes.begin[i] = extent % inner.block;
    lanes.extent[i] = inner.block - lanes.begin[i];
    for (auto [j, outer] : llvm::enumerate(dims))
      if (outer.kind == PhysicalDim::Outer && outer.logical == inner.logical) {
        lanes.begin[j] = extent / inner.block;
        lanes.extent[j] = 1;
      }
    boxes.push_back(lanes);
  }
  return boxes;
}

static void emitBox(OpBuilder &b, Location loc, Value buffer, const Box &box,
                    TypedAttr fill, int64_t lanes) {
  unsigned rank = box.begin.size();
  // The innermost dimension with more than one element runs along the lanes.
  unsigned laneDim = rank - 1;
  while (laneDim > 0 && box.extent[laneDim] == 1)
    --laneDim;
  SmallVector<AffineExpr> index;
  for (unsigned i = 0; i < rank; ++i)
    index.push_back(b.getAffineDimExpr(i) + box.begin[i]);
  SmallVector<int64_t> tile(rank, 1);
  tile[laneDim] = lanes;
  int64_t work = 1;
  for (unsigned i = 0; i + 1 < std::max(rank, 2u); ++i)
    work *= llvm::divideCeil(box.extent[i], tile[i]);
  Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
  Value end = b.create<arith::ConstantIndexOp>(loc, work);
  auto map = AffineMapAttr::get(AffineMap::get(rank, 0, index, b.getContext()));
  auto nest = b.create<nnc::NestOp>(
      loc, ValueRange{}, ValueRange{}, ValueRange{}, ValueRange{}, buffer, zero, end,
      box.extent, rank, b.getArrayAttr({map}), tile, laneDim, lanes, /*prefetch=*/nullptr);
  OpBuilder body = OpBuilder::atBlockEnd(&nest.getFinish().emplaceBlock());
  Value constant = body.create<arith::ConstantOp>(loc, fill);
  body.create<nnc::YieldOp>(loc, constant);
}

void nncc::emitBorderFill(OpBuilder &b, Location loc, Value buffer,
                          ArrayRef<Box> boxes, TypedAttr fill, int64_t lanes,
                          Value lo, Value hi) {
  for (auto [i, box] : llvm::enumerate(boxes)) {
    Value number = b.create<arith::ConstantIndexOp>(loc, i);
    Value first = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ule, lo, number);
    Value last = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, number, hi);
    Value mine = b.create<arith::AndIOp>(loc, first, last);
    auto branch = b.create<scf::IfOp>(loc, mine, /*withElseRegion=*/false);
    OpBuilder then = branch.getThenBodyBuilder();
    emitBox(then, loc, buffer, box, fill, lanes);
  }
}
