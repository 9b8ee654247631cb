//===- ArenaPlanner.cpp - offsets for buffers -----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Memory/ArenaProblem.h"
#include <llvm/ADT/STLExtras.h>

using namespace nncc;
using namespace nncc::arena;

namespace {
class Planner {
public:
  Planner(const Problem &problem, uint64_t nodeBudget)
      : problem(problem), bound(lowerBound(problem, {})), budget(nodeBudget) {}

  ArenaPlan plan(size_t bufferCount);

private:
  using Merges = std::vector<Merge>;

  bool isOptimal() const { return best.size == bound; }
  void keep(const Packing &packing, Placement placement);
  bool tryOrders(const Merges &merges);
  void tryFewerMerges();
  void searchMerges(Merges &merges, size_t decided, const Merging &merging);
  void searchLeaf(const Merging &merging, bool isOnlyLeaf);

  const Problem &problem;
  uint64_t bound, budget, nodes = 0;
  Placement best;
  std::vector<unsigned> bestBlockOf;
  bool searched = false; ///< nothing below `best` was left out
};
} // namespace

/// Larger problems are left to the orders: a search node costs time linear in
/// what is live, and their best placement almost always meets the bound.
static constexpr size_t kSearchLimit = 512;
/// Pairs of items that are live at once, up to which they are looked at one by one:
/// they take memory, too. Networks of a thousand nodes have some ten thousand.
static constexpr uint64_t kPairLimit = 2'000'000;
/// Items times pairs up to which single merges are undone on trial.
static constexpr size_t kTrialLimit = 20000;

void Planner::keep(const Packing &packing, Placement placement) {
  if (placement.size >= best.size)
    return;
  best = std::move(placement);
  bestBlockOf = packing.blockOf;
}

/// Merges every pair that is not refused, where possible.
static Merging applyMerges(const Problem &problem,
                           llvm::ArrayRef<Merge> merges) {
  Merging merging(problem);
  for (auto [pair, merge] : llvm::zip(problem.inPlace, merges))
    if (merge != Merge::No)
      merging.merge(pair);
  return merging;
}

bool Planner::tryOrders(const Merges &merges) {
  uint64_t before = best.size;
  Packing packing = makePacking(problem, applyMerges(problem, merges),
                                /*withSections=*/false);
  keep(packing, placeByOrders(packing, bound));
  return best.size < before;
}

/// In-place pairs of unequal sizes make stiff blocks: try without each one.
void Planner::tryFewerMerges() {
  Merges merges(problem.inPlace.size(), Merge::Yes);
  tryOrders(merges);
  if (merges.empty() || isOptimal())
    return;
  tryOrders(Merges(merges.size(), Merge::No));
  if (problem.items.size() * merges.size() > kTrialLimit)
    return;
  for (size_t i = 0; i < merges.size() && !isOptimal(); ++i) {
    merges[i] = Merge::No;
    if (!tryOrders(merges))
      merges[i] = Merge::Yes;
  }
}

void Planner::searchLeaf(const Merging &merging, bool isOnlyLeaf) {
  Packing packing = makePacking(problem, merging, /*withSections=*/true);
  Placement next;
  next.size = best.size;
  // A hard leaf must not keep the others from being looked at.
  uint64_t share = isOnlyLeaf ? budget : nodes + (budget - nodes + 1) / 2;
  searched &= searchPlacement(packing, bound, share, nodes, next);
  if (next.size < best.size)
    keep(packing, std::move(next));
}

/// Decides the in-place pairs one by one, then searches the rigid packing.
void Planner::searchMerges(Merges &merges, size_t decided,
                           const Merging &merging) {
  if (nodes >= budget) {
    searched = false;
    return;
  }
  ++nodes;
  if (isOptimal() || lowerBound(problem, merges) >= best.size)
    return;
  if (decided == merges.size())
    return searchLeaf(merging, merges.empty());
  Merging merged = merging;
  if (merged.merge(problem.inPlace[decided])) {
    merges[decided] = Merge::Yes;
    searchMerges(merges, decided + 1, merged);
  }
  merges[decided] = Merge::No;
  searchMerges(merges, decided + 1, merging);
  merges[decided] = Merge::Undecided;
}

ArenaPlan Planner::plan(size_t bufferCount) {
  ArenaPlan plan;
  plan.offsets.assign(bufferCount, 0);
  plan.lowerBound = bound;
  plan.provenOptimal = true;
  if (problem.items.empty())
    return plan;
  if (countLivePairs(problem) > kPairLimit) {
    Packing packing = makeBlocks(
        problem, applyMerges(problem, Merges(problem.inPlace.size(), Merge::Yes)));
    keep(packing, placeByBirth(packing));
  } else {
    tryFewerMerges();
  }
  if (!isOptimal() && problem.items.size() <= kSearchLimit) {
    searched = true;
    Merges merges(problem.inPlace.size(), Merge::Undecided);
    searchMerges(merges, 0, Merging(problem));
  }
  plan.size = best.size;
  plan.provenOptimal = isOptimal() || searched;
  for (auto [i, item] : llvm::enumerate(problem.items))
    plan.offsets[item.buffer] = best.offsets[bestBlockOf[i]];
  return plan;
}

uint64_t nncc::arenaLowerBound(llvm::ArrayRef<ArenaBuffer> buffers,
                               llvm::ArrayRef<ArenaOverlap> overlaps) {
  return lowerBound(makeProblem(buffers, overlaps), {});
}

ArenaPlan nncc::planArena(llvm::ArrayRef<ArenaBuffer> buffers,
                          llvm::ArrayRef<ArenaOverlap> overlaps,
                          uint64_t nodeBudget) {
  Problem problem = makeProblem(buffers, overlaps);
  return Planner(problem, nodeBudget).plan(buffers.size());
}
