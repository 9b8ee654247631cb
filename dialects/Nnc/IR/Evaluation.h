//===- Evaluation.h - operations on constants ---------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_EVALUATION_H
#define DIALECTS_NNC_IR_EVALUATION_H

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/NncDialect.h"

namespace nncc::nnc {

/// The result of `op` if all its operands are constants, null if they are not,
/// `op` has no evaluation (see Evaluation.cpp), or the result is not worth its
/// bytes. Import and constant folding both end here, so whatever a kernel
/// computes is computed at compile time with the same rounding.
mlir::ElementsAttr evaluate(mlir::Operation *op);

//===----------------------------------------------------------------------===//
// The evaluations, one per kind of operation; null leaves it to run time.
// Results have at least one element.
//===----------------------------------------------------------------------===//

using Operands = llvm::ArrayRef<ConstantData>;

mlir::ElementsAttr evaluateElementwise(ScalarSemantics op, Operands operands);
mlir::ElementsAttr evaluateTranspose(TransposeOp op, const ConstantData &input);
mlir::ElementsAttr evaluateBroadcast(BroadcastOp op, const ConstantData &input);
mlir::ElementsAttr evaluatePad(PadOp op, const ConstantData &input);
mlir::ElementsAttr evaluateReshape(ReshapeOp op, const ConstantData &input);
mlir::ElementsAttr evaluateRemap(RemapOp op, const ConstantData &input);
mlir::ElementsAttr evaluateAssemble(AssembleOp op, Operands parts);
mlir::ElementsAttr evaluateGather(GatherOp op, Operands operands);
mlir::ElementsAttr evaluateScatter(ScatterOp op, Operands operands);
mlir::ElementsAttr evaluateReduce(ReduceOp op, const ConstantData &input);
mlir::ElementsAttr evaluateMatmul(MatmulOp op, const ConstantData &lhs,
                                  const ConstantData &rhs);

} // namespace nncc::nnc

#endif // DIALECTS_NNC_IR_EVALUATION_H
