//===- nncc-translate.cpp - other formats to and from IR, for tests -----------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <llvm/Support/LogicalResult.h>
#include <mlir/Tools/mlir-translate/MlirTranslateMain.h>

void registerEmitTranslations();
void registerImportTranslation();

int main(int argc, char **argv) {
  registerEmitTranslations();
  registerImportTranslation();
  return llvm::failed(
      mlir::mlirTranslateMain(argc, argv, "nncc translation driver\n"));
}
