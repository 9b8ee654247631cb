//===- CNames.h - C identifiers for ONNX names ------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_CNAMES_H
#define LIB_EMIT_CNAMES_H

#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/ADT/StringSet.h>
#include <string>

namespace nncc::emit {

/// Hands out the member names of one I/O struct by the rule of docs/c-names.md.
/// Two names never differ in case only: macros are spelled in upper case.
class CNames {
public:
  std::string add(llvm::StringRef onnxName);

private:
  llvm::StringSet<> taken;            ///< upper case
  llvm::StringMap<unsigned> numbered; ///< the last number behind each of them
};

} // namespace nncc::emit

#endif // LIB_EMIT_CNAMES_H
