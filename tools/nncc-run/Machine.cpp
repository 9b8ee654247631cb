//===- Machine.cpp - where programs for a target run ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Machine.h"
#include "nncc/Target.h"
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Program.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>

using namespace llvm;
using namespace nncc::run;

using Words = std::vector<std::string>;

static Words operator+(Words a, const Words &b) {
  llvm::append_range(a, b);
  return a;
}

/// A static program for Linux, under QEMU's emulation of user programs.
static Machine linuxMachine(std::string target, std::string compiler,
                            Words run) {
  return {std::move(target),
          {std::move(compiler), "-O1", "-static", "-pthread"},
          {},
          std::move(run)};
}

/// Firmware without a C library, linked by the script of a board.
static Machine firmware(std::string target, const Words &cpu,
                        const std::string &script, std::string emulator,
                        const Words &board) {
  return {std::move(target),
          Words{"clang-19"} + cpu +
              Words{"-O1", "-ffreestanding", "-nostdlib", "-fuse-ld=lld",
                    "-Wl,-L,@.", "-Wl,-T,@" + script},
          {"startup.c", "semihosting.c"},
          Words{std::move(emulator), "-machine"} + board +
              Words{"-display", "none", "-monitor", "none", "-serial", "none",
                    "-semihosting-config", "enable=on,target=native",
                    "-kernel"}};
}

static Machine cortexM(std::string target, const std::string &triple,
                       const Words &board) {
  Words cpu = {"--target=" + triple, "-mcpu=" + target};
  return firmware(std::move(target), cpu, board.front() + ".ld",
                  "qemu-system-arm", board);
}

static Machine riscv32(const std::string &isa) {
  // Without what the target does not have, so that using it is a trap.
  std::string cpu = "rv32,f=false,d=false,zba=false,zbb=false,zbc=false,"
                    "zbs=false,a=" +
                    std::string(isa == "imac" ? "true" : "false");
  return firmware(
      "riscv32" + isa,
      {"--target=riscv32-none-elf", "-march=rv32" + isa, "-mabi=ilp32"},
      "riscv-virt.ld", "qemu-system-riscv32",
      {"virt", "-bios", "none", "-cpu", cpu});
}

static Machine webAssembly(std::string target, const Words &options) {
  return {std::move(target),
          Words{"clang-19", "--target=wasm32"} + options +
              Words{"-O1", "-ffreestanding", "-nostdlib", "-Wl,--no-entry",
                    "-Wl,--export=main", "-Wl,--export-memory",
                    "-Wl,--allow-undefined", "-Wl,--stack-first",
                    "-Wl,-z,stack-size=1048576"},
          {},
          {"node", "@run_wasm.js"}};
}

/// Emulated processors have the features of their target and, where QEMU lets
/// one choose, no others.
static ArrayRef<Machine> machines() {
  const std::string arm64 = "aarch64-linux-gnu-gcc";
  const std::string riscv64 = "riscv64-linux-gnu-gcc";
  const std::string plain = "rv64,zba=false,zbb=false,zbc=false,zbs=false";
  static const Machine all[] = {
      linuxMachine("aarch64", arm64, {"qemu-aarch64", "-cpu", "cortex-a53"}),
      linuxMachine("aarch64-dotprod", arm64,
                   {"qemu-aarch64", "-cpu", "cortex-a76"}),
      linuxMachine("aarch64-i8mm", arm64, {"qemu-aarch64", "-cpu", "max"}),
      linuxMachine("aarch64-bf16", arm64, {"qemu-aarch64", "-cpu", "max"}),
      linuxMachine("cortex-a7", "arm-linux-gnueabihf-gcc",
                   {"qemu-arm", "-cpu", "cortex-a7"}),
      linuxMachine("riscv64gc", riscv64, {"qemu-riscv64", "-cpu", plain}),
      linuxMachine(
          "riscv64gcv", riscv64,
          {"qemu-riscv64", "-cpu", plain + ",v=true,vlen=128,vext_spec=v1.0"}),
      cortexM("cortex-m0plus", "thumbv6m-none-eabi",
              {"microbit", "-global", "nrf51-soc.flash-size=16777216",
               "-global", "nrf51-soc.sram-size=33554432"}),
      cortexM("cortex-m3", "thumbv7m-none-eabi", {"mps2-an385"}),
      cortexM("cortex-m4", "thumbv7em-none-eabihf", {"mps2-an386"}),
      cortexM("cortex-m7", "thumbv7em-none-eabihf", {"mps2-an500"}),
      cortexM("cortex-m33", "thumbv8m.main-none-eabihf", {"mps2-an505"}),
      cortexM("cortex-m55", "thumbv8.1m.main-none-eabihf", {"mps3-an547"}),
      riscv32("imc"),
      riscv32("imac"),
      webAssembly("wasm32", {"-mcpu=mvp"}),
      webAssembly("wasm32-simd128", {"-mcpu=mvp", "-msimd128"}),
  };
  return all;
}

Expected<Machine> nncc::run::machineFor(StringRef target) {
  for (const Machine &machine : machines())
    if (machine.target == target)
      return machine;
  return createStringError("there is no emulated machine for target '" +
                           target.str() + "'");
}

/// The emulator and those of its options that say what it emulates.
static std::string describe(const Machine &machine) {
  std::string text;
  for (const std::string &word : machine.run) {
    if (word == "-display")
      break;
    if (word != "-machine" && word[0] != '@')
      text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

std::string nncc::run::placeOf(StringRef name) {
  const std::string absent = "not here, ";
  Expected<nncc::TargetInfo> target = nncc::lookupTarget(name);
  if (!target)
    return absent + toString(target.takeError());
  Triple triple(target->triple);
  if (triple.getArch() == Triple(sys::getProcessTriple()).getArch()) {
    std::string missing = nncc::missingOnHost(*target);
    return missing.empty() ? "here"
                           : absent + "this processor has no " + missing;
  }
  Expected<Machine> machine = machineFor(name);
  if (!machine)
    return absent + toString(machine.takeError());
  std::vector<std::string> programs = {machine->link[0], machine->run[0]};
  if (!target->hosted) // clang's linker
    programs.push_back(triple.isWasm() ? "wasm-ld-19" : "ld.lld-19");
  for (const std::string &program : programs)
    if (!sys::findProgramByName(program))
      return absent + program + " is not installed";
  return describe(*machine);
}
