//===- ModelHash.cpp - the identity of a compiled model -------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "lib/Emit/Interface.h"
#include "lib/Emit/WeightBytes.h"
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>
#include <llvm/Support/raw_ostream.h>

using namespace mlir;
using namespace nncc;

/// Adds the text of `op`. Keys of resource blobs are left out with the blobs:
/// they depend on what else the process has compiled.
static void hashText(Operation *op, llvm::SHA256 &hasher) {
  std::string text;
  llvm::raw_string_ostream os(text);
  op->print(os, OpPrintingFlags().useLocalScope().elideLargeResourceString(0));
  hasher.update(text);
}

static void hashWeights(nnc::WeightsOp weights, llvm::SHA256 &hasher) {
  std::string facts = std::to_string(weights.getSize());
  for (int64_t offset : weights.getOffsets())
    facts += "," + std::to_string(offset);
  hasher.update(facts);
  for (Attribute blob : weights.getBlobs())
    emit::forEachByteRange(cast<ElementsAttr>(blob), [&](ArrayRef<char> bytes) {
      hasher.update(StringRef(bytes.data(), bytes.size()));
    });
}

std::string nncc::emit::modelHash(ModuleOp module) {
  if (auto known = module->getAttrOfType<StringAttr>("nnc.model_hash"))
    if (known.getValue().size() >= 16)
      return known.str();
  llvm::SHA256 hasher;
  std::string attributes;
  llvm::raw_string_ostream os(attributes);
  module->getAttrDictionary().print(os);
  hasher.update(attributes);
  for (Operation &op : *module.getBody()) {
    if (auto weights = dyn_cast<nnc::WeightsOp>(op))
      hashWeights(weights, hasher);
    else
      hashText(&op, hasher);
  }
  return llvm::toHex(hasher.final(), /*LowerCase=*/true);
}
