//===- AArch64Targets.cpp - 64-bit Arm ----------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetRows.h"

using namespace nncc;

std::vector<TargetInfo> nncc::aarch64Targets() {
  TargetInfo t;
  t.name = "aarch64";
  t.description = "64-bit Arm with NEON (Armv8.0-A)";
  t.triple = "aarch64-unknown-linux-gnu";
  t.cpu = "generic";
  t.vectorBits = 128;
  t.vectorRegisters = 32;
  t.fmaPerCycle = 2;
  t.channelBlock = 8;
  t.l1Bytes = 32 << 10;
  t.l2Bytes = 512 << 10;
  t.l3Bytes = 2 << 20;
  return {t};
}
