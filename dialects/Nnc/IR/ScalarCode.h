//===- ScalarCode.h - arithmetic on one element -------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_SCALARCODE_H
#define DIALECTS_NNC_IR_SCALARCODE_H

#include "dialects/Nnc/IR/ElementTypes.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Builders.h>

namespace nncc::nnc {

/// Emits the scalar code of operations on elements of one type. Values have its
/// compute type.
class ScalarCode {
public:
  ScalarCode(mlir::OpBuilder &b, mlir::Location loc, mlir::Type element)
      : b(b), loc(loc), element(element) {}

  /// A float or an integer operation, whichever fits the elements.
  template <typename FloatOp, typename IntOp>
  mlir::Value arithmetic(mlir::Value x, mlir::Value y) {
    if (isFloat())
      return b.create<FloatOp>(loc, x, y);
    return b.create<IntOp>(loc, x, y);
  }
  template <typename Op, typename... Args> mlir::Value create(Args... args) {
    return b.create<Op>(loc, args...);
  }
  mlir::Value constant(double value);

  mlir::Value equal(mlir::Value x, mlir::Value y);
  mlir::Value less(mlir::Value x, mlir::Value y);
  mlir::Value lessEqual(mlir::Value x, mlir::Value y);
  mlir::Value select(mlir::Value condition, mlir::Value x, mlir::Value y);
  /// NaN if an operand is.
  mlir::Value max(mlir::Value x, mlir::Value y) { return extreme(x, y, false); }
  mlir::Value min(mlir::Value x, mlir::Value y) { return extreme(x, y, true); }
  mlir::Value relu(mlir::Value x);
  mlir::Value neg(mlir::Value x);
  mlir::Value abs(mlir::Value x);
  mlir::Value div(mlir::Value x, mlir::Value y);
  mlir::Value rem(mlir::Value x, mlir::Value y);
  mlir::Value mod(mlir::Value x, mlir::Value y);
  mlir::Value pow(mlir::Value x, mlir::Value y);
  mlir::Value shl(mlir::Value x, mlir::Value y);
  mlir::Value shr(mlir::Value x, mlir::Value y);
  mlir::Value bitNot(mlir::Value x);
  mlir::Value sigmoid(mlir::Value x);
  /// `x` as an element of type `to`, in its compute type.
  mlir::Value cast(mlir::Value x, mlir::Type to);
  /// The bits of `x` as an element of type `to`, which has as many.
  mlir::Value bitcast(mlir::Value x, mlir::Type to);

private:
  bool isFloat() const { return llvm::isa<mlir::FloatType>(element); }
  bool isUnsignedInteger() const { return isUnsigned(element); }
  mlir::Value compare(mlir::arith::CmpFPredicate floats,
                      mlir::arith::CmpIPredicate ints, mlir::Value x,
                      mlir::Value y);
  mlir::Value extreme(mlir::Value x, mlir::Value y, bool smaller);
  mlir::Value quotient(mlir::Value x, mlir::Value y, bool remainder);
  mlir::Value integerPow(mlir::Value x, mlir::Value y);
  mlir::Value knownPow(mlir::Value x, const llvm::APInt &n);
  mlir::Value floatMod(mlir::Value x, mlir::Value y);
  mlir::Value floatToFloat(mlir::Value x, mlir::Type to);
  mlir::Value floatToInteger(mlir::Value x, mlir::Type to);
  mlir::Value integerToFloat(mlir::Value x, mlir::Type to);
  mlir::Value integerToInteger(mlir::Value x, mlir::Type to);

  mlir::OpBuilder &b;
  mlir::Location loc;
  mlir::Type element;
};

} // namespace nncc::nnc

#endif // DIALECTS_NNC_IR_SCALARCODE_H
