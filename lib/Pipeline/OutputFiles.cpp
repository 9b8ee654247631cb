//===- OutputFiles.cpp - files written all or not at all ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Pipeline/OutputFiles.h"
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace nncc;

static Error cannotWrite(StringRef path, std::error_code code) {
  return createStringError("cannot write '" + path.str() + "': " + code.message());
}

OutputFiles::~OutputFiles() {
  for (const File &file : files)
    sys::fs::remove(file.temporary);
}

Error OutputFiles::write(StringRef path, ArrayRef<char> bytes) {
  // A device or pipe cannot be replaced by a new file: write through it.
  sys::fs::file_status status;
  bool isSpecial = !sys::fs::status(path, status) && sys::fs::exists(status) &&
                   !sys::fs::is_regular_file(status);
  if (sys::fs::is_directory(status))
    return cannotWrite(path, std::make_error_code(std::errc::is_a_directory));
  int descriptor;
  SmallString<128> temporary;
  if (isSpecial) {
    if (std::error_code code = sys::fs::openFileForWrite(path, descriptor))
      return cannotWrite(path, code);
  } else {
    if (std::error_code code = sys::fs::createUniqueFile(path + ".%%%%%%.tmp", descriptor,
                                                         temporary, sys::fs::OF_None, 0644))
      return cannotWrite(path, code);
    files.push_back({path.str(), temporary.str().str()});
  }
  raw_fd_ostream os(descriptor, /*shouldClose=*/true);
  os.write(bytes.data(), bytes.size());
  os.close();
  if (std::error_code code = os.error()) {
    os.clear_error();
    return cannotWrite(path, code);
  }
  return Error::success();
}

Error OutputFiles::commit() {
  for (const File &file : files)
    if (std::error_code code = sys::fs::rename(file.temporary, file.path))
      return cannotWrite(file.path, code);
  files.clear();
  return Error::success();
}
