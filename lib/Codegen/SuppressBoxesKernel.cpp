//===- SuppressBoxesKernel.cpp - greedy non-maximum suppression -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A unit of work is one class of one image. Its boxes come in the order of
// their scores; each is compared with those selected so far, until the scores
// are too small or there are enough.
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ScalarCode.h"
#include "lib/Codegen/WholeTensorKernel.h"
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace nncc;

namespace {
/// A box by its sides; extents of width and height are not negative.
struct Box {
  Value low[2], high[2];
};

class BoxSuppressor {
public:
  BoxSuppressor(nnc::SuppressBoxesOp op, Location loc, const KernelBuffers &buffers)
      : loc(loc), count(nnc::typeOf(op.getBoxes()).getDimSize(1)),
        classes(nnc::typeOf(op.getScores()).getDimSize(1)), limit(op.getLimit()),
        centered(op.getCentered()), boxes(buffers.operands[0]), scores(buffers.operands[1]),
        order(buffers.operands[2]), overlap(buffers.operands[3]),
        minimum(buffers.operands.size() > 4 ? buffers.operands[4] : Value()),
        selected(buffers.results[0]) {}

  void emitUnit(OpBuilder &b, Value unit) {
    image = b.create<arith::DivUIOp>(loc, unit, at(b, classes));
    group = b.create<arith::RemUIOp>(loc, unit, at(b, classes));
    Type index = b.getIndexType();
    // (next, number of selected ones)
    auto loop = b.create<scf::WhileOp>(
        loc, TypeRange{index, index}, ValueRange{at(b, 0), at(b, 0)},
        [&](OpBuilder &before, Location, ValueRange at) { emitCondition(before, at); },
        [&](OpBuilder &after, Location, ValueRange at) { emitCandidate(after, at[0], at[1]); });
    fillRest(b, loop.getResult(1));
  }

private:
  Value at(OpBuilder &b, int64_t i) { return b.create<arith::ConstantIndexOp>(loc, i); }
  Value next(OpBuilder &b, Value i) { return b.create<arith::AddIOp>(loc, i, at(b, 1)); }
  Value isBelow(OpBuilder &b, Value i, int64_t end) {
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, i, at(b, end));
  }

