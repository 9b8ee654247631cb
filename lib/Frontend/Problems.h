//===- Problems.h - what is wrong with a model ---------------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_PROBLEMS_H
#define LIB_FRONTEND_PROBLEMS_H

#include <mlir/IR/Diagnostics.h>
#include <mlir/IR/Location.h>

namespace nncc::frontend {

/// Reports problems at the model's file and remembers that there were errors.
class Problems {
public:
  explicit Problems(mlir::Location file) : file(file) {}

  mlir::InFlightDiagnostic error() {
    found = true;
    return mlir::emitError(file);
  }
  mlir::InFlightDiagnostic warning() { return mlir::emitWarning(file); }
  bool any() const { return found; }

private:
  mlir::Location file;
  bool found = false;
};

} // namespace nncc::frontend

#endif // LIB_FRONTEND_PROBLEMS_H
