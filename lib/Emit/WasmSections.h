//===- WasmSections.h - contents of WebAssembly objects ---------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_WASMSECTIONS_H
#define LIB_EMIT_WASMSECTIONS_H

#include "lib/Emit/ObjectSections.h"

namespace nncc::emit {

/// Puts the content in place of the bytes of the data segment of its name.
llvm::Error replaceSegment(llvm::SmallVectorImpl<char> &object,
                           const SectionContent &content);

/// Adds the content as a custom section, which no program loads.
llvm::Error appendCustomSection(llvm::SmallVectorImpl<char> &object,
                                const SectionContent &content);

} // namespace nncc::emit

#endif // LIB_EMIT_WASMSECTIONS_H
