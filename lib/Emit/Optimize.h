//===- Optimize.h - LLVM's part of the work ---------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_OPTIMIZE_H
#define LIB_EMIT_OPTIMIZE_H

#include <functional>
#include <llvm/IR/Module.h>
#include <llvm/Support/CodeGen.h>
#include <llvm/Target/TargetMachine.h>

namespace nncc::emit {

/// Cleans `module` up for the code generator. Kernels arrive tiled, vectorized
/// and unrolled as planned: nothing here changes the shape of a loop, and no
/// loop becomes a call.
void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine,
                    bool forSize);

/// Appends the object file or assembly of `module` to `bytes`; the module is
/// used up. `progress`, if set, hears before each function k of n.
llvm::Error
generateCode(llvm::Module &module, llvm::TargetMachine &machine,
             llvm::CodeGenFileType type, llvm::SmallVectorImpl<char> &bytes,
             const std::function<void(unsigned k, unsigned n)> &progress = {});

} // namespace nncc::emit

#endif // LIB_EMIT_OPTIMIZE_H
