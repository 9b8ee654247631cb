//===- TensorData.cpp - ONNX tensors to attributes ------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/TensorData.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include "lib/Frontend/IntTensor.h"
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/MathExtras.h>
#include <mlir/IR/AsmState.h>
#include <mlir/IR/BuiltinAttributes.h>
#include <mlir/IR/DialectResourceBlobManager.h>

using namespace llvm;
using namespace nncc::frontend;
using mlir::DenseElementsAttr;
using mlir::ElementsAttr;
using mlir::RankedTensorType;
using onnx::TensorProto;

static Error problem(const Twine &text) {
  return createStringError(inconvertibleErrorCode(), text);
}

//===----------------------------------------------------------------------===//
// Types and shapes
//===----------------------------------------------------------------------===//

mlir::Type nncc::frontend::elementTypeFor(mlir::MLIRContext *context,
                                          int32_t onnxType) {
  mlir::Builder b(context);
  switch (onnxType) {
  case TensorProto::FLOAT:
    return b.getF32Type();
  case TensorProto::DOUBLE:
    return b.getF64Type();
  case TensorProto::FLOAT16:
    return b.getF16Type();
  case TensorProto::BFLOAT16:
    return b.getBF16Type();
  case TensorProto::BOOL:
    return b.getI1Type();
  case TensorProto::INT8:
    return b.getI8Type();
  case TensorProto::INT16:
    return b.getI16Type();
  case TensorProto::INT32:
    return b.getI32Type();
  case TensorProto::INT64:
    return b.getI64Type();
  case TensorProto::UINT8:
    return b.getIntegerType(8, /*isSigned=*/false);
  case TensorProto::UINT16:
    return b.getIntegerType(16, /*isSigned=*/false);
  case TensorProto::UINT32:
    return b.getIntegerType(32, /*isSigned=*/false);
  case TensorProto::UINT64:
    return b.getIntegerType(64, /*isSigned=*/false);
  default:
    return {};
  }
}

int32_t nncc::frontend::onnxTypeFor(mlir::Type elementType) {
  for (int32_t type = TensorProto::DataType_MIN;
       type <= TensorProto::DataType_MAX; ++type)
    if (elementTypeFor(elementType.getContext(), type) == elementType)
      return type;
  return TensorProto::UNDEFINED;
}

std::string nncc::frontend::onnxTypeName(int32_t onnxType) {
  if (!TensorProto::DataType_IsValid(onnxType))
    return "#" + std::to_string(onnxType);
  return StringRef(TensorProto::DataType_Name(TensorProto::DataType(onnxType)))
      .lower();
}

