//===- ObjectSections.h - contents of sections, put in later ----*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_OBJECTSECTIONS_H
#define LIB_EMIT_OBJECTSECTIONS_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/Error.h>
#include <string>
#include <vector>

namespace nncc::emit {

/// What a section of an object gets in place of the one byte that the code
/// generator put there (WebAssembly: nothing, if it is not loaded).
struct SectionContent {
  llvm::StringRef name;
  uint64_t size = 0;
  uint64_t alignment = 1;
  bool loaded = true; ///< part of the program, not only of the file
  llvm::function_ref<llvm::Error(llvm::MutableArrayRef<char>)> write;
};

/// Puts the content into its section, at the end of an ELF object: the bytes are
/// copied once and never seen by LLVM. `write` gets zeroed memory.
llvm::Error replaceSection(llvm::SmallVectorImpl<char> &object,
                           const SectionContent &content);

/// Names that `object` expects somebody else to define, but for WebAssembly's stack
/// pointer, which every program has.
llvm::Expected<std::vector<std::string>>
undefinedSymbols(llvm::ArrayRef<char> object);

} // namespace nncc::emit

#endif // LIB_EMIT_OBJECTSECTIONS_H
