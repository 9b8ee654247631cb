//===- FoldConstants.cpp - compute what is known at compile time
//------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %s = nnc.constant dense<[1.0, 2.0]> : tensor<2xf32>
//   %t = nnc.constant dense<4.0> : tensor<2xf32>
//   %0 = nnc.mul %s, %t
//     ->
//   %0 = nnc.constant dense<[4.0, 8.0]> : tensor<2xf32>
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/Transforms/EvaluateMoves.h"
#include "dialects/Nnc/Transforms/Passes.h"
#include <cmath>
#include <llvm/ADT/TypeSwitch.h>
#include <mlir/IR/PatternMatch.h>
#include <numeric>

namespace nncc::nnc {
#define GEN_PASS_DEF_FOLDCONSTANTS
#include "dialects/Nnc/Transforms/Passes.h.inc"
} // namespace nncc::nnc

using namespace mlir;
using namespace nncc::nnc;

/// Larger results must not outgrow what they are made from.
static constexpr int64_t kGrowthFreeBytes = 64 << 10;
/// Multiplications spent on one matrix product of constants.
static constexpr int64_t kMaxProducts = int64_t(1) << 28;

//===----------------------------------------------------------------------===//
// Walking tensors
//===----------------------------------------------------------------------===//

using Strides = SmallVector<int64_t>;

static Strides rowMajorStrides(ArrayRef<int64_t> shape) {
  Strides strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;)
    strides[i - 1] = strides[i] * shape[i];
  return strides;
}

/// Strides that read `from` under the indices of the shape it broadcasts to.
static Strides broadcastStrides(ArrayRef<int64_t> from, size_t rank) {
  Strides own = rowMajorStrides(from), strides(rank, 0);
  for (size_t i = 0; i < from.size(); ++i)
    if (from[i] != 1)
      strides[rank - from.size() + i] = own[i];
  return strides;
}

/// Calls `visit(i, positions)` for every element `i` of `shape` in row-major
/// order, where positions[k] is the sum of index * strides[k].
template <typename Visit>
static void walk(ArrayRef<int64_t> shape, ArrayRef<Strides> strides,
                 Visit visit) {
  SmallVector<int64_t> index(shape.size(), 0), positions(strides.size(), 0);
  int64_t count = std::accumulate(shape.begin(), shape.end(), int64_t(1),
                                  std::multiplies<>());
  for (int64_t i = 0; i < count; ++i) {
    visit(i, ArrayRef<int64_t>(positions));
    for (size_t d = shape.size(); d-- > 0;) {
      bool wraps = ++index[d] == shape[d];
      for (size_t k = 0; k < strides.size(); ++k)
        positions[k] += strides[k][d] * (wraps ? 1 - shape[d] : 1);
      if (!wraps)
        break;
      index[d] = 0;
    }
  }
}

/// The elements of `from` in the order in which `strides` visit them.
static ElementsAttr gather(const ConstantData &from, RankedTensorType type,
                           const Strides &strides) {
  if (from.isSplat())
    return makeConstant(type, from.bytes());
  size_t bytes = storedBytes(type.getElementType());
  std::vector<char> data(type.getNumElements() * bytes);
  walk(type.getShape(), strides, [&](int64_t i, ArrayRef<int64_t> at) {
    std::memcpy(&data[i * bytes], from.bytes().data() + at[0] * bytes, bytes);
  });
  return makeConstant(type, ArrayRef<char>(data));
}

//===----------------------------------------------------------------------===//
// One evaluation per kind of operation; null leaves it to run time
//===----------------------------------------------------------------------===//

/// Integers above this are not exact in f64, in which scalars are folded.
static constexpr double kExactIntegers = 9007199254740992.0;

/// Brings the folded scalar of an integer type to what the hardware computes,
/// or fails where f64 cannot tell (overflow, division by zero).
static bool fitInteger(Operation *op, IntegerType type, double &value) {
  if (isa<DivOp>(op))
    value = std::trunc(value);
  double limit = std::ldexp(1.0, type.isUnsigned() ? type.getWidth()
                                                   : type.getWidth() - 1);
  return std::abs(value) <= kExactIntegers && value < limit &&
         value >= (type.isUnsigned() ? 0 : -limit) &&
         value == std::trunc(value);
}

