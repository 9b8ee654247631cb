//===- NpyFile.h - NumPy arrays in files ------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_NPYFILE_H
#define TOOLS_NNCC_RUN_NPYFILE_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <map>
#include <string>
#include <vector>

namespace nncc::run {

/// A dense tensor in C order.
struct Array {
  std::string dtype; ///< f16 bf16 f32 f64 bool, i8..i64, u8..u64
  std::vector<int64_t> shape;
  std::vector<char> bytes;

  int64_t elements() const;
  /// Element `i` as a number.
  double value(int64_t i) const;
  /// The bytes of element `i`.
  llvm::StringRef element(int64_t i) const;
  /// "f32[1,3,8,8]".
  std::string describe() const;
};

/// Bytes of one element, 0 if `dtype` is none of those above.
unsigned elementBytes(llvm::StringRef dtype);

/// Reads a `.npy` file; the error names the file.
llvm::Expected<Array> readNpy(llvm::StringRef path);

/// Reads every array of an `.npz` file by its name in the archive, without
/// the extension `.npy`.
llvm::Expected<std::map<std::string, Array>> readNpz(llvm::StringRef path);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_NPYFILE_H
