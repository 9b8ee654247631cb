//===- ArenaSearch.cpp - branch and bound for offsets ---------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Among the smallest arenas take the one with the smallest sum of offsets, and
// list its blocks by rising offset. Every block then lies as low as those
// listed before it allow. So it suffices to search sequences in which each next
// block goes to its lowest offset and offsets never fall.
//
//===----------------------------------------------------------------------===//

#include "lib/Memory/ArenaProblem.h"
#include <algorithm>
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/MathExtras.h>
#include <tuple>

using namespace nncc;
using namespace nncc::arena;

namespace {
class Search {
public:
  Search(const Packing &packing, uint64_t target, uint64_t budget,
         uint64_t &nodes, Placement &best)
      : packing(packing), target(target), budget(budget), nodes(nodes),
        best(best), lowest(packing.blocks.size(), 0),
        placed(packing.blocks.size(), false),
        changes(packing.blocks.size() + 1) {}

  void run() { extend(0, 0, 0, 0); }
  bool complete() const { return !cut; }

private:
  bool done() const { return cut || best.size <= target; }
  bool hopeless(uint64_t floor) const;
  std::vector<unsigned> candidates(unsigned last, uint64_t floor) const;
  void place(unsigned number, std::vector<std::pair<unsigned, uint64_t>> &undo);
  void extend(unsigned count, unsigned last, uint64_t floor, uint64_t top);

  const Packing &packing;
  uint64_t target, budget;
  uint64_t &nodes;
  Placement &best;
  std::vector<uint64_t>
      lowest; ///< of unplaced blocks; the offset of placed ones
  std::vector<char> placed;
  /// What each level changed in `lowest`, kept to reuse its memory.
  std::vector<std::vector<std::pair<unsigned, uint64_t>>> changes;
  bool cut = false;
};
} // namespace

/// Everything unplaced at a step lies above the lowest of it and above `floor`,
/// and is disjoint except for what Distance overlaps save.
bool Search::hopeless(uint64_t floor) const {
  for (const Section &section : packing.sections) {
    uint64_t start = UINT64_MAX, sum = 0;
    for (const Section::Part &part : section.parts)
      if (!placed[part.block]) {
        start = std::min(start, lowest[part.block]);
        sum += part.size;
        uint64_t end = std::max(floor, lowest[part.block]) + part.size;
        if (end >= best.size)
          return true;
      }
    if (sum > section.saved &&
        std::max(floor, start) + sum - section.saved >= best.size)
      return true;
  }
  return false;
}

/// The blocks that may come next, most promising first.
std::vector<unsigned> Search::candidates(unsigned last, uint64_t floor) const {
  // If some block fits completely below another's lowest offset, it comes
  // first: later it could only be moved down to where it fits now.
  uint64_t firstEnd = UINT64_MAX;
  for (auto [number, block] : llvm::enumerate(packing.blocks))
    if (!placed[number] && lowest[number] >= floor)
      firstEnd = std::min(firstEnd, lowest[number] + block.size);
  std::vector<unsigned> result;
  for (unsigned number = 0; number < packing.blocks.size(); ++number) {
    if (placed[number] || lowest[number] < floor || lowest[number] >= firstEnd)
      continue;
    // Blocks at one offset that are independent come by rising number.
    bool independent = llvm::none_of(
        packing.blocks[number].conflicts,
        [&](const Conflict &conflict) { return conflict.other == last; });
    if (lowest[number] == floor && number < last && independent)
      continue;
    result.push_back(number);
  }
  llvm::sort(result, [&](unsigned a, unsigned b) {
    return std::tuple(lowest[a], packing.blocks[b].size, a) <
           std::tuple(lowest[b], packing.blocks[a].size, b);
  });
  return result;
}

void Search::place(unsigned number,
                   std::vector<std::pair<unsigned, uint64_t>> &undo) {
  placed[number] = true;
  undo.clear();
  for (const Conflict &conflict : packing.blocks[number].conflicts) {
    if (placed[conflict.other])
      continue;
    uint64_t offset = llvm::alignTo(lowest[number] + conflict.below,
                                    packing.blocks[conflict.other].alignment);
    if (offset > lowest[conflict.other]) {
      undo.push_back({conflict.other, lowest[conflict.other]});
      lowest[conflict.other] = offset;
    }
  }
}

void Search::extend(unsigned count, unsigned last, uint64_t floor,
                    uint64_t top) {
  if (count == packing.blocks.size()) {
    best = {lowest, top};
    return;
  }
  if (nodes >= budget) {
    cut = true;
    return;
  }
  ++nodes;
  if (hopeless(floor))
    return;
  for (unsigned number : candidates(last, floor)) {
    uint64_t end = lowest[number] + packing.blocks[number].size;
    if (end < best.size) {
      place(number, changes[count]);
      extend(count + 1, number, lowest[number], std::max(top, end));
      for (auto [other, offset] : changes[count])
        lowest[other] = offset;
      placed[number] = false;
    }
    if (done())
      return;
  }
}

bool arena::searchPlacement(const Packing &packing, uint64_t target,
                            uint64_t budget, uint64_t &nodes, Placement &best) {
  Search search(packing, target, budget, nodes, best);
  search.run();
  return search.complete();
}
