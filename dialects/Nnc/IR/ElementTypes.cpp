//===- ElementTypes.cpp - elements in tensors, memory and registers -------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ElementTypes.h"
#include <cmath>
#include <limits>
#include <llvm/ADT/APSInt.h>

using namespace mlir;
using namespace nncc::nnc;

Type nncc::nnc::storageTypeOf(Type element) {
  auto integer = dyn_cast<IntegerType>(element);
  if (!integer)
    return element;
  return IntegerType::get(element.getContext(),
                          std::max(8u, integer.getWidth()));
}

Type nncc::nnc::computeTypeOf(Type element) {
  if (auto integer = dyn_cast<IntegerType>(element))
    return IntegerType::get(element.getContext(), integer.getWidth());
  if (isa<Float16Type, BFloat16Type>(element))
    return Float32Type::get(element.getContext());
  return element;
}

bool nncc::nnc::canConvert(Type storage, Type compute) {
  if (storage == compute || computeTypeOf(storage) == compute)
    return true;
  return storage.isSignlessInteger(8) && compute.isInteger(1);
}

llvm::APInt nncc::nnc::saturate(Type element, double value) {
  llvm::APSInt integer(element.getIntOrFloatBitWidth(), isUnsigned(element));
  bool exact;
  llvm::APFloat(value).convertToInteger(integer, llvm::APFloat::rmTowardZero,
                                        &exact);
  return integer;
}

TypedAttr nncc::nnc::numberAttr(Type element, Type as, double value) {
  if (element.isInteger(1)) // also as a byte; no element is below false
    return IntegerAttr::get(as, value != 0 &&
                                    value != -std::numeric_limits<double>::infinity());
  if (isa<IntegerType>(element))
    return IntegerAttr::get(as, saturate(element, value));
  llvm::APFloat number(value);
  bool lossy;
  for (Type type : {element, as})
    number.convert(cast<FloatType>(type).getFloatSemantics(),
                   llvm::APFloat::rmNearestTiesToEven, &lossy);
  return FloatAttr::get(as, number);
}

//===----------------------------------------------------------------------===//
// Floats of 16 bits: APFloat would take most of the time of folding weights
//===----------------------------------------------------------------------===//

double nncc::nnc::roundFloat(const llvm::fltSemantics &semantics,
                             double value) {
  if (value == 0 || !std::isfinite(value))
    return value;
  int precision = llvm::APFloat::semanticsPrecision(semantics);
  int smallest = llvm::APFloat::semanticsMinExponent(semantics);
  int largest = llvm::APFloat::semanticsMaxExponent(semantics);
  int last = std::max(std::ilogb(value), smallest) - (precision - 1);
  double rounded =
      std::ldexp(std::nearbyint(std::ldexp(value, -last)), last);
  return std::abs(rounded) < std::ldexp(1.0, largest + 1)
             ? rounded
             : std::copysign(std::numeric_limits<double>::infinity(), value);
}

uint16_t nncc::nnc::bitsOfFloat(const llvm::fltSemantics &semantics,
                                double value) {
  unsigned fraction = llvm::APFloat::semanticsPrecision(semantics) - 1;
  int smallest = llvm::APFloat::semanticsMinExponent(semantics);
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  uint16_t infinity = 0x8000 - (1u << fraction);
  if (std::isnan(value))
    return sign | infinity | 1u << (fraction - 1);
  double rounded = std::abs(roundFloat(semantics, value));
  if (std::isinf(rounded))
    return sign | infinity;
  if (rounded == 0)
    return sign;
  int exponent = std::max(std::ilogb(rounded), smallest);
  // The leading bit of a normal number counts into the exponent.
  auto digits = uint16_t(std::ldexp(rounded, int(fraction) - exponent));
  return sign | uint16_t(((exponent - smallest) << fraction) + digits);
}

double nncc::nnc::floatOfBits(const llvm::fltSemantics &semantics,
                              uint16_t bits) {
  unsigned fraction = llvm::APFloat::semanticsPrecision(semantics) - 1;
  int smallest = llvm::APFloat::semanticsMinExponent(semantics);
  unsigned field = (bits & 0x7fff) >> fraction;
  unsigned digits = bits & ((1u << fraction) - 1);
  double value;
  if (field == (0x7fffu >> fraction))
    value = digits ? std::numeric_limits<double>::quiet_NaN()
                   : std::numeric_limits<double>::infinity();
  else
    value = std::ldexp(digits + (field ? 1u << fraction : 0),
                       std::max<int>(field, 1) - 1 + smallest - int(fraction));
  return bits & 0x8000 ? -value : value;
}
