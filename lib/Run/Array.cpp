//===- Array.cpp - a tensor in memory --------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Run.h"
#include <cstring>
#include <llvm/ADT/APFloat.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSwitch.h>

using namespace llvm;
using namespace nncc::run;

unsigned nncc::run::elementBytes(StringRef dtype) {
  return StringSwitch<unsigned>(dtype)
      .Cases("bool", "i8", "u8", 1)
      .Cases("f16", "bf16", "i16", "u16", 2)
      .Cases("f32", "i32", "u32", 4)
      .Cases("f64", "i64", "u64", 8)
      .Default(0);
}

int64_t Array::elements() const {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

template <typename T> static double load(const char *bytes, int64_t i) {
  T value;
  std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
  return static_cast<double>(value);
}

static double loadFloat16(const char *bytes, int64_t i,
                          const fltSemantics &semantics) {
  uint16_t bits;
  std::memcpy(&bits, bytes + 2 * i, 2);
  return APFloat(semantics, APInt(16, bits)).convertToDouble();
}

double Array::value(int64_t i) const {
  const char *data = bytes.data();
  if (dtype == "f32")
    return load<float>(data, i);
  if (dtype == "f64")
    return load<double>(data, i);
  if (dtype == "f16")
    return loadFloat16(data, i, APFloat::IEEEhalf());
  if (dtype == "bf16")
    return loadFloat16(data, i, APFloat::BFloat());
  bool isSigned = dtype[0] == 'i';
  switch (elementBytes(dtype)) {
  case 1:
    return isSigned ? load<int8_t>(data, i) : load<uint8_t>(data, i);
  case 2:
    return isSigned ? load<int16_t>(data, i) : load<uint16_t>(data, i);
  case 4:
    return isSigned ? load<int32_t>(data, i) : load<uint32_t>(data, i);
  default:
    return isSigned ? load<int64_t>(data, i) : load<uint64_t>(data, i);
  }
}

StringRef Array::element(int64_t i) const {
  unsigned size = elementBytes(dtype);
  return StringRef(bytes.data() + i * size, size);
}

std::string Array::describe() const {
  std::string text = dtype + "[";
  for (auto [i, extent] : enumerate(shape))
    text += (i ? "," : "") + std::to_string(extent);
  return text + "]";
}
