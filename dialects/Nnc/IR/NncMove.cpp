//===- NncMove.cpp - operations that put elements elsewhere -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/IR/RangedExpr.h"
#include <mlir/IR/PatternMatch.h>
#include <numeric>

using namespace mlir;
using namespace nncc;
using namespace nncc::nnc;

/// Checks that `map` takes indices of `from` (with `symbols` symbols, which are
/// in range by definition) into `into`.
static LogicalResult verifyMap(Operation *op, AffineMap map, unsigned symbols,
                               RankedTensorType from, RankedTensorType into) {
  if (map.getNumDims() != from.getRank() || map.getNumSymbols() > symbols ||
      map.getNumResults() != into.getRank())
    return op->emitOpError("map ") << AffineMapAttr::get(map)
                                   << " does not take " << from << " to " << into;
  if (from.getNumElements() == 0)
    return success();
  for (auto [d, expr] : llvm::enumerate(map.getResults())) {
    if (isa<AffineSymbolExpr>(expr))
      continue;
    if (!expr.isPureAffine() || expr.getKind() == AffineExprKind::CeilDiv ||
        expr.isFunctionOfSymbol(0))
      return op->emitOpError("map ") << AffineMapAttr::get(map)
                                     << " is not affine in the dimensions";
    IndexRange range = rangeOf(expr, from.getShape());
    if (range.min < 0 || range.max >= into.getDimSize(d))
      return op->emitOpError("map ")
             << AffineMapAttr::get(map) << " reaches index "
             << (range.min < 0 ? range.min : range.max) << " of dimension " << d
             << " of " << shapeText(into.getShape());
  }
  return success();
}

static LogicalResult verifyElementType(Operation *op, Value from) {
  Type input = typeOf(from).getElementType();
  Type result = typeOf(op->getResult(0)).getElementType();
  if (input != result)
    return op->emitOpError("makes ") << result << " of " << input;
  return success();
}

//===----------------------------------------------------------------------===//
// remap
//===----------------------------------------------------------------------===//

LogicalResult RemapOp::verify() {
  if (failed(verifyElementType(*this, getInput())))
    return failure();
  return verifyMap(*this, getMap(), 0, getType(), typeOf(getInput()));
}

/// True if indices of `shape` stay, as far as the map shows, inside a tensor of `from`.
static bool staysInside(AffineMap map, ArrayRef<int64_t> shape, ArrayRef<int64_t> from) {
  return llvm::all_of(llvm::zip(map.getResults(), from), [&](auto pair) {
    auto [expr, extent] = pair;
    IndexRange range = rangeOf(expr, shape);
    return range.min >= 0 && range.max < extent;
  });
}

/// `first` after `second`. MLIR's simplification takes remainders apart; where the terms
/// no longer show that they stay inside, the sums stay as they are. Null if that does
/// not help.
static AffineMap composeMaps(AffineMap first, AffineMap second, ArrayRef<int64_t> shape,
                             ArrayRef<int64_t> from) {
  AffineMap both = first.compose(second);
  for (AffineMap map : {simplifyAffineMap(both), both})
    if (map = simplifyRanged(map, shape); staysInside(map, shape, from))
      return map;
  return {};
}

/// A chain of remaps is one:
///   nnc.remap (nnc.remap %x f) g   ->   nnc.remap %x (f after g)
/// and the identity disappears.
OpFoldResult RemapOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType() && getMap().isIdentity())
    return getInput();
  if (auto first = getInput().getDefiningOp<RemapOp>()) {
    AffineMap both = composeMaps(first.getMap(), getMap(), getType().getShape(),
                                 typeOf(first.getInput()).getShape());
    if (!both)
      return {};
    setMap(both);
    setOperand(first.getInput());
    return getResult();
  }
  return {};
}

//===----------------------------------------------------------------------===//
// assemble
//===----------------------------------------------------------------------===//

AffineMap nncc::nnc::boxMap(MLIRContext *context, ArrayRef<int64_t> offsets,
                            ArrayRef<int64_t> steps) {
  SmallVector<AffineExpr> exprs;
  for (auto [d, offset] : llvm::enumerate(offsets))
    exprs.push_back(getAffineDimExpr(d, context) * (steps.empty() ? 1 : steps[d]) +
                    offset);
  return AffineMap::get(offsets.size(), 0, exprs, context);
}

