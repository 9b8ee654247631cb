//===- NormalizePooling.cpp - one divisor for every window --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Plan/Passes.h"

namespace nncc {
#define GEN_PASS_DEF_PLANNORMALIZEPOOLING
#include "lib/Plan/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

namespace {

/// Positions of each window along spatial dimension `i` that count.
SmallVector<int64_t> countedPositions(nnc::PoolOp pool, unsigned i) {
  auto input = cast<RankedTensorType>(pool.getInput().getType());
  auto result = cast<RankedTensorType>(pool.getType());
  int64_t begin = 0, end = input.getDimSize(i + 2);
  if (pool.getCountPad()) {
    begin -= pool.getPadBegin()[i];
    end += pool.getPadEnd()[i];
  }
  SmallVector<int64_t> counts;
  for (int64_t o = 0; o < result.getDimSize(i + 2); ++o) {
    int64_t count = 0;
    for (int64_t k = 0; k < pool.getWindow()[i]; ++k) {
      int64_t position = o * pool.getStrides()[i] - pool.getPadBegin()[i] +
                         k * pool.getDilations()[i];
      count += begin <= position && position < end;
    }
    counts.push_back(count);
  }
  return counts;
}

/// window size / counted positions for each output position, or nothing if all
/// are 1.
std::optional<std::vector<float>> ratios(nnc::PoolOp pool) {
  std::vector<float> all{1.0f};
  bool partial = false;
  for (unsigned i = 0; i < pool.getWindow().size(); ++i) {
    std::vector<float> next;
    SmallVector<int64_t> counts = countedPositions(pool, i);
    for (float outer : all)
      for (int64_t count : counts) {
        partial |= count != pool.getWindow()[i];
        // A window that counts nothing averages nothing: 0, as its sum is.
        next.push_back(count ? outer * pool.getWindow()[i] / count : 0.0f);
      }
    all = std::move(next);
  }
  return partial ? std::optional(std::move(all)) : std::nullopt;
}

/// The end padding that makes the last window fit exactly.
SmallVector<int64_t> exactPadEnd(nnc::PoolOp pool) {
  auto input = cast<RankedTensorType>(pool.getInput().getType());
  auto result = cast<RankedTensorType>(pool.getType());
  SmallVector<int64_t> padEnd;
  for (unsigned i = 0; i < pool.getWindow().size(); ++i) {
    int64_t extent = (pool.getWindow()[i] - 1) * pool.getDilations()[i] + 1;
    padEnd.push_back((result.getDimSize(i + 2) - 1) * pool.getStrides()[i] +
                     extent - input.getDimSize(i + 2) - pool.getPadBegin()[i]);
  }
  return padEnd;
}

/// Partial windows get the full windows' divisor and a correction:
///   %y = nnc.pool average %x {window = [2], padBegin = [1]}
/// becomes
///   %s = nnc.pool average %x {window = [2], padBegin = [1], countPad}
///   %y = nnc.mul %s, dense<[2.0, 1.0, ...]>
/// Windows of maximum pooling only get their padding made exact.
void normalize(nnc::PoolOp pool) {
  OpBuilder b(pool);
  bool average = pool.getKind() == nnc::PoolKind::Average;
  auto correction = average ? ratios(pool) : std::nullopt;
  auto exact = b.create<nnc::PoolOp>(
      pool.getLoc(), pool.getType(), pool.getInput(), pool.getKind(),
      pool.getWindow(), pool.getStrides(), pool.getDilations(),
      pool.getPadBegin(), exactPadEnd(pool), /*ceilMode=*/false,
      /*countPad=*/average);
  Value result = exact.getResult();
  if (correction) {
    auto type = cast<RankedTensorType>(pool.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[0] = shape[1] = 1;
    Value ratio = b.create<nnc::ConstantOp>(
        pool.getLoc(),
        nnc::makeConstant(RankedTensorType::get(shape, type.getElementType()),
                          ArrayRef<float>(*correction)));
    result = b.create<nnc::MulOp>(pool.getLoc(), type, result, ratio);
  }
  pool.replaceAllUsesWith(result);
  pool.erase();
}

struct PlanNormalizePooling
    : nncc::impl::PlanNormalizePoolingBase<PlanNormalizePooling> {
  void runOnOperation() override {
    SmallVector<nnc::PoolOp> pools;
    getOperation().walk([&](nnc::PoolOp pool) { pools.push_back(pool); });
    llvm::for_each(pools, normalize);
  }
};

} // namespace
