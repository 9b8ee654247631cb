//===- Frontend.h - ONNX files to nnc modules ----------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_FRONTEND_H
#define NNCC_FRONTEND_H

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/MemoryBufferRef.h>
#include <map>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/OwningOpRef.h>
#include <string>
#include <vector>

namespace nncc {

struct ImportOptions {
  /// Extents of dimensions that the model leaves open: by their symbolic name,
  /// or as "input:index".
  std::map<std::string, int64_t> dims;
};

/// Reads `path` (.onnx protobuf or .onnxtxt text, external data beside it) into
/// a module with one function @main on tensors: arguments and results carry
/// their ONNX names as `nnc.name`, operations the node's name as location.
/// Emits every problem of the model through the context's diagnostics, each
/// naming the node, and returns null if there was an error.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(llvm::StringRef path,
                                             const ImportOptions &options,
                                             mlir::MLIRContext *context);

/// The same for a protobuf in memory. It lies in no folder, so tensors with
/// external data are errors.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(llvm::MemoryBufferRef model,
                                             const ImportOptions &options,
                                             mlir::MLIRContext *context);

/// What the importer knows of one ONNX operator in a range of opsets of its domain
/// (empty: ONNX's own).
struct ImportedOperator {
  std::string domain, name;
  int firstOpset, lastOpset; ///< INT_MAX: the newest
  std::string limits;        ///< of what the importer accepts, empty if none
};

/// All of them by domain, name and opset. Operators that ONNX itself defines by a
/// function of others are imported, too, as far as those are.
std::vector<ImportedOperator> importedOperators();

} // namespace nncc

#endif // NNCC_FRONTEND_H
