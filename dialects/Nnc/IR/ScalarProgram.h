//===- ScalarProgram.h - elementwise operations at compile time ---*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_SCALARPROGRAM_H
#define DIALECTS_NNC_IR_SCALARPROGRAM_H

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/IR/ScalarKernels.h"
#include <mlir/Dialect/Arith/IR/Arith.h>

namespace nncc::nnc {

/// Runs the scalar code of an elementwise operation on the compiler's machine:
/// what emitScalar emits, operation by operation in its own type, so that a
/// folded value is what a kernel computes. (Transcendental functions are the
/// host's, rounded once: kernels may be some units in the last place away.)
class ScalarProgram {
public:
  /// Elements that run at once.
  static constexpr int64_t chunk = 256;

  /// Nothing if the code holds an operation that has no interpretation.
  static std::optional<ScalarProgram> compile(ScalarSemantics op);

  /// Where the elements of operand `i` go.
  Lane *argument(unsigned i) { return &registers[i * chunk]; }
  /// Computes the first `count` elements and returns the results.
  const Lane *run(int64_t count);

private:
  struct Step {
    LaneKernel kernel;
    unsigned out, in[3]; ///< registers
    unsigned width;
  };

  bool add(mlir::Operation &op);
  bool addConstant(mlir::arith::ConstantOp constant);
  unsigned newRegister();

  llvm::DenseMap<mlir::Value, unsigned> numbers;
  std::vector<Step> steps;
  std::vector<Lane> registers;
  unsigned result = 0;
};

/// Elements of `data` at `positions` in row-major order.
void readLanes(const ConstantData &data, llvm::ArrayRef<int64_t> positions,
               Lane *out);
/// Rounds lanes to elements of type `element` and appends their bytes.
void writeLanes(mlir::Type element, const Lane *lanes, int64_t count,
                char *out);

} // namespace nncc::nnc

#endif // DIALECTS_NNC_IR_SCALARPROGRAM_H
