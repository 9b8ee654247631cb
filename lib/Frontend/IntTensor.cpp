//===- IntTensor.cpp - integers computed while importing ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/IntTensor.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinAttributes.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

std::optional<IntTensor> IntTensor::get(ElementsAttr constant) {
  std::optional<nnc::ConstantData> data = nnc::ConstantData::get(constant);
  if (!data || !isa<IntegerType>(data->getType().getElementType()) ||
      data->size() > maxElements)
    return std::nullopt;
  IntTensor tensor{data->getType().getElementType(),
                   llvm::to_vector(data->getType().getShape()),
                   {}};
  for (int64_t i = 0; i < data->size(); ++i)
    tensor.values.push_back(data->integerAt(i));
  return tensor;
}

IntTensor IntTensor::vector(MLIRContext *context, ArrayRef<int64_t> values) {
  return {IntegerType::get(context, 64),
          {int64_t(values.size())},
          llvm::to_vector(values)};
}

ElementsAttr IntTensor::toAttr() const {
  unsigned width = elementType.getIntOrFloatBitWidth();
  SmallVector<APInt> words;
  for (int64_t value : values)
    words.emplace_back(64, value, /*isSigned=*/true);
  for (APInt &word : words)
    word = word.trunc(width);
  return DenseElementsAttr::get(RankedTensorType::get(shape, elementType),
                                words);
}

IntTensor IntTensor::generate(Type elementType, ArrayRef<int64_t> shape,
                              function_ref<int64_t(ArrayRef<int64_t>)> value) {
  IntTensor result{elementType, llvm::to_vector(shape), {}};
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t n = ShapedType::getNumElements(shape); n > 0; --n) {
    result.values.push_back(value(index));
    for (size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
  return result;
}

int64_t IntTensor::element(ArrayRef<int64_t> index) const {
  int64_t linear = 0;
  for (auto [extent, position] : llvm::zip_equal(shape, index))
    linear = linear * extent + position;
  return values[linear];
}

int64_t IntTensor::at(ArrayRef<int64_t> index) const {
  int64_t linear = 0;
  for (auto [extent, position] :
       llvm::zip_equal(shape, index.take_back(shape.size())))
    linear = linear * extent + (extent == 1 ? 0 : position);
  return values[linear];
}
