//===- OnnxOps.h - the table of ONNX operators ---------------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_ONNXOPS_H
#define LIB_FRONTEND_ONNXOPS_ONNXOPS_H

#include "lib/Frontend/NodeImport.h"
#include <climits>

namespace nncc::frontend {

/// How one ONNX operator is imported. A family file holds the functions and
/// their rows; an operator whose meaning changed between opsets may have
/// several rows.
struct OnnxOpRow {
  llvm::StringLiteral domain; ///< "" is ONNX's own
  llvm::StringLiteral name;
  int minOpset, maxOpset;
  mlir::LogicalResult (*import)(NodeImport &);
  /// What a node may not ask for, in the words of docs/operators.md.
  llvm::StringLiteral limits = "";
};

inline constexpr int oldestOpset = 7;
inline constexpr int anyNewer = INT_MAX;

llvm::ArrayRef<OnnxOpRow> activationRows();
llvm::ArrayRef<OnnxOpRow> argExtremeRows();
llvm::ArrayRef<OnnxOpRow> col2ImRows();
llvm::ArrayRef<OnnxOpRow> constantRows();
llvm::ArrayRef<OnnxOpRow> contractionRows();
llvm::ArrayRef<OnnxOpRow> convTransposeRows();
llvm::ArrayRef<OnnxOpRow> cumulativeRows();
llvm::ArrayRef<OnnxOpRow> deformConvRows();
llvm::ArrayRef<OnnxOpRow> detectionRows();
llvm::ArrayRef<OnnxOpRow> determinantRows();
llvm::ArrayRef<OnnxOpRow> einsumRows();
llvm::ArrayRef<OnnxOpRow> elementwiseRows();
llvm::ArrayRef<OnnxOpRow> encodingRows();
llvm::ArrayRef<OnnxOpRow> featureRows();
llvm::ArrayRef<OnnxOpRow> fourierRows();
llvm::ArrayRef<OnnxOpRow> gridSampleRows();
llvm::ArrayRef<OnnxOpRow> indexRows();
llvm::ArrayRef<OnnxOpRow> integerContractionRows();
llvm::ArrayRef<OnnxOpRow> integerShapeRows();
llvm::ArrayRef<OnnxOpRow> linearRows();
llvm::ArrayRef<OnnxOpRow> moveRows();
llvm::ArrayRef<OnnxOpRow> normalizationRows();
llvm::ArrayRef<OnnxOpRow> poolIndexRows();
llvm::ArrayRef<OnnxOpRow> poolingRows();
llvm::ArrayRef<OnnxOpRow> positionRows();
llvm::ArrayRef<OnnxOpRow> quantizationRows();
llvm::ArrayRef<OnnxOpRow> recurrentRows();
llvm::ArrayRef<OnnxOpRow> reductionRows();
llvm::ArrayRef<OnnxOpRow> resizeRows();
llvm::ArrayRef<OnnxOpRow> roiAlignRows();
llvm::ArrayRef<OnnxOpRow> scatterRows();
llvm::ArrayRef<OnnxOpRow> shapeRows();
llvm::ArrayRef<OnnxOpRow> supportVectorRows();
llvm::ArrayRef<OnnxOpRow> treeRows();

/// All rows but those of operators with graphs inside.
llvm::SmallVector<llvm::ArrayRef<OnnxOpRow>> allRows();
/// The row for an operator at an opset of its domain, null if there is none.
const OnnxOpRow *findOnnxOp(llvm::StringRef domain, llvm::StringRef name,
                            int opset);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_ONNXOPS_H
