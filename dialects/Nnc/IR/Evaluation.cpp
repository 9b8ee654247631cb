//===- Evaluation.cpp - operations on constants -----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/Evaluation.h"
#include <llvm/ADT/TypeSwitch.h>

using namespace mlir;
using namespace nncc::nnc;

/// Larger results must not outgrow what they are made from.
static constexpr int64_t kGrowthFreeElements = 16 << 10;

/// One line per kind of operation.
static ElementsAttr evaluateOn(Operation *op, Operands operands) {
  return TypeSwitch<Operation *, ElementsAttr>(op)
      .Case([&](ScalarSemantics op) { return evaluateElementwise(op, operands); })
      .Case([&](TransposeOp op) { return evaluateTranspose(op, operands[0]); })
      .Case([&](BroadcastOp op) { return evaluateBroadcast(op, operands[0]); })
      .Case([&](PadOp op) { return evaluatePad(op, operands[0]); })
      .Case([&](ReshapeOp op) { return evaluateReshape(op, operands[0]); })
      .Case([&](ReduceOp op) { return evaluateReduce(op, operands[0]); })
      .Case([&](MatmulOp op) {
        return evaluateMatmul(op, operands[0], operands[1]);
      })
      .Case([&](RemapOp op) { return evaluateRemap(op, operands[0]); })
      .Case([&](AssembleOp op) { return evaluateAssemble(op, operands); })
      .Case([&](GatherOp op) { return evaluateGather(op, operands); })
      .Case([&](ScatterOp op) { return evaluateScatter(op, operands); })
      .Default([](Operation *) { return ElementsAttr(); });
}

/// True if the result is small or has not many more elements than its sources.
/// (Wider elements are no reason: to widen them at run time takes the same bytes
/// in the arena.)
static bool isWorthStoring(Operation *op, Operands operands) {
  int64_t elements = typeOf(op->getResult(0)).getNumElements(), sources = 0;
  bool allSplats = true;
  for (const ConstantData &operand : operands) {
    sources += operand.isSplat() ? 1 : operand.size();
    allSplats &= operand.isSplat();
  }
  // Elementwise and data movement on splats give splats.
  if (allSplats && !isa<PadOp, AssembleOp, GatherOp>(op))
    return true;
  return elements <= kGrowthFreeElements || elements <= 2 * sources;
}

ElementsAttr nncc::nnc::evaluate(Operation *op) {
  if (op->getNumOperands() == 0 || op->getNumResults() != 1 ||
      !isa_and_nonnull<NncDialect>(op->getDialect()))
    return nullptr;
  SmallVector<ConstantData> operands;
  for (Value value : op->getOperands()) {
    std::optional<ConstantData> data = ConstantData::get(value);
    if (!data || data->size() == 0)
      return nullptr;
    operands.push_back(*data);
  }
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !storedBytes(type.getElementType()) ||
      type.getNumElements() == 0 || !isWorthStoring(op, operands))
    return nullptr;
  return evaluateOn(op, operands);
}
