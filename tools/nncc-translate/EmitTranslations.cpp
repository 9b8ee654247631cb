//===- EmitTranslations.cpp - modules to objects and headers --------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Emit.h"
#include "nncc/RegisterAll.h"
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/IR/DialectRegistry.h>
#include <mlir/Pass/PassManager.h>
#include <mlir/Tools/mlir-translate/Translation.h>

using namespace mlir;
using namespace nncc;

/// Runs the llvm stage unless the module has been through it, then `emit`.
template <typename Emit>
static LogicalResult translate(ModuleOp module, Emit emit) {
  llvm::Expected<TargetInfo> target = targetOf(module);
  if (!target)
    return emitError(module.getLoc(), llvm::toString(target.takeError()));
  if (!module->hasAttr("nnc.interface")) {
    PassManager passes(module.getContext());
    addLLVMPasses(passes);
    if (failed(passes.run(module)))
      return failure();
  }
  if (llvm::Error error = emit(*target))
    return emitError(module.getLoc(), llvm::toString(std::move(error)));
  return success();
}

static void registerKind(StringRef name, StringRef description,
                         OutputKind kind) {
  TranslateFromMLIRRegistration registration(
      name, description,
      [kind](ModuleOp module, llvm::raw_ostream &os) {
        return translate(module, [&](const TargetInfo &target) -> llvm::Error {
          auto bytes = emitModule(module, target, kind, EmitOptions());
          if (!bytes)
            return bytes.takeError();
          os.write(bytes->data(), bytes->size());
          return llvm::Error::success();
        });
      },
      registerAllDialects);
}

void registerEmitTranslations() {
  registerKind("mlir-to-object", "planned memory to an ELF object",
               OutputKind::Object);
  registerKind("mlir-to-assembly", "planned memory to assembly",
               OutputKind::Assembly);
  registerKind("mlir-to-llvm", "planned memory to LLVM IR",
               OutputKind::LLVMText);
  TranslateFromMLIRRegistration header(
      "mlir-to-header", "planned memory to the C header",
      [](ModuleOp module, llvm::raw_ostream &os) {
        return translate(module, [&](const TargetInfo &target) -> llvm::Error {
          auto text = emitHeader(module, target);
          if (!text)
            return text.takeError();
          os << *text;
          return llvm::Error::success();
        });
      },
      registerAllDialects);
  TranslateRegistration inspect(
      "inspect-object", "print the facts that an object carries",
      [](const std::shared_ptr<llvm::SourceMgr> &sources, llvm::raw_ostream &os,
         MLIRContext *context) -> LogicalResult {
        const llvm::MemoryBuffer *object =
            sources->getMemoryBuffer(sources->getMainFileID());
        if (llvm::Error error = inspectObject(object->getMemBufferRef(), os))
          return emitError(UnknownLoc::get(context),
                           llvm::toString(std::move(error)));
        return success();
      });
}