static ElementsAttr evaluateElementwise(Operation *op,
                                        ArrayRef<ConstantData> operands) {
  auto scalar = cast<ScalarSemantics>(op);
  RankedTensorType type = typeOf(op->getResult(0));
  Type element = type.getElementType();
  auto integer = dyn_cast<IntegerType>(element);
  if (integer && !isa<AddOp, SubOp, MulOp, DivOp, MaxOp, MinOp, ReluOp>(op))
    return nullptr;

  bool sound = true;
  SmallVector<double> args(operands.size());
  auto evaluate = [&](ArrayRef<int64_t> at) {
    for (size_t k = 0; k < operands.size(); ++k) {
      args[k] = operands[k].at(at[k]);
      sound &= !integer || std::abs(args[k]) <= kExactIntegers;
    }
    double value = scalar.foldScalar(args);
    sound &= !integer || fitInteger(op, integer, value);
    return sound ? value : 0;
  };
  if (llvm::all_of(operands,
                   [](const ConstantData &c) { return c.isSplat(); })) {
    double value = evaluate(SmallVector<int64_t>(operands.size(), 0));
    return sound ? makeSplat(type, value) : ElementsAttr();
  }
  SmallVector<Strides> strides;
  for (const ConstantData &operand : operands)
    strides.push_back(
        broadcastStrides(operand.getType().getShape(), type.getRank()));
  size_t bytes = storedBytes(element);
  std::vector<char> data(type.getNumElements() * bytes);
  walk(type.getShape(), strides, [&](int64_t i, ArrayRef<int64_t> at) {
    storeElement(element, evaluate(at), &data[i * bytes]);
  });
  return sound ? makeConstant(type, ArrayRef<char>(data)) : ElementsAttr();
}

static ElementsAttr evaluateTranspose(TransposeOp op,
                                      const ConstantData &input) {
  Strides own = rowMajorStrides(input.getType().getShape()), strides;
  for (int64_t dim : op.getPermutation())
    strides.push_back(own[dim]);
  return gather(input, typeOf(op), strides);
}

static ElementsAttr evaluateBroadcast(BroadcastOp op,
                                      const ConstantData &input) {
  return gather(
      input, typeOf(op),
      broadcastStrides(input.getType().getShape(), typeOf(op).getRank()));
}

static ElementsAttr evaluatePad(PadOp op, const ConstantData &input) {
  RankedTensorType type = typeOf(op);
  ArrayRef<int64_t> from = input.getType().getShape(), begin = op.getPadBegin();
  Type element = type.getElementType();
  double value = op.getValue().convertToDouble();
  if (input.isSplat() && input.size() && input.at(0) == value)
    return makeSplat(type, value);
  size_t bytes = storedBytes(element);
  char border[8];
  storeElement(element, value, border);
  std::vector<char> data(type.getNumElements() * bytes);
  // One stride per dimension makes the positions the index itself.
  SmallVector<Strides> axes;
  for (int64_t d = 0; d < type.getRank(); ++d) {
    axes.emplace_back(type.getRank(), 0);
    axes.back()[d] = 1;
  }
  Strides strides = rowMajorStrides(from);
  walk(type.getShape(), axes, [&](int64_t i, ArrayRef<int64_t> index) {
    int64_t at = 0;
    bool inside = true;
    for (size_t d = 0; d < index.size(); ++d) {
      int64_t source = index[d] - begin[d];
      inside &= source >= 0 && source < from[d];
      at += source * strides[d];
    }
    size_t from = input.isSplat() ? 0 : at * bytes;
    std::memcpy(&data[i * bytes], inside ? input.bytes().data() + from : border,
                bytes);
  });
  return makeConstant(type, ArrayRef<char>(data));
}

static double combine(ReduceKind kind, double a, double b) {
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::Mean:
    return a + b;
  case ReduceKind::Max:
    return a > b ? a : b;
  case ReduceKind::Min:
    return a < b ? a : b;
  case ReduceKind::Prod:
    return a * b;
  }
  llvm_unreachable("unknown reduction");
}

static ElementsAttr evaluateReduce(ReduceOp op, const ConstantData &input) {
  RankedTensorType type = typeOf(op);
  if (!isa<FloatType>(type.getElementType()))
    return nullptr;
  double count = static_cast<double>(input.size() / type.getNumElements());
  bool keeps =
      op.getKind() != ReduceKind::Sum && op.getKind() != ReduceKind::Prod;
  if (input.isSplat() && keeps)
    return makeSplat(type, input.at(0));
  if (input.isSplat() && op.getKind() == ReduceKind::Sum)
    return makeSplat(type, count * input.at(0));
  std::vector<double> values(type.getNumElements());
  std::vector<char> started(values.size(), false);
  // Reduced axes have extent 1, so they do not move the output position.
  Strides strides = broadcastStrides(type.getShape(), type.getRank());
  for (int64_t axis : op.getAxes())
    strides[axis] = 0;
  walk(input.getType().getShape(), strides,
       [&](int64_t i, ArrayRef<int64_t> at) {
         double next = input.at(i), &value = values[at[0]];
         value = started[at[0]] ? combine(op.getKind(), value, next) : next;
         started[at[0]] = true;
       });
  if (op.getKind() == ReduceKind::Mean)
    for (double &value : values)
      value /= count;
  return makeConstant(type, ArrayRef<double>(values));
}

