//===- OnnxOps.cpp - the table of ONNX operators
//----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace nncc::frontend;

const OnnxOpRow *nncc::frontend::findOnnxOp(llvm::StringRef domain,
                                            llvm::StringRef name, int opset) {
  for (llvm::ArrayRef<OnnxOpRow> family :
       {activationRows(), argExtremeRows(), col2ImRows(), constantRows(), contractionRows(),
        convTransposeRows(), cumulativeRows(), deformConvRows(), determinantRows(), einsumRows(),
        elementwiseRows(), featureRows(), fourierRows(), gridSampleRows(), indexRows(),
        integerContractionRows(), integerShapeRows(), moveRows(), normalizationRows(),
        poolIndexRows(), poolingRows(), positionRows(), quantizationRows(), recurrentRows(),
        reductionRows(), resizeRows(), roiAlignRows(), scatterRows(), shapeRows()})
    for (const OnnxOpRow &row : family)
      if (row.name == name && row.domain == domain && row.minOpset <= opset &&
          opset <= row.maxOpset)
        return &row;
  return nullptr;
}
