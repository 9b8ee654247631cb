//===- OutputFiles.h - files written all or not at all -------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINE_OUTPUTFILES_H
#define LIB_PIPELINE_OUTPUTFILES_H

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <string>

namespace nncc {

/// The files of one compilation. They are written under temporary names in the
/// same folder and take their final names together at the end, so a failure
/// (a full disk included) leaves what was there before.
class OutputFiles {
public:
  ~OutputFiles(); ///< removes what was not committed
  llvm::Error write(llvm::StringRef path, llvm::ArrayRef<char> bytes);
  llvm::Error commit();

private:
  struct File {
    std::string path, temporary;
  };
  llvm::SmallVector<File> files;
};

} // namespace nncc

#endif // LIB_PIPELINE_OUTPUTFILES_H