Error nncc::frontend::checkShape(ArrayRef<int64_t> shape) {
  constexpr int64_t maxElements = INT32_MAX;
  if (shape.size() > 16)
    return problem("a rank of " + Twine(shape.size()) +
                   " exceeds the limit of 16");
  int64_t elements = 1;
  for (auto [i, extent] : enumerate(shape))
    if (extent < 0)
      return problem("extent " + Twine(extent) + " of dimension " + Twine(i) +
                     " is negative");
  for (int64_t extent : shape) {
    if (extent > maxElements || elements * extent > maxElements)
      return problem("a tensor of " + nncc::nnc::shapeText(shape) +
                     " elements exceeds the limit of 2^31 - 1");
    elements *= extent;
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Integers are shapes and indices, which the importer computes with: keep
/// them where they are easy to read.
static bool isSmall(RankedTensorType type, size_t bytes) {
  return bytes <= 64 || (type.getElementType().isIntOrIndex() &&
                         type.getNumElements() <= IntTensor::maxElements);
}

/// MLIR prints the keys of resources without quotes and can only read them
/// back if they are identifiers.
static std::string resourceKey(StringRef name) {
  std::string key = name.empty() ? "constant" : name.str();
  for (char &c : key)
    if (!isAlnum(c))
      c = '_';
  return isDigit(key[0]) ? "_" + key : key;
}

ElementsAttr nncc::frontend::makeConstant(RankedTensorType type,
                                          OwnedBytes data, StringRef name) {
  ArrayRef<char> bytes = data.bytes;
  if (type.getElementType().isInteger(1)) {
    SmallVector<bool> values(
        map_range(bytes, [](char byte) { return byte != 0; }));
    return DenseElementsAttr::get(type, values);
  }
  size_t size = type.getElementTypeBitWidth() / 8;
  bool splat = bytes.size() > size &&
               std::equal(bytes.begin() + size, bytes.end(), bytes.begin());
  if (splat || isSmall(type, bytes.size()))
    return DenseElementsAttr::getFromRawBuffer(
        type, splat ? bytes.take_front(size) : bytes);
  if (reinterpret_cast<uintptr_t>(bytes.data()) % size != 0)
    return mlir::DenseResourceElementsAttr::get(
        type, resourceKey(name),
        mlir::HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, 64));
  mlir::AsmResourceBlob blob(
      bytes, size,
      [owner = std::move(data.owner)](void *, size_t, size_t) mutable {
        owner.reset();
      },
      /*dataIsMutable=*/false);
  return mlir::DenseResourceElementsAttr::get(type, resourceKey(name),
                                              std::move(blob));
}

ArrayRef<char> nncc::frontend::constantBytes(ElementsAttr constant) {
  if (auto dense = dyn_cast<DenseElementsAttr>(constant))
    return dense.getRawData();
  return cast<mlir::DenseResourceElementsAttr>(constant)
      .getRawHandle()
      .getBlob()
      ->getData();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

template <typename Field> static ArrayRef<char> bytesOf(const Field &field) {
  return ArrayRef<char>(reinterpret_cast<const char *>(field.data()),
                        field.size() * sizeof(*field.data()));
}

/// ONNX stores types below 32 bits in 32-bit fields: keeps each value's low
/// bytes.
template <typename Field>
static OwnedBytes narrow(const Field &field, size_t size) {
  auto bytes = std::make_shared<std::vector<char>>();
  bytes->reserve(field.size() * size);
  for (auto value : field) {
    const char *low = reinterpret_cast<const char *>(&value);
    bytes->insert(bytes->end(), low, low + size);
  }
  return {*bytes, bytes};
}

/// The values of the typed field (float_data and so on) for the tensor's type.
static OwnedBytes typedField(const TensorProto &tensor, size_t size,
                             const std::shared_ptr<const void> &owner) {
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return {bytesOf(tensor.float_data()), owner};
  case TensorProto::DOUBLE:
    return {bytesOf(tensor.double_data()), owner};
  case TensorProto::INT64:
    return {bytesOf(tensor.int64_data()), owner};
  case TensorProto::INT32:
    return {bytesOf(tensor.int32_data()), owner};
  case TensorProto::UINT64:
    return {bytesOf(tensor.uint64_data()), owner};
  case TensorProto::UINT32:
    return narrow(tensor.uint64_data(), size);
  default:
    return narrow(tensor.int32_data(), size);
  }
}

void TensorReader::takeRawData(TensorProto &tensor) {
  constexpr size_t large = 1 << 12;
  if (tensor.raw_data().size() >= large)
    taken[&tensor] = std::shared_ptr<const std::string>(tensor.release_raw_data());
}

Expected<ElementsAttr>
TensorReader::read(const TensorProto &tensor,
                   const std::shared_ptr<const void> &owner) {
  mlir::Type element = elementTypeFor(context, tensor.data_type());
  if (!element)
    return problem("element type " + onnxTypeName(tensor.data_type()) +
                   " is not supported");
  SmallVector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  if (Error error = checkShape(shape))
    return std::move(error);
  if (tensor.has_segment())
    return problem("tensors stored in segments are not supported");
  auto type = RankedTensorType::get(shape, element);
  size_t size = element.isInteger(1) ? 1 : element.getIntOrFloatBitWidth() / 8;
  uint64_t needed = type.getNumElements() * size;
  OwnedBytes data;
  if (tensor.data_location() == TensorProto::EXTERNAL) {
    Expected<OwnedBytes> mapped = external.read(tensor, needed);
    if (!mapped)
      return mapped.takeError();
    data = *mapped;
  } else if (auto own = taken.find(&tensor); own != taken.end()) {
    data = {ArrayRef<char>(own->second->data(), own->second->size()), own->second};
    taken.erase(own);
  } else if (tensor.has_raw_data()) {
    data = {ArrayRef<char>(tensor.raw_data().data(), tensor.raw_data().size()),
            owner};
  } else {
    data = typedField(tensor, size, owner);
  }
  if (data.bytes.size() != needed)
    return problem("holds " + Twine(data.bytes.size()) + " bytes, " +
                   nncc::nnc::shapeText(shape) + " elements of " +
                   onnxTypeName(tensor.data_type()) + " need " + Twine(needed));
  return makeConstant(type, std::move(data), tensor.name());
}
