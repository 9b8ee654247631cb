//===- RangedExpr.cpp - affine expressions over bounded dimensions ------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/RangedExpr.h"
#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/MathExtras.h>
#include <numeric>

using namespace mlir;
using namespace nncc;

IndexRange nncc::rangeOf(AffineExpr expr, ArrayRef<int64_t> extents) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return {constant.getValue(), constant.getValue()};
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return {0, extents[dim.getPosition()] - 1};
  if (isa<AffineSymbolExpr>(expr))
    return {0, INT32_MAX};
  auto binary = cast<AffineBinaryOpExpr>(expr);
  IndexRange lhs = rangeOf(binary.getLHS(), extents);
  IndexRange rhs = rangeOf(binary.getRHS(), extents);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return {lhs.min + rhs.min, lhs.max + rhs.max};
  case AffineExprKind::Mul: {
    int64_t factor = rhs.min; // affine: one side is constant, by convention rhs
    return factor >= 0 ? IndexRange{lhs.min * factor, lhs.max * factor}
                       : IndexRange{lhs.max * factor, lhs.min * factor};
  }
  case AffineExprKind::FloorDiv:
    return {llvm::divideFloorSigned(lhs.min, rhs.min),
            llvm::divideFloorSigned(lhs.max, rhs.min)};
  case AffineExprKind::Mod:
    if (llvm::divideFloorSigned(lhs.min, rhs.min) ==
        llvm::divideFloorSigned(lhs.max, rhs.min))
      return {llvm::mod(lhs.min, rhs.min), llvm::mod(lhs.max, rhs.min)};
    return {0, rhs.min - 1};
  default:
    llvm_unreachable("access maps have no ceildiv");
  }
}

namespace {

void addTerms(AffineExpr expr, SmallVectorImpl<AffineExpr> &terms) {
  if (expr.getKind() == AffineExprKind::Add) {
    auto sum = cast<AffineBinaryOpExpr>(expr);
    addTerms(sum.getLHS(), terms);
    addTerms(sum.getRHS(), terms);
    return;
  }
  terms.push_back(expr);
}

/// lhs floordiv (or mod) divisor, with the terms of lhs sorted into those that
/// are multiples of some g > 1 that divides the divisor and a rest in [0, g).
AffineExpr splitDivision(AffineExpr lhs, int64_t divisor, bool isMod,
                         ArrayRef<int64_t> extents) {
  SmallVector<AffineExpr> unsorted, terms;
  addTerms(lhs, unsorted);
  SmallVector<std::pair<int64_t, unsigned>> order; // descending divisor
  for (auto [i, term] : llvm::enumerate(unsorted))
    order.push_back({-term.getLargestKnownDivisor(), i});
  llvm::sort(order);
  for (auto [negatedDivisor, i] : order)
    terms.push_back(unsorted[i]);
  // The fewer multiples, the larger their gcd: take the first split that fits.
  MLIRContext *context = lhs.getContext();
  for (size_t numMultiples = 0; numMultiples <= terms.size(); ++numMultiples) {
    int64_t gcd = divisor;
    AffineExpr multiples = getAffineConstantExpr(0, context);
    AffineExpr rest = getAffineConstantExpr(0, context);
    for (size_t i = 0; i < terms.size(); ++i) {
      if (i < numMultiples) {
        gcd = std::gcd(gcd, terms[i].getLargestKnownDivisor());
        multiples = multiples + terms[i];
      } else {
        rest = rest + terms[i];
      }
    }
    IndexRange range = rangeOf(rest, extents);
    if (range.min < 0 || range.max >= gcd)
      continue;
    AffineExpr scaled = multiples.floorDiv(gcd); // exact: a multiple of gcd
    if (isMod)
      return (scaled % (divisor / gcd)) * gcd + rest;
    return scaled.floorDiv(divisor / gcd);
  }
  llvm_unreachable("with all terms multiples the rest is zero");
}

} // namespace

AffineExpr nncc::simplifyRanged(AffineExpr expr, ArrayRef<int64_t> extents) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    return dim && extents[dim.getPosition()] == 1
               ? getAffineConstantExpr(0, expr.getContext())
               : expr;
  }
  AffineExpr lhs = simplifyRanged(binary.getLHS(), extents);
  AffineExpr rhs = simplifyRanged(binary.getRHS(), extents);
  AffineExprKind kind = expr.getKind();
  if (kind != AffineExprKind::FloorDiv && kind != AffineExprKind::Mod)
    return getAffineBinaryOpExpr(kind, lhs, rhs);
  return splitDivision(lhs, cast<AffineConstantExpr>(rhs).getValue(),
                       kind == AffineExprKind::Mod, extents);
}

AffineMap nncc::simplifyRanged(AffineMap map, ArrayRef<int64_t> extents) {
  SmallVector<AffineExpr> exprs;
  for (AffineExpr expr : map.getResults())
    exprs.push_back(simplifyRanged(expr, extents));
  return AffineMap::get(map.getNumDims(), map.getNumSymbols(), exprs,
                        map.getContext());
}
