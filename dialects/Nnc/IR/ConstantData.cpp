//===- ConstantData.cpp - the numbers behind a constant -------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/ElementTypes.h"
#include <algorithm>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>
#include <mlir/IR/BuiltinDialect.h>
#include <mlir/IR/DialectResourceBlobManager.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace nncc::nnc;

unsigned nncc::nnc::storedBytes(Type element) {
  if (!isa<Float16Type, BFloat16Type, Float32Type, Float64Type, IntegerType>(
          element))
    return 0;
  unsigned bits = element.getIntOrFloatBitWidth();
  if (bits == 1)
    return 1;
  return bits == 8 || bits == 16 || bits == 32 || bits == 64 ? bits / 8 : 0;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static std::shared_ptr<std::vector<char>> spreadBits(ArrayRef<char> packed,
                                                     int64_t count) {
  auto bytes = std::make_shared<std::vector<char>>(count);
  for (int64_t i = 0; i < count; ++i)
    (*bytes)[i] = packed[i / 8] >> (i % 8) & 1;
  return bytes;
}

std::optional<ConstantData> ConstantData::get(Attribute attr) {
  auto elements = dyn_cast_or_null<ElementsAttr>(attr);
  ConstantData result;
  result.type = elements ? dyn_cast<RankedTensorType>(elements.getShapedType())
                         : RankedTensorType();
  if (!result.type || !result.type.hasStaticShape())
    return std::nullopt;
  unsigned bytes = storedBytes(result.type.getElementType());
  if (!bytes)
    return std::nullopt;
  if (result.type.getNumElements() == 0)
    return result; // `dense` may keep the bytes of an element that is not there

  if (auto dense = dyn_cast<DenseElementsAttr>(attr)) {
    result.data = dense.getRawData();
    result.splat = dense.isSplat();
    if (result.type.getElementType().isInteger(1)) {
      result.unpackedBits =
          spreadBits(result.data, result.splat ? 1 : result.size());
      result.data = *result.unpackedBits;
    }
  } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(attr)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return std::nullopt;
    result.data = blob->getData();
  } else {
    return std::nullopt;
  }
  size_t stored =
      result.splat ? std::min<int64_t>(1, result.size()) : result.size();
  if (result.data.size() != stored * bytes)
    return std::nullopt;
  return result;
}

std::optional<ConstantData> ConstantData::get(Value value) {
  Attribute attr;
  if (!value || !matchPattern(value, m_Constant(&attr)))
    return std::nullopt;
  return get(attr);
}

int64_t ConstantData::integerAt(int64_t i) const {
  auto element = cast<IntegerType>(type.getElementType());
  bool isUnsigned = element.isUnsigned();
  switch (element.getWidth()) {
  case 1:
    return load<uint8_t>(i) != 0;
  case 8:
    return isUnsigned ? load<uint8_t>(i) : load<int8_t>(i);
  case 16:
    return isUnsigned ? load<uint16_t>(i) : load<int16_t>(i);
  case 32:
    return isUnsigned ? int64_t(load<uint32_t>(i)) : load<int32_t>(i);
  default:
    return load<int64_t>(i);
  }
}

double ConstantData::at(int64_t i) const {
  Type element = type.getElementType();
  if (element.isF32())
    return load<float>(i);
  if (element.isF64())
    return load<double>(i);
  if (auto floating = dyn_cast<FloatType>(element))
    return floatOfBits(floating.getFloatSemantics(), load<uint16_t>(i));
  if (element.isUnsignedInteger(64))
    return static_cast<double>(load<uint64_t>(i));
  return static_cast<double>(integerAt(i));
}

