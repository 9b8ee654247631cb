//===- WasmSections.cpp - contents of WebAssembly objects -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/WasmSections.h"
#include <llvm/ADT/SmallString.h>
#include <llvm/BinaryFormat/Wasm.h>
#include <llvm/Support/LEB128.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace nncc::emit;

namespace {
/// Reads a part of a file that LLVM has just written, so it is well formed.
struct Cursor {
  const uint8_t *at, *end;

  explicit Cursor(StringRef bytes)
      : at(bytes.bytes_begin()), end(bytes.bytes_end()) {}
  bool done() const { return at >= end; }
  uint64_t number() {
    unsigned length = 0;
    uint64_t value = decodeULEB128(at, &length, end);
    at += length;
    return value;
  }
  StringRef bytes(uint64_t size) {
    const char *begin = reinterpret_cast<const char *>(at);
    at += size;
    return StringRef(begin, size);
  }
  StringRef name() { return bytes(number()); }
  /// What has been read since `from`.
  StringRef since(const uint8_t *from) const {
    return StringRef(reinterpret_cast<const char *>(from), at - from);
  }
};

/// Builds the new file.
struct Writer {
  SmallVector<char, 0> out;
  raw_svector_ostream os{out};

  void number(uint64_t value) { encodeULEB128(value, os); }
  void part(StringRef bytes) {
    number(bytes.size());
    os << bytes;
  }
  void section(uint8_t type, StringRef payload) {
    os << char(type);
    part(payload);
  }
};

/// One data segment of an object gets other bytes: the data section holds them,
/// the linking section their size.
class SegmentReplacer {
public:
  SegmentReplacer(SmallVectorImpl<char> &object, const SectionContent &content)
      : object(object), content(content) {}

  Error run() {
    StringRef file(object.data(), object.size());
    constexpr size_t header = 8; // magic number and version
    if (Error error = findSegment(file.drop_front(header)))
      return error;
    Writer writer;
    writer.out.reserve(object.size() + content.size + 64);
    writer.os << file.take_front(header);
    for (Cursor cursor(file.drop_front(header)); !cursor.done();) {
      const uint8_t *start = cursor.at;
      uint8_t type = *cursor.at++;
      StringRef payload = cursor.name();
      if (type == wasm::WASM_SEC_DATA) {
        if (Error error = writeData(payload, writer))
          return error;
      } else if (isLinking(type, payload)) {
        writer.section(type, newLinking(payload));
      } else {
        writer.os << cursor.since(start);
      }
    }
    object.assign(writer.out.begin(), writer.out.end());
    return Error::success();
  }

private:
  static bool isLinking(uint8_t type, StringRef payload) {
    return type == wasm::WASM_SEC_CUSTOM && Cursor(payload).name() == "linking";
  }

  Error findSegment(StringRef sections) {
    for (Cursor cursor(sections); !cursor.done();) {
      uint8_t type = *cursor.at++;
      StringRef payload = cursor.name();
      if (!isLinking(type, payload))
        continue;
      Cursor linking(payload);
      linking.name();
      linking.number(); // version
      while (!linking.done()) {
        uint8_t kind = *linking.at++;
        Cursor part(linking.name());
        if (kind != wasm::WASM_SEGMENT_INFO)
          continue;
        uint64_t count = part.number();
        for (uint64_t i = 0; i < count; ++i) {
          if (part.name() == content.name) {
            segment = i;
            return Error::success();
          }
          part.number(); // alignment
          part.number(); // flags
        }
      }
    }
    return createStringError("internal error: the object has no segment '" +
                             content.name + "'");
  }

  /// The payload is written in place: it may be large.
  Error writeData(StringRef payload, Writer &writer) {
    Cursor data(payload);
    Writer before;
    uint64_t count = data.number();
    before.number(count);
    for (uint64_t i = 0; i < count; ++i) {
      const uint8_t *start = data.at;
      uint64_t flags = data.number();
      if (flags & wasm::WASM_DATA_SEGMENT_HAS_MEMINDEX)
        data.number();
      if (!(flags & wasm::WASM_DATA_SEGMENT_IS_PASSIVE))
        while (*data.at++ != wasm::WASM_OPCODE_END)
          ;
      before.os << data.since(start);
      StringRef bytes = data.name();
      if (i != segment) {
        before.part(bytes);
        continue;
      }
      before.number(content.size);
      uint64_t rest = data.end - data.at;
      writer.os << char(wasm::WASM_SEC_DATA);
      writer.number(before.out.size() + content.size + rest);
      writer.os << StringRef(before.out.data(), before.out.size());
      size_t offset = writer.out.size();
      writer.out.resize(offset + content.size, 0);
      if (Error error = content.write(
              MutableArrayRef<char>(writer.out.data() + offset, content.size)))
        return error;
      writer.os << data.bytes(rest);
      return Error::success();
    }
    return Error::success();
  }

  /// The linking section with the new size of the segment's symbols.
  SmallString<0> newLinking(StringRef payload) {
    Cursor old(payload);
    Writer writer;
    writer.part(old.name());
    writer.number(old.number());
    while (!old.done()) {
      uint8_t kind = *old.at++;
      StringRef part = old.name();
      if (kind == wasm::WASM_SYMBOL_TABLE)
        writer.section(kind, newSymbols(part));
      else
        writer.section(kind, part);
    }
    return SmallString<0>(StringRef(writer.out.data(), writer.out.size()));
  }

  SmallString<0> newSymbols(StringRef table) {
    Cursor old(table);
    Writer writer;
    uint64_t count = old.number();
    writer.number(count);
    for (uint64_t i = 0; i < count; ++i) {
      const uint8_t *start = old.at;
      uint8_t kind = *old.at++;
      uint64_t flags = old.number();
      bool isUndefined = flags & wasm::WASM_SYMBOL_UNDEFINED;
      bool isMine = false;
      if (kind == wasm::WASM_SYMBOL_TYPE_DATA) {
        old.name();
        if (!isUndefined) {
          isMine = old.number() == segment;
          old.number(); // offset
        }
      } else {
        old.number(); // index
        bool isNamed =
            !isUndefined || (flags & wasm::WASM_SYMBOL_EXPLICIT_NAME);
        if (kind != wasm::WASM_SYMBOL_TYPE_SECTION && isNamed)
          old.name();
      }
      writer.os << old.since(start);
      if (kind == wasm::WASM_SYMBOL_TYPE_DATA && !isUndefined) {
        uint64_t size = old.number();
        writer.number(isMine ? content.size : size);
      }
    }
    return SmallString<0>(StringRef(writer.out.data(), writer.out.size()));
  }

  SmallVectorImpl<char> &object;
  const SectionContent &content;
  uint64_t segment = 0;
};
} // namespace

Error nncc::emit::replaceSegment(SmallVectorImpl<char> &object,
                                 const SectionContent &content) {
  return SegmentReplacer(object, content).run();
}

Error nncc::emit::appendCustomSection(SmallVectorImpl<char> &object,
                                      const SectionContent &content) {
  Writer payload;
  payload.part(content.name);
  size_t offset = payload.out.size();
  payload.out.resize(offset + content.size, 0);
  if (Error error = content.write(
          MutableArrayRef<char>(payload.out.data() + offset, content.size)))
    return error;
  Writer section;
  section.section(wasm::WASM_SEC_CUSTOM,
                  StringRef(payload.out.data(), payload.out.size()));
  object.append(section.out.begin(), section.out.end());
  return Error::success();
}
