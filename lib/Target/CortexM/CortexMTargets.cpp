//===- CortexMTargets.cpp - Arm microcontrollers ------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetRows.h"

using namespace nncc;

std::vector<TargetInfo> nncc::cortexMTargets() {
  TargetInfo m4;
  m4.name = "cortex-m4";
  m4.description = "Arm Cortex-M4F microcontroller, bare metal";
  // All four parts: with three LLVM takes "eabihf" for an operating system and
  // knows neither the EABI nor its hard-float calls.
  m4.triple = "thumbv7em-none-unknown-eabihf";
  m4.cpu = "cortex-m4";
  m4.features = "+vfp4d16sp";
  m4.indexBits = 32;
  m4.scalarRegisters = 32;
  m4.fmaLatency = 3;
  m4.hasRounding = false;
  m4.hasMinMax = false;
  m4.channelBlock = 0;
  m4.arenaAlign = 16;
  m4.hosted = false;
  return {m4};
}
