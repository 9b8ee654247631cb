//===- FeatureRows.cpp - what models of ai.onnx.ml compute from ---------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/FeatureRows.h"
#include "dialects/Nnc/IR/ConstantData.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

Value nncc::frontend::readRows(NodeImport &n, bool mayBeEmpty) {
  Value x = n.input(0);
  if (x && shapeOf(x).size() == 1)
    x = n.reshape(x, {1, shapeOf(x)[0]});
  if (!x)
    return {};
  if (shapeOf(x).size() != 2) {
    n.error() << "input " << nnc::shapeText(shapeOf(x)) << " must be a matrix";
    return {};
  }
  if (nnc::typeOf(x).getNumElements() == 0 && !mayBeEmpty) {
    n.error() << "input " << nnc::shapeText(shapeOf(x)) << " has no elements";
    return {};
  }
  return x;
}

Value nncc::frontend::floats(NodeImport &n, ArrayRef<int64_t> shape, ArrayRef<float> values) {
  return n.constant(
      nnc::makeConstant(RankedTensorType::get(shape, Float32Type::get(n.context())), values));
}
