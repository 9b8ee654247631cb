//===- CoupleProbabilitiesKernel.cpp - pairwise coupling of probabilities -----===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A unit of work is one row:
//
//   p = 1/k
//   for (sweep = 0; sweep < 100; ++sweep) {
//     g = Q p,  e = p . g
//     if (max |g - e| < 0.005/k) break
//     for i: d = (e - g_i) / Q_ii
//            e = (e + d (d Q_ii + 2 g_i)) / (1 + d)^2
//            g = (g + d Q_i) / (1 + d)
//            p_i += d,  p = p / (1 + d)
//   }
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ScalarCode.h"
#include "lib/Codegen/WholeTensorKernel.h"
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace nncc;

namespace {
constexpr int64_t mostSweeps = 100;

class ProbabilityCoupler {
public:
  ProbabilityCoupler(nnc::CoupleProbabilitiesOp op, Location loc, const KernelBuffers &buffers)
      : loc(loc), classes(nnc::typeOf(op.getForms()).getDimSize(1)), forms(buffers.operands[0]),
        probabilities(buffers.results[0]), gradients(buffers.scratch[0]) {}

  void emitRow(OpBuilder &b, Value number) {
    row = number;
    emitLoop(b, loc, classes, [&](OpBuilder &inside, Value i) {
      storeAt(inside, real(inside, 1.0 / classes), probabilities, i);
    });
    auto index = [&](OpBuilder &at, int64_t i) -> Value {
      return at.create<arith::ConstantIndexOp>(loc, i);
    };
    // (sweep), then (sweep, p . Q p)
    b.create<scf::WhileOp>(
        loc, TypeRange{b.getIndexType(), b.getF32Type()}, index(b, 0),
        [&](OpBuilder &before, Location, ValueRange sweep) {
          Value energy = computeGradients(before);
          Value goesOn = before.create<arith::AndIOp>(
              loc,
              before.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, sweep[0],
                                           index(before, mostSweeps)),
              isFar(before, energy));
          before.create<scf::ConditionOp>(loc, goesOn, ValueRange{sweep[0], energy});
        },
        [&](OpBuilder &after, Location, ValueRange at) {
          improve(after, at[1]);
          Value next = after.create<arith::AddIOp>(loc, at[0], index(after, 1));
          after.create<scf::YieldOp>(loc, next);
        });
  }

private:
  Value real(OpBuilder &b, double value) {
    return nnc::ScalarCode(b, loc, b.getF32Type()).constant(value);
  }
  Value add(OpBuilder &b, Value x, Value y) { return b.create<arith::AddFOp>(loc, x, y); }
  Value sub(OpBuilder &b, Value x, Value y) { return b.create<arith::SubFOp>(loc, x, y); }
  Value mul(OpBuilder &b, Value x, Value y) { return b.create<arith::MulFOp>(loc, x, y); }
  Value div(OpBuilder &b, Value x, Value y) { return b.create<arith::DivFOp>(loc, x, y); }

  Value loadAt(OpBuilder &b, Value vectors, Value i) {
    return b.create<memref::LoadOp>(loc, vectors, ValueRange{row, i});
  }
  void storeAt(OpBuilder &b, Value value, Value vectors, Value i) {
    b.create<memref::StoreOp>(loc, value, vectors, ValueRange{row, i});
  }
  Value form(OpBuilder &b, Value i, Value j) {
    return b.create<memref::LoadOp>(loc, forms, ValueRange{row, i, j});
  }

  /// The last of `next(i, value)` over all classes, beginning with `first`.
  Value accumulate(OpBuilder &b, Value first,
                   llvm::function_ref<Value(OpBuilder &, Value, Value)> next) {
    auto index = [&](int64_t i) -> Value { return b.create<arith::ConstantIndexOp>(loc, i); };
    auto loop = b.create<scf::ForOp>(loc, index(0), index(classes), index(1), first);
    OpBuilder inside = OpBuilder::atBlockBegin(loop.getBody());
    Value value = next(inside, loop.getInductionVar(), loop.getRegionIterArg(0));
    inside.create<scf::YieldOp>(loc, value);
    return loop.getResult(0);
  }

  /// Stores Q p and returns p . Q p.
  Value computeGradients(OpBuilder &b) {
    return accumulate(b, real(b, 0), [&](OpBuilder &outer, Value i, Value energy) {
      Value gradient =
          accumulate(outer, real(outer, 0), [&](OpBuilder &inner, Value j, Value sum) {
            Value addend = mul(inner, form(inner, i, j), loadAt(inner, probabilities, j));
            return add(inner, sum, addend);
          });
      storeAt(outer, gradient, gradients, i);
      return add(outer, energy, mul(outer, loadAt(outer, probabilities, i), gradient));
    });
  }

  /// False if all of Q p are near `energy`; NaN is far.
  Value isFar(OpBuilder &b, Value energy) {
    Value error = accumulate(b, real(b, 0), [&](OpBuilder &inside, Value i, Value most) {
      nnc::ScalarCode code(inside, loc, inside.getF32Type());
      return code.max(most, code.abs(sub(inside, loadAt(inside, gradients, i), energy)));
    });
    nnc::ScalarCode code(b, loc, b.getF32Type());
    return code.bitNot(code.less(error, real(b, 0.005 / classes)));
  }

  /// One sweep over the classes.
  void improve(OpBuilder &b, Value energy) {
    accumulate(b, energy, [&](OpBuilder &inside, Value i, Value before) {
      Value gradient = loadAt(inside, gradients, i), curvature = form(inside, i, i);
      Value step = div(inside, sub(inside, before, gradient), curvature);
      Value sum = add(inside, real(inside, 1), step);
      storeAt(inside, add(inside, loadAt(inside, probabilities, i), step), probabilities, i);
      Value slope = add(inside, mul(inside, step, curvature), add(inside, gradient, gradient));
      Value after = div(
          inside, div(inside, add(inside, before, mul(inside, step, slope)), sum), sum);
      emitLoop(inside, loc, classes, [&](OpBuilder &each, Value j) {
        Value change = mul(each, step, form(each, i, j));
        storeAt(each, div(each, add(each, loadAt(each, gradients, j), change), sum), gradients, j);
        storeAt(each, div(each, loadAt(each, probabilities, j), sum), probabilities, j);
      });
      return after;
    });
  }

  Location loc;
  int64_t classes;
  Value forms, probabilities, gradients, row;
};
} // namespace

WholeTensorKernel nncc::coupleProbabilitiesKernel(nnc::CoupleProbabilitiesOp op) {
  RankedTensorType type = nnc::typeOf(op.getProbabilities());
  WholeTensorKernel kernel;
  kernel.work = type.getDimSize(0);
  kernel.scratch.push_back(type);
  kernel.emit = [op](OpBuilder &b, Location loc, const KernelBuffers &buffers) {
    emitUnits(b, loc, buffers, [&](OpBuilder &inside, Value row) {
      ProbabilityCoupler(op, loc, buffers).emitRow(inside, row);
    });
  };
  return kernel;
}
