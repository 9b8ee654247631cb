//===- AArch64Targets.cpp - 64-bit Arm ------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetRows.h"

using namespace llvm;
using namespace nncc;

static TargetInfo row(std::string name, std::string description,
                      std::string features, std::string required) {
  TargetInfo t;
  t.name = std::move(name);
  t.description = std::move(description);
  t.required = std::move(required);
  t.triple = "aarch64-unknown-linux-gnu";
  t.cpu = "generic";
  t.features = std::move(features);
  t.fmaPerCycle = 2;
  t.channelBlock = 8;
  t.l1Bytes = 32 << 10;
  t.l2Bytes = 512 << 10;
  t.l3Bytes = 2 << 20;
  return t;
}

static Error readFacts(TargetInfo &t, const CpuFeatures &features) {
  std::string missing = features.firstMissing("fp-armv8,neon");
  if (!missing.empty())
    return createStringError("target '" + t.name + "': 64-bit Arm needs " +
                             missing);
  t.vectorBits = 128;
  t.vectorRegisters = 32;
  return Error::success();
}

TargetFamily nncc::aarch64Family() {
  return {
      {row("aarch64", "64-bit Arm with NEON (Armv8.0-A)", "", "neon"),
       row("aarch64-dotprod", "64-bit Arm with dot products (Armv8.4-A)",
           "+v8.2a,+fullfp16,+dotprod", "v8.2a,fullfp16,dotprod"),
       row("aarch64-i8mm", "64-bit Arm with int8 matrices (Armv8.6-A)",
           "+v8.2a,+fullfp16,+dotprod,+i8mm", "v8.2a,dotprod,i8mm"),
       row("aarch64-bf16", "64-bit Arm with int8 and bf16 matrices",
           "+v8.2a,+fullfp16,+dotprod,+i8mm,+bf16", "v8.2a,dotprod,i8mm,bf16")},
      readFacts};
}
