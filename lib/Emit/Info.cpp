//===- Info.cpp - the facts that an object carries ------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Info.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

using namespace mlir;
using namespace nncc;
namespace json = llvm::json;

/// ONNX names may hold any byte, JSON text only UTF-8.
static std::string text(StringRef name) {
  return json::isUTF8(name) ? name.str() : json::fixUTF8(name);
}

static std::string typeText(Type type) {
  std::string result;
  llvm::raw_string_ostream(result) << type;
  return result;
}

static json::Array tensorList(const std::vector<emit::TensorInfo> &tensors) {
  json::Array list;
  for (const emit::TensorInfo &tensor : tensors) {
    json::Object record{{"name", text(tensor.name)},
                        {"c_name", tensor.cName},
                        {"type", typeText(tensor.type.getElementType())},
                        {"shape", json::Array(tensor.type.getShape())},
                        {"bytes", tensor.bytes()}};
    if (tensor.slot)
      record["slot"] = *tensor.slot;
    list.push_back(std::move(record));
  }
  return list;
}

/// Attributes that the memory stage left, as JSON of the same structure.
static json::Value attributeValue(Attribute attr) {
  if (auto number = dyn_cast<IntegerAttr>(attr))
    return number.getValue().getSExtValue();
  if (auto string = dyn_cast<StringAttr>(attr))
    return text(string.getValue());
  if (auto list = dyn_cast<ArrayAttr>(attr)) {
    json::Array values;
    for (Attribute element : list)
      values.push_back(attributeValue(element));
    return values;
  }
  if (auto record = dyn_cast<DictionaryAttr>(attr)) {
    json::Object values;
    for (NamedAttribute field : record)
      values[text(field.getName())] = attributeValue(field.getValue());
    return values;
  }
  if (auto numbers = dyn_cast<DenseI64ArrayAttr>(attr))
    return json::Array(numbers.asArrayRef());
  std::string other;
  llvm::raw_string_ostream(other) << attr;
  return text(other);
}

static json::Array kernelList(ModuleOp module,
                              const emit::ModelInterface &interface) {
  json::Array kernels;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    StringRef name = function.getName();
    bool isGlue = name.starts_with(interface.model + "_body") ||
                  name == interface.model + "_barrier" ||
                  name == interface.entrySymbol();
    bool isHelper = name.starts_with("__nncc_");
    if (!function.isExternal() && !isGlue && !isHelper)
      kernels.push_back(text(name));
  }
  return kernels;
}

std::string emit::moduleInfo(ModuleOp module, const ModelInterface &interface,
                             const TargetInfo &target) {
  json::Object info{{"model", interface.model},
                    {"hash", interface.hash},
                    {"compiler", "nncc " NNCC_VERSION},
                    {"target", json::Object{{"name", target.name},
                                            {"triple", target.triple},
                                            {"cpu", target.cpu},
                                            {"features", target.features}}},
                    {"inputs", tensorList(interface.inputs)},
                    {"outputs", tensorList(interface.outputs)},
                    {"arena", json::Object{{"bytes", interface.arenaBytes},
                                           {"align", interface.arenaAlign}}},
                    {"state", json::Object{{"bytes", interface.stateBytes}}},
                    {"kernels", kernelList(module, interface)}};
  if (target.hosted)
    info["threads"] = interface.threads;
  for (auto weights : module.getOps<nnc::WeightsOp>())
    info["weights"] = json::Object{{"bytes", weights.getSize()}};
  if (Attribute map = module->getAttr("nnc.arena_map"))
    info["arena_map"] = attributeValue(map);
  std::string result;
  llvm::raw_string_ostream os(result);
  os << json::Value(std::move(info)) << "\n";
  return result;
}
