//===- Encoding.cpp - categories as numbers -------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// Numbers as a vector of constants of type `element`; integers keep all 64 bits.
static Value vectorOf(NodeImport &n, ArrayRef<int64_t> values, Type element) {
  auto type = RankedTensorType::get(int64_t(values.size()), IntegerType::get(n.context(), 64));
  auto bytes = ArrayRef(reinterpret_cast<const char *>(values.data()), values.size() * 8);
  return n.convert(n.constant(nnc::makeConstant(type, bytes)), element);
}
static Value vectorOf(NodeImport &n, ArrayRef<float> values, Type element) {
  auto type = RankedTensorType::get(int64_t(values.size()), Float32Type::get(n.context()));
  return n.convert(n.constant(nnc::makeConstant(type, values)), element);
}

/// Whether each element of `x` equals each of `keys`: one more dimension.
static Value compareAll(NodeImport &n, Value x, Value keys) {
  SmallVector<int64_t> shape(shapeOf(x));
  shape.push_back(1);
  return n.create<nnc::EqualOp>(n.reshape(x, shape), keys);
}

/// One for the category that an element is, zeros for the others.
static LogicalResult importOneHotEncoder(NodeImport &n) {
  Value x = n.input(0);
  auto categories = n.integers("cats_int64s").value_or(SmallVector<int64_t>());
  if (!n.texts("cats_strings").empty())
    return n.error() << "categories that are strings are not supported";
  if (categories.empty())
    return n.error() << "has no categories (attribute 'cats_int64s')";
  if (n.integer("zeros", 1) == 0)
    return n.error() << "attribute 'zeros' must be 1: elements of no category are zeros";
  if (!x)
    return failure();
  // As the standard has it: what is no integer is converted to one.
  Type i64 = IntegerType::get(n.context(), 64);
  Value isOne = compareAll(n, n.convert(x, i64), vectorOf(n, categories, i64));
  return n.yield(n.convert(isOne, Float32Type::get(n.context())));
}

/// The value beside the key that an element equals, or the default.
template <typename T>
static Value lookUp(NodeImport &n, Value x, Value keys, ArrayRef<T> values, T otherwise,
                    Type element) {
  Value found = compareAll(n, x, keys);
  if (!found)
    return {};
  int64_t rank = shapeOf(found).size();
  Value chosen = vectorOf(n, values, element);
  chosen = n.create<nnc::SelectOp>(found, chosen, n.scalar(0, chosen));
  // At most one of the addends is not zero.
  SmallVector<int64_t> last{rank - 1};
  Value value = n.create<nnc::ReduceOp>(chosen, nnc::ReduceKind::Sum, ArrayRef<int64_t>(last));
  Value any = n.create<nnc::ReduceOp>(n.convert(found, IntegerType::get(n.context(), 32)),
                                      nnc::ReduceKind::Max, ArrayRef<int64_t>(last));
  Value isKnown = n.create<nnc::LessOp>(n.scalar(0, any), any);
  value = n.create<nnc::SelectOp>(isKnown, value, vectorOf(n, ArrayRef<T>(otherwise), element));
  return value ? n.reshape(value, shapeOf(x)) : Value();
}

/// True if some element of `list` is there twice.
template <typename T> static bool hasTwice(ArrayRef<T> list) {
  SmallVector<T> sorted(list);
  llvm::sort(sorted);
  return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

static LogicalResult importLabelEncoder(NodeImport &n) {
  Value x = n.input(0);
  auto integers = [&](StringRef name) { return n.integers(name).value_or(SmallVector<int64_t>()); };
  auto reals = [&](StringRef name) { return n.reals(name).value_or(SmallVector<float>()); };
  SmallVector<int64_t> intKeys = integers("keys_int64s"), ints = integers("values_int64s");
  SmallVector<float> floatKeys = reals("keys_floats"), floats = reals("values_floats");
  if (!n.texts("keys_strings").empty() || !n.texts("values_strings").empty())
    return n.error() << "labels that are strings are not supported";
  size_t numKeys = intKeys.size() + floatKeys.size(), numValues = ints.size() + floats.size();
  if (numKeys == 0 || numKeys != numValues || (!intKeys.empty() && !floatKeys.empty()) ||
      (!ints.empty() && !floats.empty()))
    return n.error() << "has " << numKeys << " keys and " << numValues
                     << " values: one list of numbers for each is needed";
  if (hasTwice<int64_t>(intKeys) || hasTwice<float>(floatKeys))
    return n.error() << "has a key twice";
  if (!x)
    return failure();
  Type element = nnc::typeOf(x).getElementType();
  Value keys = intKeys.empty() ? vectorOf(n, floatKeys, element) : vectorOf(n, intKeys, element);
  if (ints.empty())
    return n.yield(lookUp<float>(n, x, keys, floats, n.real("default_float", -0.0f),
                                 Float32Type::get(n.context())));
  return n.yield(lookUp<int64_t>(n, x, keys, ints, n.integer("default_int64", -1),
                                 IntegerType::get(n.context(), 64)));
}

ArrayRef<OnnxOpRow> nncc::frontend::encodingRows() {
  static constexpr OnnxOpRow rows[] = {
      {"ai.onnx.ml", "LabelEncoder", 2, anyNewer, importLabelEncoder, "no strings"},
      {"ai.onnx.ml", "OneHotEncoder", 1, anyNewer, importOneHotEncoder,
       "no strings; elements of no category are zeros"},
  };
  return rows;
}
