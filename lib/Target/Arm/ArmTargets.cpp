//===- ArmTargets.cpp - 32-bit Arm ----------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetRows.h"
#include <llvm/TargetParser/Triple.h>

using namespace llvm;
using namespace nncc;

/// A microcontroller with the instruction set `isa` of the triple.
static TargetInfo microcontroller(std::string name, std::string description,
                                  std::string isa, std::string required) {
  TargetInfo t;
  t.name = t.cpu = std::move(name);
  t.description = std::move(description);
  // All four parts: with three LLVM takes "eabihf" for an operating system and
  // knows neither the EABI nor its hard-float calls.
  t.triple = isa + "-none-unknown-eabihf";
  t.required = std::move(required);
  t.indexBits = 32;
  t.fmaLatency = 3;
  t.channelBlock = 0;
  t.arenaAlign = 16;
  t.hosted = false;
  return t;
}

static TargetInfo applicationProcessor() {
  TargetInfo t;
  t.name = t.cpu = "cortex-a7";
  t.description = "Arm Cortex-A7 with NEON (Armv7-A), Linux";
  t.triple = "armv7a-unknown-linux-gnueabihf";
  t.features = "+neon"; // optional on a Cortex-A7, and always there
  t.required = "aclass,v7,vfp4";
  t.indexBits = 32;
  t.fmaLatency = 8;
  t.channelBlock = 8;
  t.l1Bytes = 32 << 10;
  t.l2Bytes = 512 << 10;
  return t;
}

static Error readFacts(TargetInfo &t, const CpuFeatures &features) {
  bool isVector = features.has("neon") || features.has("mve.fp");
  t.hasFloat = features.has("vfp2sp");
  t.hasDouble = features.has("fp64");
  t.hasFma = features.has("vfp4d16sp");
  // With the vectors of MVE LLVM 19 cannot select some of its conversions.
  t.hasHalf = features.has("fp16") && !features.has("mve.fp");
  // NEON has no rounding before Armv8, scalars have neither.
  t.hasRounding = t.hasRoundAway = features.has("fp-armv8d16sp");
  t.hasRoundEven = false; // it has (vrintn), but LLVM 19 does not use it
  t.hasMinMax = false;
  t.comparesNaN = !features.has("mve.fp"); // LLVM 19 inverts comparisons regardless
  t.vectorBits = isVector ? 128 : 0;
  t.vectorRegisters = features.has("d32") ? 16 : 8;
  // Without floating point, values live where addresses and counters do.
  t.scalarRegisters = t.hasFloat ? 32 : features.has("thumb2") ? 8 : 4;
  if (!t.hasFloat) {
    Triple triple(t.triple);
    triple.setEnvironment(t.hosted ? Triple::GNUEABI : Triple::EABI);
    t.triple = triple.str();
    t.fmaLatency = 100;
  }
  return Error::success();
}

TargetFamily nncc::armFamily() {
  TargetInfo m7 = microcontroller(
      "cortex-m7", "Arm Cortex-M7 with single-precision FPU, bare metal",
      "thumbv7em", "armv7e-m,fp-armv8d16sp");
  m7.features = "-fp64"; // not every Cortex-M7 has double precision
  m7.l1Bytes = 16 << 10;
  TargetInfo m55 = microcontroller(
      "cortex-m55", "Arm Cortex-M55 with vectors (Helium), bare metal",
      "thumbv8.1m.main", "armv8.1-m.main,mve.fp");
  return {{applicationProcessor(),
           microcontroller("cortex-m0plus",
                           "Arm Cortex-M0+ (and M0), no FPU, bare metal",
                           "thumbv6m", "armv6-m"),
           microcontroller("cortex-m3", "Arm Cortex-M3, no FPU, bare metal",
                           "thumbv7m", "armv7-m"),
           microcontroller("cortex-m4", "Arm Cortex-M4F, bare metal",
                           "thumbv7em", "armv7e-m,vfp4d16sp"),
           m7,
           microcontroller("cortex-m33", "Arm Cortex-M33 with FPU, bare metal",
                           "thumbv8m.main", "armv8-m.main,fp-armv8d16sp"),
           m55},
          readFacts};
}
