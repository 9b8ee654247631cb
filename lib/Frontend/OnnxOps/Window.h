//===- Window.h - sliding windows of convolutions and pools --- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_WINDOW_H
#define LIB_FRONTEND_ONNXOPS_WINDOW_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// One entry per spatial dimension.
struct Window {
  llvm::SmallVector<int64_t> kernel, strides, dilations, padBegin, padEnd;
};

/// The list `name` with `count` entries from `minimum` to 2^31 - 1, so that
/// no later sum of products overflows; all `otherwise` if it is absent.
mlir::FailureOr<llvm::SmallVector<int64_t>>
readList(NodeImport &n, llvm::StringRef name, size_t count, int64_t minimum,
         int64_t otherwise);

/// Reads strides, dilations, pads and auto_pad of the node, checks them and
/// computes the padding. `spatial` are the extents of the input. A null
/// `kernel` means that kernel_shape must say it, else both must agree.
mlir::FailureOr<Window>
readWindow(NodeImport &n, llvm::ArrayRef<int64_t> spatial,
           std::optional<llvm::ArrayRef<int64_t>> kernel);

/// Reports an `input` and a `filter`, given by their shapes, that do not both have one to
/// three spatial dimensions.
mlir::LogicalResult checkConvRanks(NodeImport &n, llvm::ArrayRef<int64_t> input,
                                   llvm::ArrayRef<int64_t> filter);

/// The convolution that the node's attributes describe. Null if an operand (but for the
/// bias) is, or after reporting a problem.
mlir::Value convolve(NodeImport &n, mlir::Value input, mlir::Value filter, mlir::Value bias);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_WINDOW_H
