//===- Passes.h - the passes of the llvm stage ------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_PASSES_H
#define LIB_EMIT_PASSES_H

#include <mlir/Pass/Pass.h>

namespace nncc::emit {

#define GEN_PASS_DECL
#include "lib/Emit/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "lib/Emit/Passes.h.inc"

} // namespace nncc::emit

#endif // LIB_EMIT_PASSES_H
