//===- ReplacedBlobs.cpp - memory of constants that are gone --------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Pipeline/ReplacedBlobs.h"
#include <mlir/IR/AsmState.h>

using namespace mlir;
using namespace nncc;

ReplacedBlobs::Blobs ReplacedBlobs::blobsOf(ModuleOp module) {
  Blobs blobs;
  auto note = [&](Attribute attribute) {
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute)) {
      auto handle = resource.getRawHandle();
      blobs.insert({handle.getResource(), handle});
    }
  };
  module.walk([&](Operation *op) {
    for (NamedAttribute attribute : op->getAttrs()) {
      note(attribute.getValue());
      if (auto list = dyn_cast<ArrayAttr>(attribute.getValue()))
        llvm::for_each(list, note);
    }
  });
  return blobs;
}

void ReplacedBlobs::release(ModuleOp after) {
  Blobs kept = blobsOf(after);
  for (auto &[entry, handle] : held)
    if (!kept.count(entry))
      handle.getResource()->setBlob(AsmResourceBlob());
}
