//===- ImageLayout.cpp - layouts of activations with channels -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Plan/ImageLayout.h"

using namespace mlir;
using namespace nncc;

ImageLayout ImageLayout::withoutHalo(int64_t block, unsigned spatialRank, Type element) {
  ImageLayout layout;
  layout.block = block;
  layout.element = element;
  layout.haloBegin.assign(spatialRank, 0);
  layout.haloEnd.assign(spatialRank, 0);
  return layout;
}

bool ImageLayout::hasHalo() const {
  auto isPositive = [](int64_t extent) { return extent > 0; };
  return llvm::any_of(haloBegin, isPositive) || llvm::any_of(haloEnd, isPositive);
}

void ImageLayout::mergeHalo(ArrayRef<int64_t> begin, ArrayRef<int64_t> end) {
  for (size_t i = 0; i < begin.size(); ++i) {
    haloBegin[i] = std::max(haloBegin[i], begin[i]);
    haloEnd[i] = std::max(haloEnd[i], end[i]);
  }
}

static PhysicalType make(MLIRContext *context, unsigned rank,
                         ArrayRef<AffineExpr> exprs, ArrayRef<int64_t> shape,
                         Type element, float pad = 0.0f) {
  return {nnc::LayoutAttr::get(context, AffineMap::get(rank, 0, exprs, context), pad),
          RankedTensorType::get(shape, element)};
}

PhysicalType ImageLayout::apply(RankedTensorType logical) const {
  MLIRContext *context = logical.getContext();
  unsigned rank = logical.getRank();
  auto dim = [&](unsigned i) { return getAffineDimExpr(i, context); };
  int64_t channels = logical.getDimSize(1);
  SmallVector<AffineExpr> exprs{dim(0)};
  SmallVector<int64_t> shape{logical.getDimSize(0)};
  if (block >= 1) {
    exprs.push_back(dim(1).floorDiv(block));
    shape.push_back(llvm::divideCeil(channels, block));
  }
  for (unsigned i = 2; i < rank; ++i) {
    exprs.push_back(dim(i) + haloBegin[i - 2]);
    shape.push_back(logical.getDimSize(i) + haloBegin[i - 2] + haloEnd[i - 2]);
  }
  if (block != 1) {
    exprs.push_back(block == 0 ? dim(1) : dim(1) % block);
    shape.push_back(block == 0 ? channels : block);
  }
  return make(context, rank, exprs, shape, element, pad);
}

PhysicalType nncc::rowMajor(RankedTensorType logical) {
  return {nnc::LayoutAttr::getIdentity(logical.getContext(), logical.getRank()),
          logical};
}

int64_t nncc::channelBlockFor(int64_t channels, const TargetInfo &target) {
  if (target.channelBlock <= 1)
    return target.channelBlock;
  if (channels >= target.channelBlock)
    return target.channelBlock;
  return channels < 4 ? 1 : llvm::PowerOf2Ceil(channels);
}

int64_t nncc::weightPanel(int64_t outputs, const TargetInfo &target) {
  int64_t panel = target.channelBlock > 1 ? target.channelBlock : 4;
  return std::min<int64_t>(panel, llvm::PowerOf2Ceil(outputs));
}

static bool fits(int64_t channels, int64_t block) {
  return block <= 1 || channels % block == 0 || block % channels == 0;
}

bool nncc::cutsChannelBlocks(nnc::ConvOp conv, const TargetInfo &target) {
  int64_t inputs = nnc::typeOf(conv.getInput()).getDimSize(1);
  int64_t outputs = nnc::typeOf(conv.getResult()).getDimSize(1);
  int64_t groups = conv.getGroups();
  if (groups == 1 || conv.isDepthwise())
    return false;
  return !fits(inputs / groups, channelBlockFor(inputs, target)) ||
         !fits(outputs / groups, channelBlockFor(outputs, target));
}

PhysicalType nncc::filterLayout(nnc::ConvOp conv, int64_t inBlock,
                                const TargetInfo &target) {
  RankedTensorType filter = nnc::typeOf(conv.getFilter());
  bool depthwise = conv.isDepthwise();
  int64_t panel = weightPanel(filter.getDimSize(0), target);
  bool hasGroups = conv.getGroups() > 1 && !depthwise;
  if (hasGroups && !fits(conv.getOutputsPerGroup(), panel))
    panel = conv.getOutputsPerGroup();
  MLIRContext *context = filter.getContext();
  unsigned rank = filter.getRank();
  auto dim = [&](unsigned i) { return getAffineDimExpr(i, context); };
  int64_t outputs = filter.getDimSize(0), inputs = filter.getDimSize(1);
  SmallVector<AffineExpr> exprs{dim(0).floorDiv(panel)};
  SmallVector<int64_t> shape{int64_t(llvm::divideCeil(outputs, panel))};
  bool blocked = !depthwise && inBlock > 1;
  if (blocked) {
    exprs.push_back(dim(1).floorDiv(inBlock));
    shape.push_back(llvm::divideCeil(inputs, inBlock));
  } else if (!depthwise && inBlock == 1) {
    exprs.push_back(dim(1));
    shape.push_back(inputs);
  }
  for (unsigned i = 2; i < rank; ++i) {
    exprs.push_back(dim(i));
    shape.push_back(filter.getDimSize(i));
  }
  if (blocked) {
    exprs.push_back(dim(1) % inBlock);
    shape.push_back(inBlock);
  } else if (!depthwise && inBlock == 0) {
    exprs.push_back(dim(1));
    shape.push_back(inputs);
  }
  exprs.push_back(dim(0) % panel);
  shape.push_back(panel);
  return make(context, rank, exprs, shape, filter.getElementType());
}

PhysicalType nncc::rightOperandLayout(RankedTensorType rhs, int64_t panel) {
  MLIRContext *context = rhs.getContext();
  unsigned rank = rhs.getRank();
  SmallVector<AffineExpr> exprs;
  SmallVector<int64_t> shape;
  for (unsigned i = 0; i + 2 < rank; ++i) {
    exprs.push_back(getAffineDimExpr(i, context));
    shape.push_back(rhs.getDimSize(i));
  }
  AffineExpr k = getAffineDimExpr(rank - 2, context);
  AffineExpr n = getAffineDimExpr(rank - 1, context);
  llvm::append_values(exprs, n.floorDiv(panel), k, n % panel);
  llvm::append_values(shape,
                      static_cast<int64_t>(llvm::divideCeil(rhs.getShape().back(), panel)),
                      rhs.getDimSize(rank - 2), panel);
  return make(context, rank, exprs, shape, rhs.getElementType());
}
