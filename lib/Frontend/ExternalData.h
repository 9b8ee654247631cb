//===- ExternalData.h - weights in files beside the model ----- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_EXTERNALDATA_H
#define LIB_FRONTEND_EXTERNALDATA_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBuffer.h>
#include <memory>
#include <optional>
#include <onnx/onnx_pb.h>
#include <string>

namespace nncc::frontend {

/// Bytes and whatever keeps them alive.
struct OwnedBytes {
  llvm::ArrayRef<char> bytes;
  std::shared_ptr<const void> owner;
};

/// Maps the files that hold a model's external tensors. Never leaves the
/// model's folder: no absolute path, no "..", no symbolic link to the outside. A
/// model in memory has no folder and no external data.
class ExternalData {
public:
  explicit ExternalData(std::optional<std::string> folder)
      : folder(std::move(folder)) {}

  /// The `size` bytes of `tensor`.
  llvm::Expected<OwnedBytes> read(const onnx::TensorProto &tensor,
                                  uint64_t size);

private:
  using File = std::shared_ptr<llvm::MemoryBuffer>;
  llvm::Expected<File> open(llvm::StringRef location);

  std::optional<std::string> folder;
  llvm::StringMap<File> files;
};

} // namespace nncc::frontend

#endif // LIB_FRONTEND_EXTERNALDATA_H
