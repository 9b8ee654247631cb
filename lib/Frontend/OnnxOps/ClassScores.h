//===- ClassScores.h - what classifiers of ai.onnx.ml have in common -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_CLASSSCORES_H
#define LIB_FRONTEND_ONNXOPS_CLASSSCORES_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// The names of the classes. Strings only count: no network computes with them.
struct ClassLabels {
  llvm::SmallVector<int64_t> integers;
  int64_t count = 0;
  bool areStrings = false;
};

/// Reads the labels from two attributes, of which one must be there.
mlir::FailureOr<ClassLabels> readClassLabels(NodeImport &n, llvm::StringRef integers,
                                             llvm::StringRef strings);

/// `transform` applied to `scores` (rows x classes), null after reporting one
/// that is unknown: NONE, SOFTMAX, SOFTMAX_ZERO (zeros stay out of the sum),
/// LOGISTIC or PROBIT.
mlir::Value postTransform(NodeImport &n, mlir::Value scores, llvm::StringRef transform);

/// Adds the first result, the labels of the classes `best` (a number per row).
/// Labels that are strings are left out, which only matters to their users.
mlir::LogicalResult yieldLabels(NodeImport &n, const ClassLabels &labels, mlir::Value best);

/// The number of the class with the largest score, of equal ones the first.
mlir::Value bestClass(NodeImport &n, mlir::Value scores);

/// For two classes of which only the second has a score (rows x 1): 1 where it
/// is larger than `threshold`.
mlir::Value secondClass(NodeImport &n, mlir::Value score, double threshold);

/// Both results of a classifier with two labels and one `score` (rows x 1),
/// that of the second. As ONNX Runtime: it is the better one above `threshold`;
/// the scores are (-s, s) or, for the `complement`, (1 - s, s), but with
/// post_transform LOGISTIC its function of (-s, s) in both cases.
mlir::LogicalResult yieldOneScore(NodeImport &n, const ClassLabels &labels, mlir::Value score,
                                  double threshold, bool complement);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_CLASSSCORES_H
