//===- CpuFeatures.cpp - what LLVM knows about a CPU
//--------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/CpuFeatures.h"
#include <llvm/ADT/STLExtras.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <mutex>

using namespace llvm;
using namespace nncc;

void nncc::initializeBackEnds() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
    InitializeAllAsmPrinters();
  });
}

CpuFeatures::CpuFeatures(std::unique_ptr<MCSubtargetInfo> subtarget)
    : subtarget(std::move(subtarget)) {}
CpuFeatures::CpuFeatures(CpuFeatures &&) = default;
CpuFeatures::~CpuFeatures() = default;

static const SubtargetFeatureKV *findFeature(const MCSubtargetInfo &subtarget,
                                             StringRef name) {
  ArrayRef<SubtargetFeatureKV> all = subtarget.getAllProcessorFeatures();
  const auto *it = llvm::lower_bound(all, name);
  return it != all.end() && it->Key == name ? it : nullptr;
}

/// LLVM prints a warning about an unknown name and goes on; we do not.
static Error checkNames(const MCSubtargetInfo &known,
                        const TargetInfo &target) {
  if (!known.isCPUStringValid(target.cpu))
    return createStringError("target '" + target.name + "': unknown CPU '" +
                             target.cpu + "'");
  SmallVector<StringRef> features;
  StringRef(target.features).split(features, ',', -1, /*KeepEmpty=*/false);
  for (StringRef feature : features) {
    if (!feature.starts_with("+") && !feature.starts_with("-"))
      return createStringError("target '" + target.name + "': feature '" +
                               feature + "' must start with + or -");
    if (!findFeature(known, feature.drop_front()))
      return createStringError("target '" + target.name +
                               "': unknown feature '" + feature + "'");
  }
  return Error::success();
}

Expected<CpuFeatures> CpuFeatures::of(const TargetInfo &target) {
  initializeBackEnds();
  std::string error;
  const Target *backEnd = TargetRegistry::lookupTarget(target.triple, error);
  if (!backEnd)
    return createStringError("target '" + target.name + "': " + error);
  std::unique_ptr<MCSubtargetInfo> plain(
      backEnd->createMCSubtargetInfo(target.triple, "", ""));
  if (Error unknown = checkNames(*plain, target))
    return unknown;
  return CpuFeatures(
      std::unique_ptr<MCSubtargetInfo>(backEnd->createMCSubtargetInfo(
          target.triple, target.cpu, target.features)));
}

bool CpuFeatures::has(StringRef name) const {
  const SubtargetFeatureKV *feature = findFeature(*subtarget, name);
  return feature && subtarget->getFeatureBits()[feature->Value];
}

std::string CpuFeatures::firstMissing(StringRef names) const {
  while (!names.empty()) {
    auto [name, rest] = names.split(',');
    if (!has(name))
      return name.str();
    names = rest;
  }
  return {};
}