std::vector<float> ConstantData::floats() const {
  std::vector<float> values(size());
  if (type.getElementType().isF32() && !splat) {
    if (!values.empty())
      std::memcpy(values.data(), data.data(), data.size());
    return values;
  }
  if (splat)
    std::fill(values.begin(), values.end(), static_cast<float>(at(0)));
  else
    for (int64_t i = 0, e = size(); i < e; ++i)
      values[i] = static_cast<float>(at(i));
  return values;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

void nncc::nnc::storeElement(Type element, double value, char *out) {
  if (element.isF32()) {
    float narrow = static_cast<float>(value);
    std::memcpy(out, &narrow, 4);
  } else if (element.isF64()) {
    std::memcpy(out, &value, 8);
  } else if (auto floating = dyn_cast<FloatType>(element)) {
    uint16_t bits = bitsOfFloat(floating.getFloatSemantics(), value);
    std::memcpy(out, &bits, 2);
  } else {
    // Little-endian hosts keep the low bytes first.
    uint64_t bits = element.isInteger(1) ? value != 0
                                         : saturate(element, value).getZExtValue();
    std::memcpy(out, &bits, storedBytes(element));
  }
}

/// Constants up to this size print with their numbers.
static constexpr size_t kInlineBytes = 64;

static ElementsAttr makeDense(RankedTensorType type, ArrayRef<char> bytes) {
  if (!type.getElementType().isInteger(1))
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  SmallVector<bool> bits(llvm::map_range(bytes, [](char c) { return c != 0; }));
  return DenseElementsAttr::get(type, ArrayRef<bool>(bits));
}

static ElementsAttr
makeBlob(RankedTensorType type, ArrayRef<char> bytes,
         llvm::function_ref<AsmResourceBlob()> makeOwner) {
  auto &manager =
      DenseResourceElementsHandle::getManagerInterface(type.getContext());
  StringRef text(bytes.data(), bytes.size());
  std::string key = "nnc_" + llvm::utohexstr(llvm::xxh3_64bits(text));
  // An equal blob may exist already; an unequal one with the same hash makes
  // `insert` choose another key.
  if (auto *entry = manager.getBlobManager().lookup(key))
    if (const AsmResourceBlob *blob = entry->getBlob())
      if (blob->getData() == bytes)
        return DenseResourceElementsAttr::get(
            type,
            DenseResourceElementsHandle(
                entry, type.getContext()->getOrLoadDialect<BuiltinDialect>()));
  return DenseResourceElementsAttr::get(type, manager.insert(key, makeOwner()));
}

static ElementsAttr makeAny(RankedTensorType type, ArrayRef<char> bytes,
                            llvm::function_ref<AsmResourceBlob()> makeOwner) {
  size_t element = storedBytes(type.getElementType());
  // All elements are equal if each equals the one before it.
  if (bytes.size() >= element && element &&
      bytes.drop_front(element) == bytes.drop_back(element))
    return makeDense(type, bytes.take_front(element));
  if (bytes.size() <= kInlineBytes)
    return makeDense(type, bytes);
  return makeBlob(type, bytes, makeOwner);
}

ElementsAttr nncc::nnc::makeConstant(RankedTensorType type,
                                     ArrayRef<char> bytes) {
  return makeAny(type, bytes, [&]() -> AsmResourceBlob {
    return HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, /*align=*/64,
                                                         /*dataIsMutable=*/false);
  });
}

ElementsAttr nncc::nnc::makeConstant(RankedTensorType type,
                                     std::vector<char> &&bytes) {
  return makeAny(type, bytes, [&] {
    auto owner = std::make_shared<std::vector<char>>(std::move(bytes));
    return AsmResourceBlob(
        *owner, alignof(std::max_align_t),
        [owner](void *, size_t, size_t) mutable { owner.reset(); },
        /*dataIsMutable=*/false);
  });
}

template <typename T>
static ElementsAttr roundAndMake(RankedTensorType type, ArrayRef<T> values) {
  Type element = type.getElementType();
  size_t bytes = storedBytes(element);
  std::vector<char> data(values.size() * bytes);
  for (auto [i, value] : llvm::enumerate(values))
    storeElement(element, value, data.data() + i * bytes);
  return makeConstant(type, ArrayRef<char>(data));
}

ElementsAttr nncc::nnc::makeConstant(RankedTensorType type,
                                     ArrayRef<float> values) {
  if (type.getElementType().isF32())
    return makeConstant(
        type, ArrayRef<char>(reinterpret_cast<const char *>(values.data()),
                             values.size() * sizeof(float)));
  return roundAndMake(type, values);
}

ElementsAttr nncc::nnc::makeConstant(RankedTensorType type,
                                     ArrayRef<double> values) {
  return roundAndMake(type, values);
}

ElementsAttr nncc::nnc::makeSplat(RankedTensorType type, double value) {
  char bytes[8];
  storeElement(type.getElementType(), value, bytes);
  return makeDense(type,
                   ArrayRef<char>(bytes, storedBytes(type.getElementType())));
}
