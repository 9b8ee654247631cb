//===- EvaluateElementwise.cpp - elementwise operations on constants --------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/Evaluation.h"
#include "dialects/Nnc/IR/ScalarProgram.h"
#include "dialects/Nnc/IR/TensorWalk.h"

using namespace mlir;
using namespace nncc::nnc;

/// Computes the elements at positions[k] of each operand k.
static void evaluateChunk(ScalarProgram &program, Operands operands,
                          ArrayRef<SmallVector<int64_t>> positions,
                          Type element, char *out) {
  for (auto [k, operand] : llvm::enumerate(operands))
    readLanes(operand, positions[k], program.argument(k));
  int64_t count = positions.front().size();
  writeLanes(element, program.run(count), count, out);
}

ElementsAttr nncc::nnc::evaluateElementwise(ScalarSemantics op,
                                            Operands operands) {
  std::optional<ScalarProgram> program = ScalarProgram::compile(op);
  if (!program)
    return nullptr;
  RankedTensorType type = typeOf(op->getResult(0));
  Type element = type.getElementType();
  size_t bytes = storedBytes(element);
  bool allSplats = llvm::all_of(
      operands, [](const ConstantData &data) { return data.isSplat(); });
  std::vector<char> data((allSplats ? 1 : type.getNumElements()) * bytes);
  SmallVector<SmallVector<int64_t>> positions(operands.size());
  if (allSplats) {
    for (SmallVector<int64_t> &first : positions)
      first.push_back(0);
    evaluateChunk(*program, operands, positions, element, data.data());
    return makeConstant(type, ArrayRef<char>(data));
  }
  SmallVector<Strides> strides;
  for (const ConstantData &operand : operands)
    strides.push_back(
        broadcastStrides(operand.getType().getShape(), type.getRank()));
  int64_t last = type.getNumElements() - 1, begin = 0;
  walkTensor(type.getShape(), strides, [&](int64_t i, ArrayRef<int64_t> at) {
    for (size_t k = 0; k < operands.size(); ++k)
      positions[k].push_back(at[k]);
    if (i != last && i - begin + 1 < ScalarProgram::chunk)
      return;
    evaluateChunk(*program, operands, positions, element,
                  data.data() + begin * bytes);
    for (SmallVector<int64_t> &list : positions)
      list.clear();
    begin = i + 1;
  });
  return makeConstant(type, ArrayRef<char>(data));
}
