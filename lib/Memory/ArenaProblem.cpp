//===- ArenaProblem.cpp - the arena as a packing problem ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Memory/ArenaProblem.h"
#include <algorithm>
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/MathExtras.h>
#include <map>
#include <numeric>
#include <tuple>

using namespace nncc;
using namespace nncc::arena;

//===----------------------------------------------------------------------===//
// Problem
//===----------------------------------------------------------------------===//

static std::vector<Item> makeItems(llvm::ArrayRef<ArenaBuffer> buffers,
                                   uint64_t grain) {
  std::vector<Item> items;
  for (auto [i, buffer] : llvm::enumerate(buffers))
    if (buffer.size)
      items.push_back({llvm::alignTo(buffer.size, grain),
                       std::max<uint64_t>(1, buffer.alignment), buffer.begin,
                       std::max(buffer.begin, buffer.end),
                       static_cast<unsigned>(i)});
  auto key = [&](const Item &item) {
    return std::tie(item.begin, item.end, item.size, item.alignment,
                    buffers[item.buffer].name, item.buffer);
  };
  llvm::sort(items,
             [&](const Item &a, const Item &b) { return key(a) < key(b); });
  return items;
}

Problem arena::makeProblem(llvm::ArrayRef<ArenaBuffer> buffers,
                           llvm::ArrayRef<ArenaOverlap> overlaps) {
  Problem problem;
  uint64_t grain = 0;
  for (const ArenaBuffer &buffer : buffers)
    grain = std::gcd(grain, std::max<uint64_t>(1, buffer.alignment));
  problem.grain = std::max<uint64_t>(1, grain);
  problem.items = makeItems(buffers, problem.grain);

  std::vector<unsigned> itemOf(buffers.size(), ~0u);
  for (auto [i, item] : llvm::enumerate(problem.items))
    itemOf[item.buffer] = i;
  for (const ArenaOverlap &overlap : overlaps) {
    if (overlap.input >= buffers.size() || overlap.output >= buffers.size())
      continue;
    unsigned in = itemOf[overlap.input], out = itemOf[overlap.output];
    if (in == ~0u || out == ~0u || in == out)
      continue;
    const Item &input = problem.items[in], &output = problem.items[out];
    // Nothing may be shared while both hold data for more than one step.
    if (input.end != output.begin)
      continue;
    if (overlap.kind == ArenaOverlap::InPlace || overlap.distance == 0)
      problem.sameOffset.insert({in, out});
    if (overlap.kind == ArenaOverlap::InPlace) {
      problem.inPlace.push_back({in, out, std::min(input.size, output.size)});
    } else if (overlap.distance < output.size) {
      uint64_t saved = std::min(input.size, output.size - overlap.distance);
      problem.distance.push_back({{in, out, saved}, overlap.distance});
    }
  }
  llvm::sort(problem.inPlace, [](const Pair &a, const Pair &b) {
    return std::tie(b.saved, a.input, a.output) <
           std::tie(a.saved, b.input, b.output);
  });
  return problem;
}

//===----------------------------------------------------------------------===//
// Lower bound
//===----------------------------------------------------------------------===//

namespace {
/// Savings at one step, limited in three ways that all hold.
struct StepSavings {
  std::map<unsigned, uint64_t> byInput,
      byOutput;                                 ///< in place: at most one each
  std::map<unsigned, uint64_t> inputs, outputs; ///< sizes of those that share
  uint64_t distance = 0;

  static uint64_t sum(const std::map<unsigned, uint64_t> &values) {
    uint64_t total = 0;
    for (auto [item, value] : values)
      total += value;
    return total;
  }
  uint64_t most() const {
    uint64_t pairs = std::min(sum(byInput), sum(byOutput)) + distance;
    return std::min({pairs, sum(inputs), sum(outputs)});
  }
};
} // namespace

static std::map<int64_t, StepSavings>
collectSavings(const Problem &problem, llvm::ArrayRef<Merge> merges) {
  std::map<int64_t, StepSavings> steps;
  auto note = [&](const Pair &pair) -> StepSavings & {
    StepSavings &step = steps[problem.items[pair.output].begin];
    step.inputs[pair.input] = problem.items[pair.input].size;
    step.outputs[pair.output] = problem.items[pair.output].size;
    return step;
  };
  for (auto [i, pair] : llvm::enumerate(problem.inPlace)) {
    if (i < merges.size() && merges[i] == Merge::No)
      continue;
    StepSavings &step = note(pair);
    uint64_t &in = step.byInput[pair.input], &out = step.byOutput[pair.output];
    in = std::max(in, pair.saved);
    out = std::max(out, pair.saved);
  }
  for (const DistancePair &pair : problem.distance)
    note(pair).distance += pair.saved;
  return steps;
}

uint64_t arena::lowerBound(const Problem &problem,
                           llvm::ArrayRef<Merge> merges) {
  // The largest live set is always at a step where something is born.
  std::map<int64_t, int64_t> change;
  for (const Item &item : problem.items) {
    change[item.begin] += item.size;
    change[item.end + 1] -= item.size;
  }
  std::map<int64_t, StepSavings> savings = collectSavings(problem, merges);
  int64_t live = 0;
  uint64_t bound = 0;
  for (auto [step, delta] : change) {
    live += delta;
    auto it = savings.find(step);
    uint64_t saved = it == savings.end() ? 0 : it->second.most();
    bound = std::max(bound, static_cast<uint64_t>(live) - saved);
  }
  return bound;
}

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

Merging::Merging(const Problem &problem)
    : problem(problem), leader(problem.items.size()),
      members(problem.items.size()) {
  std::iota(leader.begin(), leader.end(), 0);
  for (unsigned i = 0; i < leader.size(); ++i)
    members[i] = {i};
}

