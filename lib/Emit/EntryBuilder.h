//===- EntryBuilder.h - the functions around the kernels --------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_ENTRYBUILDER_H
#define LIB_EMIT_ENTRYBUILDER_H

#include "lib/Emit/Interface.h"
#include "nncc/Target.h"
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/IR/ImplicitLocOpBuilder.h>

namespace nncc::emit {

/// Pointers that the entry hands to the body, in a struct on its stack: inputs,
/// outputs, arena and, on hosted targets, the caller's `parallel`.
class EntryBuilder {
public:
  EntryBuilder(mlir::ModuleOp module, const ModelInterface &interface,
               const TargetInfo &target);

  /// `<model>_barrier(frame, tid, n)`: waits for the other threads, if any.
  mlir::func::FuncOp buildBarrier();
  /// The C function that checks the I/O struct and calls `body`.
  mlir::func::FuncOp buildRun(mlir::func::FuncOp body);

  /// Loads frame member `i` in a function whose first argument is the frame.
  mlir::Value loadFrame(mlir::Value frame, unsigned i);

  unsigned arenaMember() const { return numTensors(); }
  unsigned parallelMember() const { return numTensors() + 1; }
  unsigned numTensors() const {
    return interface.inputs.size() + interface.outputs.size();
  }

  mlir::ImplicitLocOpBuilder b;
  mlir::LLVM::LLVMPointerType ptr;

private:
  mlir::Value loadMember(mlir::Value base, mlir::Type structType, unsigned i);
  mlir::Value isNull(mlir::Value pointer);
  mlir::Value addressBits(mlir::Value pointer, uint64_t alignment);
  /// Returns `code` from the entry if `condition` holds, else continues.
  void rejectIf(mlir::Value condition, ReturnCode code);
  mlir::Value resolveTensor(mlir::Value io, mlir::Value arena, unsigned i);
  mlir::Value buildFrame(mlir::Value io, mlir::Value arena);
  void callBody(mlir::func::FuncOp body, mlir::Value io, mlir::Value frame);
  void finish(mlir::Value arena);
  const TensorInfo &tensor(unsigned i) const;

  mlir::ModuleOp module;
  const ModelInterface &interface;
  const TargetInfo &target;
  mlir::Type ioStruct, frameStruct, parallelStruct;
  mlir::Block *exit = nullptr; ///< of the entry: returns its argument
};

} // namespace nncc::emit

#endif // LIB_EMIT_ENTRYBUILDER_H
