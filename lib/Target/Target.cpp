//===- Target.cpp - look-up of targets and code generators --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Target.h"
#include "lib/Target/TargetRows.h"
#include <llvm/ADT/StringExtras.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinOps.h>
#include <mutex>

using namespace llvm;
using namespace nncc;

ArrayRef<TargetInfo> nncc::allTargets() {
  static const std::vector<TargetInfo> rows = [] {
    std::vector<TargetInfo> all;
    for (auto family : {x86Targets, aarch64Targets, cortexMTargets})
      llvm::append_range(all, family());
    return all;
  }();
  return rows;
}

/// The best row this machine can run, with its own CPU name and features.
static Expected<TargetInfo> hostTarget() {
  StringMap<bool> features = sys::getHostCPUFeatures();
  const char *row = nullptr;
  switch (Triple(sys::getProcessTriple()).getArch()) {
  case Triple::x86_64:
    row = features["avx512bw"] && features["avx512dq"] && features["avx512vl"]
              ? "x86-64-v4"
          : features["avx2"] && features["fma"] ? "x86-64-v3"
                                                : "x86-64-v2";
    break;
  case Triple::aarch64:
    row = "aarch64";
    break;
  default:
    return createStringError("target 'host': no target matches this machine (" +
                             sys::getProcessTriple() + ")");
  }
  Expected<TargetInfo> info = lookupTarget(row);
  if (!info)
    return info;
  info->cpu = sys::getHostCPUName().str();
  std::vector<std::string> list;
  for (auto &feature : features)
    list.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(list); // StringMap order is not deterministic across versions
  info->features = join(list, ",");
  return info;
}

Expected<TargetInfo> nncc::lookupTarget(StringRef name, StringRef cpu,
                                        StringRef attrs) {
  Expected<TargetInfo> info = [&]() -> Expected<TargetInfo> {
    if (name == "host")
      return hostTarget();
    for (const TargetInfo &row : allTargets())
      if (row.name == name)
        return row;
    std::string known = "host";
    for (const TargetInfo &row : allTargets())
      known += ", " + row.name;
    return createStringError("unknown target '" + name.str() +
                             "', known targets: " + known);
  }();
  if (!info)
    return info;
  if (!cpu.empty()) {
    info->cpu = cpu.str();
    if (name == "host")
      info->features.clear();
  }
  if (!attrs.empty())
    info->features += (info->features.empty() ? "" : ",") + attrs.str();
  return info;
}

void nncc::setTarget(mlir::ModuleOp module, const TargetInfo &target) {
  mlir::Builder b(module.getContext());
  module->setAttr("nnc.target",
                  b.getDictionaryAttr(
                      {b.getNamedAttr("name", b.getStringAttr(target.name)),
                       b.getNamedAttr("cpu", b.getStringAttr(target.cpu)),
                       b.getNamedAttr("features", b.getStringAttr(target.features))}));
}

Expected<TargetInfo> nncc::targetOf(mlir::ModuleOp module) {
  auto attr = module->getAttrOfType<mlir::DictionaryAttr>("nnc.target");
  auto text = [&](StringRef key) -> StringRef {
    auto value = attr ? attr.getAs<mlir::StringAttr>(key) : nullptr;
    return value ? value.getValue() : StringRef();
  };
  if (text("name").empty())
    return createStringError("the module names no target (nnc.target)");
  Expected<TargetInfo> info = lookupTarget(text("name"));
  if (!info)
    return info;
  if (!text("cpu").empty())
    info->cpu = text("cpu").str();
  if (attr.contains("features"))
    info->features = text("features").str();
  return info;
}

static void initializeBackEnds() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
    InitializeAllAsmPrinters();
  });
}

Expected<std::unique_ptr<TargetMachine>>
nncc::createTargetMachine(const TargetInfo &target, unsigned optLevel) {
  initializeBackEnds();
  std::string error;
  const Target *backEnd = TargetRegistry::lookupTarget(target.triple, error);
  if (!backEnd)
    return createStringError("target '" + target.name + "': " + error);
  std::unique_ptr<MCSubtargetInfo> known(
      backEnd->createMCSubtargetInfo(target.triple, "", ""));
  if (!known->isCPUStringValid(target.cpu))
    return createStringError("target '" + target.name + "': unknown CPU '" +
                             target.cpu + "'");
  TargetOptions options;
  options.AllowFPOpFusion = FPOpFusion::Standard; // only where IR says contract
  options.FunctionSections = false;
  options.UniqueSectionNames = true;
  // Functions never unwind: without this, Arm objects list each of them as such
  // in an index that costs flash.
  options.ExceptionModel = ExceptionHandling::DwarfCFI;
  std::optional<Reloc::Model> reloc =
      target.hosted ? Reloc::PIC_ : Reloc::Static;
  std::unique_ptr<TargetMachine> machine(backEnd->createTargetMachine(
      target.triple, target.cpu, target.features, options, reloc,
      CodeModel::Small, static_cast<CodeGenOptLevel>(std::min(optLevel, 3u))));
  if (!machine)
    return createStringError("target '" + target.name +
                             "': LLVM has no code generator for it");
  return machine;
}
