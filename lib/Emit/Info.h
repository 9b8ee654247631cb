//===- Info.h - the facts that an object carries ----------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_INFO_H
#define LIB_EMIT_INFO_H

#include "lib/Emit/Interface.h"
#include "nncc/Target.h"
#include <string>

namespace nncc::emit {

/// The JSON text of the section `.nncc.info`, ended by a newline: what
/// `nncc inspect` prints. The same module always gives the same text.
std::string moduleInfo(mlir::ModuleOp module, const ModelInterface &interface,
                       const TargetInfo &target);

} // namespace nncc::emit

#endif // LIB_EMIT_INFO_H
