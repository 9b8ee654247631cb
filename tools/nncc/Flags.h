//===- Flags.h - the command line of nncc --------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_FLAGS_H
#define TOOLS_NNCC_FLAGS_H

#include "nncc/Compiler.h"
#include <string>
#include <vector>

/// One invocation of nncc.
struct CommandLine {
  std::vector<std::string> inputs;
  std::string output; ///< -o, or empty
  bool listTargets = false, listOperators = false;
  nncc::CompileOptions options;
};

/// Parses argv; on a bad flag prints why to standard error and exits with 1.
CommandLine parseCommandLine(int argc, char **argv);

#endif // TOOLS_NNCC_FLAGS_H