  /// More boxes, room for them, and a score that is large enough.
  void emitCondition(OpBuilder &b, ValueRange at) {
    Value goesOn = b.create<arith::AndIOp>(loc, isBelow(b, at[0], count), isBelow(b, at[1], limit));
    if (minimum) {
      auto branch = b.create<scf::IfOp>(
          loc, goesOn,
          [&](OpBuilder &then, Location) {
            Value score = then.create<memref::LoadOp>(loc, scores, ValueRange{image, group, at[0]});
            Value bound = then.create<memref::LoadOp>(loc, minimum);
            Value above = then.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGT, score, bound);
            then.create<scf::YieldOp>(loc, above);
          },
          [&](OpBuilder &otherwise, Location) { otherwise.create<scf::YieldOp>(loc, goesOn); });
      goesOn = branch.getResult(0);
    }
    b.create<scf::ConditionOp>(loc, goesOn, at);
  }

  /// Selects the box at position `i` unless one of the `number` selected ones
  /// suppresses it.
  void emitCandidate(OpBuilder &b, Value i, Value number) {
    Value box = b.create<memref::LoadOp>(loc, order, ValueRange{image, group, i});
    Box candidate = loadBox(b, box);
    Type index = b.getIndexType();
    auto search = b.create<scf::WhileOp>(
        loc, index, at(b, 0),
        [&](OpBuilder &before, Location, ValueRange k) {
          Value exists = before.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, k[0], number);
          auto branch = before.create<scf::IfOp>(
              loc, exists,
              [&](OpBuilder &then, Location) {
                Value other =
                    then.create<memref::LoadOp>(loc, selected, ValueRange{image, group, k[0]});
                then.create<scf::YieldOp>(loc, isApart(then, candidate, loadBox(then, other)));
              },
              [&](OpBuilder &otherwise, Location) { otherwise.create<scf::YieldOp>(loc, exists); });
          before.create<scf::ConditionOp>(loc, branch.getResult(0), k);
        },
        [&](OpBuilder &after, Location, ValueRange k) {
          after.create<scf::YieldOp>(loc, next(after, k[0]));
        });
    Value survives =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, search.getResult(0), number);
    auto branch = b.create<scf::IfOp>(loc, survives, /*withElseRegion=*/false);
    OpBuilder then = branch.getThenBodyBuilder();
    then.create<memref::StoreOp>(loc, box, selected, ValueRange{image, group, number});
    Value more = b.create<arith::SelectOp>(loc, survives, next(b, number), number);
    b.create<scf::YieldOp>(loc, ValueRange{next(b, i), more});
  }

  /// The sides of the box with the number `box`, an i64.
  Box loadBox(OpBuilder &b, Value box) {
    Value row = b.create<arith::IndexCastOp>(loc, b.getIndexType(), box);
    auto side = [&](int64_t k) -> Value {
      return b.create<memref::LoadOp>(loc, boxes, ValueRange{image, row, at(b, k)});
    };
    nnc::ScalarCode code(b, loc, b.getF32Type());
    Box result;
    for (int64_t d : {0, 1}) {
      Value first = side(d), second = side(d + 2);
      if (centered) {
        Value half = b.create<arith::MulFOp>(loc, second, code.constant(0.5));
        result.low[d] = b.create<arith::SubFOp>(loc, first, half);
        result.high[d] = b.create<arith::AddFOp>(loc, first, half);
      } else {
        result.low[d] = code.min(first, second);
        result.high[d] = code.max(first, second);
      }
    }
    return result;
  }

  Value area(OpBuilder &b, const Box &box) {
    Value height = b.create<arith::SubFOp>(loc, box.high[0], box.low[0]);
    return b.create<arith::MulFOp>(loc, height,
                                   b.create<arith::SubFOp>(loc, box.high[1], box.low[1]));
  }

  /// False if the overlap of two boxes is larger than the bound. Boxes without
  /// area overlap with nothing.
  Value isApart(OpBuilder &b, const Box &x, const Box &y) {
    nnc::ScalarCode code(b, loc, b.getF32Type());
    Value zero = code.constant(0);
    Box both;
    for (int64_t d : {0, 1}) {
      both.low[d] = code.max(x.low[d], y.low[d]);
      both.high[d] = code.max(code.min(x.high[d], y.high[d]), both.low[d]);
    }
    Value shared = area(b, both);
    Value sum = b.create<arith::AddFOp>(loc, area(b, x), area(b, y));
    Value all = b.create<arith::SubFOp>(loc, sum, shared);
    auto positive = [&](Value value) { return code.less(zero, value); };
    Value ratio = b.create<arith::DivFOp>(loc, shared, all);
    Value bound = b.create<memref::LoadOp>(loc, overlap);
    Value overlaps =
        b.create<arith::AndIOp>(loc, b.create<arith::AndIOp>(loc, positive(shared), positive(all)),
                                code.less(bound, ratio));
    return code.bitNot(overlaps);
  }

  void fillRest(OpBuilder &b, Value number) {
    auto loop = b.create<scf::ForOp>(loc, number, at(b, limit), at(b, 1));
    OpBuilder inside = OpBuilder::atBlockTerminator(loop.getBody());
    Value none = inside.create<arith::ConstantIntOp>(loc, -1, 64);
    inside.create<memref::StoreOp>(loc, none, selected,
                                   ValueRange{image, group, loop.getInductionVar()});
  }

  Location loc;
  int64_t count, classes, limit;
  bool centered;
  Value boxes, scores, order, overlap, minimum, selected, image, group;
};
} // namespace

WholeTensorKernel nncc::suppressBoxesKernel(nnc::SuppressBoxesOp op) {
  ArrayRef<int64_t> shape = nnc::typeOf(op.getSelected()).getShape();
  WholeTensorKernel kernel;
  kernel.work = shape[0] * shape[1];
  kernel.emit = [op](OpBuilder &b, Location loc, const KernelBuffers &buffers) {
    emitUnits(b, loc, buffers, [&](OpBuilder &inside, Value unit) {
      BoxSuppressor(op, loc, buffers).emitUnit(inside, unit);
    });
  };
  return kernel;
}
