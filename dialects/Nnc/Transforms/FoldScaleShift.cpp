//===- FoldScaleShift.cpp - batch norms into contractions -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With constants %w, %b, %s, %t, where %s and %t have one value per channel:
//
//   %0 = nnc.conv %x, %w, %b          %0 = nnc.matmul %x, %w
//   %1 = nnc.mul %0, %s               %1 = nnc.add %0, %b
//   %2 = nnc.add %1, %t               %2 = nnc.mul %1, %s
//     ->                                ->
//   %w1 = w[o, ...] * s[o]            %w1 = w[..., n] * s[n]
//   %b1 = b[o] * s[o] + t[o]          %b1 = b[n] * s[n]
//   %2 = nnc.conv %x, %w1, %b1        %1 = nnc.matmul %x, %w1
//                                     %2 = nnc.add %1, %b1
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/NncDialect.h"
#include "dialects/Nnc/Transforms/Passes.h"
#include <cmath>
#include <mlir/IR/PatternMatch.h>

namespace nncc::nnc {
#define GEN_PASS_DEF_FOLDSCALESHIFT
#include "dialects/Nnc/Transforms/Passes.h.inc"
} // namespace nncc::nnc

using namespace mlir;
using namespace nncc::nnc;

namespace {
/// y = x * scale[c] + shift[c].
struct Affine {
  std::vector<double> scale, shift;

  explicit Affine(int64_t channels) : scale(channels, 1), shift(channels, 0) {}
  bool scales() const {
    return llvm::any_of(scale, [](double s) { return s != 1; });
  }
  bool shifts() const {
    return llvm::any_of(shift, [](double s) { return s != 0; });
  }
  bool isFinite() const {
    auto finite = [](double value) { return std::isfinite(value); };
    return llvm::all_of(scale, finite) && llvm::all_of(shift, finite);
  }
};

/// A run of affine operations behind a contraction.
struct Chain {
  Affine affine;
  SmallVector<Operation *> ops;
};
} // namespace

/// The value of `constant` for each of the channels in dimension `channelDim`
/// of `shape`, if it varies with nothing else.
static std::optional<std::vector<double>>
perChannel(Value constant, ArrayRef<int64_t> shape, size_t channelDim) {
  std::optional<ConstantData> data = ConstantData::get(constant);
  if (!data || data->size() == 0)
    return std::nullopt;
  int64_t channels = shape[channelDim];
  if (data->isSplat())
    return std::vector<double>(channels, data->at(0));
  ArrayRef<int64_t> from = data->getType().getShape();
  for (auto [i, extent] : llvm::enumerate(from))
    if (extent != 1 && shape.size() - from.size() + i != channelDim)
      return std::nullopt;
  std::vector<double> values(channels);
  for (int64_t c = 0; c < channels; ++c)
    values[c] = data->at(data->size() == 1 ? 0 : c);
  return values;
}

/// Appends `op`, one of whose operands is `value`, to `affine`.
static bool append(Operation *op, Value value, size_t channelDim,
                   Affine &affine) {
  if (!isa<AddOp, SubOp, MulOp, DivOp>(op) ||
      op->getResult(0).getType() != value.getType())
    return false;
  bool isLeft = op->getOperand(0) == value;
  Value other = op->getOperand(isLeft ? 1 : 0);
  if (isa<DivOp>(op) && !isLeft)
    return false;
  auto values = perChannel(other, typeOf(value).getShape(), channelDim);
  if (!values)
    return false;
  for (auto [c, v] : llvm::enumerate(*values)) {
    double &scale = affine.scale[c], &shift = affine.shift[c];
    if (isa<MulOp>(op)) {
      scale *= v;
      shift *= v;
    } else if (isa<DivOp>(op)) {
      scale /= v;
      shift /= v;
    } else if (isa<AddOp>(op)) {
      shift += v;
    } else if (isLeft) {
      shift -= v;
    } else {
      scale = -scale;
      shift = v - shift;
    }
  }
  return true;
}

/// Follows single uses behind `value` as long as they are affine per channel.
static Chain followChain(Value value, size_t channelDim, Affine start) {
  Chain chain{std::move(start), {}};
  while (value.hasOneUse()) {
    Operation *op = *value.user_begin();
    Affine next = chain.affine;
    if (!append(op, value, channelDim, next) || !next.isFinite())
      break;
    chain.affine = std::move(next);
    chain.ops.push_back(op);
    value = op->getResult(0);
  }
  return chain;
}

/// True if every value is finite once rounded to `element`.
static bool fit(Type element, ArrayRef<double> values) {
  const llvm::fltSemantics &semantics =
      cast<FloatType>(element).getFloatSemantics();
  double largest = llvm::APFloat::getLargest(semantics).convertToDouble();
  return llvm::all_of(values,
                      [&](double value) { return std::abs(value) <= largest; });
}

