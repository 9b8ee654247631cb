//===- NncLaunch.cpp - kernel calls and the weight section ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include <mlir/Interfaces/FunctionInterfaces.h>

using namespace mlir;
using namespace nncc::nnc;

LogicalResult LaunchOp::verify() {
  if (getWork() < 1)
    return emitOpError("must have work, got ") << getWork() << " units";
  bool onTensors = isa<TensorType>(getOutputs().front().getType());
  if (getNumResults() != (onTensors ? getOutputs().size() : 0))
    return emitOpError("has ") << getNumResults() << " results for "
                               << getOutputs().size() << " outputs";
  for (auto [output, result] : llvm::zip(getOutputs(), getResults()))
    if (output.getType() != result.getType())
      return emitOpError("result ")
             << result.getType() << " differs from output " << output.getType();
  if (!getStarts().empty() && getStarts().size() != getNumOperands())
    return emitOpError("has ") << getStarts().size() << " starts for " << getNumOperands()
                               << " operands";
  for (auto [start, operand] : llvm::zip(getStarts(), getOperands())) {
    int64_t end = cast<ShapedType>(operand.getType()).getNumElements();
    if (start < 0 || (start > 0 && start >= end))
      return emitOpError("start ") << start << " is not an element of " << operand.getType();
  }
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel =
      symbols.lookupNearestSymbolFrom<FunctionOpInterface>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("calls the unknown kernel ") << getKernelAttr();
  size_t expected = getInputs().size() + getOutputs().size() + 2;
  if (kernel.getNumArguments() != expected)
    return emitOpError("passes ") << expected << " arguments, kernel "
                                  << getKernelAttr() << " takes "
                                  << kernel.getNumArguments();
  return success();
}

void LaunchOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  if (getNumResults() > 0)
    return;
  for (OpOperand &input : getInputsMutable())
    effects.emplace_back(MemoryEffects::Read::get(), &input);
  for (OpOperand &output : getOutputsMutable())
    effects.emplace_back(MemoryEffects::Write::get(), &output);
}

LogicalResult WeightsOp::verify() {
  if (getBlobs().size() != getOffsets().size())
    return emitOpError("has ") << getBlobs().size() << " blobs and "
                               << getOffsets().size() << " offsets";
  int64_t end = 0;
  for (auto [blob, offset] : llvm::zip(getBlobs(), getOffsets())) {
    auto elements = dyn_cast<ElementsAttr>(blob);
    if (!elements)
      return emitOpError("blobs must be elements, got ") << blob;
    if (offset < end)
      return emitOpError("blob at offset ")
             << offset << " overlaps the one that ends at " << end;
    ShapedType type = elements.getShapedType();
    end = offset + type.getNumElements() *
                       llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  }
  if (end > static_cast<int64_t>(getSize()))
    return emitOpError("blobs end at ") << end << ", the section at " << getSize();
  return success();
}
