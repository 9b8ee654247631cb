//===- LLVMModule.cpp - the LLVM IR of an object --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/LLVMModule.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include <llvm/IR/Constants.h>
#include <llvm/IR/GlobalAlias.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>
#include <mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h>
#include <mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h>
#include <mlir/Target/LLVMIR/Export.h>
#include <mlir/Target/LLVMIR/LLVMTranslationInterface.h>

using namespace llvm;
using namespace nncc;
using namespace nncc::emit;

namespace {
/// The section of constants is no LLVM IR: the object writer reads it.
struct SkipWeights : mlir::LLVMTranslationDialectInterface {
  using LLVMTranslationDialectInterface::LLVMTranslationDialectInterface;
  mlir::LogicalResult
  convertOperation(mlir::Operation *op, IRBuilderBase &,
                   mlir::LLVM::ModuleTranslation &) const override {
    return success(mlir::isa<nnc::WeightsOp>(op));
  }
};
} // namespace

static void registerTranslations(mlir::MLIRContext &context) {
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  registry.addExtension(+[](mlir::MLIRContext *, nnc::NncDialect *dialect) {
    dialect->addInterfaces<SkipWeights>();
  });
  context.appendDialectRegistry(registry);
}

std::string emit::codeSection(const ModelInterface &interface) {
  return ".text.nncc." + interface.model;
}

std::string emit::weightsSection(const ModelInterface &interface) {
  return ".rodata.nncc." + interface.model;
}

void emit::prepareFunction(Function &function, const ModelInterface &interface,
                           const TargetInfo &target,
                           const EmitOptions &options) {
  function.setDoesNotThrow();
  function.addFnAttr("no-builtins"); // loops stay loops
  function.addFnAttr("frame-pointer", "none");
  function.addFnAttr("target-cpu", target.cpu);
  if (!target.features.empty())
    function.addFnAttr("target-features", target.features);
  if (target.vectorBits)
    function.addFnAttr("prefer-vector-width",
                       std::to_string(target.vectorBits));
  if (options.optimizeSize) {
    function.addFnAttr(Attribute::OptimizeForSize);
    function.addFnAttr(Attribute::MinSize);
  }
  function.setSection(codeSection(interface));
}

/// The entry's plain name, for callers that do not use the header.
static void addPlainEntry(Module &module, const ModelInterface &interface) {
  if (Function *entry = module.getFunction(interface.entrySymbol()))
    GlobalAlias::create(entry->getValueType(), 0, GlobalValue::ExternalLinkage,
                        interface.model + "_run", entry, &module);
}

Expected<std::unique_ptr<Module>>
emit::translateModule(mlir::ModuleOp op, const ModelInterface &interface,
                      const TargetInfo &target, const EmitOptions &options,
                      LLVMContext &context) {
  registerTranslations(*op.getContext());
  std::unique_ptr<Module> module =
      mlir::translateModuleToLLVMIR(op, context, interface.model);
  if (!module)
    return createStringError("internal error: the module of '" +
                             interface.model + "' is not in the LLVM dialect");
  module->setSourceFileName(interface.model);
  module->setTargetTriple(target.triple);
  for (Function &function : *module)
    if (!function.isDeclaration())
      prepareFunction(function, interface, target, options);
  if (auto *weights = module->getNamedGlobal(interface.weightsSymbol())) {
    weights->setDSOLocal(true);
    weights->setVisibility(GlobalValue::HiddenVisibility);
  }
  addPlainEntry(*module, interface);
  return module;
}

void emit::placeGlobal(Module &module, StringRef declared, Constant *content,
                       StringRef section, uint64_t alignment) {
  GlobalVariable *old = module.getNamedGlobal(declared);
  auto *placed = new GlobalVariable(
      module, content->getType(), /*isConstant=*/true,
      GlobalValue::InternalLinkage, content, old ? "" : declared);
  if (old) {
    old->replaceAllUsesWith(placed);
    placed->takeName(old);
    old->eraseFromParent();
  }
  // Without this LLVM would fold loads of a placeholder's one byte.
  placed->setExternallyInitialized(true);
  placed->setSection(section);
  placed->setAlignment(Align(alignment));
  appendToCompilerUsed(module, {placed});
}
