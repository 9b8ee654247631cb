//===- NncConstant.cpp - compile-time tensors -------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"

using namespace mlir;
using namespace nncc::nnc;

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }
