//===- NncDialect.cpp - dialect registration ------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/DialectImplementation.h>

using namespace mlir;
using namespace nncc::nnc;

#include "dialects/Nnc/IR/NncDialect.cpp.inc"
#include "dialects/Nnc/IR/NncEnums.cpp.inc"
#include "dialects/Nnc/IR/NncInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Nnc/IR/NncAttrs.cpp.inc"

void NncDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Nnc/IR/NncAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Nnc/IR/NncOps.cpp.inc"
      >();
}

Operation *NncDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                           Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return builder.create<ConstantOp>(loc, type, elements);
}

FailureOr<SmallVector<int64_t>>
nncc::nnc::broadcastShapes(ArrayRef<ArrayRef<int64_t>> shapes) {
  size_t rank = 0;
  for (ArrayRef<int64_t> shape : shapes)
    rank = std::max(rank, shape.size());
  SmallVector<int64_t> result(rank, 1);
  for (ArrayRef<int64_t> shape : shapes)
    for (auto [i, extent] : llvm::enumerate(shape)) {
      int64_t &merged = result[rank - shape.size() + i];
      if (extent == 1 || extent == merged)
        continue;
      if (merged != 1)
        return failure();
      merged = extent;
    }
  return result;
}

std::string nncc::nnc::shapeText(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(shape, os, "x");
  return text;
}

#define GET_OP_CLASSES
#include "dialects/Nnc/IR/NncOps.cpp.inc"
