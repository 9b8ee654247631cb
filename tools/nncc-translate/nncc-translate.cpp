//===- nncc-translate.cpp - IR to and from other formats, for tests -------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <llvm/Support/LogicalResult.h>
#include <mlir/Tools/mlir-translate/MlirTranslateMain.h>

void registerEmitTranslations();

int main(int argc, char **argv) {
  registerEmitTranslations();
  return llvm::failed(
      mlir::mlirTranslateMain(argc, argv, "nncc translation driver"));
}
