//===- NncElementwise.cpp - one scalar expression per op --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/IR/ScalarCode.h"
#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/PatternMatch.h>

using namespace mlir;
using namespace nncc::nnc;

namespace {
/// The element types that an operation computes on.
enum class Domain { Any, Number, Float, Integer, Bits };
} // namespace

static bool contains(Domain domain, Type element) {
  bool isFloat = isa<FloatType>(element), isBool = element.isInteger(1);
  switch (domain) {
  case Domain::Any:
    return true;
  case Domain::Number:
    return !isBool;
  case Domain::Float:
    return isFloat;
  case Domain::Integer:
    return !isFloat && !isBool;
  case Domain::Bits:
    return !isFloat;
  }
  llvm_unreachable("unknown domain");
}

/// The broadcast shape of the operands, whose common element type is in
/// `domain`, with elements of type `result` (null: theirs).
static LogicalResult inferElementwise(std::optional<Location> loc,
                                      ValueRange operands, Domain domain,
                                      Type result,
                                      SmallVectorImpl<Type> &results) {
  SmallVector<ArrayRef<int64_t>> shapes;
  Type element = typeOf(operands.front()).getElementType();
  for (Value operand : operands) {
    RankedTensorType type = typeOf(operand);
    if (type.getElementType() != element)
      return emitOptionalError(loc, "operands have element types ", element,
                               " and ", type.getElementType());
    shapes.push_back(type.getShape());
  }
  if (!contains(domain, element))
    return emitOptionalError(loc, "is not defined on elements of type ",
                             element);
  auto shape = broadcastShapes(shapes);
  if (failed(shape))
    return emitOptionalError(loc, "shapes ", shapeText(shapes.front()), " and ",
                             shapeText(shapes.back()), " do not broadcast");
  results.push_back(RankedTensorType::get(*shape, result ? result : element));
  return success();
}

template <typename Op>
static OpFoldResult foldBroadcastIdentity(Op op, Value other, Attribute constant,
                                          double neutral) {
  std::optional<ConstantData> data = ConstantData::get(constant);
  if (!data || !data->isSplat() || other.getType() != op.getType())
    return {};
  return data->at(0) == neutral ? OpFoldResult(other) : OpFoldResult();
}

//===----------------------------------------------------------------------===//
// One row per operation
//===----------------------------------------------------------------------===//

/// `code` emits scalars of the first operand's element type, `x` are the
/// operands. RESULT is the result's element type, null for the operands'.
#define NNCC_ELEMENTWISE_TO(OP, DOMAIN, RESULT, EMIT)                          \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, ValueRange operands,  \
      DictionaryAttr, OpaqueProperties, RegionRange,                           \
      SmallVectorImpl<Type> &results) {                                        \
    return inferElementwise(loc, operands, Domain::DOMAIN, RESULT, results);   \
  }                                                                            \
  Value OP::emitScalar(OpBuilder &b, Location loc, ValueRange x) {             \
    ScalarCode code(b, loc, typeOf((*this)->getOperand(0)).getElementType());  \
    return EMIT;                                                               \
  }
#define NNCC_ELEMENTWISE(OP, DOMAIN, EMIT)                                     \
  NNCC_ELEMENTWISE_TO(OP, DOMAIN, Type(), EMIT)
#define NNCC_COMPARISON(OP, DOMAIN, EMIT)                                      \
  NNCC_ELEMENTWISE_TO(OP, DOMAIN, (IntegerType::get(context, 1)), EMIT)

NNCC_ELEMENTWISE(AddOp, Number, (code.arithmetic<arith::AddFOp, arith::AddIOp>(x[0], x[1])))
NNCC_ELEMENTWISE(SubOp, Number, (code.arithmetic<arith::SubFOp, arith::SubIOp>(x[0], x[1])))
NNCC_ELEMENTWISE(MulOp, Number, (code.arithmetic<arith::MulFOp, arith::MulIOp>(x[0], x[1])))
NNCC_ELEMENTWISE(DivOp, Number, code.div(x[0], x[1]))
NNCC_ELEMENTWISE(ModOp, Number, code.mod(x[0], x[1]))
NNCC_ELEMENTWISE(RemOp, Number, code.rem(x[0], x[1]))
NNCC_ELEMENTWISE(PowOp, Number, code.pow(x[0], x[1]))
NNCC_ELEMENTWISE(MaxOp, Any, code.max(x[0], x[1]))
NNCC_ELEMENTWISE(MinOp, Any, code.min(x[0], x[1]))
NNCC_ELEMENTWISE(ReluOp, Number, code.relu(x[0]))
NNCC_ELEMENTWISE(NegOp, Number, code.neg(x[0]))
NNCC_ELEMENTWISE(AbsOp, Number, code.abs(x[0]))

