//===- Optimize.cpp - LLVM's part of the work -----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Optimize.h"
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/IPO/GlobalDCE.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/ADCE.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/GVN.h>
#include <llvm/Transforms/Scalar/IndVarSimplify.h>
#include <llvm/Transforms/Scalar/LICM.h>
#include <llvm/Transforms/Scalar/LoopPassManager.h>
#include <llvm/Transforms/Scalar/LoopRotation.h>
#include <llvm/Transforms/Scalar/SROA.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>

using namespace llvm;

/// The library of a freestanding object: no function at all.
static TargetLibraryInfoImpl noLibrary(const TargetMachine &machine) {
  TargetLibraryInfoImpl library(machine.getTargetTriple());
  library.disableAllFunctions();
  return library;
}

/// Loops test at their end, which lets loads that do not change move out, and
/// count in the simplest way.
static FunctionPassManager cleanUpPasses(bool forSize) {
  FunctionPassManager passes;
  passes.addPass(SROAPass(SROAOptions::ModifyCFG));
  passes.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(SimplifyCFGPass());
  passes.addPass(InstCombinePass());
  LoopPassManager loops;
  loops.addPass(LoopRotatePass(/*EnableHeaderDuplication=*/!forSize));
  loops.addPass(LICMPass(LICMOptions()));
  passes.addPass(createFunctionToLoopPassAdaptor(std::move(loops),
                                                 /*UseMemorySSA=*/true));
  passes.addPass(SimplifyCFGPass());
  passes.addPass(InstCombinePass());
  LoopPassManager counters;
  counters.addPass(IndVarSimplifyPass());
  passes.addPass(createFunctionToLoopPassAdaptor(std::move(counters)));
  // Without PRE: it would keep what neighbouring iterations load in registers
  // that the plan has given to accumulators.
  passes.addPass(GVNPass(GVNOptions().setPRE(false).setLoadPRE(false)));
  passes.addPass(InstCombinePass());
  passes.addPass(ADCEPass());
  passes.addPass(SimplifyCFGPass());
  return passes;
}

void nncc::emit::optimizeModule(Module &module, TargetMachine &machine,
                                bool forSize) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager callGraph;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine);
  functions.registerPass(
      [&] { return TargetLibraryAnalysis(noLibrary(machine)); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(callGraph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, callGraph, modules);

  ModulePassManager passes;
  passes.addPass(GlobalDCEPass());
  if (machine.getOptLevel() != CodeGenOptLevel::None)
    passes.addPass(createModuleToFunctionPassAdaptor(cleanUpPasses(forSize)));
  passes.run(module, modules);
}

namespace {
/// Tells which function the code generator is about to start.
class ReportProgress : public FunctionPass {
public:
  static char ID;
  ReportProgress(unsigned count,
                 const std::function<void(unsigned, unsigned)> &progress)
      : FunctionPass(ID), count(count), progress(progress) {}
  bool runOnFunction(Function &) override {
    progress(++current, count);
    return false;
  }
  void getAnalysisUsage(AnalysisUsage &usage) const override {
    usage.setPreservesAll();
  }

private:
  unsigned current = 0, count;
  const std::function<void(unsigned, unsigned)> &progress;
};
char ReportProgress::ID = 0;
} // namespace

Error nncc::emit::generateCode(
    Module &module, TargetMachine &machine, CodeGenFileType type,
    SmallVectorImpl<char> &bytes,
    const std::function<void(unsigned, unsigned)> &progress) {
  raw_svector_ostream os(bytes);
  legacy::PassManager passes;
  passes.add(new TargetLibraryInfoWrapperPass(noLibrary(machine)));
  if (progress) {
    auto isDefined = [](Function &function) { return !function.isDeclaration(); };
    passes.add(new ReportProgress(count_if(module, isDefined), progress));
  }
  if (machine.addPassesToEmitFile(passes, os, /*DwoOut=*/nullptr, type,
                                  /*DisableVerify=*/true))
    return createStringError("LLVM cannot write this kind of file for " +
                             machine.getTargetTriple().str());
  passes.run(module);
  return Error::success();
}
