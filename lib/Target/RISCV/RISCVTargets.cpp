//===- RISCVTargets.cpp - RISC-V ------------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TargetRows.h"

using namespace llvm;
using namespace nncc;

static TargetInfo server(std::string name, std::string description,
                         std::string features) {
  TargetInfo t;
  t.name = std::move(name);
  t.description = std::move(description);
  t.triple = "riscv64-unknown-linux-gnu";
  t.required = "64bit";
  t.cpu = "generic-rv64";
  t.features = std::move(features);
  t.scalarRegisters = 32;
  t.fmaLatency = 5;
  t.channelBlock = 8;
  t.l1Bytes = 32 << 10;
  t.l2Bytes = 512 << 10;
  return t;
}

static TargetInfo microcontroller(std::string name, std::string description,
                                  std::string features) {
  TargetInfo t;
  t.name = std::move(name);
  t.description = std::move(description);
  t.triple = "riscv32-none-unknown-elf";
  t.required = "32bit";
  t.cpu = "generic-rv32";
  t.features = std::move(features);
  t.indexBits = 32;
  t.channelBlock = 0;
  t.arenaAlign = 16;
  t.hosted = false;
  return t;
}

/// The vector length that every machine with these features has at least.
static unsigned vectorBits(const CpuFeatures &features) {
  if (!features.has("zve32f"))
    return 0;
  for (unsigned bits : {512, 256, 128, 64})
    if (features.has("zvl" + std::to_string(bits) + "b"))
      return bits;
  return 0;
}

static Error readFacts(TargetInfo &t, const CpuFeatures &features) {
  if (!features.has("m"))
    return createStringError("target '" + t.name +
                             "': RISC-V needs m (multiplication)");
  t.hasFloat = t.hasFma = t.hasRounding = t.hasRoundAway = t.hasMinMax =
      features.has("f");
  t.hasDouble = features.has("d");
  t.hasHalf = features.has("zfhmin");
  t.vectorBits = vectorBits(features);
  // They do (vfcvt.rtz), but QEMU 7.2 stops there with a failed assertion.
  t.truncatesVectors = t.vectorBits == 0;
  t.vectorRegisters = 32;
  if (!t.hasFloat) {
    t.scalarRegisters = 12; // what addresses and counters leave
    t.fmaLatency = 100;
  }
  return Error::success();
}

TargetFamily nncc::riscvFamily() {
  return {{server("riscv64gc", "64-bit RISC-V without vectors, Linux",
                  "+m,+a,+f,+d,+c"),
           server("riscv64gcv", "64-bit RISC-V with vectors of 128 bits, Linux",
                  "+m,+a,+f,+d,+c,+v,+zvl128b"),
           microcontroller("riscv32imc", "32-bit RISC-V, no FPU, bare metal",
                           "+m,+c"),
           microcontroller("riscv32imac",
                           "32-bit RISC-V with atomics, no FPU, bare metal",
                           "+m,+a,+c")},
          readFacts};
}
