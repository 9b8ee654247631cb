//===- TestCase.h - inputs and expected outputs of a run --------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_TESTCASE_H
#define TOOLS_NNCC_RUN_TESTCASE_H

#include "nncc/Run.h"
#include <map>
#include <set>

namespace nncc::run {

/// What the command line says about data, each as written there.
struct CaseFiles {
  std::string archive;               ///< --case
  std::vector<std::string> inputs;   ///< --input, `name=file`
  std::vector<std::string> expected; ///< --expect, `name=file`
  std::set<std::string> fixed; ///< --value: inputs that are no longer any
};

struct TestCase {
  std::vector<Array> inputs;             ///< in the network's order
  std::map<std::string, Array> expected; ///< by output name
};

/// Reads the files and checks them against the network; inputs that no file
/// gives are made up, the same ones in every run.
llvm::Expected<TestCase> readTestCase(const CaseFiles &files,
                                      const ModelInfo &info);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_TESTCASE_H
