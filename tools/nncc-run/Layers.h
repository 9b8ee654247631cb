//===- Layers.h - which node of a network goes wrong ------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_LAYERS_H
#define TOOLS_NNCC_RUN_LAYERS_H

#include "TestCase.h"

namespace nncc::run {

/// A node of the network and the value it computes.
struct Layer {
  std::string output, node, op;
};

/// A copy of a network whose outputs are the values of all its nodes, with what
/// ONNX Runtime computes for them.
struct ExposedLayers {
  std::string model;         ///< the copy
  CaseFiles files;           ///< inputs and expected outputs
  std::vector<Layer> layers; ///< in the order of execution
};

/// Writes the copy to `folder` with a Python script (packages onnx,
/// onnxruntime); the interpreter is $NNCC_PYTHON or the one that
/// tools/dev/setup installs.
llvm::Expected<ExposedLayers> exposeLayers(llvm::StringRef model,
                                           llvm::StringRef folder,
                                           const CaseFiles &files,
                                           llvm::ArrayRef<std::string> dims);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_LAYERS_H
