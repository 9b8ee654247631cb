//===- EmulatedProgram.h - objects for other machines, emulated -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_NNCC_RUN_EMULATEDPROGRAM_H
#define TOOLS_NNCC_RUN_EMULATEDPROGRAM_H

#include "nncc/Run.h"

namespace nncc::run {

/// Links `object` with a C program that reads the inputs from files and writes
/// the outputs to files, all in `folder`, and runs it in an emulator. The header
/// that belongs to the object is expected beside it.
llvm::Error runEmulated(llvm::StringRef object, llvm::StringRef folder,
                        const ModelInfo &info, const std::vector<Array> &inputs,
                        std::vector<Array> &outputs, unsigned threads);

/// Links `objects` with the C program `source`, runs it in the emulator for
/// `info` and returns what it printed. It finds the header of each object,
/// semihosting.h (without an operating system) and nncc_rt.h (with one).
llvm::Expected<std::string> runProgram(llvm::StringRef source,
                                       llvm::ArrayRef<std::string> objects,
                                       llvm::StringRef folder,
                                       const ModelInfo &info);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_EMULATEDPROGRAM_H
