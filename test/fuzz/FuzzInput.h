//===- FuzzInput.h - what both fuzz targets do with a model --------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TEST_FUZZ_FUZZINPUT_H
#define TEST_FUZZ_FUZZINPUT_H

#include "nncc/Frontend.h"
#include <cstdlib>
#include <memory>
#include <mlir/IR/MLIRContext.h>

namespace nncc::fuzz {

/// A context for the next input. Making one takes longer than most imports, but what
/// they leave in it grows.
inline mlir::MLIRContext &nextContext() {
  static std::unique_ptr<mlir::MLIRContext> context;
  static unsigned uses = 0;
  if (uses++ % 256 == 0)
    context = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
  return *context;
}

/// Imports the protobuf `bytes`. Any outcome will do except a crash, and except
/// refusing a model without saying why.
inline void importBytes(llvm::StringRef bytes) {
  mlir::MLIRContext &context = nextContext();
  bool complained = false;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    complained |= diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    return mlir::success();
  });
  auto module = importOnnx(llvm::MemoryBufferRef(bytes, "fuzz.onnx"), {}, &context);
  if (!module && !complained)
    abort();
}

} // namespace nncc::fuzz

#endif // TEST_FUZZ_FUZZINPUT_H
