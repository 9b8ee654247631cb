//===- ConstantData.h - the numbers behind a constant -----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_CONSTANTDATA_H
#define DIALECTS_NNC_IR_CONSTANTDATA_H

#include <cstddef>
#include <cstring>
#include <memory>
#include <mlir/IR/BuiltinAttributes.h>
#include <mlir/IR/BuiltinTypes.h>
#include <mlir/IR/Value.h>
#include <optional>
#include <vector>

namespace nncc::nnc {

/// Reads the elements of a constant whether it is stored as `dense`, as a splat
/// or as a `dense_resource` blob. Nothing is copied; a splat is never expanded,
/// every index reads its one element.
class ConstantData {
public:
  /// Nothing if `attr` is null, its bytes are not at hand (an elided blob) or
  /// its elements are neither f16, bf16, f32, f64 nor integers of 1, 8, 16, 32
  /// or 64 bits.
  static std::optional<ConstantData> get(mlir::Attribute attr);
  /// The same for the constant that `value` is, if it is one.
  static std::optional<ConstantData> get(mlir::Value value);

  mlir::RankedTensorType getType() const { return type; }
  int64_t size() const { return type.getNumElements(); }
  bool isSplat() const { return splat; }

  /// Element `i` in row-major order. Integers without a sign are signed.
  double at(int64_t i) const;
  /// Element `i` of an integer constant, exact for 64 bits.
  int64_t integerAt(int64_t i) const;
  /// All elements rounded to f32, in row-major order.
  std::vector<float> floats() const;

  /// The stored bytes: one element for a splat, else all in row-major order
  /// (not necessarily aligned). A one-bit integer takes a byte.
  llvm::ArrayRef<char> bytes() const { return data; }

private:
  template <typename T> T load(int64_t i) const {
    T value;
    std::memcpy(&value, data.data() + (splat ? 0 : i * sizeof(T)), sizeof(T));
    return value;
  }

  mlir::RankedTensorType type;
  llvm::ArrayRef<char> data;
  bool splat = false;
  /// Bits that `dense` packs eight to a byte, spread to bytes.
  std::shared_ptr<std::vector<char>> unpackedBits;
};

/// Bytes of one element as constants store it; 0 for unsupported types.
unsigned storedBytes(mlir::Type element);

/// Writes `value`, rounded to the type `element`, to the storedBytes(element)
/// bytes at `out`; to an integer type as nnc.cast does.
void storeElement(mlir::Type element, double value, char *out);

/// Returns the constant of `type` with `bytes` (row-major, host order) as its
/// elements: a splat if all are equal, `dense` up to 64 bytes, else a
/// `dense_resource` blob. The blob's key is a function of type and bytes, so
/// equal constants are one attribute and the key does not depend on the order
/// in which constants are made.
mlir::ElementsAttr makeConstant(mlir::RankedTensorType type,
                                llvm::ArrayRef<char> bytes);
/// The same without a copy of what is large.
mlir::ElementsAttr makeConstant(mlir::RankedTensorType type,
                                std::vector<char> &&bytes);
/// The same with `values` rounded to the element type.
mlir::ElementsAttr makeConstant(mlir::RankedTensorType type,
                                llvm::ArrayRef<float> values);
mlir::ElementsAttr makeConstant(mlir::RankedTensorType type,
                                llvm::ArrayRef<double> values);
/// Every element of `type` is `value`.
mlir::ElementsAttr makeSplat(mlir::RankedTensorType type, double value);

} // namespace nncc::nnc

#endif // DIALECTS_NNC_IR_CONSTANTDATA_H
