//===- ImportedOperators.cpp - what the importer knows ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/GraphScope.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "nncc/Frontend.h"

using namespace nncc;
using namespace nncc::frontend;

std::vector<ImportedOperator> nncc::importedOperators() {
  std::vector<ImportedOperator> all;
  for (llvm::ArrayRef<OnnxOpRow> family : allRows())
    for (const OnnxOpRow &row : family)
      all.push_back({row.domain.str(), row.name.str(), row.minOpset, row.maxOpset,
                     row.limits.str()});
  for (const GraphScope::ControlFlowRow &row : GraphScope::controlFlowRows())
    all.push_back({"", row.name.str(), row.minOpset, anyNewer, row.limits.str()});
  llvm::sort(all, [](const ImportedOperator &a, const ImportedOperator &b) {
    return std::tie(a.domain, a.name, a.firstOpset) < std::tie(b.domain, b.name, b.firstOpset);
  });
  return all;
}
