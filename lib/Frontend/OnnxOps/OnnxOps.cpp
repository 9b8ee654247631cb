//===- OnnxOps.cpp - the table of ONNX operators
//----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace nncc::frontend;

llvm::SmallVector<llvm::ArrayRef<OnnxOpRow>> nncc::frontend::allRows() {
  return {activationRows(), constantRows(), contractionRows(), convTransposeRows(),
        detectionRows(), elementwiseRows(), encodingRows(), indexRows(), integerShapeRows(), linearRows(),
        moveRows(), poolingRows(), recurrentRows(), reductionRows(), resizeRows(), shapeRows(),
        supportVectorRows(), treeRows()};
}

const OnnxOpRow *nncc::frontend::findOnnxOp(llvm::StringRef domain, llvm::StringRef name,
                                            int opset) {
  for (llvm::ArrayRef<OnnxOpRow> family : allRows())
    for (const OnnxOpRow &row : family)
      if (row.name == name && row.domain == domain && row.minOpset <= opset &&
          opset <= row.maxOpset)
        return &row;
  return nullptr;
}
