//===- X86Targets.cpp - x86-64 levels -----------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetRows.h"

using namespace nncc;

/// What all x86-64 rows share. Register and cache sizes are those of the
/// smallest common server cores of each level.
static TargetInfo x86Base() {
  TargetInfo t;
  t.triple = "x86_64-unknown-linux-gnu";
  t.channelBlock = 16;
  t.l1Bytes = 32 << 10;
  t.l2Bytes = 1 << 20;
  t.l3Bytes = 16 << 20;
  t.fmaPerCycle = 2;
  return t;
}

std::vector<TargetInfo> nncc::x86Targets() {
  TargetInfo v2 = x86Base();
  v2.name = v2.cpu = "x86-64-v2";
  v2.description = "x86-64 with SSE4.2 (2009 and later)";
  v2.vectorBits = 128;
  v2.vectorRegisters = 16;
  v2.hasFma = false;
  v2.hasHalf = false;
  v2.fmaLatency = 8; // a multiplication and an addition

  TargetInfo v3 = x86Base();
  v3.name = v3.cpu = "x86-64-v3";
  v3.description = "x86-64 with AVX2 and FMA (2013 and later)";
  v3.vectorBits = 256;
  v3.vectorRegisters = 16;

  TargetInfo v4 = x86Base();
  v4.name = v4.cpu = "x86-64-v4";
  v4.description = "x86-64 with AVX-512 F/BW/DQ/VL";
  v4.vectorBits = 512;
  v4.vectorRegisters = 32;
  return {v2, v3, v4};
}
