//===- NncAttrs.cpp - layouts and schedules ---------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ElementTypes.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/IR/RangedExpr.h"
#include <mlir/IR/AffineExprVisitor.h>
#include <mlir/IR/AffineMap.h>

using namespace mlir;
using namespace nncc::nnc;

void LayoutAttr::print(AsmPrinter &printer) const {
  printer << "<" << getMap() << ", pad = ";
  printer.printAttributeWithoutType(getPad());
  printer << ">";
}

Attribute LayoutAttr::parse(AsmParser &parser, Type) {
  AffineMap map;
  double pad;
  if (parser.parseLess() || parser.parseAffineMap(map) || parser.parseComma() ||
      parser.parseKeyword("pad") || parser.parseEqual() ||
      parser.parseFloat(pad) || parser.parseGreater())
    return {};
  return LayoutAttr::get(parser.getContext(), map,
                         parser.getBuilder().getF64FloatAttr(pad));
}

LayoutAttr LayoutAttr::getIdentity(MLIRContext *context, unsigned rank) {
  return get(context, AffineMap::getMultiDimIdentityMap(rank, context),
             Builder(context).getF64FloatAttr(0.0));
}

bool LayoutAttr::hasPadding(RankedTensorType logical,
                            RankedTensorType physical) {
  return logical.getNumElements() != physical.getNumElements();
}

LogicalResult
LayoutAttr::verifyFits(function_ref<InFlightDiagnostic()> emitError,
                       RankedTensorType logical, RankedTensorType physical) {
  AffineMap map = getMap();
  if (map.getNumDims() != logical.getRank() ||
      map.getNumResults() != physical.getRank() || map.getNumSymbols() != 0)
    return emitError() << "layout takes " << map.getNumDims() << " to "
                       << map.getNumResults() << " dimensions, the types have "
                       << logical.getRank() << " and " << physical.getRank();
  Type element = logical.getElementType(), stored = physical.getElementType();
  // Halves may be stored as the f32 that they are computed as.
  bool isWidened = llvm::isa<FloatType>(element) && stored == computeTypeOf(element);
  if (stored != element && !isWidened)
    return emitError() << "logical elements are " << logical.getElementType()
                       << ", physical ones " << physical.getElementType();
  if (llvm::is_contained(logical.getShape(), 0))
    return success();
  for (auto [expr, extent] : llvm::zip(map.getResults(), physical.getShape())) {
    IndexRange range = rangeOf(expr, logical.getShape());
    if (range.min < 0 || range.max >= extent)
      return emitError() << "layout sends shape "
                         << shapeText(logical.getShape()) << " to index "
                         << (range.min < 0 ? range.min : range.max)
                         << " of physical shape "
                         << shapeText(physical.getShape());
  }
  return success();
}

LogicalResult
ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                     int64_t lanes, int64_t vectors, int64_t laneDim,
                     int64_t points, int64_t pointDim, bool,
                     int64_t chains) {
  if (lanes < 1 || !llvm::isPowerOf2_64(lanes))
    return emitError() << "lanes must be a power of two, got " << lanes;
  if (vectors < 1 || points < 1)
    return emitError() << "register tile " << vectors << " x " << points
                       << " must be positive";
  if (chains < 1 || !llvm::isPowerOf2_64(chains))
    return emitError() << "chains must be a power of two, got " << chains;
  if (laneDim == -1 && chains % lanes != 0)
    return emitError() << lanes << " lanes along a reduction need as many chains"
                       << ", it has " << chains;
  if (laneDim < -1 || pointDim < 0 || (laneDim == pointDim && points != 1))
    return emitError() << "vectors along dimension " << laneDim << " and "
                       << points << " points along dimension " << pointDim
                       << " must differ";
  return success();
}
