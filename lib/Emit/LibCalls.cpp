//===- LibCalls.cpp - functions that LLVM calls on its own ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/LibCalls.h"
#include "lib/Emit/Passes.h"
#include <llvm/ADT/StringSet.h>
#include <llvm/Linker/Linker.h>
#include <llvm/TargetParser/Triple.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Parser/Parser.h>
#include <mlir/Pass/PassManager.h>
#include <mlir/Target/LLVMIR/Export.h>

using namespace llvm;
using namespace nncc;
using namespace nncc::emit;

/// LibCalls.mlir and its neighbours, put here by the build.
static constexpr char source[] =
#include "lib/Emit/LibCalls.mlir.inc"
    ;

/// On Arm many functions go by another name, which they carry along.
static void takeNames(mlir::ModuleOp library, bool isArm) {
  mlir::SymbolTable table(library);
  for (auto function : library.getOps<mlir::func::FuncOp>()) {
    auto also =
        mlir::cast_or_null<mlir::StringAttr>(function->removeAttr("also"));
    if (!also || !isArm)
      continue;
    mlir::LogicalResult renamed = table.rename(function, also);
    assert(succeeded(renamed) && "two functions with one name");
    (void)renamed;
  }
}

/// Drops every function that `symbols` do not need; of those that `module` has
/// from an earlier call, the bodies.
static void keepOnly(mlir::ModuleOp library, const StringSet<> &symbols,
                     const Module &module) {
  SmallVector<mlir::func::FuncOp> work;
  DenseSet<mlir::Operation *> needed;
  for (auto function : library.getOps<mlir::func::FuncOp>())
    if (symbols.contains(function.getName()) && needed.insert(function).second)
      work.push_back(function);
  while (!work.empty()) {
    auto function = work.pop_back_val();
    const Function *known = module.getFunction(function.getName());
    if (known && !known->isDeclaration())
      function.eraseBody();
    function.walk([&](mlir::func::CallOp call) {
      auto callee = library.lookupSymbol<mlir::func::FuncOp>(call.getCallee());
      if (needed.insert(callee).second)
        work.push_back(callee);
    });
  }
  for (auto function :
       llvm::make_early_inc_range(library.getOps<mlir::func::FuncOp>()))
    if (!needed.contains(function))
      function.erase();
}

/// Links `definitions` into `module` as internal functions, which later calls
/// of this may refer to.
static Error linkInternal(Module &module, std::unique_ptr<Module> definitions) {
  std::vector<std::string> names;
  for (Function &function : *definitions) {
    names.push_back(function.getName().str());
    function.setLinkage(GlobalValue::ExternalLinkage); // or it is not linked
    if (Function *known = module.getFunction(function.getName()))
      known->setLinkage(GlobalValue::ExternalLinkage);
  }
  if (Linker::linkModules(module, std::move(definitions)))
    return createStringError("internal error: LibCalls.mlir does not link");
  SmallVector<GlobalValue *> kept;
  for (const std::string &name : names) {
    kept.push_back(module.getFunction(name));
    kept.back()->setLinkage(GlobalValue::InternalLinkage);
  }
  appendToCompilerUsed(module, kept); // calls appear after the last IR pass
  return Error::success();
}

Expected<bool> emit::defineLibCalls(Module &module,
                                    const std::vector<std::string> &symbols,
                                    mlir::MLIRContext *context,
                                    const ModelInterface &interface,
                                    const TargetInfo &target,
                                    const EmitOptions &options) {
  Triple triple(target.triple);
  StringSet<> wanted;
  for (const std::string &symbol : symbols)
    if (Function *known = module.getFunction(symbol);
        !known || known->isDeclaration())
      wanted.insert(symbol);
  context->loadDialect<mlir::func::FuncDialect, mlir::scf::SCFDialect>();
  auto library = mlir::parseSourceString<mlir::ModuleOp>(source, context);
  takeNames(*library, triple.isARM() || triple.isThumb());
  keepOnly(*library, wanted, module);
  if (library->getBody()->empty())
    return false;
  setTarget(*library, target);
  mlir::PassManager passes(context);
  passes.addPass(createConvertToLLVM());
  if (failed(passes.run(*library)))
    return createStringError("internal error: LibCalls.mlir does not lower");
  std::unique_ptr<Module> definitions =
      mlir::translateModuleToLLVMIR(*library, module.getContext());
  definitions->setTargetTriple(module.getTargetTriple());
  definitions->setDataLayout(module.getDataLayout());
  for (Function &function : *definitions)
    if (!function.isDeclaration())
      prepareFunction(function, interface, target, options);
  if (Error error = linkInternal(module, std::move(definitions)))
    return error;
  return true;
}
