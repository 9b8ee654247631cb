//===- ImportTranslation.cpp - ONNX files to MLIR, for tests ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Frontend.h"
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/SourceMgr.h>
#include <mlir/Tools/mlir-translate/Translation.h>

static llvm::cl::list<std::string>
    dims("dim", llvm::cl::desc("Extent of a symbolic dimension"),
         llvm::cl::value_desc("name=value"));
static llvm::cl::list<std::string>
    values("value", llvm::cl::desc("Numbers of an input that becomes a constant"),
           llvm::cl::value_desc("input=numbers"));

/// Reads the file again by its path, so that external data is found beside it.
static mlir::OwningOpRef<mlir::Operation *>
translate(llvm::SourceMgr &sources, mlir::MLIRContext *context) {
  nncc::ImportOptions options;
  for (llvm::StringRef dim : dims) {
    auto [name, value] = dim.rsplit('=');
    if (name.empty() || value.getAsInteger(10, options.dims[name.str()])) {
      llvm::errs() << "-dim expects name=value, got '" << dim << "'\n";
      return {};
    }
  }
  for (llvm::StringRef value : values) {
    auto [input, numbers] = value.rsplit('=');
    options.values[input.str()] = numbers.str();
  }
  llvm::StringRef path =
      sources.getMemoryBuffer(sources.getMainFileID())->getBufferIdentifier();
  auto module = nncc::importOnnx(path, options, context);
  return module ? mlir::OwningOpRef<mlir::Operation *>(
                      module.release().getOperation())
                : mlir::OwningOpRef<mlir::Operation *>();
}

void registerImportTranslation() {
  mlir::TranslateToMLIRRegistration registration(
      "import-onnx", "ONNX model to an nnc module", translate);
}
