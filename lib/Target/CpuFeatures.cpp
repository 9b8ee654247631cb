//===- CpuFeatures.cpp - what LLVM knows about a CPU ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/CpuFeatures.h"
#include <llvm/Support/CommandLine.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <mutex>

using namespace llvm;
using namespace nncc;

/// Found while libraries are loaded: tools take LLVM's options off later.
static llvm::cl::Option *const armLoadStorePass =
    llvm::cl::getRegisteredOptions().lookup("arm-load-store-opt");

void nncc::initializeBackEnds() {
  static std::once_flag once;
  std::call_once(once, [] {
    // LLVM 19 merges loads of s0, s1 and s4, s5, s6 from [r0], [r0, 4] and
    // [r0, 12] on into vldmia r0!, {s0, s1} and vldmia r0, {s4, s5, s6}: the
    // second begins 4 bytes too early.
    if (armLoadStorePass)
      armLoadStorePass->addOccurrence(0, armLoadStorePass->ArgStr, "false");
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
