//===- X86Targets.cpp - x86-64 levels -------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetRows.h"

using namespace llvm;
using namespace nncc;

/// Cache sizes are those of the smallest common server cores.
static TargetInfo row(std::string name, std::string description,
                      std::string required) {
  TargetInfo t;
  t.name = t.cpu = std::move(name);
  t.description = std::move(description);
  t.required = std::move(required);
  t.triple = "x86_64-unknown-linux-gnu";
  t.fmaPerCycle = 2;
  t.channelBlock = 16;
  t.l1Bytes = 32 << 10;
  t.l2Bytes = 1 << 20;
  t.l3Bytes = 16 << 20;
  return t;
}

static Error readFacts(TargetInfo &t, const CpuFeatures &features) {
  std::string missing = features.firstMissing("64bit,sse2");
  if (!missing.empty())
    return createStringError("target '" + t.name + "': x86-64 needs " +
                             missing);
  bool is512 =
      features.firstMissing("avx512f,avx512bw,avx512dq,avx512vl").empty();
  t.vectorBits = is512 ? 512 : features.has("avx") ? 256 : 128;
  t.vectorRegisters = is512 ? 32 : 16;
  t.scalesVectors = is512;
  t.hasFma = features.has("fma") || features.has("fma4");
  t.fmaLatency = t.hasFma ? 4 : 8; // a multiplication and an addition
  t.hasRounding = t.hasRoundAway = features.has("sse4.1");
  t.hasHalf = features.has("f16c");
  t.comparesHalves = features.has("avx512fp16");
  return Error::success();
}

TargetFamily nncc::x86Family() {
  return {{row("x86-64-v2", "x86-64 with SSE4.2 (2009 and later)",
               "cx16,popcnt,sse4.2"),
           row("x86-64-v3", "x86-64 with AVX2 and FMA (2013 and later)",
               "avx2,bmi,bmi2,f16c,fma,lzcnt,movbe"),
           row("x86-64-v4", "x86-64 with AVX-512 F/BW/DQ/VL",
               "avx512bw,avx512cd,avx512dq,avx512f,avx512vl")},
          readFacts};
}
