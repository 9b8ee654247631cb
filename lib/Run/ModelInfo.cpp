//===- ModelInfo.cpp - the facts embedded in an object --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Run.h"
#include <llvm/ADT/STLExtras.h>
#include <llvm/Object/ObjectFile.h>
#include <llvm/Support/JSON.h>

using namespace llvm;
using namespace nncc::run;

Array TensorFacts::make(char fill) const {
  Array array{dtype, shape, {}};
  array.bytes.assign(array.elements() * elementBytes(dtype), fill);
  return array;
}

/// MLIR's name of an element type as the files spell it: ui8 -> u8, i1 -> bool.
static std::string canonicalType(StringRef name) {
  if (name == "i1")
    return "bool";
  if (name.consume_front("ui"))
    return "u" + name.str();
  return name.str();
}

static Error readTensors(const json::Object &facts, StringRef key,
                         std::vector<TensorFacts> &tensors) {
  const json::Array *list = facts.getArray(key);
  if (!list)
    return createStringError("has no list '" + key.str() + "'");
  for (const json::Value &value : *list) {
    const json::Object *object = value.getAsObject();
    const json::Array *shape = object ? object->getArray("shape") : nullptr;
    if (!shape)
      return createStringError("has a tensor without shape");
    TensorFacts tensor;
    tensor.name = object->getString("name").value_or("").str();
    tensor.cName = object->getString("c_name").value_or("").str();
    tensor.dtype = canonicalType(object->getString("type").value_or(""));
    for (const json::Value &extent : *shape)
      tensor.shape.push_back(extent.getAsInteger().value_or(-1));
    if (!elementBytes(tensor.dtype) ||
        any_of(tensor.shape, [](int64_t e) { return e < 0; }))
      return createStringError("describes '" + tensor.name + "' wrongly");
    tensors.push_back(std::move(tensor));
  }
  return Error::success();
}

static Error readFacts(StringRef text, ModelInfo &info) {
  Expected<json::Value> parsed = json::parse(text.rtrim('\0'));
  if (!parsed)
    return parsed.takeError();
  const json::Object *facts = parsed->getAsObject();
  if (!facts)
    return createStringError("is no JSON object");
  info.model = facts->getString("model").value_or("").str();
  if (const json::Object *target = facts->getObject("target")) {
    info.target = target->getString("name").value_or("").str();
    info.triple = target->getString("triple").value_or("").str();
    info.cpu = target->getString("cpu").value_or("").str();
  }
  if (const json::Object *arena = facts->getObject("arena")) {
    info.arenaBytes = arena->getInteger("bytes").value_or(0);
    info.arenaAlign = arena->getInteger("align").value_or(1);
  }
  if (const json::Object *state = facts->getObject("state"))
    info.stateBytes = state->getInteger("bytes").value_or(0);
  info.hosted = facts->getInteger("threads").has_value();
  if (Error error = readTensors(*facts, "inputs", info.inputs))
    return error;
  return readTensors(*facts, "outputs", info.outputs);
}

/// The entry's symbol starts with `<model>_run`; more may follow, so that a
/// header of another object does not link.
static Error findEntry(const object::ObjectFile &object, ModelInfo &info) {
  for (const object::SymbolRef &symbol : object.symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    Expected<StringRef> name = symbol.getName();
    if (!flags || !name)
      return joinErrors(flags.takeError(), name.takeError());
    if ((*flags & object::SymbolRef::SF_Global) &&
        !(*flags & object::SymbolRef::SF_Undefined) &&
        name->starts_with(info.model + "_run")) {
      info.entry = name->str();
      return Error::success();
    }
  }
  return createStringError("defines no function " + info.model + "_run");
}

static Error readObject(const object::ObjectFile &object, ModelInfo &info) {
  info.arch = object.getArch();
  for (const object::SectionRef &section : object.sections()) {
    Expected<StringRef> name = section.getName();
    if (!name)
      return name.takeError();
    if (*name != ".nncc.info")
      continue;
    Expected<StringRef> text = section.getContents();
    if (!text)
      return text.takeError();
    if (Error error = readFacts(*text, info))
      return createStringError("has an unreadable section .nncc.info: " +
                               toString(std::move(error)));
    return findEntry(object, info);
  }
  return createStringError(
      "has no section .nncc.info, so nncc did not write it");
}

Expected<ModelInfo> nncc::run::readModelInfo(MemoryBufferRef object) {
  auto file = object::ObjectFile::createObjectFile(object);
  if (!file)
    return createStringError("'" + object.getBufferIdentifier().str() +
                             "' is no object: " + toString(file.takeError()));
  ModelInfo info;
  if (Error error = readObject(**file, info))
    return createStringError("'" + object.getBufferIdentifier().str() + "' " +
                             toString(std::move(error)));
  return info;
}

Expected<ModelInfo> nncc::run::readModelInfo(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return createStringError("cannot open '" + path.str() +
                             "': " + buffer.getError().message());
  return readModelInfo((*buffer)->getMemBufferRef());
}
