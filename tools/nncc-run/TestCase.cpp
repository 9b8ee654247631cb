//===- TestCase.cpp - inputs and expected outputs of a run ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestCase.h"
#include "Comparison.h"
#include <cstring>
#include <llvm/ADT/STLExtras.h>
#include <random>

using namespace llvm;
using namespace nncc::run;

/// Floats in -1..1, any byte for 8-bit integers; wider integers, which are
/// mostly indices and lengths, are zero.
static Array madeUp(const TensorFacts &facts, unsigned seed) {
  Array array = facts.make(0);
  std::mt19937 random(seed);
  auto fill = [&](auto element, auto make) {
    for (size_t at = 0; at < array.bytes.size(); at += sizeof element) {
      element = make(random());
      std::memcpy(&array.bytes[at], &element, sizeof element);
    }
  };
  auto unit = [](uint32_t bits) { return bits / 2147483648.0 - 1; };
  if (facts.dtype == "f32")
    fill(float(), unit);
  else if (facts.dtype == "f64")
    fill(double(), unit);
  else if (facts.dtype == "f16") // sign and fraction of 0.5..1
    fill(uint16_t(), [](uint32_t bits) { return 0x3800 | (bits & 0x83FF); });
  else if (facts.dtype == "bf16")
    fill(uint16_t(), [](uint32_t bits) { return 0x3F00 | (bits & 0x807F); });
  else if (facts.dtype == "bool")
    fill(uint8_t(), [](uint32_t bits) { return bits & 1; });
  else if (elementBytes(facts.dtype) == 1)
    fill(uint8_t(), [](uint32_t bits) { return bits; });
  return array;
}

static std::string listNames(ArrayRef<TensorFacts> tensors) {
  std::string list;
  for (const TensorFacts &tensor : tensors)
    list += (list.empty() ? "'" : ", '") + tensor.name + "'";
  return list;
}

/// Moves `array` to `found` under `name`, which must be one of `tensors`.
static Error assign(StringRef kind, StringRef name, Array array,
                    ArrayRef<TensorFacts> tensors,
                    std::map<std::string, Array> &found) {
  for (const TensorFacts &tensor : tensors) {
    if (tensor.name != name)
      continue;
    if (Error error =
            checkKind((kind + " '" + name + "'").str(), array, tensor.make(0)))
      return error;
    found[tensor.name] = std::move(array);
    return Error::success();
  }
  return createStringError("the network has no " + kind.str() + " '" +
                           name.str() + "', it has " + listNames(tensors));
}

/// Reads `name=file`, or `file` alone where the network has one tensor.
static Error readOption(StringRef kind, StringRef text,
                        ArrayRef<TensorFacts> tensors,
                        std::map<std::string, Array> &found) {
  auto [name, path] = text.rsplit('=');
  if (path.empty()) {
    if (tensors.size() != 1)
      return createStringError("'" + text.str() + "' must say which " +
                               kind.str() +
                               " it is, as name=file: " + listNames(tensors));
    path = text;
    name = tensors.front().name;
  }
  Expected<Array> array = readNpy(path);
  if (!array)
    return array.takeError();
  return assign(kind, name, std::move(*array), tensors, found);
}

static Error readArchive(StringRef path, const ModelInfo &info,
                         const std::set<std::string> &fixed,
                         std::map<std::string, Array> &inputs,
                         std::map<std::string, Array> &expected) {
  Expected<std::map<std::string, Array>> arrays = readNpz(path);
  if (!arrays)
    return arrays.takeError();
  for (auto &[key, array] : *arrays) {
    StringRef name = key;
    if (name.starts_with("in/") && fixed.count(name.drop_front(3).str()))
      continue;
    Error error =
        name.consume_front("in/")
            ? assign("input", name, std::move(array), info.inputs, inputs)
        : name.consume_front("out/")
            ? assign("output", name, std::move(array), info.outputs, expected)
            : createStringError("array '" + key +
                                "' is neither in/<input> "
                                "nor out/<output>");
    if (error)
      return createStringError("'" + path.str() +
                               "': " + toString(std::move(error)));
  }
  return Error::success();
}

Expected<TestCase> nncc::run::readTestCase(const CaseFiles &files,
                                           const ModelInfo &info) {
  TestCase test;
  std::map<std::string, Array> inputs;
  if (!files.archive.empty())
    if (Error error = readArchive(files.archive, info, files.fixed, inputs, test.expected))
      return error;
  for (const std::string &text : files.inputs)
    if (Error error = readOption("input", text, info.inputs, inputs))
      return error;
  for (const std::string &text : files.expected)
    if (Error error = readOption("output", text, info.outputs, test.expected))
      return error;
  for (auto [i, facts] : enumerate(info.inputs)) {
    auto given = inputs.find(facts.name);
    test.inputs.push_back(given == inputs.end() ? madeUp(facts, i + 1)
                                                : std::move(given->second));
  }
  return test;
}
