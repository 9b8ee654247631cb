//===- EvaluateMovement.cpp - constants in another order --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/Evaluation.h"
#include "dialects/Nnc/IR/TensorWalk.h"

using namespace mlir;
using namespace nncc::nnc;

/// The elements of `from` in the order in which `strides` visit them.
static ElementsAttr gather(const ConstantData &from, RankedTensorType type,
                           const Strides &strides) {
  if (from.isSplat())
    return makeConstant(type, from.bytes());
  size_t bytes = storedBytes(type.getElementType());
  std::vector<char> data(type.getNumElements() * bytes);
  walkTensor(type.getShape(), strides, [&](int64_t i, ArrayRef<int64_t> at) {
    std::memcpy(&data[i * bytes], from.bytes().data() + at[0] * bytes, bytes);
  });
  return makeConstant(type, ArrayRef<char>(data));
}

ElementsAttr nncc::nnc::evaluateTranspose(TransposeOp op,
                                          const ConstantData &input) {
  Strides own = rowMajorStrides(input.getType().getShape()), strides;
  for (int64_t dim : op.getPermutation())
    strides.push_back(own[dim]);
  return gather(input, typeOf(op), strides);
}

ElementsAttr nncc::nnc::evaluateBroadcast(BroadcastOp op,
                                          const ConstantData &input) {
  return gather(
      input, typeOf(op),
      broadcastStrides(input.getType().getShape(), typeOf(op).getRank()));
}

ElementsAttr nncc::nnc::evaluateReshape(ReshapeOp op,
                                        const ConstantData &input) {
  return makeConstant(typeOf(op), input.bytes());
}

ElementsAttr nncc::nnc::evaluatePad(PadOp op, const ConstantData &input) {
  RankedTensorType type = typeOf(op);
  ArrayRef<int64_t> from = input.getType().getShape(), begin = op.getPadBegin();
  Type element = type.getElementType();
  double value = op.getValue().convertToDouble();
  if (input.isSplat() && input.at(0) == value)
    return makeSplat(type, value);
  size_t bytes = storedBytes(element);
  char border[8];
  storeElement(element, value, border);
  std::vector<char> data(type.getNumElements() * bytes);
  // One stride per dimension makes the positions the index itself.
  SmallVector<Strides> axes;
  for (int64_t d = 0; d < type.getRank(); ++d) {
    axes.emplace_back(type.getRank(), 0);
    axes.back()[d] = 1;
  }
  Strides strides = rowMajorStrides(from);
  walkTensor(type.getShape(), axes, [&](int64_t i, ArrayRef<int64_t> index) {
    int64_t at = 0;
    bool inside = true;
    for (size_t d = 0; d < index.size(); ++d) {
      int64_t source = index[d] - begin[d];
      inside &= source >= 0 && source < from[d];
      at += source * strides[d];
    }
    size_t from = input.isSplat() ? 0 : at * bytes;
    std::memcpy(&data[i * bytes], inside ? input.bytes().data() + from : border,
                bytes);
  });
  return makeConstant(type, ArrayRef<char>(data));
}
