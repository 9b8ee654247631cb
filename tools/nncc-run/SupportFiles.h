//===- SupportFiles.h - C sources that go around an object ------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_SUPPORTFILES_H
#define TOOLS_NNCC_RUN_SUPPORTFILES_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

namespace nncc::run {

struct SupportFile {
  llvm::StringRef name, content;
};

/// The files of runtime/ and examples/bare-metal that programs under an emulator
/// need, as they were when nncc-run was built: an installed nncc-run is whole.
llvm::ArrayRef<SupportFile> supportFiles();

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_SUPPORTFILES_H
