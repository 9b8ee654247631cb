//===- Machine.h - where programs for a target run --------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_MACHINE_H
#define TOOLS_NNCC_RUN_MACHINE_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/Support/Error.h>
#include <string>
#include <vector>

namespace nncc::run {

/// How programs for a target are linked and run on this machine. A word that
/// starts with @ names a support file (SupportFiles.h).
struct Machine {
  std::string target;            ///< as -target= spells it
  std::vector<std::string> link; ///< sources, objects, -o, the program follow
  std::vector<std::string> sources; ///< support files in every program
  std::vector<std::string> run;     ///< the program follows
};

/// The machine of a target; an error if there is none.
llvm::Expected<Machine> machineFor(llvm::StringRef target);

/// Where programs for `target` run: "here", the emulator and its options, or
/// "not here" and why not (a tool that is not installed, an instruction that
/// this processor lacks).
std::string placeOf(llvm::StringRef target);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_MACHINE_H
