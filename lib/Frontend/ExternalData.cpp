//===- ExternalData.cpp - weights in files beside the model ---------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/ExternalData.h"
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MathExtras.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Process.h>
#include <sys/mman.h>

using namespace llvm;
using namespace nncc::frontend;
namespace path = llvm::sys::path;

static Error problem(const Twine &text) {
  return createStringError(inconvertibleErrorCode(), text);
}

/// The real path of `location` in `folder`, if it is a plain file inside.
static Expected<std::string> resolve(StringRef folder, StringRef location) {
  if (location.empty())
    return problem("external data has no location");
  auto escapes = [&] {
    return problem("external data '" + location +
                   "' lies outside the model's folder");
  };
  if (path::is_absolute(location, path::Style::posix) ||
      path::is_absolute(location, path::Style::windows) ||
      is_contained(make_range(path::begin(location), path::end(location)),
                   ".."))
    return escapes();
  SmallString<256> joined(folder), file, root;
  path::append(joined, location);
  if (std::error_code error = sys::fs::real_path(joined, file))
    return problem("cannot read external data '" + location +
                   "': " + error.message());
  if (std::error_code error =
          sys::fs::real_path(folder.empty() ? "." : folder, root))
    return problem("cannot read the model's folder: " + error.message());
  if (!root.str().ends_with("/"))
    root += "/";
  if (!file.str().starts_with(root))
    return escapes();
  if (!sys::fs::is_regular_file(file))
    return problem("external data '" + location + "' is not a file");
  return file.str().str();
}

Expected<ExternalData::File> ExternalData::open(StringRef location) {
  File &file = files[location];
  if (file)
    return file;
  if (!folder)
    return problem("external data '" + location +
                   "' lies beside a model's file, this model is in memory");
  Expected<std::string> resolved = resolve(*folder, location);
  if (!resolved)
    return resolved.takeError();
  auto buffer = MemoryBuffer::getFile(*resolved, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return problem("cannot read external data '" + location +
                   "': " + buffer.getError().message());
  file = std::move(*buffer);
  return file;
}

/// Keeps the file open for one tensor. Once a large one is gone, its pages need not stay in
/// memory because others of the file are still in use; a tensor that shares them would
/// read them again. (LLVM's dontNeedIfMmap does nothing with glibc.)
static std::shared_ptr<const void> ownerOf(std::shared_ptr<MemoryBuffer> file,
                                           ArrayRef<char> bytes) {
  constexpr uint64_t large = 1 << 20;
  if (bytes.size() < large || file->getBufferKind() != MemoryBuffer::MemoryBuffer_MMap)
    return file;
  return std::shared_ptr<const void>(bytes.data(), [file, bytes](const void *) {
    uint64_t page = sys::Process::getPageSizeEstimate();
    auto begin = alignTo(reinterpret_cast<uintptr_t>(bytes.begin()), page);
    auto end = alignDown(reinterpret_cast<uintptr_t>(bytes.end()), page);
    madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
  });
}

Expected<OwnedBytes> ExternalData::read(const onnx::TensorProto &tensor,
                                        uint64_t size) {
  std::string location;
  uint64_t offset = 0, length = size;
  for (const onnx::StringStringEntryProto &entry : tensor.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    if (key == "location")
      location = value.str();
    else if ((key == "offset" && value.getAsInteger(10, offset)) ||
             (key == "length" && value.getAsInteger(10, length)))
      return problem("external data has the malformed " + key + " '" + value +
                     "'");
  }
  if (length != size)
    return problem("external data has the length " + Twine(length) +
                   ", the tensor needs " + Twine(size) + " bytes");
  Expected<File> file = open(location);
  if (!file)
    return file.takeError();
  uint64_t total = (*file)->getBufferSize();
  if (offset > total || size > total - offset)
    return problem("external data needs " + Twine(size) + " bytes at offset " +
                   Twine(offset) + ", '" + location + "' has " + Twine(total));
  ArrayRef<char> bytes((*file)->getBufferStart() + offset, size);
  return OwnedBytes{bytes, ownerOf(*file, bytes)};
}
