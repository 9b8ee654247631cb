//===- Stages.cpp - the whole compiler on one page ----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/Transforms/Passes.h"
#include "lib/Codegen/Passes.h"
#include "lib/Memory/Passes.h"
#include "lib/Plan/Passes.h"
#include "nncc/Emit.h"
#include "nncc/Pipeline.h"
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Pass/PassManager.h>
#include <mlir/Transforms/Passes.h>

using namespace mlir;
using namespace nncc;

static void addGraph(OpPassManager &passes, const CompileOptions &) {
  nnc::addGraphPasses(passes);
}

/// No weights are compressed yet: every constant stays as the network has it.
static void addCompress(OpPassManager &, const CompileOptions &) {}

static void addPlan(OpPassManager &passes, const CompileOptions &) {
  OpPassManager &functions = passes.nest<func::FuncOp>();
  functions.addPass(createPlanNormalizePooling());
  functions.addPass(createPlanFormGroups());
  functions.addPass(createPlanAssignLayouts());
  functions.addPass(createPlanPackConstants());
  functions.addPass(createPlanChooseSchedules());
}

static void addLower(OpPassManager &passes, const CompileOptions &) {
  passes.addPass(createCodegenOutlineKernels());
}

static void addTile(OpPassManager &passes, const CompileOptions &) {
  OpPassManager &functions = passes.nest<func::FuncOp>();
  functions.addPass(createCodegenExpandNests());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createLoopInvariantCodeMotionPass());
}

static void addMemory(OpPassManager &passes, const CompileOptions &) {
  passes.addPass(createMemoryPlaceBuffers());
}

static void addLLVM(OpPassManager &passes, const CompileOptions &) {
  addLLVMPasses(passes);
}

static const StageInfo stages[] = {
    {Stage::Import, "import", "read the ONNX file", nullptr},
    {Stage::Graph, "graph", "simplify the network", addGraph},
    {Stage::Compress, "compress", "choose how weights are stored", addCompress},
    {Stage::Plan, "plan", "decide grouping, layouts and tiles", addPlan},
    {Stage::Lower, "lower", "outline kernels as loop nests", addLower},
    {Stage::Tile, "tile", "expand nests into register tiles", addTile},
    {Stage::Memory, "memory", "place buffers and weights", addMemory},
    {Stage::LLVM, "llvm", "convert to the LLVM dialect", addLLVM},
    {Stage::Emit, "emit", "write object and header", nullptr},
};

llvm::ArrayRef<StageInfo> nncc::allStages() { return stages; }

std::optional<Stage> nncc::parseStage(llvm::StringRef name) {
  for (const StageInfo &row : stages)
    if (name == row.name)
      return row.stage;
  return std::nullopt;
}
