//===- NncElementwise.cpp - one scalar expression per op --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace nncc::nnc;

/// The broadcast shape of the operands with their common element type.
static LogicalResult inferElementwise(std::optional<Location> loc,
                                      ValueRange operands,
                                      SmallVectorImpl<Type> &results) {
  SmallVector<ArrayRef<int64_t>> shapes;
  Type element;
  for (Value operand : operands) {
    auto type = cast<RankedTensorType>(operand.getType());
    if (element && type.getElementType() != element)
      return emitOptionalError(loc, "operands have element types ", element,
                               " and ", type.getElementType());
    element = type.getElementType();
    shapes.push_back(type.getShape());
  }
  auto shape = broadcastShapes(shapes);
  if (failed(shape))
    return emitOptionalError(loc, "shapes ", shapeText(shapes.front()), " and ",
                             shapeText(shapes.back()), " do not broadcast");
  results.push_back(RankedTensorType::get(*shape, element));
  return success();
}

static Value zero(OpBuilder &b, Location loc, Type type) {
  return b.create<arith::ConstantOp>(loc, type, cast<TypedAttr>(b.getZeroAttr(type)));
}

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

/// x > y ? x : y in one compare and select: arith.maximumf's NaN rule would
/// cost three more instructions on x86.
static Value select(OpBuilder &b, Location loc, Value x, Value y,
                    arith::CmpFPredicate floats, arith::CmpIPredicate ints) {
  Value which = isFloat(x)
                    ? b.create<arith::CmpFOp>(loc, floats, x, y).getResult()
                    : b.create<arith::CmpIOp>(loc, ints, x, y).getResult();
  return b.create<arith::SelectOp>(loc, which, x, y);
}

template <typename FloatOp, typename IntOp>
static Value arithmetic(OpBuilder &b, Location loc, ValueRange args) {
  if (isFloat(args[0]))
    return b.create<FloatOp>(loc, args[0], args[1]);
  return b.create<IntOp>(loc, args[0], args[1]);
}

template <typename Op>
static OpFoldResult foldBroadcastIdentity(Op op, Value other, Attribute constant,
                                          double neutral) {
  auto splat = dyn_cast_or_null<SplatElementsAttr>(constant);
  if (!splat || !isa<FloatType>(splat.getElementType()) ||
      other.getType() != op.getType())
    return {};
  return splat.template getSplatValue<APFloat>().convertToDouble() == neutral
             ? OpFoldResult(other)
             : OpFoldResult();
}

#define NNCC_ELEMENTWISE(OP, EMIT, FOLD)                                       \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *, std::optional<Location> loc, ValueRange operands,         \
      DictionaryAttr, OpaqueProperties, RegionRange,                           \
      SmallVectorImpl<Type> &results) {                                        \
    return inferElementwise(loc, operands, results);                           \
  }                                                                            \
  Value OP::emitScalar(OpBuilder &b, Location loc, ValueRange x) {             \
    return EMIT;                                                               \
  }                                                                            \
  double OP::foldScalar(ArrayRef<double> x) { return FOLD; }

using FloatCmp = arith::CmpFPredicate;
using IntCmp = arith::CmpIPredicate;

NNCC_ELEMENTWISE(AddOp, (arithmetic<arith::AddFOp, arith::AddIOp>(b, loc, x)),
                 x[0] + x[1])
NNCC_ELEMENTWISE(SubOp, (arithmetic<arith::SubFOp, arith::SubIOp>(b, loc, x)),
                 x[0] - x[1])
NNCC_ELEMENTWISE(MulOp, (arithmetic<arith::MulFOp, arith::MulIOp>(b, loc, x)),
                 x[0] * x[1])
NNCC_ELEMENTWISE(DivOp, (arithmetic<arith::DivFOp, arith::DivSIOp>(b, loc, x)),
                 x[0] / x[1])
NNCC_ELEMENTWISE(MaxOp, select(b, loc, x[0], x[1], FloatCmp::OGT, IntCmp::sgt),
                 x[0] > x[1] ? x[0] : x[1])
NNCC_ELEMENTWISE(MinOp, select(b, loc, x[0], x[1], FloatCmp::OLT, IntCmp::slt),
                 x[0] < x[1] ? x[0] : x[1])
