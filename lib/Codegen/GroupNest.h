//===- GroupNest.h - a group as one loop nest ----------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CODEGEN_GROUPNEST_H
#define LIB_CODEGEN_GROUPNEST_H

#include "dialects/Nnc/IR/NncDialect.h"

namespace nncc {

/// Translates one planned group into an nnc.nest. The kernel's arguments are the
/// group's inputs in order, then the output, then lo and hi.
class GroupNest {
public:
  explicit GroupNest(nnc::GroupOp group);

  /// Emits the nest; `arguments` are the kernel's. Fails with a diagnostic on
  /// the group if an operation in it has no nest.
  mlir::FailureOr<nnc::NestOp> emit(mlir::OpBuilder &b,
                                    mlir::ValueRange arguments);

  /// Kernel arguments that may share the output's bytes: the nest reads each of
  /// their elements only to compute the same element of the output.
  llvm::SmallVector<int64_t> inPlaceArguments(nnc::NestOp nest);

private:
  using Exprs = llvm::SmallVector<mlir::AffineExpr>;

  unsigned addReduction(int64_t extent, bool unroll = false);
  mlir::AffineExpr loop(unsigned i) {
    return mlir::getAffineDimExpr(i, group.getContext());
  }
  /// The index of the logical result's dimension `dim`.
  mlir::AffineExpr result(unsigned dim) {
    mlir::AffineExpr index = loop(loopOf[dim]);
    return dim == 1 && groupExtent ? loop(1) * groupExtent + index : index;
  }
  /// The index of the result as index of an operand that broadcasts to it.
  Exprs broadcastIndex(mlir::RankedTensorType operand);
  /// Loops over window positions and the input index they reach.
  void addWindow(llvm::ArrayRef<int64_t> window, llvm::ArrayRef<int64_t> strides,
                 llvm::ArrayRef<int64_t> dilations,
                 llvm::ArrayRef<int64_t> padBegin, bool unrollLast,
                 Exprs &position, Exprs &tap);

  mlir::LogicalResult addAnchor(mlir::Operation *anchor);
  void addConv(nnc::ConvOp conv);
  void addMatmul(nnc::MatmulOp matmul);
  void addPool(nnc::PoolOp pool);
  void addReduce(nnc::ReduceOp reduce);
  void addIndexCheck(nnc::CheckIndicesOp check);
  void readGather(nnc::GatherOp gather);

  /// One buffer the nest reads: a group input and the index into it.
  struct Access {
    unsigned input;
    Exprs index;
  };
  void read(llvm::SmallVectorImpl<Access> &list, mlir::Value blockArgument,
            Exprs index);
  mlir::AffineMap mapOf(nnc::LayoutAttr layout,
                        llvm::ArrayRef<mlir::AffineExpr> index);
  /// The elements that a reduction sums up (or the like).
  mlir::Type reducedElement();
  // Scalar code of the nest's regions (GroupScalars.cpp).
  void buildInit(mlir::OpBuilder &b, mlir::Region &region);
  void buildCombine(mlir::OpBuilder &b, mlir::Region &region);
  void buildFinish(mlir::OpBuilder &b, mlir::Region &region);
  // GroupIndices.cpp
  void buildIndexCheck(mlir::OpBuilder &b, nnc::NestOp nest);

  nnc::GroupOp group;
  mlir::RankedTensorType type; ///< of the logical result
  mlir::Operation *anchor = nullptr;
  llvm::SmallVector<unsigned> loopOf; ///< result dimension -> parallel loop
  /// If loop 1 runs over groups of channels, and the one of dimension 1 within a group:
  /// channels of a group.
  int64_t groupExtent = 0;
  llvm::SmallVector<int64_t> extents, tile;
  unsigned parallel = 0;
  llvm::SmallVector<Access> initReads, reads, finishReads, indexReads;
  /// Block arguments, and gathers instead of their data, in order.
  llvm::SmallVector<mlir::Value> finishOperands;
  llvm::SmallVector<int64_t> indexExtents; ///< of the dimensions of indexReads
  enum { MultiplyAdd, Add, Max, Min, Multiply } combineKind = Add;
  bool skipsNaN = false; ///< of Max and Min: NaN never wins
  int64_t count = 1;     ///< elements of which a mean is taken
};

} // namespace nncc

#endif // LIB_CODEGEN_GROUPNEST_H