NNCC_ELEMENTWISE(FloorOp, Float, code.create<math::FloorOp>(x[0]))
NNCC_ELEMENTWISE(CeilOp, Float, code.create<math::CeilOp>(x[0]))
NNCC_ELEMENTWISE(RoundOp, Float, code.create<math::RoundEvenOp>(x[0]))
NNCC_ELEMENTWISE(SqrtOp, Float, code.create<math::SqrtOp>(x[0]))
NNCC_ELEMENTWISE(ExpOp, Float, code.create<math::ExpOp>(x[0]))
NNCC_ELEMENTWISE(Expm1Op, Float, code.create<math::ExpM1Op>(x[0]))
NNCC_ELEMENTWISE(LogOp, Float, code.create<math::LogOp>(x[0]))
NNCC_ELEMENTWISE(Log1pOp, Float, code.create<math::Log1pOp>(x[0]))
NNCC_ELEMENTWISE(SigmoidOp, Float, code.sigmoid(x[0]))
NNCC_ELEMENTWISE(TanhOp, Float, code.create<math::TanhOp>(x[0]))
NNCC_ELEMENTWISE(ErfOp, Float, code.create<math::ErfOp>(x[0]))
NNCC_ELEMENTWISE(SinOp, Float, code.create<math::SinOp>(x[0]))
NNCC_ELEMENTWISE(CosOp, Float, code.create<math::CosOp>(x[0]))
NNCC_ELEMENTWISE(TanOp, Float, code.create<math::TanOp>(x[0]))
NNCC_ELEMENTWISE(AsinOp, Float, code.create<math::AsinOp>(x[0]))
NNCC_ELEMENTWISE(AcosOp, Float, code.create<math::AcosOp>(x[0]))
NNCC_ELEMENTWISE(AtanOp, Float, code.create<math::AtanOp>(x[0]))
NNCC_ELEMENTWISE(SinhOp, Float, code.create<math::SinhOp>(x[0]))
NNCC_ELEMENTWISE(CoshOp, Float, code.create<math::CoshOp>(x[0]))
NNCC_ELEMENTWISE(AsinhOp, Float, code.create<math::AsinhOp>(x[0]))
NNCC_ELEMENTWISE(AcoshOp, Float, code.create<math::AcoshOp>(x[0]))
NNCC_ELEMENTWISE(AtanhOp, Float, code.create<math::AtanhOp>(x[0]))

NNCC_ELEMENTWISE(AndOp, Bits, (code.create<arith::AndIOp>(x[0], x[1])))
NNCC_ELEMENTWISE(OrOp, Bits, (code.create<arith::OrIOp>(x[0], x[1])))
NNCC_ELEMENTWISE(XorOp, Bits, (code.create<arith::XOrIOp>(x[0], x[1])))
NNCC_ELEMENTWISE(NotOp, Bits, code.bitNot(x[0]))
NNCC_ELEMENTWISE(ShlOp, Integer, code.shl(x[0], x[1]))
NNCC_ELEMENTWISE(ShrOp, Integer, code.shr(x[0], x[1]))

NNCC_COMPARISON(EqualOp, Any, code.equal(x[0], x[1]))
NNCC_COMPARISON(LessOp, Number, code.less(x[0], x[1]))
NNCC_COMPARISON(LessEqualOp, Number, code.lessEqual(x[0], x[1]))

LogicalResult SelectOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr, OpaqueProperties, RegionRange,
    SmallVectorImpl<Type> &results) {
  Type condition = typeOf(operands.front()).getElementType();
  if (!condition.isInteger(1))
    return emitOptionalError(loc, "the condition has elements of type ",
                             condition, ", they must be bool");
  if (failed(inferElementwise(loc, operands.drop_front(), Domain::Any, Type(),
                              results)))
    return failure();
  auto type = cast<RankedTensorType>(results.front());
  auto shape =
      broadcastShapes({typeOf(operands.front()).getShape(), type.getShape()});
  if (failed(shape))
    return emitOptionalError(
        loc, "shapes ", shapeText(typeOf(operands.front()).getShape()), " and ",
        shapeText(type.getShape()), " do not broadcast");
  results.front() = RankedTensorType::get(*shape, type.getElementType());
  return success();
}
Value SelectOp::emitScalar(OpBuilder &b, Location loc, ValueRange x) {
  return b.create<arith::SelectOp>(loc, x[0], x[1], x[2]);
}

LogicalResult CastOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  if (!storedBytes(op.getTo()))
    return emitOptionalError(loc, "cannot convert to elements of type ",
                             op.getTo());
  return inferElementwise(loc, operands, Domain::Any, op.getTo(), results);
}
Value CastOp::emitScalar(OpBuilder &b, Location loc, ValueRange x) {
  return ScalarCode(b, loc, typeOf(getInput()).getElementType())
      .cast(x[0], getTo());
}

LogicalResult BitcastOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  Type from = typeOf(operands.front()).getElementType(), to = op.getTo();
  auto changes = [](Type type) { return isa<FloatType>(type) && computeTypeOf(type) != type; };
  if (!storedBytes(to) || storedBytes(from) != storedBytes(to) || changes(from) || changes(to))
    return emitOptionalError(loc, "cannot take the bits of ", from, " as ", to);
  return inferElementwise(loc, operands, Domain::Any, to, results);
}
Value BitcastOp::emitScalar(OpBuilder &b, Location loc, ValueRange x) {
  return ScalarCode(b, loc, typeOf(getInput()).getElementType()).bitcast(x[0], getTo());
}

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
    if (typeOf(op).getElementType().isInteger(1) || !bound ||
        !bound->isSplat() || bound->at(0) != 0 ||
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

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  std::optional<ConstantData> condition =
      ConstantData::get(adaptor.getCondition());
  if (!condition || !condition->isSplat())
    return {};
  Value chosen = condition->integerAt(0) ? getLhs() : getRhs();
  return chosen.getType() == getType() ? OpFoldResult(chosen) : OpFoldResult();
}

OpFoldResult CastOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? OpFoldResult(getInput())
                                           : OpFoldResult();
}

OpFoldResult BitcastOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? OpFoldResult(getInput()) : OpFoldResult();
}