static ElementsAttr evaluateMatmul(MatmulOp op, const ConstantData &lhs,
                                   const ConstantData &rhs) {
  RankedTensorType type = typeOf(op);
  int64_t rank = type.getRank(), k = lhs.getType().getShape().back();
  int64_t n = type.getShape().back();
  if (!isa<FloatType>(type.getElementType()))
    return nullptr;
  if (lhs.isSplat() && rhs.isSplat())
    return makeSplat(type, k * lhs.at(0) * rhs.at(0));
  if (type.getNumElements() > kMaxProducts / k)
    return nullptr;
  // The position of a row of lhs and of a column of rhs.
  Strides left = broadcastStrides(lhs.getType().getShape(), rank);
  Strides right = broadcastStrides(rhs.getType().getShape(), rank);
  left[rank - 1] = right[rank - 2] = 0;
  std::vector<double> values(type.getNumElements());
  walk(type.getShape(), {left, right}, [&](int64_t i, ArrayRef<int64_t> at) {
    for (int64_t j = 0; j < k; ++j)
      values[i] += lhs.at(at[0] + j) * rhs.at(at[1] + j * n);
  });
  return makeConstant(type, ArrayRef<double>(values));
}

static ElementsAttr evaluate(Operation *op, ArrayRef<ConstantData> operands) {
  if (isa<ScalarSemantics>(op))
    return evaluateElementwise(op, operands);
  return TypeSwitch<Operation *, ElementsAttr>(op)
      .Case([&](TransposeOp op) { return evaluateTranspose(op, operands[0]); })
      .Case([&](BroadcastOp op) { return evaluateBroadcast(op, operands[0]); })
      .Case([&](PadOp op) { return evaluatePad(op, operands[0]); })
      .Case([&](ReduceOp op) { return evaluateReduce(op, operands[0]); })
      .Case([&](MatmulOp op) {
        return evaluateMatmul(op, operands[0], operands[1]);
      })
      .Case([&](ReshapeOp op) {
        return makeConstant(typeOf(op), operands[0].bytes());
      })
      .Case([&](RemapOp op) { return evaluateRemap(op, operands[0]); })
      .Case([&](AssembleOp op) { return evaluateAssemble(op, operands); })
      .Case([&](GatherOp op) { return evaluateGather(op, operands); })
      .Default([](Operation *) { return ElementsAttr(); });
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

/// True if the result is small or not much larger than its sources.
static bool isWorthStoring(Operation *op, ArrayRef<ConstantData> operands) {
  RankedTensorType type = typeOf(op->getResult(0));
  int64_t bytes = type.getNumElements() * storedBytes(type.getElementType());
  int64_t sources = 0;
  bool allSplats = true;
  for (const ConstantData &operand : operands) {
    sources += operand.bytes().size();
    allSplats &= operand.isSplat();
  }
  // Elementwise and data movement on splats give splats.
  if (allSplats && !isa<PadOp>(op))
    return true;
  return bytes <= kGrowthFreeBytes || bytes <= 2 * sources;
}

namespace {
struct FoldConstants : nncc::nnc::impl::FoldConstantsBase<FoldConstants> {
  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) { fold(op); });
  }

  void fold(Operation *op) {
    if (op->getNumOperands() == 0 || op->getNumResults() != 1 ||
        !isa_and_nonnull<NncDialect>(op->getDialect()))
      return;
    SmallVector<ConstantData> operands;
    for (Value value : op->getOperands()) {
      std::optional<ConstantData> data = ConstantData::get(value);
      if (!data || data->size() == 0)
        return;
      operands.push_back(*data);
    }
    auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (!type || !storedBytes(type.getElementType()) ||
        type.getNumElements() == 0 || !isWorthStoring(op, operands))
      return;
    ElementsAttr value = evaluate(op, operands);
    if (!value)
      return;
    OpBuilder builder(op);
    op->replaceAllUsesWith(
        builder.create<ConstantOp>(op->getLoc(), type, value));
    op->erase();
    ++folded;
  }
};
} // namespace
