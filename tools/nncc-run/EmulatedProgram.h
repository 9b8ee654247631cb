//===- EmulatedProgram.h - objects for other machines, under QEMU *- C++
//-*-===//
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
/// the outputs to files, all in `folder`, and runs it under QEMU. The header
/// that belongs to the object is expected beside it.
llvm::Error runEmulated(llvm::StringRef object, llvm::StringRef folder,
                        const ModelInfo &info, const std::vector<Array> &inputs,
                        std::vector<Array> &outputs, unsigned threads);

} // namespace nncc::run

#endif // TOOLS_NNCC_RUN_EMULATEDPROGRAM_H
