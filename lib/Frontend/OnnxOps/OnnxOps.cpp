//===- OnnxOps.cpp - the table of ONNX operators --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace nncc::frontend;

llvm::SmallVector<llvm::ArrayRef<OnnxOpRow>> nncc::frontend::allRows() {
  return {activationRows(),    argExtremeRows(),   col2ImRows(),
          constantRows(),      contractionRows(),  convTransposeRows(),
          cumulativeRows(),    deformConvRows(),   detectionRows(),
          determinantRows(),   einsumRows(),       elementwiseRows(),
          encodingRows(),      featureRows(),      fourierRows(),
          gridSampleRows(),    indexRows(),        integerContractionRows(),
          integerShapeRows(),  linearRows(),       moveRows(),
          normalizationRows(), poolIndexRows(),    poolingRows(),
          positionRows(),      quantizationRows(), recurrentRows(),
          reductionRows(),     resizeRows(),       roiAlignRows(),
          scatterRows(),       shapeRows(),        supportVectorRows(),
          treeRows()};
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
