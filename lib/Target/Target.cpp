//===- Target.cpp - look-up of targets and code generators ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Target.h"
#include "lib/Target/TargetRows.h"
#include <llvm/ADT/StringExtras.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinOps.h>

using namespace llvm;
using namespace nncc;

static ArrayRef<TargetFamily> families() {
  static const TargetFamily all[] = {x86Family(), aarch64Family(), armFamily(),
                                     riscvFamily(), webAssemblyFamily()};
  return all;
}

/// The facts of a row or a change of it that follow from its CPU.
static Expected<TargetInfo> withFacts(TargetInfo target,
                                      const TargetFamily &family) {
  Expected<CpuFeatures> features = CpuFeatures::of(target);
  if (!features)
    return features.takeError();
  if (Error error = family.readFacts(target, *features))
    return error;
  return target;
}

ArrayRef<TargetInfo> nncc::allTargets() {
  static const std::vector<TargetInfo> rows = [] {
    std::vector<TargetInfo> all;
    for (const TargetFamily &family : families())
      for (const TargetInfo &row : family.rows)
        all.push_back(cantFail(withFacts(row, family)));
    return all;
  }();
  return rows;
}

/// The features of `cpu` itself: a triple such as thumbv7em brings some of its
/// own.
static Expected<std::string> lackingFeature(TargetInfo row, StringRef cpu) {
  Triple triple(row.triple);
  triple.setArch(triple.getArch());
  row.triple = triple.str();
  row.cpu = cpu.str();
  row.features.clear();
  Expected<CpuFeatures> features = CpuFeatures::of(row);
  if (!features)
    return features.takeError();
  return features->firstMissing(row.required);
}

/// `row` for the processor that runs this.
static TargetInfo onThisProcessor(TargetInfo row) {
  std::vector<std::string> list;
  for (auto &feature : sys::getHostCPUFeatures())
    list.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(list); // StringMap order is not deterministic across versions
  row.cpu = sys::getHostCPUName().str();
  row.features = join(list, ",");
  return row;
}

std::string nncc::missingOnHost(const TargetInfo &target) {
  Expected<CpuFeatures> features = CpuFeatures::of(onThisProcessor(target));
  return features ? features->firstMissing(target.required)
                  : toString(features.takeError());
}

/// The last row of this machine's architecture that `cpu`, or the processor
/// that runs this, fulfils.
static Expected<TargetInfo> hostTarget(StringRef cpu) {
  auto arch = Triple(sys::getProcessTriple()).getArch();
  std::optional<TargetInfo> best;
  for (TargetInfo row : allTargets()) {
    if (Triple(row.triple).getArch() != arch || !row.hosted)
      continue;
    if (cpu.empty()) {
      row = onThisProcessor(row);
    } else {
      row.cpu = cpu.str();
      row.features.clear();
    }
    Expected<CpuFeatures> features = CpuFeatures::of(row);
    if (!features)
      return features.takeError();
    if (features->firstMissing(row.required).empty())
      best = row;
  }
  if (!best)
    return createStringError(
        "target 'host': no target matches " +
        (cpu.empty() ? "this machine (" + sys::getProcessTriple() + ")"
                     : "CPU '" + cpu.str() + "'"));
  return *best;
}

/// The row called `name` and its family.
static Expected<std::pair<TargetInfo, const TargetFamily *>>
findRow(StringRef name) {
  std::string known = "host";
  for (const TargetFamily &family : families())
    for (const TargetInfo &row : family.rows) {
      if (row.name == name)
        return std::pair(row, &family);
      known += ", " + row.name;
    }
  return createStringError("unknown target '" + name.str() +
                           "', known targets: " + known);
}

/// The row for a user's CPU, which must have what the row's name promises.
static Expected<TargetInfo> withCpu(TargetInfo row, StringRef cpu) {
  Expected<std::string> lacking = lackingFeature(row, cpu);
  if (!lacking)
    return lacking.takeError();
  if (!lacking->empty())
    return createStringError("CPU '" + cpu.str() + "' lacks " + *lacking +
                             ", which target '" + row.name + "' has");
  row.cpu = cpu.str();
  return row;
}

Expected<TargetInfo> nncc::lookupTarget(StringRef name, StringRef cpu,
                                        StringRef attrs) {
  Expected<TargetInfo> info = [&]() -> Expected<TargetInfo> {
    if (name == "host")
      return hostTarget(cpu);
    auto row = findRow(name);
    if (!row)
      return row.takeError();
    return cpu.empty() ? row->first : withCpu(row->first, cpu);
  }();
  if (!info)
    return info;
  if (!attrs.empty())
    info->features += (info->features.empty() ? "" : ",") + attrs.str();
  return withFacts(*info, *cantFail(findRow(info->name)).second);
}

void nncc::setTarget(mlir::ModuleOp module, const TargetInfo &target) {
  mlir::Builder b(module.getContext());
  module->setAttr(
      "nnc.target",
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
  auto row = findRow(text("name"));
  if (!row)
    return row.takeError();
  TargetInfo info = row->first;
  if (!text("cpu").empty())
    info.cpu = text("cpu").str();
  if (attr.contains("features"))
    info.features = text("features").str();
  return withFacts(info, *row->second);
}

Expected<std::unique_ptr<TargetMachine>>
nncc::createTargetMachine(const TargetInfo &target, unsigned optLevel) {
  initializeBackEnds();
  std::string error;
  const Target *backEnd = TargetRegistry::lookupTarget(target.triple, error);
  if (!backEnd)
    return createStringError("target '" + target.name + "': " + error);
  TargetOptions options;
  options.AllowFPOpFusion = FPOpFusion::Standard; // only where IR says contract
  options.FunctionSections = false;
  options.UniqueSectionNames = true;
  // Functions never unwind: without this, Arm objects list each of them as such
  // in an index that costs flash.
  options.ExceptionModel = Triple(target.triple).isWasm()
                               ? ExceptionHandling::None
                               : ExceptionHandling::DwarfCFI;
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
