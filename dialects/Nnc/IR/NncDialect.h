//===- NncDialect.h - networks as ops on tensors ----------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_NNCDIALECT_H
#define DIALECTS_NNC_IR_NNCDIALECT_H

#include <mlir/Bytecode/BytecodeOpInterface.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinTypes.h>
#include <mlir/IR/Dialect.h>
#include <mlir/IR/OpImplementation.h>
#include <mlir/IR/SymbolTable.h>
#include <mlir/Interfaces/ControlFlowInterfaces.h>
#include <mlir/Interfaces/InferTypeOpInterface.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

#include "dialects/Nnc/IR/NncDialect.h.inc"
#include "dialects/Nnc/IR/NncEnums.h.inc"
#include "dialects/Nnc/IR/NncInterfaces.h.inc"

namespace nncc::nnc {
/// Marks operations whose kernels are no loop nests over elements.
template <typename Op>
class WholeTensors : public mlir::OpTrait::TraitBase<Op, WholeTensors> {};
/// Marks functions whose code for one element is so long that more copies of it than
/// hide its latency cost space and gain no time.
template <typename Op>
class FunctionCode : public mlir::OpTrait::TraitBase<Op, FunctionCode> {};
} // namespace nncc::nnc

#define GET_ATTRDEF_CLASSES
#include "dialects/Nnc/IR/NncAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/Nnc/IR/NncOps.h.inc"

namespace nncc::nnc {

/// Argument attribute of the network function: the ONNX name of an input;
/// result attribute: the name of an output.
inline constexpr llvm::StringLiteral kNameAttr = "nnc.name";
/// Result attribute of the network function: no output, but not zero if the
/// inputs were not what the network can compute with.
inline constexpr llvm::StringLiteral kStatusAttr = "nnc.status";

/// Returns NumPy's broadcast of `shapes`, or failure if two extents differ and
/// neither is 1.
mlir::FailureOr<llvm::SmallVector<int64_t>>
broadcastShapes(llvm::ArrayRef<llvm::ArrayRef<int64_t>> shapes);

/// The map of a box: d_i * steps[i] + offsets[i] in every dimension; no steps
/// are steps of 1.
mlir::AffineMap boxMap(mlir::MLIRContext *context,
                       llvm::ArrayRef<int64_t> offsets,
                       llvm::ArrayRef<int64_t> steps = {});

/// The type of a value that is known to be a tensor.
inline mlir::RankedTensorType typeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}

/// Prints a shape as "1x64x56x56" (a scalar as "scalar") for diagnostics.
std::string shapeText(llvm::ArrayRef<int64_t> shape);

} // namespace nncc::nnc

#endif // DIALECTS_NNC_IR_NNCDIALECT_H
