//===- Quantization.h - numbers as scaled integers ------------ -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_QUANTIZATION_H
#define LIB_FRONTEND_ONNXOPS_QUANTIZATION_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// The integer of type `to` (8 or 16 bits) nearest to `number`, of two the even
/// one, plus `zeroPoint` (null: 0), limited to the range of the type.
mlir::Value roundToInteger(NodeImport &n, mlir::Value number,
                           mlir::Value zeroPoint, mlir::Type to);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_QUANTIZATION_H
