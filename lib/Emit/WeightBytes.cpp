//===- WeightBytes.cpp - the bytes of constants ---------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/WeightBytes.h"
#include <mlir/IR/DialectResourceBlobManager.h>

using namespace mlir;
using namespace nncc;

using Sink = llvm::function_ref<void(ArrayRef<char>)>;

/// Repeats `element` `count` times, in pieces of at most 4 KiB.
static void repeat(ArrayRef<char> element, int64_t count, Sink sink) {
  int64_t perPiece = std::max<int64_t>(4096 / element.size(), 1);
  SmallVector<char> piece;
  for (int64_t i = 0; i < std::min(perPiece, count); ++i)
    piece.append(element.begin(), element.end());
  for (int64_t done = 0; done < count; done += perPiece) {
    int64_t n = std::min(perPiece, count - done);
    sink(ArrayRef<char>(piece).take_front(n * element.size()));
  }
}

void nncc::emit::forEachByteRange(ElementsAttr elements, Sink sink) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      sink(blob->getData());
    return;
  }
  auto dense = dyn_cast<DenseElementsAttr>(elements);
  if (!dense)
    return;
  ArrayRef<char> raw = dense.getRawData();
  int64_t count = dense.getNumElements();
  if (dense.getElementType().isInteger(1)) {
    // MLIR packs eight booleans in a byte, kernels read one byte each.
    SmallVector<char> bytes;
    for (bool bit : dense.getValues<bool>())
      bytes.push_back(bit);
    sink(bytes);
  } else if (dense.isSplat() && count > 0) {
    repeat(raw, count, sink);
  } else {
    sink(raw);
  }
}

llvm::Error nncc::emit::writeWeights(nnc::WeightsOp weights,
                                     MutableArrayRef<char> section) {
  for (auto [blob, offset] :
       llvm::zip(weights.getBlobs(), weights.getOffsets())) {
    auto elements = cast<ElementsAttr>(blob);
    ShapedType type = elements.getShapedType();
    uint64_t expected = type.getNumElements() *
                        llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    uint64_t position = offset, end = offset + expected;
    bool fits = end <= section.size();
    forEachByteRange(elements, [&](ArrayRef<char> bytes) {
      fits &= position + bytes.size() <= end;
      if (fits)
        llvm::copy(bytes, section.begin() + position);
      position += bytes.size();
    });
    if (!fits || position != end)
      return llvm::createStringError(
          "the constant at byte " + std::to_string(offset) + " has " +
          std::to_string(position - offset) + " bytes of data, its type " +
          std::to_string(expected));
  }
  return llvm::Error::success();
}