/// Element i of `weight` times scale[channel of i], where the channel is the
/// index in dimension `channelDim`. Null if a product is not finite.
static ElementsAttr scaleWeight(const ConstantData &weight, size_t channelDim,
                                ArrayRef<double> scale) {
  RankedTensorType type = weight.getType();
  Type element = type.getElementType();
  if (weight.isSplat() && llvm::all_equal(scale)) {
    double value = weight.at(0) * scale[0];
    return fit(element, value) ? makeSplat(type, value) : ElementsAttr();
  }
  int64_t channels = type.getDimSize(channelDim), inner = 1;
  for (int64_t extent : type.getShape().drop_front(channelDim + 1))
    inner *= extent;
  size_t bytes = storedBytes(element);
  std::vector<char> data(type.getNumElements() * bytes);
  for (int64_t i = 0, e = type.getNumElements(); i < e; ++i) {
    double value = weight.at(i) * scale[i / inner % channels];
    if (!fit(element, value))
      return nullptr;
    storeElement(element, value, &data[i * bytes]);
  }
  return makeConstant(type, ArrayRef<char>(data));
}

/// `weight` scaled as `scaleWeight` does, as a constant before `anchor`.
static Value makeScaled(Operation *anchor, Value weight, size_t channelDim,
                        ArrayRef<double> scale) {
  std::optional<ConstantData> data = ConstantData::get(weight);
  ElementsAttr scaled = data ? scaleWeight(*data, channelDim, scale) : nullptr;
  if (!scaled)
    return nullptr;
  return OpBuilder(anchor).create<ConstantOp>(weight.getLoc(), weight.getType(),
                                              scaled);
}

static Value makeVector(OpBuilder &builder, Location loc, Type element,
                        ArrayRef<double> values) {
  auto type =
      RankedTensorType::get({static_cast<int64_t>(values.size())}, element);
  return builder.create<ConstantOp>(loc, type, makeConstant(type, values));
}

/// More channels than any network has; a factor and a summand of each are kept.
static constexpr int64_t mostChannels = 1 << 22;

namespace {
struct FoldScaleShift : nncc::nnc::impl::FoldScaleShiftBase<FoldScaleShift> {
  void runOnOperation() override {
    SmallVector<Operation *> contractions;
    getOperation()->walk([&](Operation *op) {
      if (isa<ConvOp, MatmulOp>(op) && isa<FloatType>(elementOf(op)) &&
          llvm::all_of(typeOf(op->getResult(0)).getShape(),
                       [](int64_t extent) { return extent <= mostChannels; }))
        contractions.push_back(op);
    });
    for (Operation *op : contractions)
      if (auto conv = dyn_cast<ConvOp>(op))
        foldIntoConv(conv);
      else
        foldIntoMatmul(cast<MatmulOp>(op));
  }

private:
  static Type elementOf(Operation *op) {
    return typeOf(op->getResult(0)).getElementType();
  }

  void foldIntoConv(ConvOp conv);
  void foldIntoMatmul(MatmulOp matmul);
  void finish(const Chain &chain, Operation *contraction, Value result);
};
} // namespace

/// Replaces the last op of `chain` and removes all of it with the contraction.
void FoldScaleShift::finish(const Chain &chain, Operation *contraction,
                            Value result) {
  chain.ops.back()->getResult(0).replaceAllUsesWith(result);
  for (Operation *op : llvm::reverse(chain.ops))
    op->erase();
  contraction->erase();
  folded += chain.ops.size();
}

void FoldScaleShift::foldIntoConv(ConvOp conv) {
  Affine start(typeOf(conv.getFilter()).getDimSize(0));
  if (Value bias = conv.getBias()) {
    auto values = perChannel(bias, typeOf(bias).getShape(), 0);
    if (!values)
      return;
    start.shift = *values;
  }
  Chain chain = followChain(conv, /*channelDim=*/1, std::move(start));
  if (chain.ops.empty() || !fit(elementOf(conv), chain.affine.shift))
    return;
  OpBuilder builder(conv);
  Value filter = conv.getFilter(), bias;
  if (chain.affine.scales())
    filter = makeScaled(conv, filter, /*channelDim=*/0, chain.affine.scale);
  if (!filter)
    return;
  if (chain.affine.shifts())
    bias =
        makeVector(builder, conv.getLoc(), elementOf(conv), chain.affine.shift);
  Value result = builder.create<ConvOp>(
      conv.getLoc(), conv.getType(), conv.getInput(), filter, bias,
      conv.getStrides(), conv.getDilations(), conv.getPadBegin(),
      conv.getPadEnd(), conv.getGroups());
  finish(chain, conv, result);
}

void FoldScaleShift::foldIntoMatmul(MatmulOp matmul) {
  RankedTensorType type = typeOf(matmul);
  size_t channelDim = type.getRank() - 1;
  Chain chain =
      followChain(matmul, channelDim, Affine(type.getDimSize(channelDim)));
  // One addition stays one addition.
  bool scales = chain.affine.scales();
  if (chain.ops.empty() || (!scales && chain.ops.size() == 1) ||
      !fit(elementOf(matmul), chain.affine.shift))
    return;
  OpBuilder builder(matmul);
  Value weight = matmul.getRhs();
  if (scales)
    weight = makeScaled(matmul, weight, typeOf(weight).getRank() - 1,
                        chain.affine.scale);
  if (!weight)
    return;
  Location loc = matmul.getLoc();
  Value result = builder.create<MatmulOp>(loc, type, matmul.getLhs(), weight);
  if (chain.affine.shifts())
    result = builder.create<AddOp>(
        loc, type, result,
        makeVector(builder, loc, elementOf(matmul), chain.affine.shift));
  finish(chain, matmul, result);
}
