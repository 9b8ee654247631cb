//===- FuzzImporter.cpp - any bytes as an ONNX file -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/fuzz/FuzzInput.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  nncc::fuzz::importBytes({reinterpret_cast<const char *>(data), size});
  return 0;
}
