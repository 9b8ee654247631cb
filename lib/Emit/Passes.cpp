//===- Passes.cpp - the llvm stage ----------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Passes.h"
#include "nncc/Emit.h"
#include <mlir/Pass/PassManager.h>
#include <mlir/Transforms/Passes.h>

using namespace mlir;
using namespace nncc;

void nncc::addLLVMPasses(OpPassManager &passes) {
  passes.addPass(emit::createBuildEntry());
  passes.addPass(emit::createLowerVectors());
  passes.addPass(emit::createLegalizeFreestanding());
  passes.addPass(createCSEPass());
  passes.addPass(emit::createConvertToLLVM());
}
