//===- Sequences.h - operators on sequences of tensors -------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_SEQUENCES_H
#define LIB_FRONTEND_SEQUENCES_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

using SequenceImport = mlir::LogicalResult (*)(NodeImport &,
                                               llvm::SmallVectorImpl<Symbol> &);

/// An operator of ONNX's own domain that makes a sequence or reads one.
struct SequenceRow {
  llvm::StringLiteral name;
  int minOpset;
  SequenceImport import; ///< adds a symbol for each result
  llvm::StringLiteral limits;
};
llvm::ArrayRef<SequenceRow> sequenceRows();

/// How to import the node if its operator is one of these, else null.
SequenceImport findSequenceOp(const onnx::NodeProto &node);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_SEQUENCES_H
