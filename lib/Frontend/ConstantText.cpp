//===- ConstantText.cpp - numbers of the command line as constants ------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/ConstantText.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/BuiltinAttributes.h>

using namespace mlir;
using namespace nncc;

/// The number as an attribute of type `element`, null if it is none.
static Attribute parseNumber(Type element, StringRef text) {
  if (auto floating = dyn_cast<FloatType>(element)) {
    double value;
    if (text.getAsDouble(value))
      return {};
    return FloatAttr::get(floating, value);
  }
  auto integer = cast<IntegerType>(element);
  if (integer.getWidth() == 1 && (text == "true" || text == "false"))
    return IntegerAttr::get(integer, APInt(1, text == "true"));
  bool isUnsigned = integer.isUnsigned() || integer.getWidth() == 1;
  APInt value;
  bool isNegative = text.consume_front("-");
  if (text.getAsInteger(10, value))
    return {};
  // One bit more for the sign of what has none yet.
  value = value.zext(value.getBitWidth() + 1);
  if (isNegative)
    value.negate();
  bool fits = isUnsigned ? !value.isNegative() && value.isIntN(integer.getWidth())
                         : value.isSignedIntN(integer.getWidth());
  if (!fits)
    return {};
  return IntegerAttr::get(integer, value.sextOrTrunc(integer.getWidth()));
}

llvm::Expected<ElementsAttr>
nncc::frontend::constantOfText(RankedTensorType type, StringRef text) {
  SmallVector<StringRef> words;
  text.split(words, ',');
  SmallVector<Attribute> numbers;
  for (StringRef word : words) {
    numbers.push_back(parseNumber(type.getElementType(), word.trim()));
    if (!numbers.back())
      return llvm::createStringError("'" + word.str() + "' is no number of its type");
  }
  if (numbers.size() != 1 && int64_t(numbers.size()) != type.getNumElements())
    return llvm::createStringError("has " + std::to_string(type.getNumElements()) +
                                   " elements, not " + std::to_string(numbers.size()));
  return cast<ElementsAttr>(DenseElementsAttr::get(type, numbers));
}
