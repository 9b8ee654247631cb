//===- ReportPage.h - the report for a browser ---------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_REPORTPAGE_H
#define LIB_EMIT_REPORTPAGE_H

#include <llvm/Support/JSON.h>

namespace nncc::emit {

/// The facts of `report` (as written to report.json) as one HTML page that needs
/// no other file and no network: totals, then a row per launched kernel with its
/// share of all loop iterations.
std::string reportPage(const llvm::json::Object &report);

} // namespace nncc::emit

#endif // LIB_EMIT_REPORTPAGE_H
