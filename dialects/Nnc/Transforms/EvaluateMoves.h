//===- EvaluateMoves.h - constants put elsewhere -----------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_TRANSFORMS_EVALUATEMOVES_H
#define DIALECTS_NNC_TRANSFORMS_EVALUATEMOVES_H

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/NncDialect.h"

namespace nncc::nnc {

/// The value of an operation on constants, in the order of its operands. Null
/// if an index is out of range: that is found when the network runs.
mlir::ElementsAttr evaluateRemap(RemapOp op, const ConstantData &input);
mlir::ElementsAttr evaluateAssemble(AssembleOp op,
                                    llvm::ArrayRef<ConstantData> parts);
mlir::ElementsAttr evaluateGather(GatherOp op,
                                  llvm::ArrayRef<ConstantData> operands);

} // namespace nncc::nnc

#endif // DIALECTS_NNC_TRANSFORMS_EVALUATEMOVES_H
