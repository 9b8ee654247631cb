//===- IntTensor.h - integers computed while importing -------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_INTTENSOR_H
#define LIB_FRONTEND_INTTENSOR_H

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/BuiltinAttributeInterfaces.h>
#include <mlir/IR/BuiltinTypes.h>
#include <optional>

namespace nncc::frontend {

/// A small constant of integers: a shape, axes, indices. ONNX models compute
/// such values with ordinary nodes; with static shapes all of it folds here.
struct IntTensor {
  mlir::Type elementType;
  llvm::SmallVector<int64_t> shape;
  llvm::SmallVector<int64_t> values; ///< row-major

  /// Larger integer constants are data (tables, tokens), not shapes.
  static constexpr int64_t maxElements = 4096;

  /// The value of `constant`, nothing unless it is small and of integers.
  static std::optional<IntTensor> get(mlir::ElementsAttr constant);
  static IntTensor vector(mlir::MLIRContext *context,
                          llvm::ArrayRef<int64_t> values);

  mlir::ElementsAttr toAttr() const;
  int64_t rank() const { return shape.size(); }

  /// A tensor of `shape` whose element at each index is `value(index)`.
  static IntTensor
  generate(mlir::Type elementType, llvm::ArrayRef<int64_t> shape,
           llvm::function_ref<int64_t(llvm::ArrayRef<int64_t>)> value);
  /// The element at `index`, which has as many entries as the rank.
  int64_t element(llvm::ArrayRef<int64_t> index) const;
  /// The element at `index`, whose leading dimensions beyond this rank and
  /// whose positions in dimensions of extent 1 are ignored, as in broadcasting.
  int64_t at(llvm::ArrayRef<int64_t> index) const;
};

} // namespace nncc::frontend

#endif // LIB_FRONTEND_INTTENSOR_H
