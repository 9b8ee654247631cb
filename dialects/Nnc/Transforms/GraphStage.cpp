//===- GraphStage.cpp - the order of the graph passes ---------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/Transforms/Passes.h"
#include <mlir/Pass/PassManager.h>
#include <mlir/Transforms/Passes.h>

using namespace mlir;

/// Each pass needs what the ones before it leave:
///  1. canonicalize: identities and reshape chains go, so the rest sees
///     neighbours that touch;
///  2. fold-constants: the factors of a batch norm become one constant each;
///  3. fold-transpose: pads and factors move beside their contraction;
///  4. fold-constants: the constants that were transposed for that;
///  5. fold-pad: while the contraction still reads the pad;
///  6. trim-windows: all padding of a convolution is its own;
///  7. fold-constants: the filters that were trimmed;
///  8. fold-scale-shift: contractions are in their final form;
///  9. decompose-softmax: last, because others move a softmax as one op;
/// 10. canonicalize, cse, symbol-dce: clean up.
void nncc::nnc::addGraphPasses(OpPassManager &manager) {
  OpPassManager &network = manager.nest<func::FuncOp>();
  network.addPass(createCanonicalizerPass());
  network.addPass(createFoldConstants());
  network.addPass(createFoldTranspose());
  network.addPass(createFoldConstants());
  network.addPass(createFoldPad());
  network.addPass(createTrimWindows());
  network.addPass(createFoldConstants());
  network.addPass(createFoldScaleShift());
  network.addPass(createDecomposeSoftmax());
  network.addPass(createCanonicalizerPass());
  network.addPass(createCSEPass());
  manager.addPass(createSymbolDCEPass());
}
