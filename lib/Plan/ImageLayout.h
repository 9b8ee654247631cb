//===- ImageLayout.h - layouts of activations with channels --------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PLAN_IMAGELAYOUT_H
#define LIB_PLAN_IMAGELAYOUT_H

#include "dialects/Nnc/IR/NncDialect.h"
#include "nncc/Target.h"

namespace nncc {

/// A layout together with the physical type it maps to.
struct PhysicalType {
  nnc::LayoutAttr layout;
  mlir::RankedTensorType type;
};

/// The layout of an N x C x spatial tensor: how channels are blocked, how many elements
/// of halo surround each spatial dimension, and as what elements are stored.
struct ImageLayout {
  /// Channels that lie together: 1 is N C H W, 0 is N H W C.
  int64_t block = 1;
  llvm::SmallVector<int64_t> haloBegin, haloEnd; ///< per spatial dimension
  float pad = 0.0f;                              ///< value of the halo
  mlir::Type element;                            ///< the logical one, or f32 for halves

  static ImageLayout withoutHalo(int64_t block, unsigned spatialRank,
                                 mlir::Type element);
  bool hasHalo() const;
  /// Grows the halo to hold `other`'s.
  void mergeHalo(llvm::ArrayRef<int64_t> begin, llvm::ArrayRef<int64_t> end);
  /// The layout of a logical tensor of type `logical`.
  PhysicalType apply(mlir::RankedTensorType logical) const;
};

/// Row-major order of `logical`.
PhysicalType rowMajor(mlir::RankedTensorType logical);

/// The channel block for `channels` on `target`: its native block, a smaller
/// power of two for few channels, planar below four.
int64_t channelBlockFor(int64_t channels, const TargetInfo &target);

/// True if the groups of `conv` neither fill the target's channel blocks nor fit into
/// them: its input and result are N H W C then, where a group's channels lie together.
bool cutsChannelBlocks(nnc::ConvOp conv, const TargetInfo &target);

/// The layout in which a convolution streams its constant filter, O x C/groups
/// x spatial: panels of output channels of one group, or of whole groups, and input
/// channels in the order of an activation blocked by `inBlock`.
PhysicalType filterLayout(nnc::ConvOp conv, int64_t inBlock, const TargetInfo &target);

/// The layout in which a matrix product streams its constant right operand,
/// batch x K x N: panels of `panel` columns.
PhysicalType rightOperandLayout(mlir::RankedTensorType rhs, int64_t panel);

/// Output channels (or columns) per panel of packed weights on `target`.
int64_t weightPanel(int64_t outputs, const TargetInfo &target);

} // namespace nncc

#endif // LIB_PLAN_IMAGELAYOUT_H
