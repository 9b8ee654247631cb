//===- Report.cpp - why everything is as it is --------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "lib/Emit/Interface.h"
#include "lib/Emit/ReportPage.h"
#include "nncc/Emit.h"
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

using namespace mlir;
using namespace nncc;
namespace json = llvm::json;

/// The nest that does a kernel's work; null for border fills, which have several.
static nnc::NestOp onlyNest(func::FuncOp kernel) {
  SmallVector<nnc::NestOp> nests;
  kernel.walk([&](nnc::NestOp nest) { nests.push_back(nest); });
  return nests.size() == 1 ? nests.front() : nnc::NestOp();
}

json::Array nncc::describeLaunches(ModuleOp module) {
  json::Array launches;
  SymbolTable symbols(module);
  module.walk([&](nnc::LaunchOp launch) {
    auto kernel = symbols.lookup<func::FuncOp>(launch.getKernel());
    std::string node;
    if (auto name = dyn_cast<NameLoc>(launch.getLoc()))
      node = name.getName().str();
    json::Object record{{"node", json::fixUTF8(node)},
                        {"kernel", launch.getKernel()},
                        {"work_units", int64_t(launch.getWork())}};
    if (nnc::NestOp nest = kernel ? onlyNest(kernel) : nnc::NestOp()) {
      int64_t points = 1;
      for (int64_t extent : nest.getExtents())
        points *= extent;
      record["loops"] = json::Array(nest.getExtents());
      record["parallel_loops"] = int64_t(nest.getParallel());
      record["register_tile"] = json::Array(nest.getTile());
      record["lanes"] = int64_t(nest.getLanes());
      record["iterations"] = points;
    }
    for (Value output : launch.getOutputs())
      record["output"] = json::Array(cast<ShapedType>(output.getType()).getShape());
    launches.push_back(std::move(record));
  });
  return launches;
}

static int64_t integer(ModuleOp module, StringRef name) {
  auto attr = module->getAttrOfType<IntegerAttr>(name);
  return attr ? attr.getInt() : 0;
}

/// Bytes of loaded sections of an object by kind. WebAssembly does not know
/// which data is read only; ours is.
static json::Object sectionSizes(ArrayRef<char> object) {
  uint64_t code = 0, readOnly = 0, writable = 0;
  auto file = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(StringRef(object.data(), object.size()), "object"));
  if (file) {
    bool isELF = (*file)->isELF();
    for (const llvm::object::SectionRef &section : (*file)->sections()) {
      uint64_t flags = section.isText() || section.isData() ? +llvm::ELF::SHF_ALLOC : 0;
      if (isELF)
        flags = llvm::object::ELFSectionRef(section).getFlags();
      if (flags & llvm::ELF::SHF_ALLOC)
        (section.isText()                   ? code
         : flags & llvm::ELF::SHF_WRITE ? writable
                                            : readOnly) += section.getSize();
    }
  } else {
    llvm::consumeError(file.takeError());
  }
  return json::Object{{"code", int64_t(code)},
                      {"read_only", int64_t(readOnly)},
                      {"writable", int64_t(writable)}};
}

llvm::Expected<CompileReport>
nncc::makeReport(ModuleOp module, const TargetInfo &target,
                 json::Array launches, ArrayRef<char> object) {
  auto interface = emit::readInterface(module);
  if (!interface)
    return interface.takeError();
  int64_t weights = 0;
  for (auto section : module.getOps<nnc::WeightsOp>())
    weights = section.getSize();
  auto optimal = module->getAttrOfType<BoolAttr>("nnc.arena_optimal");
  bool isOptimal = optimal && optimal.getValue();
  int64_t arena = integer(module, "nnc.arena_bytes");
  int64_t physical = integer(module, "nnc.arena_bound");
  int64_t logical = integer(module, "nnc.logical_bound");
  json::Object sections = sectionSizes(object);
  int64_t code = *sections.getInteger("code");

  CompileReport report;
  llvm::raw_string_ostream(report.summary) << llvm::formatv(
      "{0} for {1}: {2} launches, code {3} bytes, weights {4} bytes\n"
      "arena: {5} bytes, {6}; lower bound {7} in this layout, {8} for bare tensors\n",
      interface->model, target.name, launches.size(), code, weights, arena,
      isOptimal ? "proven optimal" : "not proven optimal", physical, logical);
  json::Object root{
      {"model", interface->model},
      {"target", target.name},
      {"hash", interface->hash},
      {"sections", std::move(sections)},
      {"weights_bytes", weights},
      {"arena", json::Object{{"bytes", arena},
                             {"proven_optimal", isOptimal},
                             {"lower_bound_physical", physical},
                             {"lower_bound_logical", logical}}},
      {"launches", std::move(launches)}};
  report.html = emit::reportPage(root);
  llvm::raw_string_ostream(report.json)
      << llvm::formatv("{0:2}\n", json::Value(std::move(root)));
  return report;
}
