//===- InspectObject.cpp - what an object says about itself ---------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/LLVMModule.h"
#include "nncc/Emit.h"
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace nncc;

/// Prints a record's members as lines, nested records indented.
static void print(const json::Value &value, raw_ostream &os, unsigned indent);

static void printMember(StringRef name, const json::Value &value,
                        raw_ostream &os, unsigned indent) {
  os.indent(indent) << name << ":";
  const json::Array *list = value.getAsArray();
  bool isRecords = list && !list->empty() && list->front().getAsObject();
  if (value.getAsObject() || isRecords) {
    os << "\n";
    print(value, os, indent + 2);
  } else if (auto string = value.getAsString()) {
    os << " " << *string << "\n";
  } else {
    os << " " << value << "\n";
  }
}

/// A tensor on one line: x [1,16] f32, 64 bytes, slot 0.
static bool printTensor(const json::Object &record, raw_ostream &os,
                        unsigned indent) {
  const json::Array *shape = record.getArray("shape");
  auto name = record.getString("name"), cName = record.getString("c_name"),
       type = record.getString("type");
  auto bytes = record.getInteger("bytes"), slot = record.getInteger("slot");
  if (!shape || !name || !cName || !type || !bytes)
    return false;
  os.indent(indent) << *cName << " '" << *name << "' "
                    << json::Value(json::Array(*shape)) << " " << *type << ", "
                    << *bytes << " bytes";
  if (slot)
    os << ", slot at " << *slot;
  os << "\n";
  return true;
}

static void print(const json::Value &value, raw_ostream &os, unsigned indent) {
  if (const json::Object *record = value.getAsObject()) {
    if (printTensor(*record, os, indent))
      return;
    std::vector<StringRef> names;
    for (const auto &member : *record)
      names.push_back(member.first);
    llvm::sort(names);
    for (StringRef name : names)
      printMember(name, *record->get(name), os, indent);
  } else if (const json::Array *list = value.getAsArray()) {
    for (const json::Value &element : *list)
      print(element, os, indent);
  } else {
    os.indent(indent) << value << "\n";
  }
}

static Error printSections(const object::ObjectFile &file, raw_ostream &os) {
  os << "sections:\n";
  for (const object::SectionRef &section : file.sections()) {
    Expected<StringRef> name = section.getName();
    if (!name)
      return name.takeError();
    bool isLoaded =
        file.isELF()
            ? object::ELFSectionRef(section).getFlags() & ELF::SHF_ALLOC
            : section.isText() || section.isData();
    if (isLoaded && section.getSize() > 0)
      os << formatv("  {0,-32} {1} bytes\n", *name, section.getSize());
  }
  return Error::success();
}

static Error printSymbols(const object::ObjectFile &file, raw_ostream &os) {
  os << "symbols:\n";
  for (const object::SymbolRef &symbol : file.symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    Expected<StringRef> name = symbol.getName();
    if (!flags || !name)
      return joinErrors(flags.takeError(), name.takeError());
    if (*flags & object::SymbolRef::SF_Undefined)
      os << "  " << *name << " (undefined)\n";
    else if (*flags & object::SymbolRef::SF_Global)
      os << "  " << *name << "\n";
  }
  return Error::success();
}

/// The section may hold the facts of several models, one on each line, after
/// objects have been linked.
static Error printFacts(const object::ObjectFile &file, StringRef path,
                        raw_ostream &os) {
  for (const object::SectionRef &section : file.sections()) {
    Expected<StringRef> name = section.getName();
    if (!name)
      return name.takeError();
    if (*name != emit::infoSection)
      continue;
    Expected<StringRef> contents = section.getContents();
    if (!contents)
      return contents.takeError();
    SmallVector<StringRef> lines;
    contents->split(lines, '\n', -1, /*KeepEmpty=*/false);
    for (StringRef line : lines) {
      Expected<json::Value> facts = json::parse(line);
      if (!facts)
        return facts.takeError();
      print(*facts, os, 0);
    }
    return Error::success();
  }
  return createStringError("'" + path +
                           "' carries no facts of nncc (no section " +
                           emit::infoSection + ")");
}

Error nncc::inspectObject(MemoryBufferRef buffer, raw_ostream &os) {
  StringRef path = buffer.getBufferIdentifier();
  auto file = object::ObjectFile::createObjectFile(buffer);
  if (!file)
    return createStringError("'" + path + "': " + toString(file.takeError()));
  if (!(*file)->isELF() && !(*file)->isWasm())
    return createStringError("'" + path +
                             "' is neither an ELF nor a WebAssembly object");
  if (Error error = printFacts(**file, path, os))
    return error;
  if (Error error = printSections(**file, os))
    return error;
  return printSymbols(**file, os);
}

Error nncc::inspectObject(StringRef path, raw_ostream &os) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot read '" + path +
                             "': " + buffer.getError().message());
  return inspectObject((*buffer)->getMemBufferRef(), os);
}
