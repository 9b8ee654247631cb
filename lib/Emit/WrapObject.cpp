//===- WrapObject.cpp - archives and shared libraries -------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Emit.h"
#include <lld/Common/Driver.h>
#include <llvm/Object/ArchiveWriter.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>
#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace llvm;
using namespace nncc;

static SmallVector<char, 0> bytesOf(StringRef text) {
  return SmallVector<char, 0>(text.begin(), text.end());
}

/// An archive with the object as its only member, without dates and owners.
static Expected<SmallVector<char, 0>> makeArchive(ArrayRef<char> object,
                                                  StringRef name) {
  std::string member = name.str() + ".o";
  StringRef bytes(object.data(), object.size());
  NewArchiveMember entry(MemoryBufferRef(bytes, member));
  std::vector<NewArchiveMember> members;
  members.push_back(std::move(entry));
  auto archive = writeArchiveToBuffer(members, SymtabWritingMode::NormalSymtab,
                                      object::Archive::K_GNU,
                                      /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return archive.takeError();
  return bytesOf((*archive)->getBuffer());
}

namespace {
/// A file with a name of its own that is gone when the object is.
struct TemporaryFile {
  SmallString<128> path;
  std::error_code create(StringRef suffix) {
    return sys::fs::createTemporaryFile("nncc", suffix, path);
  }
  ~TemporaryFile() {
    if (!path.empty())
      sys::fs::remove(path);
  }
};
} // namespace

/// The object linked alone: it needs no symbol from outside, so the library
/// depends on nothing.
static Expected<SmallVector<char, 0>> makeSharedLibrary(ArrayRef<char> object,
                                                        StringRef name,
                                                        const TargetInfo &target) {
  if (!target.hosted)
    return createStringError("target '" + target.name +
                             "' has no shared libraries, write an object (.o) or an archive (.a)");
  TemporaryFile input, output;
  for (auto [file, suffix] : {std::pair(&input, "o"), std::pair(&output, "so")})
    if (std::error_code code = file->create(suffix))
      return createStringError("cannot create a temporary file: " + code.message());
  {
    std::error_code code;
    raw_fd_ostream os(input.path, code);
    os.write(object.data(), object.size());
    os.close();
    if (os.error()) {
      code = os.error();
      os.clear_error();
      return createStringError("cannot write '" + std::string(input.path) +
                               "': " + code.message());
    }
  }
  std::string soname = "-soname=lib" + name.str() + ".so", problems;
  raw_string_ostream log(problems);
  const char *arguments[] = {"ld.lld", "-shared", "--build-id=none", "-z", "noexecstack",
                             "-z", "defs", soname.c_str(), "-o", output.path.c_str(),
                             input.path.c_str()};
  // The linker keeps its state in globals.
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  lld::Result result =
      lld::lldMain(arguments, log, log, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return createStringError("internal error: linking failed: " + problems);
  auto buffer = MemoryBuffer::getFile(output.path);
  if (!buffer)
    return createStringError("cannot read the linked library: " +
                             buffer.getError().message());
  return bytesOf((*buffer)->getBuffer());
}

Expected<SmallVector<char, 0>> nncc::wrapObject(ArrayRef<char> object,
                                                WrapperKind kind, StringRef name,
                                                const TargetInfo &target) {
  return kind == WrapperKind::Archive ? makeArchive(object, name)
                                      : makeSharedLibrary(object, name, target);
}
