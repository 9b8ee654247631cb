//===- BufferLiveness.h - buffers of a launch program --------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_MEMORY_BUFFERLIVENESS_H
#define LIB_MEMORY_BUFFERLIVENESS_H

#include "dialects/Nnc/IR/NncDialect.h"
#include "nncc/Memory.h"
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/SymbolTable.h>

namespace nncc {

/// The storage of @main: which buffer every tensor value lives in and when.
/// Time is counted in launches; the border fill of a buffer belongs to the step
/// of the kernel that writes its interior.
struct BufferLiveness {
  enum class Kind { Arena, Input, Output, Constant };
  struct Buffer {
    Kind kind = Kind::Arena;
    unsigned number = 0;       ///< of the input or output
    nnc::ConstantOp constant;  ///< of a constant
    mlir::RankedTensorType type;
    uint64_t logicalBytes = 0; ///< without halos and padded lanes
    unsigned writers = 0;      ///< launches that write a part of it
    int64_t begin = -1, end = -1;
    std::string name;
  };

  explicit BufferLiveness(mlir::func::FuncOp main);

  std::vector<Buffer> buffers;
  llvm::DenseMap<mlir::Value, unsigned> bufferOf;

  /// Buffers of i32 that are zero after a run if the inputs were sound.
  llvm::SmallVector<unsigned> statuses;

  /// Inputs and outputs have a slot in the arena, too: the caller may leave them
  /// there. Everything but constants is thus planned.
  bool isPlanned(unsigned buffer) const {
    return buffers[buffer].kind != Kind::Constant;
  }
  /// Pairs (input, output) of buffers of which a kernel may work in place.
  llvm::SmallVector<std::pair<unsigned, unsigned>> inPlacePairs;

private:
  void visit(nnc::LaunchOp launch, const mlir::SymbolTable &kernels);
  unsigned add(mlir::Value value, Kind kind);
  int64_t step = 0;
};

/// Bytes of a tensor's elements, each rounded up to whole bytes.
uint64_t byteSize(mlir::ShapedType type);

} // namespace nncc

#endif // LIB_MEMORY_BUFFERLIVENESS_H
