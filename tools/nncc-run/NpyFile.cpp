//===- NpyFile.cpp - NumPy arrays in files --------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NpyFile.h"
#include <cstring>
#include <llvm/ADT/ScopeExit.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/Endian.h>
#include <llvm/Support/MemoryBuffer.h>
#include <zip.h>

using namespace llvm;
using namespace nncc::run;

//===----------------------------------------------------------------------===//
// The format: magic, version, length and a Python dictionary in one line, as in
//   {'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }
//===----------------------------------------------------------------------===//

/// The text after `'key':` in the dictionary.
static StringRef entry(StringRef header, StringRef key) {
  size_t at = header.find(("'" + key + "'").str());
  if (at == StringRef::npos)
    return "";
  StringRef rest = header.drop_front(at + key.size() + 2).ltrim();
  return rest.consume_front(":") ? rest.ltrim() : "";
}

/// "<f4" -> "f32", "|u1" -> "u8", "|b1" -> "bool"; NumPy has no bf16 of its own
/// and stores such arrays as two opaque bytes. Empty if unknown.
static std::string dtypeOf(StringRef descr) {
  char order = descr.empty() ? '>' : descr.front();
  if (order == '>' || !StringRef("<=|").contains(order))
    return "";
  StringRef type = descr.drop_front();
  if (type == "b1")
    return "bool";
  if (type == "V2")
    return "bf16";
  unsigned bytes = 0;
  if (type.empty() || !StringRef("fiu").contains(type.front()) ||
      type.drop_front().getAsInteger(10, bytes) || bytes > 8)
    return "";
  std::string name = (type.take_front() + Twine(8 * bytes)).str();
  return elementBytes(name) ? name : "";
}

/// Turns data in Fortran order (first index fastest) into C order.
static void reorder(Array &array) {
  unsigned size = elementBytes(array.dtype);
  std::vector<char> result(array.bytes.size());
  std::vector<int64_t> index(array.shape.size(), 0);
  for (int64_t from = 0, n = array.elements(); from < n; ++from) {
    int64_t to = 0;
    for (auto [extent, i] : zip_equal(array.shape, index))
      to = to * extent + i;
    std::memcpy(&result[to * size], &array.bytes[from * size], size);
    for (size_t d = 0; d < index.size() && ++index[d] == array.shape[d]; ++d)
      index[d] = 0;
  }
  array.bytes = std::move(result);
}

static Error parseShape(StringRef text, std::vector<int64_t> &shape) {
  if (!text.consume_front("(") || !text.contains(')'))
    return createStringError("has no shape");
  SmallVector<StringRef> parts;
  text.take_until([](char c) { return c == ')'; }).split(parts, ',');
  int64_t elements = 1;
  for (StringRef part : parts) {
    if (part.trim().empty())
      continue; // after the comma of "(3,)"
    int64_t extent;
    if (part.trim().getAsInteger(10, extent) || extent < 0)
      return createStringError("has an invalid shape");
    if (extent && elements > (int64_t(1) << 40) / extent)
      return createStringError("has a shape that is too large");
    elements *= extent;
    shape.push_back(extent);
  }
  return Error::success();
}

static Expected<Array> parseNpy(StringRef data) {
  if (!data.consume_front("\x93NUMPY") || data.size() < 6)
    return createStringError("is no NumPy array");
  bool longHeader = data[0] >= 2;
  size_t fixed = longHeader ? 6 : 4;
  uint64_t length = longHeader ? support::endian::read32le(data.data() + 2)
                               : support::endian::read16le(data.data() + 2);
  if (data.size() < fixed + length)
    return createStringError("is cut off");
  StringRef header = data.substr(fixed, length);
  data = data.drop_front(fixed + length);

  Array array;
  StringRef descr = entry(header, "descr");
  descr = descr.drop_front(descr.empty() ? 0 : 1).take_until([](char c) {
    return c == '\'';
  });
  array.dtype = dtypeOf(descr);
  if (array.dtype.empty())
    return createStringError("has the unsupported type '" + descr.str() + "'");
  if (Error error = parseShape(entry(header, "shape"), array.shape))
    return error;
  uint64_t size = array.elements() * elementBytes(array.dtype);
  if (data.size() < size)
    return createStringError("is cut off");
  array.bytes.assign(data.begin(), data.begin() + size);
  if (entry(header, "fortran_order").starts_with("True"))
    reorder(array);
  return array;
}

static Error inFile(StringRef path, Error error) {
  return createStringError("'" + path.str() + "' " +
                           toString(std::move(error)));
}

Expected<Array> nncc::run::readNpy(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFile(path, false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot open '" + path.str() +
                             "': " + buffer.getError().message());
  Expected<Array> array = parseNpy((*buffer)->getBuffer());
  if (!array)
    return inFile(path, array.takeError());
  return array;
}

/// The uncompressed content of file `index` of `archive`.
static Expected<std::string> readEntry(zip_t *archive, uint64_t index,
                                       const zip_stat_t &info) {
  zip_file_t *file = zip_fopen_index(archive, index, 0);
  if (!file)
    return createStringError(std::string("cannot be read: ") +
                             zip_strerror(archive));
  auto close = make_scope_exit([&] { zip_fclose(file); });
  std::string content;
  char piece[1 << 16];
  zip_int64_t got;
  // Not `info.size` at once: a damaged file may promise any size.
  while ((got = zip_fread(file, piece, sizeof piece)) > 0)
    content.append(piece, got);
  if (got < 0 || content.size() != info.size)
    return createStringError(std::string("has a damaged entry '") + info.name +
                             "'");
  return content;
}

Expected<std::map<std::string, Array>> nncc::run::readNpz(StringRef path) {
  int code = 0;
  zip_t *archive = zip_open(path.str().c_str(), ZIP_RDONLY, &code);
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return createStringError("cannot open '" + path.str() + "': " + text);
  }
  auto close = make_scope_exit([&] { zip_discard(archive); });
  std::map<std::string, Array> arrays;
  for (uint64_t i = 0, n = zip_get_num_entries(archive, 0); i < n; ++i) {
    zip_stat_t info;
    zip_stat_index(archive, i, 0, &info);
    StringRef name = info.name;
    if (!name.consume_back(".npy"))
      continue;
    Expected<std::string> content = readEntry(archive, i, info);
    if (!content)
      return inFile(path, content.takeError());
    Expected<Array> array = parseNpy(*content);
    if (!array)
      return createStringError("array '" + name.str() + "' of '" + path.str() +
                               "' " + toString(array.takeError()));
    arrays.emplace(name.str(), std::move(*array));
  }
  return arrays;
}
