//===- WebAssemblyTargets.cpp - WebAssembly -------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetRows.h"

using namespace llvm;
using namespace nncc;

static TargetInfo row(std::string name, std::string description,
                      std::string features) {
  TargetInfo t;
  t.name = std::move(name);
  t.description = std::move(description);
  t.triple = "wasm32-unknown-unknown";
  t.cpu = "mvp";
  t.features = std::move(features);
  t.indexBits = 32;
  t.fmaLatency = 8; // a multiplication and an addition
  t.fmaPerCycle = 2;
  t.channelBlock = 8;
  t.l1Bytes = 32 << 10;
  t.l2Bytes = 512 << 10;
  t.arenaAlign = 16;
  t.hosted = false;
  return t;
}

/// Fused operations exist as an extension only, with results that depend on the
/// machine.
static Error readFacts(TargetInfo &t, const CpuFeatures &features) {
  t.hasFma = false;
  t.hasRoundAway = false;
  t.hasHalf = false;
  t.vectorBits = features.has("simd128") ? 128 : 0;
  t.vectorRegisters = 16; // of the machines below
  return Error::success();
}

TargetFamily nncc::webAssemblyFamily() {
  return {{row("wasm32", "WebAssembly 1.0, any engine", ""),
           row("wasm32-simd128",
               "WebAssembly with vectors of 128 bits (2021 and later)",
               "+simd128")},
          readFacts};
}
