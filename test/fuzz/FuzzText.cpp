//===- FuzzText.cpp - any bytes as ONNX text ------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxReader.h"
#include "test/fuzz/FuzzInput.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto model = nncc::frontend::parseOnnxText({reinterpret_cast<const char *>(data), size});
  if (!model) {
    if (llvm::toString(model.takeError()).empty())
      abort();
    return 0;
  }
  // What it says, as far as the importer follows: mutated text stays a network
  // far more often than mutated bytes do.
  nncc::fuzz::importBytes((*model)->SerializeAsString());
  return 0;
}
