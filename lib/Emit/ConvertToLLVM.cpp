//===- ConvertToLLVM.cpp - everything to the LLVM dialect -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "lib/Emit/Interface.h"
#include "lib/Emit/Passes.h"
#include "nncc/Target.h"
#include <mlir/Conversion/AffineToStandard/AffineToStandard.h>
#include <mlir/Conversion/ArithToLLVM/ArithToLLVM.h>
#include <mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h>
#include <mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h>
#include <mlir/Conversion/IndexToLLVM/IndexToLLVM.h>
#include <mlir/Conversion/LLVMCommon/ConversionTarget.h>
#include <mlir/Conversion/LLVMCommon/MemRefBuilder.h>
#include <mlir/Conversion/LLVMCommon/Pattern.h>
#include <mlir/Conversion/LLVMCommon/TypeConverter.h>
#include <mlir/Conversion/MathToLLVM/MathToLLVM.h>
#include <mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h>
#include <mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h>
#include <mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h>
#include <mlir/Conversion/UBToLLVM/UBToLLVM.h>
#include <mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h>
#include <mlir/Dialect/Arith/Transforms/Passes.h>
#include <mlir/Dialect/ControlFlow/IR/ControlFlow.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/IR/AttrTypeSubElements.h>
#include <mlir/Pass/PassManager.h>

namespace nncc::emit {
#define GEN_PASS_DEF_CONVERTTOLLVM
#include "lib/Emit/Passes.h.inc"
} // namespace nncc::emit

using namespace mlir;
using namespace nncc;

namespace {
/// A bare pointer that stands for a static memref, as the entry makes them.
///
///   %m = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<8xf32>
/// ->
///   a descriptor of %p with the type's sizes and strides
struct PointerAsMemRef : ConvertOpToLLVMPattern<UnrealizedConversionCastOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(UnrealizedConversionCastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.getNumOperands() != 1 || op.getNumResults() != 1)
      return rewriter.notifyMatchFailure(op, "not one to one");
    auto type = dyn_cast<MemRefType>(op.getResult(0).getType());
    if (!type || !isa<LLVM::LLVMPointerType>(op.getOperand(0).getType()))
      return rewriter.notifyMatchFailure(op, "not a pointer to a memref");
    rewriter.replaceOp(op, Value(MemRefDescriptor::fromStaticShape(
                               rewriter, op.getLoc(), *getTypeConverter(), type,
                               adaptor.getOperands().front())));
    return success();
  }
};

/// Floats of 16 bits that code only moves (what computes with them has been expanded)
/// become integers. LLVM would convert them to f32 and back as soon as they are in a
/// vector, through calls.
///
///   %v = vector.broadcast %x : f16 to vector<4xf16>
/// ->
///   %v = vector.broadcast %x : i16 to vector<4xi16>
void moveAsIntegers(func::FuncOp function, const TargetInfo &target) {
  Type i16 = IntegerType::get(function.getContext(), 16);
  auto isMovedOnly = [&](Type type) {
    return type.isBF16() || (type.isF16() && !target.hasHalf);
  };
  auto bits = [](const APFloat &value) { return value.bitcastToAPInt(); };
  AttrTypeReplacer replacer;
  replacer.addReplacement([=](FloatType type) -> std::optional<Type> {
    return isMovedOnly(type) ? std::optional<Type>(i16) : std::nullopt;
  });
  replacer.addReplacement([=](FloatAttr number) -> std::optional<Attribute> {
    if (!isMovedOnly(number.getType()))
      return std::nullopt;
    return IntegerAttr::get(i16, bits(number.getValue()));
  });
  replacer.addReplacement([=](DenseFPElementsAttr numbers) -> std::optional<Attribute> {
    if (!isMovedOnly(numbers.getElementType()))
      return std::nullopt;
    return numbers.mapValues(i16, bits);
  });
  replacer.recursivelyReplaceElementsIn(function, /*replaceAttrs=*/true,
                                        /*replaceLocs=*/false, /*replaceTypes=*/true);
}

struct ConvertToLLVM : emit::impl::ConvertToLLVMBase<ConvertToLLVM> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    llvm::Expected<TargetInfo> target = targetOf(module);
    if (!target) {
      module.emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    module.walk([&](func::FuncOp function) { moveAsIntegers(function, *target); });
    if (failed(convert(module, target->indexBits)))
      signalPassFailure();
  }

  /// Kernels and helpers are private to the object.
  static void makeInternal(ModuleOp module) {
    auto internal =
        LLVM::LinkageAttr::get(module.getContext(), LLVM::Linkage::Internal);
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPrivate() && !function.isDeclaration())
        function->setAttr("llvm.linkage", internal);
  }

  LogicalResult convert(ModuleOp module, unsigned indexBits) {
    makeInternal(module);
    LowerToLLVMOptions options(&getContext());
    options.useBarePtrCallConv = true;
    options.allocLowering = LowerToLLVMOptions::AllocLowering::None;
    options.overrideIndexBitwidth(indexBits);
    LLVMTypeConverter converter(&getContext(), options);

    RewritePatternSet patterns(&getContext());
    patterns.add<PointerAsMemRef>(converter);
    populateAffineToStdConversionPatterns(patterns);
    populateSCFToControlFlowConversionPatterns(patterns);
    arith::populateArithExpandOpsPatterns(patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    populateFuncToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);

    LLVMConversionTarget legal(getContext());
    legal.addLegalOp<ModuleOp, nnc::WeightsOp>();
    legal.addDynamicallyLegalOp<UnrealizedConversionCastOp>(
        [](UnrealizedConversionCastOp op) {
          return !isa<MemRefType>(op.getResultTypes().front()) ||
                 !isa<LLVM::LLVMPointerType>(op.getOperandTypes().front());
        });
    if (failed(applyFullConversion(module, legal, std::move(patterns))))
      return failure();
    OpPassManager casts(ModuleOp::getOperationName());
    casts.addPass(createReconcileUnrealizedCastsPass());
    return runPipeline(casts, module);
  }
};
} // namespace