/// The indices offset, offset + step, ... of one dimension.
namespace {
struct Progression {
  int64_t offset, step, extent;

  int64_t last() const { return offset + (extent - 1) * step; }
  bool meets(const Progression &other) const {
    if (last() < other.offset || other.last() < offset)
      return false;
    // A common element is first + k * step: try the shorter one's elements.
    if (extent > other.extent)
      return other.meets(*this);
    for (int64_t at = offset; at <= last(); at += step)
      if (at >= other.offset && at <= other.last() &&
          (at - other.offset) % other.step == 0)
        return true;
    return false;
  }
};
} // namespace

/// The progression that `expr` is of dimension `d`; nothing if it is none.
static std::optional<Progression> progressionOf(AffineExpr expr, unsigned d,
                                                int64_t extent) {
  if (extent == 1) {
    auto at = dyn_cast<AffineConstantExpr>(
        expr.replace(getAffineDimExpr(d, expr.getContext()),
                     getAffineConstantExpr(0, expr.getContext())));
    if (at)
      return Progression{at.getValue(), 1, 1};
    return std::nullopt;
  }
  Progression result{0, 1, extent};
  if (auto sum = dyn_cast<AffineBinaryOpExpr>(expr);
      sum && sum.getKind() == AffineExprKind::Add) {
    auto offset = dyn_cast<AffineConstantExpr>(sum.getRHS());
    if (!offset)
      return std::nullopt;
    result.offset = offset.getValue();
    expr = sum.getLHS();
  }
  if (auto product = dyn_cast<AffineBinaryOpExpr>(expr);
      product && product.getKind() == AffineExprKind::Mul) {
    auto step = dyn_cast<AffineConstantExpr>(product.getRHS());
    if (!step || step.getValue() < 1)
      return std::nullopt;
    result.step = step.getValue();
    expr = product.getLHS();
  }
  auto dim = dyn_cast<AffineDimExpr>(expr);
  if (!dim || dim.getPosition() != d)
    return std::nullopt;
  return result;
}

LogicalResult AssembleOp::verify() {
  if (getParts().size() != getMaps().size() || getParts().empty())
    return emitOpError("has ") << getParts().size() << " parts and "
                               << getMaps().size() << " maps";
  int64_t covered = 0;
  SmallVector<SmallVector<Progression>> boxes;
  for (auto [k, part] : llvm::enumerate(getParts())) {
    RankedTensorType type = typeOf(part);
    if (failed(verifyElementType(*this, part)) ||
        failed(verifyMap(*this, getPartMap(k), 0, type, getType())))
      return failure();
    if (type.getNumElements() == 0)
      return emitOpError("part ") << k << " is empty";
    covered += type.getNumElements();
    auto &box = boxes.emplace_back();
    for (auto [d, expr] : llvm::enumerate(getPartMap(k).getResults())) {
      auto progression = progressionOf(expr, d, type.getDimSize(d));
      if (!progression)
        return emitOpError("map ") << AffineMapAttr::get(getPartMap(k))
                                   << " is not a step and an offset per dimension";
      box.push_back(*progression);
    }
    for (unsigned other = 0; other < k; ++other)
      if (llvm::all_of(llvm::zip(boxes[other], box), [](auto pair) {
            return std::get<0>(pair).meets(std::get<1>(pair));
          }))
        return emitOpError("parts ") << other << " and " << k << " overlap";
  }
  if (covered != getType().getNumElements())
    return emitOpError("parts have ") << covered << " elements, the result "
                                      << getType().getNumElements();
  return success();
}

OpFoldResult AssembleOp::fold(FoldAdaptor) {
  if (getParts().size() == 1 && getParts().front().getType() == getType())
    return getParts().front();
  return {};
}

