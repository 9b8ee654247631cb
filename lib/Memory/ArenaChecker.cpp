//===- ArenaChecker.cpp - proof that a plan is sound ----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shares nothing with the planner: it replays time and keeps the live buffers
// ordered by offset.
//
//===----------------------------------------------------------------------===//

#include "nncc/Memory.h"
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/raw_ostream.h>
#include <map>
#include <set>
#include <vector>

using namespace nncc;

namespace {
class Checker {
public:
  Checker(llvm::ArrayRef<ArenaBuffer> buffers,
          llvm::ArrayRef<ArenaOverlap> overlaps, const ArenaPlan &plan)
      : buffers(buffers), plan(plan) {
    for (const ArenaOverlap &overlap : overlaps)
      allowed.insert({{overlap.input, overlap.output}, overlap});
  }

  std::string run();

private:
  std::string describe(unsigned i) const;
  std::string checkSingle(unsigned i) const;
  bool mayShare(unsigned input, unsigned output) const;
  std::string checkAgainstLive(unsigned born, int64_t step);

  uint64_t begin(unsigned i) const { return plan.offsets[i]; }
  uint64_t end(unsigned i) const { return plan.offsets[i] + buffers[i].size; }
  int64_t lastStep(unsigned i) const {
    return std::max(buffers[i].begin, buffers[i].end);
  }

  llvm::ArrayRef<ArenaBuffer> buffers;
  const ArenaPlan &plan;
  std::multimap<std::pair<unsigned, unsigned>, ArenaOverlap> allowed;
  /// (offset, buffer) of everything live, and the sizes of the same buffers.
  std::set<std::pair<uint64_t, unsigned>> live;
  std::multiset<uint64_t> liveSizes;
};
} // namespace

std::string Checker::describe(unsigned i) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "'" << buffers[i].name << "' (bytes " << begin(i) << " to " << end(i)
     << ", steps " << buffers[i].begin << " to " << lastStep(i) << ")";
  return text;
}

std::string Checker::checkSingle(unsigned i) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  const ArenaBuffer &buffer = buffers[i];
  if (buffer.alignment && begin(i) % buffer.alignment)
    os << "buffer '" << buffer.name << "' at offset " << begin(i)
       << " is not aligned to " << buffer.alignment;
  // Written so that no sum can wrap around.
  else if (buffer.size > plan.size || begin(i) > plan.size - buffer.size)
    os << "buffer '" << buffer.name << "' of " << buffer.size
       << " bytes at offset " << begin(i) << " leaves the arena of "
       << plan.size << " bytes";
  return text;
}

/// True if an overlap that the caller declared covers these two offsets.
bool Checker::mayShare(unsigned input, unsigned output) const {
  if (lastStep(input) != buffers[output].begin)
    return false;
  auto [first, last] = allowed.equal_range({input, output});
  for (auto it = first; it != last; ++it) {
    const ArenaOverlap &overlap = it->second;
    if (overlap.kind == ArenaOverlap::InPlace
            ? begin(input) == begin(output)
            : begin(output) <= begin(input) &&
                  overlap.distance <= begin(input) - begin(output))
      return true;
  }
  return false;
}

/// Looks at every live buffer that could reach into `born`: those that start
/// inside it, and those below that start within the largest live size.
std::string Checker::checkAgainstLive(unsigned born, int64_t step) {
  uint64_t reach = liveSizes.empty() ? 0 : *liveSizes.rbegin();
  uint64_t from = begin(born) > reach ? begin(born) - reach : 0;
  for (auto it = live.lower_bound({from, 0});
       it != live.end() && it->first < end(born); ++it) {
    unsigned other = it->second;
    if (end(other) <= begin(born) || mayShare(other, born) ||
        mayShare(born, other))
      continue;
    return "buffers " + describe(other) + " and " + describe(born) +
           " overlap at step " + std::to_string(step);
  }
  return "";
}

std::string Checker::run() {
  if (plan.offsets.size() != buffers.size())
    return "the plan has " + std::to_string(plan.offsets.size()) +
           " offsets for " + std::to_string(buffers.size()) + " buffers";
  std::map<int64_t, std::vector<unsigned>> births, deaths;
  for (unsigned i = 0; i < buffers.size(); ++i) {
    if (std::string problem = checkSingle(i); !problem.empty())
      return problem;
    if (buffers[i].size == 0)
      continue;
    births[buffers[i].begin].push_back(i);
    deaths[lastStep(i)].push_back(i);
  }
  auto nextDeath = deaths.begin();
  for (auto &[step, born] : births) {
    for (; nextDeath != deaths.end() && nextDeath->first < step; ++nextDeath)
      for (unsigned i : nextDeath->second) {
        live.erase({begin(i), i});
        liveSizes.erase(liveSizes.find(buffers[i].size));
      }
    for (unsigned i : born) {
      if (std::string problem = checkAgainstLive(i, step); !problem.empty())
        return problem;
      live.insert({begin(i), i});
      liveSizes.insert(buffers[i].size);
    }
  }
  return "";
}

std::string nncc::checkArena(llvm::ArrayRef<ArenaBuffer> buffers,
                             llvm::ArrayRef<ArenaOverlap> overlaps,
                             const ArenaPlan &plan) {
  for (const ArenaOverlap &overlap : overlaps)
    if (overlap.input >= buffers.size() || overlap.output >= buffers.size())
      return "an overlap names buffer " +
             std::to_string(std::max(overlap.input, overlap.output)) + " of " +
             std::to_string(buffers.size());
  return Checker(buffers, overlaps, plan).run();
}
