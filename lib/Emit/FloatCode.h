//===- FloatCode.h - arithmetic in the notation of C++ -------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_FLOATCODE_H
#define LIB_EMIT_FLOATCODE_H

#include "nncc/Target.h"
#include <llvm/ADT/ArrayRef.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/ImplicitLocOpBuilder.h>

namespace nncc::emit {

class FloatCode;

/// A float, or a vector of floats, while code for it is emitted.
struct Num {
  FloatCode *code = nullptr;
  mlir::Value value;
};
/// An integer as wide as the float, or a vector of them.
struct Int {
  FloatCode *code = nullptr;
  mlir::Value value;
};

/// Emits arithmetic on f32 or f64, scalar or vector.
class FloatCode {
public:
  FloatCode(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type,
            const TargetInfo &target);
  /// For the same target and place, on another type.
  FloatCode(const FloatCode &other, mlir::Type type);

  bool isDouble() const { return width == 64; }
  /// Either table, by the type.
  llvm::ArrayRef<double> choose(llvm::ArrayRef<double> f32,
                                llvm::ArrayRef<double> f64) const {
    return isDouble() ? f64 : f32;
  }
  double choose(double f32, double f64) const { return isDouble() ? f64 : f32; }
  /// Bits of the fraction.
  int fraction() const { return isDouble() ? 52 : 23; }
  int bias() const { return isDouble() ? 1023 : 127; }

  Num of(mlir::Value value) { return {this, value}; }
  Num constant(double value);
  Int constantInt(int64_t value);
  Num infinity();
  Num nan();

  Num fma(Num a, Num b, Num c);
  /// coefficients[0] + coefficients[1] * x + ...
  Num polynomial(Num x, llvm::ArrayRef<double> coefficients);
  Num abs(Num x);
  Num copySign(Num magnitude, Num sign);
  Num sqrt(Num x);
  Num floor(Num x);
  Int bits(Num x);
  Num fromBits(Int x);
  /// An integer that is small.
  Num toFloat(Int x);
  /// The nearest integer, as a float and as an integer; |x| < 2^22 (2^51).
  std::pair<Num, Int> nearest(Num x);
  /// x * 2^n, also where 2^n is no normal number; `turns` is n as a float.
  Num scale(Num x, Num turns, Int n);
  Num select(mlir::Value condition, Num x, Num y);
  Int select(mlir::Value condition, Int x, Int y);
  /// At most `limit`, NaN for NaN.
  Num atMost(Num x, double limit);
  Num atLeast(Num x, double limit);
  mlir::Value compare(mlir::arith::CmpFPredicate predicate, Num x, Num y);
  mlir::Value both(mlir::Value a, mlir::Value b);
  mlir::Value either(mlir::Value a, mlir::Value b);

  /// a + b and what rounding it lost; |a| >= |b|, or any with `addAny`.
  std::pair<Num, Num> addLarger(Num a, Num b);
  std::pair<Num, Num> addAny(Num a, Num b);
  /// a * b and what rounding it lost.
  std::pair<Num, Num> multiply(Num a, Num b);

  /// The float's type with other elements.
  mlir::Type typeOf(mlir::Type element) const;
  mlir::Type intType();

  mlir::ImplicitLocOpBuilder b;
  mlir::Type type;

private:
  unsigned width;
  bool exactProducts; ///< a fused multiply-add rounds once on the target
  bool scalesVectors; ///< as the target does
};

inline Num operator+(Num x, Num y) {
  return {x.code, x.code->b.create<mlir::arith::AddFOp>(x.value, y.value)};
}
inline Num operator-(Num x, Num y) {
  return {x.code, x.code->b.create<mlir::arith::SubFOp>(x.value, y.value)};
}
inline Num operator*(Num x, Num y) {
  return {x.code, x.code->b.create<mlir::arith::MulFOp>(x.value, y.value)};
}
inline Num operator/(Num x, Num y) {
  return {x.code, x.code->b.create<mlir::arith::DivFOp>(x.value, y.value)};
}
inline Num operator-(Num x) {
  return {x.code, x.code->b.create<mlir::arith::NegFOp>(x.value)};
}
inline Num operator+(Num x, double y) { return x + x.code->constant(y); }
inline Num operator-(Num x, double y) { return x - x.code->constant(y); }
inline Num operator*(Num x, double y) { return x * x.code->constant(y); }
inline Num operator-(double x, Num y) { return y.code->constant(x) - y; }
inline Num operator/(double x, Num y) { return y.code->constant(x) / y; }

/// Ordered comparisons: false if one is NaN.
inline mlir::Value operator<(Num x, Num y) {
  return x.code->compare(mlir::arith::CmpFPredicate::OLT, x, y);
}
inline mlir::Value operator<(Num x, double y) { return x < x.code->constant(y); }
inline mlir::Value operator>(Num x, double y) { return x.code->constant(y) < x; }
inline mlir::Value operator==(Num x, Num y) {
  return x.code->compare(mlir::arith::CmpFPredicate::OEQ, x, y);
}
inline mlir::Value operator==(Num x, double y) {
  return x == x.code->constant(y);
}

inline Int operator+(Int x, Int y) {
  return {x.code, x.code->b.create<mlir::arith::AddIOp>(x.value, y.value)};
}
inline Int operator-(Int x, Int y) {
  return {x.code, x.code->b.create<mlir::arith::SubIOp>(x.value, y.value)};
}
inline Int operator&(Int x, Int y) {
  return {x.code, x.code->b.create<mlir::arith::AndIOp>(x.value, y.value)};
}
inline Int operator^(Int x, Int y) {
  return {x.code, x.code->b.create<mlir::arith::XOrIOp>(x.value, y.value)};
}
inline Int operator+(Int x, int64_t y) { return x + x.code->constantInt(y); }
inline Int operator-(Int x, int64_t y) { return x - x.code->constantInt(y); }
inline Int operator&(Int x, int64_t y) { return x & x.code->constantInt(y); }
inline Int operator<<(Int x, int n) {
  return {x.code, x.code->b.create<mlir::arith::ShLIOp>(
                      x.value, x.code->constantInt(n).value)};
}
/// Keeps the sign.
inline Int operator>>(Int x, int n) {
  return {x.code, x.code->b.create<mlir::arith::ShRSIOp>(
                      x.value, x.code->constantInt(n).value)};
}

} // namespace nncc::emit

#endif // LIB_EMIT_FLOATCODE_H