bool Merging::merge(const Pair &pair) {
  unsigned a = leader[pair.input], b = leader[pair.output];
  if (a == b)
    return true;
  for (unsigned i : members[a])
    for (unsigned j : members[b]) {
      const Item &x = problem.items[i], &y = problem.items[j];
      if (x.begin <= y.end && y.begin <= x.end && !problem.maySameOffset(i, j))
        return false;
    }
  if (members[a].size() < members[b].size())
    std::swap(a, b);
  for (unsigned j : members[b])
    leader[j] = a;
  members[a].insert(members[a].end(), members[b].begin(), members[b].end());
  members[b].clear();
  return true;
}

std::vector<unsigned> Merging::blockOf() const {
  std::vector<unsigned> number(leader.size(), ~0u), result;
  unsigned count = 0;
  for (unsigned item : leader) {
    if (number[item] == ~0u)
      number[item] = count++;
    result.push_back(number[item]);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

/// Calls `visit(i, j)` for all items i < j that are live at one step, and
/// `section(step, live, died)` at every step where something is born; `died`
/// says whether anything did since the step before.
template <typename Visit, typename AtStep>
static void sweep(const std::vector<Item> &items, Visit visit, AtStep section) {
  std::vector<unsigned> live;
  bool died = false;
  for (unsigned j = 0; j < items.size(); ++j) {
    size_t before = live.size();
    llvm::erase_if(live,
                   [&](unsigned i) { return items[i].end < items[j].begin; });
    died |= live.size() != before;
    for (unsigned i : live)
      visit(i, j);
    live.push_back(j);
    if (j + 1 < items.size() && items[j + 1].begin == items[j].begin)
      continue;
    section(items[j].begin, live, died);
    died = false;
  }
}

/// Keeps the strictest gaps of all items of two blocks.
static void combineConflicts(std::vector<Conflict> &conflicts) {
  llvm::sort(conflicts, [](const Conflict &a, const Conflict &b) {
    return a.other < b.other;
  });
  size_t kept = 0;
  for (const Conflict &next : conflicts) {
    if (kept && conflicts[kept - 1].other == next.other) {
      Conflict &last = conflicts[kept - 1];
      last.above = std::max(last.above, next.above);
      last.below = std::max(last.below, next.below);
    } else {
      conflicts[kept++] = next;
    }
  }
  conflicts.resize(kept);
}

static Section makeSection(const Packing &packing, const Problem &problem,
                           llvm::ArrayRef<unsigned> live, uint64_t saved) {
  std::map<unsigned, uint64_t> sizes;
  for (unsigned item : live) {
    uint64_t &size = sizes[packing.blockOf[item]];
    size = std::max(size, problem.items[item].size);
  }
  Section section;
  for (auto [block, size] : sizes)
    section.parts.push_back({block, size});
  section.saved = saved;
  return section;
}

Packing arena::makeBlocks(const Problem &problem, const Merging &merging) {
  Packing packing;
  packing.blockOf = merging.blockOf();
  for (auto [i, item] : llvm::enumerate(problem.items)) {
    unsigned number = packing.blockOf[i];
    if (number >= packing.blocks.size()) {
      packing.blocks.resize(number + 1);
      packing.blocks[number].begin = item.begin;
    }
    Block &block = packing.blocks[number];
    block.size = std::max(block.size, item.size);
    block.alignment = std::lcm(block.alignment, item.alignment);
    block.end = std::max(block.end, item.end);
  }
  return packing;
}

uint64_t arena::countLivePairs(const Problem &problem) {
  std::vector<int64_t> ends;
  for (const Item &item : problem.items)
    ends.push_back(item.end);
  llvm::sort(ends);
  uint64_t pairs = 0;
  size_t born = 0, dead = 0;
  for (const Item &item : problem.items) { // by rising birth
    while (dead < ends.size() && ends[dead] < item.begin)
      ++dead;
    pairs += born++ - dead;
  }
  return pairs;
}

Packing arena::makePacking(const Problem &problem, const Merging &merging,
                           bool withSections) {
  Packing packing = makeBlocks(problem, merging);

  std::map<std::pair<unsigned, unsigned>, uint64_t> distance;
  std::map<int64_t, uint64_t> saved;
  for (const DistancePair &pair : problem.distance) {
    auto [it, isNew] =
        distance.try_emplace({pair.input, pair.output}, pair.distance);
    it->second = std::min(it->second, pair.distance);
    saved[problem.items[pair.output].begin] += pair.saved;
  }
  // If the output lies below the input, `distance` between them is enough.
  auto gap = [&](unsigned lower, unsigned upper) {
    if (distance.empty())
      return problem.items[lower].size;
    auto it = distance.find({upper, lower});
    return it == distance.end() ? problem.items[lower].size : it->second;
  };
  auto addConflict = [&](unsigned i, unsigned j) {
    unsigned a = packing.blockOf[i], b = packing.blockOf[j];
    if (a == b)
      return;
    uint64_t iBelow = gap(i, j), jBelow = gap(j, i);
    packing.blocks[a].conflicts.push_back({b, jBelow, iBelow});
    packing.blocks[b].conflicts.push_back({a, iBelow, jBelow});
  };
  auto addSection = [&](int64_t step, llvm::ArrayRef<unsigned> live,
                        bool died) {
    if (!withSections)
      return;
    // A section is implied by the next one unless something died in between
    // or the next one may share bytes.
    if (!died && !saved.count(step) && !packing.sections.empty())
      packing.sections.pop_back();
    packing.sections.push_back(makeSection(
        packing, problem, live, saved.count(step) ? saved[step] : 0));
  };
  sweep(problem.items, addConflict, addSection);
  for (Block &block : packing.blocks)
    combineConflicts(block.conflicts);
  return packing;
}
