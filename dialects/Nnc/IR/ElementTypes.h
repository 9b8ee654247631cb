//===- ElementTypes.h - elements in tensors, memory and registers -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_ELEMENTTYPES_H
#define DIALECTS_NNC_IR_ELEMENTTYPES_H

#include <mlir/IR/BuiltinAttributes.h>
#include <mlir/IR/BuiltinTypes.h>

namespace nncc::nnc {

/// An element has three types: the tensor's is ONNX's (i1 for bool, signless
/// integers are signed), memory holds the storage type, registers the compute
/// type. Kernels convert where they load and store.

/// What buffers hold: a byte for a bool, integers without a sign.
mlir::Type storageTypeOf(mlir::Type element);
/// What kernels compute on: f32 for 16-bit floats, integers without a sign.
mlir::Type computeTypeOf(mlir::Type element);

/// True if loads and stores can convert between `storage` and `compute`: they
/// are equal, or the two types of some element.
bool canConvert(mlir::Type storage, mlir::Type compute);

/// True for bool and integers without negative values.
inline bool isUnsigned(mlir::Type element) {
  return element.isUnsignedInteger() || element.isInteger(1);
}

/// `value` as a constant of type `as` (storage or compute type of `element`),
/// rounded to `element`: to an integer type like nnc.cast, so infinities become
/// its extreme values.
mlir::TypedAttr numberAttr(mlir::Type element, mlir::Type as, double value);

/// The bits of `value`, which rounds to zero and saturates, in the integer type
/// `element`; NaN is 0.
llvm::APInt saturate(mlir::Type element, double value);

/// `value` rounded to a 16-bit float type, and that type's bits.
double roundFloat(const llvm::fltSemantics &semantics, double value);
uint16_t bitsOfFloat(const llvm::fltSemantics &semantics, double value);
double floatOfBits(const llvm::fltSemantics &semantics, uint16_t bits);

} // namespace nncc::nnc

#endif // DIALECTS_NNC_IR_ELEMENTTYPES_H
