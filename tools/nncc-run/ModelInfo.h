//===- ModelInfo.h - the facts embedded in an object ------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_MODELINFO_H
#define TOOLS_NNCC_RUN_MODELINFO_H

#include "NpyFile.h"
#include <llvm/TargetParser/Triple.h>

namespace nncc::run {

/// One input or output of a network.
struct TensorFacts {
  std::string name;  ///< as ONNX spells it
  std::string cName; ///< member of the I/O struct
  std::string dtype;
  std::vector<int64_t> shape;

  /// A tensor of this type and shape, every byte `fill`.
  Array make(char fill) const;
};

/// What the `.nncc.info` section and the symbol table of an object say.
struct ModelInfo {
  std::string model;  ///< prefix of symbols and macros
  std::string target; ///< as -target= spells it
  std::string triple, cpu;
  std::string entry;  ///< symbol of the function that runs the network
  llvm::Triple::ArchType arch = llvm::Triple::UnknownArch;
  std::vector<TensorFacts> inputs, outputs;
  uint64_t arenaBytes = 0, arenaAlign = 1, stateBytes = 0;
  bool hosted = true; ///< the struct has members for threads
};

/// Reads the facts of the object file `path`.
llvm::Expected<ModelInfo> readModelInfo(llvm::StringRef path);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_MODELINFO_H
