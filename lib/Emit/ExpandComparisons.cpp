//===- ExpandComparisons.cpp - vectors that may hold NaN ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM 19 turns `not (x < y)` into `x >= y` for vectors of Arm's MVE, which have no
// comparison that is true for NaN. What is said about NaN here is said in integers.

#include "dialects/Nnc/IR/NncDialect.h"
#include "lib/Emit/Expansions.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Matchers.h>
#include <mlir/IR/PatternMatch.h>

using namespace mlir;

namespace {
/// On a comparison whose result does not count where an operand is NaN.
constexpr llvm::StringLiteral kMasked = "nnc.masked";

bool isNumber(Value value) {
  SplatElementsAttr constant;
  return matchPattern(value, m_Constant(&constant)) &&
         !constant.getSplatValue<APFloat>().isNaN();
}

///   %c = arith.cmpf olt, %x, %y : vector<4xf32>
/// ->
///   %b = arith.andi (arith.bitcast %x), 0x7fffffff      // and of %y, unless a constant
///   %n = arith.cmpi sle, %b, 0x7f800000
///   %l = arith.cmpf olt, %x, %y {nnc.masked}
///   %c = arith.andi %l, %n
///
/// and with `sgt` and `ori` where the comparison is true for NaN.
struct MaskComparison : OpRewritePattern<arith::CmpFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::CmpFOp op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<VectorType>(op.getLhs().getType());
    if (!type || !type.getElementType().isF32() || op->hasAttr(kMasked))
      return rewriter.notifyMatchFailure(op, "not a comparison of f32 vectors");
    using Predicate = arith::CmpFPredicate;
    Predicate predicate = op.getPredicate();
    bool onlyNaN = predicate == Predicate::ORD || predicate == Predicate::UNO;
    bool trueForNaN =
        predicate == Predicate::UNO || (predicate >= Predicate::UEQ && predicate <= Predicate::UNE);
    Location loc = op.getLoc();
    Value result;
    auto join = [&](Value part) {
      if (!result)
        result = part;
      else if (trueForNaN)
        result = rewriter.create<arith::OrIOp>(loc, result, part);
      else
        result = rewriter.create<arith::AndIOp>(loc, result, part);
    };
    if (!onlyNaN) {
      auto masked = rewriter.create<arith::CmpFOp>(loc, predicate, op.getLhs(), op.getRhs());
      masked->setAttr(kMasked, rewriter.getUnitAttr());
      join(masked);
    }
    for (Value operand : {op.getLhs(), op.getRhs()})
      if (!isNumber(operand))
        join(compareBits(rewriter, loc, operand, trueForNaN));
    if (!result) // both are numbers
      result = rewriter.create<arith::ConstantOp>(
          loc, DenseElementsAttr::get(cast<ShapedType>(op.getType()), !trueForNaN));
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  /// Whether each element is NaN, or is not.
  static Value compareBits(PatternRewriter &rewriter, Location loc, Value x, bool isNaN) {
    auto words = VectorType::get(cast<VectorType>(x.getType()).getShape(), rewriter.getI32Type());
    auto splat = [&](int32_t value) -> Value {
      return rewriter.create<arith::ConstantOp>(loc, DenseElementsAttr::get(words, value));
    };
    Value bits = rewriter.create<arith::BitcastOp>(loc, words, x);
    Value magnitude = rewriter.create<arith::AndIOp>(loc, bits, splat(0x7fffffff));
    return rewriter.create<arith::CmpIOp>(
        loc, isNaN ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::sle, magnitude,
        splat(0x7f800000));
  }
};
} // namespace

void nncc::emit::addComparisonExpansions(RewritePatternSet &patterns) {
  patterns.add<MaskComparison>(patterns.getContext());
}
