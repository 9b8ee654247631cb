//===- RecurrentCell.h - one step of RNN, GRU and LSTM -------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_RECURRENTCELL_H
#define LIB_FRONTEND_ONNXOPS_RECURRENTCELL_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// One of ONNX's activation functions with its parameters.
struct Activation {
  llvm::StringLiteral name; ///< lower case
  bool hasAlpha, hasBeta;
  float alpha, beta;

  mlir::Value apply(NodeImport &n, mlir::Value x) const;
};

/// What a cell hands to its next step; `cell` is the LSTM's. Null is zero.
struct CellState {
  mlir::Value hidden, cell;
};

/// One direction of a recurrent node. B is the batch, H the hidden size.
struct RecurrentCell {
  enum Kind { RNN, GRU, LSTM } kind;
  int64_t hiddenSize;
  mlir::Value recurrence;    ///< H x gates * H
  mlir::Value recurrentBias; ///< gates * H, may be null
  mlir::Value peepholes;     ///< 3 * H, may be null
  llvm::SmallVector<Activation, 3> activations;
  float clip = 0; ///< bound of what activations see; 0: none
  bool inputForget = false, linearBeforeReset = false;

  /// The state after a step. `input` is B x gates * H: the step's products with
  /// the input weights, their bias included.
  CellState step(NodeImport &n, mlir::Value input,
                 const CellState &state) const;

private:
  CellState stepRNN(NodeImport &n, mlir::Value input,
                    const CellState &state) const;
  CellState stepGRU(NodeImport &n, mlir::Value input,
                    const CellState &state) const;
  CellState stepLSTM(NodeImport &n, mlir::Value input,
                     const CellState &state) const;
  mlir::Value gate(NodeImport &n, mlir::Value gates, unsigned k) const;
  mlir::Value activate(NodeImport &n, unsigned k, mlir::Value x) const;
  mlir::Value recur(NodeImport &n, mlir::Value hidden, unsigned gate,
                    unsigned count) const;
};

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_RECURRENTCELL_H
