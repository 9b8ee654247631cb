//===- BorderFill.h - constant borders of padded buffers -----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CODEGEN_BORDERFILL_H
#define LIB_CODEGEN_BORDERFILL_H

#include "dialects/Nnc/IR/NncDialect.h"

namespace nncc {

/// A box of physical elements.
struct Box {
  llvm::SmallVector<int64_t> begin, extent;
};

/// Disjoint boxes that cover every element of `physical` to which `layout` sends
/// no index of `logical`: halos and the lanes behind the last channel.
llvm::SmallVector<Box> borderBoxes(nnc::LayoutAttr layout,
                                   mlir::RankedTensorType logical,
                                   mlir::RankedTensorType physical);

/// Emits code that writes `fill` to boxes lo..hi of `buffer`, in vectors of
/// up to `lanes` elements.
void emitBorderFill(mlir::OpBuilder &b, mlir::Location loc, mlir::Value buffer,
                    llvm::ArrayRef<Box> boxes, mlir::TypedAttr fill, int64_t lanes,
                    mlir::Value lo, mlir::Value hi);

} // namespace nncc

#endif // LIB_CODEGEN_BORDERFILL_H
