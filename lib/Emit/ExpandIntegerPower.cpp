//===- ExpandIntegerPower.cpp - powers of integers as loops ---------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Expansions.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;

namespace {
///   %y = math.ipowi %x, %n : vector<4xi64>
/// ->
///   %y, ... = scf.while (%result = 1, %power = %x, %rest = %n) {
///     %any = vector.reduction <or>, %rest
///     scf.condition(%any != 0)
///   } do {
///     %product = %result * %power
///     scf.yield select(%rest & 1, %product, %result), %power * %power, %rest >> 1
///   }
///
/// modulo 2 to the width; the exponent has no sign.
struct ExpandIntegerPower : OpRewritePattern<math::IPowIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::IPowIOp op, PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type type = op.getType(), element = getElementTypeOrSelf(type);
    auto vector = dyn_cast<VectorType>(type);
    if (vector && vector.getRank() != 1)
      return rewriter.notifyMatchFailure(op, "more than one dimension");
    auto constant = [&](int64_t value, Type type) -> Value {
      TypedAttr attr = rewriter.getIntegerAttr(getElementTypeOrSelf(type), value);
      if (auto shaped = dyn_cast<VectorType>(type))
        attr = SplatElementsAttr::get(shaped, attr);
      return rewriter.create<arith::ConstantOp>(loc, attr);
    };
    Value one = constant(1, type), zero = constant(0, type), none = constant(0, element);
    auto loop = rewriter.create<scf::WhileOp>(
        loc, TypeRange{type, type, type}, ValueRange{one, op.getLhs(), op.getRhs()},
        [&](OpBuilder &b, Location, ValueRange state) {
          Value any = state[2];
          if (vector)
            any = b.create<vector::ReductionOp>(loc, vector::CombiningKind::OR, any);
          Value goesOn = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, any, none);
          b.create<scf::ConditionOp>(loc, goesOn, state);
        },
        [&](OpBuilder &b, Location, ValueRange state) {
          Value result = state[0], power = state[1], rest = state[2];
          Value product = b.create<arith::MulIOp>(loc, result, power);
          Value bit = b.create<arith::AndIOp>(loc, rest, one);
          Value isSet = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, bit, zero);
          Value next = b.create<arith::SelectOp>(loc, isSet, product, result);
          Value square = b.create<arith::MulIOp>(loc, power, power);
          Value shifted = b.create<arith::ShRUIOp>(loc, rest, one);
          b.create<scf::YieldOp>(loc, ValueRange{next, square, shifted});
        });
    rewriter.replaceOp(op, loop.getResult(0));
    return success();
  }
};
} // namespace

void nncc::emit::addIntegerPowerExpansion(RewritePatternSet &patterns) {
  patterns.add<ExpandIntegerPower>(patterns.getContext());
}
