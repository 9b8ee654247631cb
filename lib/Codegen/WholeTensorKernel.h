//===- WholeTensorKernel.h - kernels that are no loop nests --------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CODEGEN_WHOLETENSORKERNEL_H
#define LIB_CODEGEN_WHOLETENSORKERNEL_H

#include "dialects/Nnc/IR/NncDialect.h"
#include <functional>

namespace nncc {

/// The row-major memrefs of a kernel and its share of the work.
struct KernelBuffers {
  llvm::SmallVector<mlir::Value> operands, results, scratch;
  mlir::Value lo, hi;
};

/// The kernel of an operation with the trait WholeTensors: sorting, scattering,
/// what has no nest. One C++ file per operation makes one of these.
struct WholeTensorKernel {
  /// Units that threads share; they write different elements.
  int64_t work = 1;
  llvm::SmallVector<mlir::RankedTensorType> scratch;
  /// The operand whose buffer the first result may share.
  std::optional<unsigned> inPlace;
  /// Emits the units lo..hi.
  std::function<void(mlir::OpBuilder &, mlir::Location, const KernelBuffers &)> emit;
};

WholeTensorKernel coupleProbabilitiesKernel(nnc::CoupleProbabilitiesOp op);
WholeTensorKernel scatterKernel(nnc::ScatterOp op);
WholeTensorKernel suppressBoxesKernel(nnc::SuppressBoxesOp op);
WholeTensorKernel topKKernel(nnc::TopKOp op);
WholeTensorKernel walkTreesKernel(nnc::WalkTreesOp op);

/// The operation of `group` if its kernel is no nest, else null.
mlir::Operation *wholeTensorOp(nnc::GroupOp group);
WholeTensorKernel wholeTensorKernel(mlir::Operation *op);

/// for (unit = lo; unit < hi; ++unit) body(b, unit)
void emitUnits(mlir::OpBuilder &b, mlir::Location loc, const KernelBuffers &buffers,
               llvm::function_ref<void(mlir::OpBuilder &, mlir::Value)> body);
/// for (i = 0; i < count; ++i) body(b, i)
void emitLoop(mlir::OpBuilder &b, mlir::Location loc, int64_t count,
              llvm::function_ref<void(mlir::OpBuilder &, mlir::Value)> body);
/// The same for every index of `shape`.
void emitLoops(mlir::OpBuilder &b, mlir::Location loc, llvm::ArrayRef<int64_t> shape,
               llvm::function_ref<void(mlir::OpBuilder &, mlir::ValueRange)> body);

} // namespace nncc

#endif // LIB_CODEGEN_WHOLETENSORKERNEL_H
