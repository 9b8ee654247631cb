//===- TensorData.h - ONNX tensors to attributes -------------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_TENSORDATA_H
#define LIB_FRONTEND_TENSORDATA_H

#include "lib/Frontend/ExternalData.h"
#include <mlir/IR/BuiltinAttributeInterfaces.h>
#include <mlir/IR/BuiltinTypes.h>
#include <mlir/IR/MLIRContext.h>

namespace nncc::frontend {

/// The element type for ONNX's TensorProto.DataType, null where there is none.
mlir::Type elementTypeFor(mlir::MLIRContext *context, int32_t onnxType);

/// The inverse: 0 if ONNX has no such type.
int32_t onnxTypeFor(mlir::Type elementType);

/// ONNX's name of a TensorProto.DataType, "float16", or "#99".
std::string onnxTypeName(int32_t onnxType);

/// Refuses shapes that no network has and no 32-bit extent can index: negative
/// extents, more than 16 dimensions, more than 2^31 - 1 elements.
llvm::Error checkShape(llvm::ArrayRef<int64_t> shape);

/// The constant `bytes` (little endian, row-major, a byte per bool) as an
/// attribute: `dense` if small or a splat, else a `dense_resource` called
/// `name` that shares the memory with `data.owner`.
mlir::ElementsAttr makeConstant(mlir::RankedTensorType type, OwnedBytes data,
                                llvm::StringRef name);

/// The memory of a constant, one element only for a splat; no booleans.
llvm::ArrayRef<char> constantBytes(mlir::ElementsAttr constant);

/// Turns tensors into attributes without copying where their layout allows.
class TensorReader {
public:
  TensorReader(mlir::MLIRContext *context, std::optional<std::string> folder)
      : context(context), external(std::move(folder)) {}

  /// `owner` keeps the memory of `tensor` alive.
  llvm::Expected<mlir::ElementsAttr>
  read(const onnx::TensorProto &tensor,
       const std::shared_ptr<const void> &owner);

  /// Takes the bytes of a large tensor, which is read once, out of its model: they are
  /// freed with its constant, not with the last one of the model.
  void takeRawData(onnx::TensorProto &tensor);

private:
  mlir::MLIRContext *context;
  ExternalData external;
  llvm::DenseMap<const onnx::TensorProto *, std::shared_ptr<const std::string>> taken;
};

} // namespace nncc::frontend

#endif // LIB_FRONTEND_TENSORDATA_H
