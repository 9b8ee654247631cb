//===- Positions.h - constants along one axis ----------------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_POSITIONS_H
#define LIB_FRONTEND_ONNXOPS_POSITIONS_H

#include "lib/Frontend/NodeImport.h"
#include <string>

namespace nncc::frontend {

/// A constant of type `element` with one value per position of dimension `axis`
/// of a tensor of `rank`, to broadcast.
mlir::Value alongAxis(NodeImport &n, llvm::ArrayRef<double> values,
                      mlir::Type element, int64_t axis, int64_t rank);
/// 0, 1, 2, ... up to `count`, laid out as above.
mlir::Value positionsAlong(NodeImport &n, int64_t count, mlir::Type element,
                           int64_t axis, int64_t rank);

/// `value` with as few digits as it needs, for diagnostics.
std::string numberText(double value);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_POSITIONS_H
