//===- ConstantText.h - numbers of the command line as constants ---*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_CONSTANTTEXT_H
#define LIB_FRONTEND_CONSTANTTEXT_H

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <mlir/IR/BuiltinAttributeInterfaces.h>
#include <mlir/IR/BuiltinTypes.h>

namespace nncc::frontend {

/// The constant of `type` (any element type) with the numbers of `text`, which
/// commas separate, in row-major order; one number alone is that of all elements.
/// A boolean is 0, 1, false or true. Fails on what is no number, does not fit the
/// element type, or is not as many.
llvm::Expected<mlir::ElementsAttr> constantOfText(mlir::RankedTensorType type,
                                                  llvm::StringRef text);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_CONSTANTTEXT_H
