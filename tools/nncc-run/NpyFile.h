//===- NpyFile.h - NumPy arrays in files ------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_NPYFILE_H
#define TOOLS_NNCC_RUN_NPYFILE_H

#include "nncc/Run.h"
#include <map>

namespace nncc::run {

/// Reads a `.npy` file; the error names the file.
llvm::Expected<Array> readNpy(llvm::StringRef path);

/// Reads every array of an `.npz` file by its name in the archive, without
/// the extension `.npy`.
llvm::Expected<std::map<std::string, Array>> readNpz(llvm::StringRef path);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_NPYFILE_H
