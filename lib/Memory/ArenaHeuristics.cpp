//===- ArenaHeuristics.cpp - placing blocks in a fixed order --------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Memory/ArenaProblem.h"
#include <algorithm>
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/MathExtras.h>
#include <numeric>
#include <tuple>

using namespace nncc;
using namespace nncc::arena;

namespace {
/// Where a gap between placed blocks is chosen.
enum class Fit { Lowest, Tightest };

/// Offsets that a block must not take: the open interval (begin, end).
struct Forbidden {
  int64_t begin;
  uint64_t end;
};

/// Places blocks one by one beside those that are there already.
class OrderedPlacement {
public:
  OrderedPlacement(const Packing &packing, Fit fit)
      : packing(packing), fit(fit) {}

  Placement run(llvm::ArrayRef<unsigned> order);

private:
  uint64_t chooseOffset(const Block &block);

  const Packing &packing;
  Fit fit;
  std::vector<uint64_t> offsets;
  std::vector<char> placed;
  std::vector<Forbidden> forbidden;
};
} // namespace

/// Scans the free gaps from below. A gap ends at the highest offset that is
/// still allowed, so its slack is what would be left over.
uint64_t OrderedPlacement::chooseOffset(const Block &block) {
  forbidden.clear();
  for (const Conflict &conflict : block.conflicts)
    if (placed[conflict.other]) {
      uint64_t other = offsets[conflict.other];
      forbidden.push_back(
          {static_cast<int64_t>(other) - static_cast<int64_t>(conflict.below),
           other + conflict.above});
    }
  llvm::sort(forbidden, [](const Forbidden &a, const Forbidden &b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });

  uint64_t candidate = 0, best = 0, bestSlack = UINT64_MAX;
  for (const Forbidden &range : forbidden) {
    if (range.begin >= 0 && candidate <= static_cast<uint64_t>(range.begin)) {
      if (fit == Fit::Lowest)
        return candidate;
      uint64_t slack = range.begin - candidate;
      if (slack < bestSlack) {
        best = candidate;
        bestSlack = slack;
      }
    }
    candidate = std::max(candidate, llvm::alignTo(range.end, block.alignment));
  }
  return bestSlack == UINT64_MAX ? candidate : best;
}

Placement OrderedPlacement::run(llvm::ArrayRef<unsigned> order) {
  offsets.assign(packing.blocks.size(), 0);
  placed.assign(packing.blocks.size(), false);
  uint64_t size = 0;
  for (unsigned number : order) {
    const Block &block = packing.blocks[number];
    offsets[number] = chooseOffset(block);
    placed[number] = true;
    size = std::max(size, offsets[number] + block.size);
  }
  return {offsets, size};
}

/// Blocks sorted by falling `key`, ties by number (which follows birth).
template <typename Key>
static std::vector<unsigned> orderBy(const Packing &packing, Key key) {
  std::vector<unsigned> order(packing.blocks.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](unsigned a, unsigned b) {
    auto keyA = key(packing.blocks[a]), keyB = key(packing.blocks[b]);
    return keyA == keyB ? a < b : keyA > keyB;
  });
  return order;
}

static std::vector<std::vector<unsigned>> makeOrders(const Packing &packing) {
  auto length = [](const Block &b) { return b.end - b.begin + 1; };
  auto area = [&](const Block &b) {
    return double(b.size) * double(length(b));
  };
  return {
      orderBy(packing,
              [&](const Block &b) { return std::pair(b.size, length(b)); }),
      orderBy(packing, area),
      orderBy(packing,
              [&](const Block &b) { return std::pair(length(b), b.size); }),
      orderBy(packing,
              [](const Block &b) { return std::pair(-b.begin, b.size); }),
      orderBy(packing, [](const Block &b) { return std::pair(b.end, b.size); }),
      orderBy(packing, [](const Block &b) {
        return std::pair(b.conflicts.size(), b.size);
      })};
}

/// Runs without improvement after which an order is given up.
static constexpr unsigned kPatience = 12;

/// Moves the blocks that reach the top of the arena to the front of `order`:
/// what was placed too late gets the first choice. Ends when nothing improves.
static void promotePeaks(const Packing &packing, Fit fit,
                         std::vector<unsigned> order, uint64_t target,
                         Placement &best) {
  OrderedPlacement placer(packing, fit);
  Placement current = placer.run(order);
  for (unsigned stale = 0; stale < kPatience && best.size > target; ++stale) {
    uint64_t before = best.size;
    std::vector<unsigned> first, rest;
    for (unsigned number : order) {
      uint64_t end = current.offsets[number] + packing.blocks[number].size;
      (end == current.size ? first : rest).push_back(number);
    }
    first.insert(first.end(), rest.begin(), rest.end());
    order = std::move(first);
    current = placer.run(order);
    if (current.size < best.size)
      best = current;
    if (best.size < before)
      stale = 0;
  }
}

/// A run costs time linear in the conflicts; networks have about ten per block.
static constexpr size_t kWorkLimit = 40'000'000;

Placement arena::placeByOrders(const Packing &packing, uint64_t target) {
  size_t work = 0, workPerRun = packing.blocks.size();
  for (const Block &block : packing.blocks)
    workPerRun += block.conflicts.size();
  Placement best;
  std::vector<std::vector<unsigned>> orders = makeOrders(packing);
  for (const std::vector<unsigned> &order : orders)
    for (Fit fit : {Fit::Tightest, Fit::Lowest}) {
      Placement next = OrderedPlacement(packing, fit).run(order);
      if (next.size < best.size)
        best = std::move(next);
      work += workPerRun;
      if (best.size <= target || work > kWorkLimit)
        return best;
    }
  for (const std::vector<unsigned> &order : orders)
    for (Fit fit : {Fit::Tightest, Fit::Lowest}) {
      promotePeaks(packing, fit, order, target, best);
      work += workPerRun * kPatience;
      if (best.size <= target || work > kWorkLimit)
        return best;
    }
  return best;
}
