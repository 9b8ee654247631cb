//===- Interface.cpp - what the caller of an object sees ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Interface.h"
#include "lib/Emit/CNames.h"
#include "nncc/Emit.h"
#include <llvm/ADT/StringExtras.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::emit;
using llvm::createStringError;
using llvm::Expected;

uint64_t TensorInfo::elementBytes() const {
  return llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

uint64_t TensorInfo::bytes() const {
  return type.getNumElements() * elementBytes();
}

std::string TensorInfo::cType() const {
  Type element = type.getElementType();
  if (element.isF32())
    return "float";
  if (element.isF64())
    return "double";
  unsigned bits = elementBytes() * 8;
  bool isSigned = isa<IntegerType>(element) && !element.isUnsignedInteger() &&
                  !element.isInteger(1);
  return (isSigned ? "int" : "uint") + std::to_string(bits) + "_t";
}

/// Types that C can name: integers of 1, 8, 16, 32 and 64 bits and the floats.
static bool hasCType(MemRefType type) {
  if (!type || !type.hasStaticShape() || !type.getLayout().isIdentity())
    return false;
  Type element = type.getElementType();
  if (auto integer = dyn_cast<IntegerType>(element))
    return llvm::is_contained({1u, 8u, 16u, 32u, 64u}, integer.getWidth());
  return element.isF16() || element.isBF16() || element.isF32() ||
         element.isF64();
}

static llvm::Error checkTensor(const TensorInfo &tensor) {
  if (tensor.name.empty())
    return createStringError("an input or output of @main has no nnc.name");
  if (!hasCType(tensor.type))
    return createStringError("'" + tensor.name +
                             "' has a type that C cannot name");
  return llvm::Error::success();
}

static llvm::Error readArguments(func::FuncOp main, ModelInterface &result) {
  for (BlockArgument arg : main.getArguments()) {
    unsigned i = arg.getArgNumber();
    if (main.getArgAttr(i, "nnc.weights") || main.getArgAttr(i, "nnc.arena"))
      continue;
    TensorInfo tensor;
    tensor.type = dyn_cast<MemRefType>(arg.getType());
    if (auto element = main.getArgAttrOfType<TypeAttr>(i, "nnc.element"))
      tensor.type = cast<MemRefType>(tensor.type.clone(element.getValue()));
    if (auto name = main.getArgAttrOfType<StringAttr>(i, "nnc.name"))
      tensor.name = name.str();
    if (auto slot = main.getArgAttrOfType<IntegerAttr>(i, "nnc.slot"))
      tensor.slot = slot.getInt();
    if (llvm::Error error = checkTensor(tensor))
      return error;
    bool isOutput = static_cast<bool>(main.getArgAttr(i, "nnc.output"));
    (isOutput ? result.outputs : result.inputs).push_back(tensor);
  }
  return llvm::Error::success();
}

static llvm::Error readRecord(ArrayAttr list,
                              std::vector<TensorInfo> &tensors) {
  for (Attribute attr : list) {
    auto record = dyn_cast<DictionaryAttr>(attr);
    auto name = record ? record.getAs<StringAttr>("name") : nullptr;
    auto type = record ? record.getAs<TypeAttr>("type") : nullptr;
    if (!name || !type)
      return createStringError(
          "nnc.interface lists a tensor without name or type");
    TensorInfo tensor;
    tensor.name = name.str();
    tensor.type = dyn_cast<MemRefType>(type.getValue());
    if (auto slot = record.getAs<IntegerAttr>("slot"))
      tensor.slot = slot.getInt();
    if (llvm::Error error = checkTensor(tensor))
      return error;
    tensors.push_back(tensor);
  }
  return llvm::Error::success();
}

static llvm::Error readTensors(ModuleOp module, ModelInterface &result) {
  if (auto record = module->getAttrOfType<DictionaryAttr>("nnc.interface")) {
    auto inputs = record.getAs<ArrayAttr>("inputs");
    auto outputs = record.getAs<ArrayAttr>("outputs");
    if (!inputs || !outputs)
      return createStringError("nnc.interface has no inputs or no outputs");
    if (llvm::Error error = readRecord(inputs, result.inputs))
      return error;
    return readRecord(outputs, result.outputs);
  }
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isDeclaration())
    return createStringError("the module has no function @main");
  return readArguments(main, result);
}

/// Reads the non-negative integer attribute `name`, if there is one.
static llvm::Error readNumber(ModuleOp module, StringRef name,
                              uint64_t &value) {
  Attribute attr = module->getAttr(name);
  if (!attr)
    return llvm::Error::success();
  auto number = dyn_cast<IntegerAttr>(attr);
  if (!number || number.getValue().isNegative())
    return createStringError("module attribute '" + name.str() +
                             "' must be a non-negative integer");
  value = number.getValue().getZExtValue();
  return llvm::Error::success();
}

/// The prefix of symbols: begins with a letter, `_x` is reserved.
static bool isCIdentifier(StringRef name) {
  return !name.empty() && llvm::isAlpha(name.front()) &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

Expected<ModelInterface> nncc::emit::readInterface(ModuleOp module) {
  ModelInterface result;
  auto model = module->getAttrOfType<StringAttr>("nnc.model");
  if (!model || !isCIdentifier(model.getValue()))
    return createStringError("module attribute 'nnc.model' must name the model "
                             "with a C identifier");
  result.model = model.str();
  if (auto hash = module->getAttrOfType<StringAttr>("nnc.model_hash"))
    result.hash = hash.str();
  uint64_t threads = result.threads;
  std::pair<StringRef, uint64_t *> numbers[] = {
      {"nnc.arena_bytes", &result.arenaBytes},
      {"nnc.arena_align", &result.arenaAlign},
      {"nnc.state_bytes", &result.stateBytes},
      {"nnc.threads", &threads}};
  for (auto [name, value] : numbers)
    if (llvm::Error error = readNumber(module, name, *value))
      return error;
  if (!llvm::isPowerOf2_64(result.arenaAlign))
    return createStringError("arena alignment " +
                             std::to_string(result.arenaAlign) +
                             " is not a power of two");
  result.threads = std::clamp<uint64_t>(threads, 1, 1u << 16);
  if (llvm::Error error = readTensors(module, result))
    return error;
  CNames names;
  for (auto *list : {&result.inputs, &result.outputs})
    for (TensorInfo &tensor : *list)
      tensor.cName = names.add(tensor.name);
  return result;
}

void nncc::emit::recordInterface(ModuleOp module,
                                 const ModelInterface &interface) {
  Builder b(module.getContext());
  auto record = [&](const std::vector<TensorInfo> &tensors) {
    SmallVector<Attribute> list;
    for (const TensorInfo &tensor : tensors) {
      SmallVector<NamedAttribute> fields = {
          b.getNamedAttr("name", b.getStringAttr(tensor.name)),
          b.getNamedAttr("type", TypeAttr::get(tensor.type))};
      if (tensor.slot)
        fields.push_back(
            b.getNamedAttr("slot", b.getI64IntegerAttr(*tensor.slot)));
      list.push_back(b.getDictionaryAttr(fields));
    }
    return b.getArrayAttr(list);
  };
  module->setAttr("nnc.interface",
                  b.getDictionaryAttr(
                      {b.getNamedAttr("inputs", record(interface.inputs)),
                       b.getNamedAttr("outputs", record(interface.outputs))}));
  module->setAttr("nnc.model_hash", b.getStringAttr(interface.hash));
}