namespace {
///   %0 = nnc.assemble %a, %b [f, g]
///   %1 = nnc.assemble %0, %c [h, k]
///     ->
///   %1 = nnc.assemble %a, %b, %c [h after f, h after g, k]
struct FlattenAssemble : OpRewritePattern<AssembleOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AssembleOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> parts;
    SmallVector<Attribute> maps;
    bool changed = false;
    for (auto [k, part] : llvm::enumerate(op.getParts())) {
      auto inner = part.getDefiningOp<AssembleOp>();
      if (!inner || !inner->hasOneUse()) {
        parts.push_back(part);
        maps.push_back(op.getMaps()[k]);
        continue;
      }
      changed = true;
      for (auto [i, innerPart] : llvm::enumerate(inner.getParts())) {
        parts.push_back(innerPart);
        maps.push_back(AffineMapAttr::get(op.getPartMap(k).compose(inner.getPartMap(i))));
      }
    }
    if (!changed)
      return failure();
    rewriter.replaceOpWithNewOp<AssembleOp>(op, op.getType(), parts,
                                            rewriter.getArrayAttr(maps));
    return success();
  }
};
} // namespace

void AssembleOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                             MLIRContext *context) {
  patterns.add<FlattenAssemble>(context);
}

//===----------------------------------------------------------------------===//
// gather
//===----------------------------------------------------------------------===//

static int64_t indexedExtent(AffineMap map, Value data, unsigned symbol) {
  AffineExpr wanted = getAffineSymbolExpr(symbol, map.getContext());
  for (auto [d, expr] : llvm::enumerate(map.getResults()))
    if (expr == wanted)
      return typeOf(data).getDimSize(d);
  return 0;
}

/// What gather and scatter share: `moved` is the tensor of the loops.
template <typename Op>
static LogicalResult verifyIndexed(Op op, Value moved) {
  size_t count = op.getIndices().size();
  AffineMap map = op.getMap();
  if (op.getIndexMaps().size() != count || map.getNumSymbols() != count)
    return op.emitOpError("has ") << count << " index tensors, "
                                  << op.getIndexMaps().size() << " maps for them and "
                                  << map.getNumSymbols() << " symbols";
  if (failed(verifyElementType(op, op.getData())) ||
      failed(verifyMap(op, map, count, typeOf(moved), typeOf(op.getData()))))
    return failure();
  for (auto [k, indices] : llvm::enumerate(op.getIndices())) {
    Type element = typeOf(indices).getElementType();
    if (!element.isSignlessInteger(32) && !element.isSignlessInteger(64))
      return op.emitOpError("indices must have 32 or 64 bits, got ") << element;
    if (failed(verifyMap(op, op.getIndexMap(k), 0, typeOf(moved), typeOf(indices))))
      return failure();
    if (llvm::count(map.getResults(), getAffineSymbolExpr(k, op.getContext())) != 1)
      return op.emitOpError("symbol ") << k << " must be the index of one dimension";
  }
  return success();
}

int64_t GatherOp::getIndexedExtent(unsigned k) {
  return indexedExtent(getMap(), getData(), k);
}

LogicalResult GatherOp::verify() { return verifyIndexed(*this, getResult()); }

int64_t ScatterOp::getIndexedExtent(unsigned k) {
  return indexedExtent(getMap(), getData(), k);
}

LogicalResult ScatterOp::verify() {
  if (getData().getType() != getType())
    return emitOpError("updates ") << getData().getType() << " to " << getType();
  if (failed(verifyElementType(*this, getUpdates())))
    return failure();
  return verifyIndexed(*this, getUpdates());
}

//===----------------------------------------------------------------------===//
// top_k, check_indices
//===----------------------------------------------------------------------===//

LogicalResult TopKOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> loc, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor op(operands, attributes, properties, regions);
  RankedTensorType type = typeOf(op.getInput());
  int64_t axis = op.getAxis(), k = op.getK();
  if (axis < 0 || axis >= type.getRank())
    return emitOptionalError(loc, "axis ", axis, " is outside rank ", type.getRank());
  if (k < 1 || k > type.getDimSize(axis))
    return emitOptionalError(loc, "cannot take ", k, " of ", type.getDimSize(axis),
                             " elements");
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] = k;
  results.push_back(RankedTensorType::get(shape, type.getElementType()));
  results.push_back(RankedTensorType::get(shape, IntegerType::get(context, 64)));
  return success();
}

LogicalResult CheckIndicesOp::verify() {
  RankedTensorType type = getType();
  if (type.getRank() != 1 || type.getDimSize(0) != 1 || !type.getElementType().isInteger(32))
    return emitOpError("must return tensor<1xi32>, returns ") << type;
  if (!isa<IntegerType>(typeOf(getIndices()).getElementType()))
    return emitOpError("indices must be integers, got ")
           << typeOf(getIndices()).getElementType();
  return success();
}