NNCC_ELEMENTWISE(ReluOp,
                 select(b, loc, x[0], zero(b, loc, x[0].getType()),
                        FloatCmp::OGT, IntCmp::sgt),
                 x[0] > 0 ? x[0] : 0)
NNCC_ELEMENTWISE(NegOp, b.create<arith::NegFOp>(loc, x[0]), -x[0])
NNCC_ELEMENTWISE(ExpOp, b.create<math::ExpOp>(loc, x[0]), std::exp(x[0]))
NNCC_ELEMENTWISE(SqrtOp, b.create<math::SqrtOp>(loc, x[0]), std::sqrt(x[0]))
NNCC_ELEMENTWISE(TanhOp, b.create<math::TanhOp>(loc, x[0]), std::tanh(x[0]))

static Value emitSigmoid(OpBuilder &b, Location loc, Value x) {
  Value one = b.create<arith::ConstantOp>(
      loc, x.getType(),
      isa<VectorType>(x.getType())
          ? cast<TypedAttr>(DenseElementsAttr::get(
                cast<VectorType>(x.getType()),
                Attribute(b.getOneAttr(getElementTypeOrSelf(x.getType())))))
          : cast<TypedAttr>(b.getOneAttr(x.getType())));
  Value exp = b.create<math::ExpOp>(loc, b.create<arith::NegFOp>(loc, x));
  return b.create<arith::DivFOp>(loc, one,
                                 b.create<arith::AddFOp>(loc, one, exp));
}
NNCC_ELEMENTWISE(SigmoidOp, emitSigmoid(b, loc, x[0]), 1 / (1 + std::exp(-x[0])))

//===----------------------------------------------------------------------===//
// Identities
//===----------------------------------------------------------------------===//

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  return foldBroadcastIdentity(*this, getLhs(), adaptor.getRhs(), 0.0);
}
OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  return foldBroadcastIdentity(*this, getLhs(), adaptor.getRhs(), 0.0);
}
OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  return foldBroadcastIdentity(*this, getLhs(), adaptor.getRhs(), 1.0);
}
OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  return foldBroadcastIdentity(*this, getLhs(), adaptor.getRhs(), 1.0);
}
/// What is never below zero needs no relu:
///   nnc.relu (nnc.relu %x)         ->   nnc.relu %x
///   nnc.relu (nnc.max %x, %c)      ->   nnc.max %x, %c     if c >= 0
OpFoldResult ReluOp::fold(FoldAdaptor) {
  if (getInput().getDefiningOp<ReluOp>())
    return getInput();
  auto max = getInput().getDefiningOp<MaxOp>();
  std::optional<ConstantData> bound =
      max ? ConstantData::get(max.getRhs()) : std::nullopt;
  if (!bound || !bound->isSplat() || !(bound->at(0) >= 0) ||
      std::signbit(bound->at(0)))
    return {};
  return getInput();
}

namespace {
/// The same comparison and the same result, also for NaN and -0:
///   nnc.max %x, dense<0.0>   ->   nnc.relu %x
struct MaxWithZero : OpRewritePattern<MaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MaxOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<ConstantData> bound = ConstantData::get(op.getRhs());
    if (!bound || !bound->isSplat() || bound->at(0) != 0 ||
        std::signbit(bound->at(0)) || op.getLhs().getType() != op.getType())
      return failure();
    rewriter.replaceOpWithNewOp<ReluOp>(op, op.getType(), op.getLhs());
    return success();
  }
};
} // namespace

void MaxOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                        MLIRContext *context) {
  patterns.add<MaxWithZero>(context);
}

OpFoldResult MaxOp::fold(FoldAdaptor) { return {}; }
OpFoldResult MinOp::fold(FoldAdaptor) { return {}; }
OpFoldResult NegOp::fold(FoldAdaptor) { return {}; }
OpFoldResult ExpOp::fold(FoldAdaptor) { return {}; }
OpFoldResult SqrtOp::fold(FoldAdaptor) { return {}; }
OpFoldResult TanhOp::fold(FoldAdaptor) { return {}; }
OpFoldResult SigmoidOp::fold(FoldAdaptor) { return {}; }
