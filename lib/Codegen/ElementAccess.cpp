//===- ElementAccess.cpp - elements in memory and in registers ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Codegen/ElementAccess.h"
#include "lib/Codegen/RegisterTile.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace nncc;

/// The storage type of an element in registers:
///   %c = arith.extf %s : vector<16xf16> to vector<16xf32>
///   %c = arith.cmpi ne, %s, 0 : vector<16xi8>          // a byte to bool
Value nncc::toCompute(OpBuilder &b, Location loc, Value stored, Type type) {
  Type from = getElementTypeOrSelf(stored.getType());
  if (from == type)
    return stored;
  if (isa<FloatType>(type)) {
    if (auto vector = dyn_cast<VectorType>(stored.getType()))
      type = vector.clone(type);
    return b.create<arith::ExtFOp>(loc, type, stored);
  }
  Value zero = b.create<arith::ConstantOp>(
      loc, cast<TypedAttr>(b.getZeroAttr(stored.getType())));
  return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, stored, zero);
}

/// The inverse:
///   %s = arith.truncf %c : vector<16xf32> to vector<16xf16>
///   %s = arith.extui %c : vector<16xi1> to vector<16xi8>
Value nncc::toStorage(OpBuilder &b, Location loc, Value value, Type type) {
  if (getElementTypeOrSelf(value.getType()) == type)
    return value;
  bool isFloat = isa<FloatType>(type);
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = vector.clone(type);
  return isFloat ? b.create<arith::TruncFOp>(loc, type, value).getResult()
                 : b.create<arith::ExtUIOp>(loc, type, value);
}

/// Elements that several points read are converted once, as they are loaded.
Value RegisterTile::load(OpBuilder &b, Block &block, unsigned buffer,
                         ArrayRef<int64_t> offsets, int64_t lanes) {
  Value stored = loadStored(b, block, buffer, offsets, lanes);
  Value &value = block.converted[stored];
  if (!value)
    value = toCompute(b, nest.getLoc(), stored, scalarType(buffer));
  return value;
}

/// The type in which the nest's regions take elements of a buffer.
Type RegisterTile::scalarType(unsigned buffer) {
  for (auto [count, region] :
       {std::pair(nest.getInitInputs().size(), &nest.getInit()),
        std::pair(nest.getInputs().size(), &nest.getCombine())}) {
    if (buffer < count)
      return region->getArgument(buffer).getType();
    buffer -= count;
  }
  return nest.getFinish().getArgument(buffer + nest.hasReduction()).getType();
}
