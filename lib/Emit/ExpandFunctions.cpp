//===- ExpandFunctions.cpp - functions that no processor has --------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Expansions.h"
#include "lib/Emit/Functions.h"
#include "nncc/Target.h"
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/IR/TypeUtilities.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::emit;

/// LargeAngles.mlir, put here by the build.
static constexpr char largeAngles[] =
#include "lib/Emit/LargeAngles.mlir.inc"
    ;

static Num expand(math::ExpOp, ArrayRef<Num> x, const TargetInfo &) {
  return exp(x[0]);
}
static Num expand(math::ExpM1Op, ArrayRef<Num> x, const TargetInfo &) {
  return expm1(x[0]);
}
static Num expand(math::LogOp, ArrayRef<Num> x, const TargetInfo &) {
  return log(x[0]);
}
static Num expand(math::Log1pOp, ArrayRef<Num> x, const TargetInfo &) {
  return log1p(x[0]);
}
static Num expand(math::PowFOp, ArrayRef<Num> x, const TargetInfo &) {
  return pow(x[0], x[1]);
}
static Num expand(math::TanhOp, ArrayRef<Num> x, const TargetInfo &) {
  return tanh(x[0]);
}
static Num expand(math::SinhOp, ArrayRef<Num> x, const TargetInfo &) {
  return sinh(x[0]);
}
static Num expand(math::CoshOp, ArrayRef<Num> x, const TargetInfo &) {
  return cosh(x[0]);
}
static Num expand(math::AsinhOp, ArrayRef<Num> x, const TargetInfo &) {
  return asinh(x[0]);
}
static Num expand(math::AcoshOp, ArrayRef<Num> x, const TargetInfo &) {
  return acosh(x[0]);
}
static Num expand(math::AtanhOp, ArrayRef<Num> x, const TargetInfo &) {
  return atanh(x[0]);
}
static Num expand(math::ErfOp, ArrayRef<Num> x, const TargetInfo &) {
  return erf(x[0]);
}
static Num expand(math::AsinOp, ArrayRef<Num> x, const TargetInfo &) {
  return asin(x[0]);
}
static Num expand(math::AcosOp, ArrayRef<Num> x, const TargetInfo &) {
  return acos(x[0]);
}
static Num expand(math::AtanOp, ArrayRef<Num> x, const TargetInfo &) {
  return atan(x[0]);
}
static Num expand(math::SinOp, ArrayRef<Num> x, const TargetInfo &target) {
  return sin(x[0], target);
}
static Num expand(math::CosOp, ArrayRef<Num> x, const TargetInfo &target) {
  return cos(x[0], target);
}
static Num expand(math::TanOp, ArrayRef<Num> x, const TargetInfo &target) {
  return tan(x[0], target);
}

namespace {
///   %y = math.exp %x : vector<16xf32>
/// ->
///   arithmetic on vector<16xf32>
template <typename Op> struct ExpandFunction : OpRewritePattern<Op> {
  ExpandFunction(MLIRContext *context, const TargetInfo &target)
      // Before MLIR's own expansions, which are wrong in places.
      : OpRewritePattern<Op>(context, /*benefit=*/2), target(target) {}

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    FloatCode code(rewriter, op.getLoc(), op.getType(), target);
    SmallVector<Num> operands;
    for (Value operand : op->getOperands())
      operands.push_back(code.of(operand));
    rewriter.replaceOp(op, expand(op, operands, target).value);
    return success();
  }

private:
  const TargetInfo &target;
};
} // namespace

template <typename... Ops>
static void add(RewritePatternSet &patterns, const TargetInfo &target) {
  patterns.add<ExpandFunction<Ops>...>(patterns.getContext(), target);
}

void nncc::emit::addFunctionExpansions(RewritePatternSet &patterns,
                                       const TargetInfo &target) {
  add<math::ExpOp, math::ExpM1Op, math::LogOp, math::Log1pOp, math::PowFOp,
      math::TanhOp, math::SinhOp, math::CoshOp, math::AsinhOp, math::AcoshOp,
      math::AtanhOp, math::ErfOp, math::AsinOp, math::AcosOp, math::AtanOp,
      math::SinOp, math::CosOp, math::TanOp>(patterns, target);
}

void nncc::emit::addCalledFunctions(ModuleOp module) {
  SymbolTable symbols(module);
  bool isNeeded = false;
  module.walk([&](func::CallOp call) {
    isNeeded |= call.getCallee().starts_with(kReduceAngle) &&
                !symbols.lookup(call.getCallee());
  });
  if (!isNeeded)
    return;
  auto library =
      parseSourceString<ModuleOp>(largeAngles, module.getContext());
  for (auto function : library->getOps<func::FuncOp>())
    module.push_back(function.clone());
  // The one for the other width, if nobody calls it.
  for (auto function :
       llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (function.getName().starts_with(kReduceAngle) &&
        SymbolTable::symbolKnownUseEmpty(function, module))
      function.erase();
}
