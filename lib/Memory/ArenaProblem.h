//===- ArenaProblem.h - the arena as a packing problem ----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every rule about two buffers that live at the same step has one form: if `a`
// starts below `b`, then offset(b) >= offset(a) + gap(a, b). The gap of
// disjoint buffers is the size of the lower one; a Distance overlap shortens it
// for one order. Buffers that share an offset in place form one block, so the
// planner chooses which pairs to merge and then packs blocks.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_MEMORY_ARENAPROBLEM_H
#define LIB_MEMORY_ARENAPROBLEM_H

#include "nncc/Memory.h"
#include <set>
#include <vector>

namespace nncc::arena {

/// A buffer that occupies bytes, its size rounded up to the grain.
struct Item {
  uint64_t size, alignment;
  int64_t begin, end;
  unsigned buffer; ///< index among the caller's buffers
};

/// Two items of which the first dies where the second is born.
struct Pair {
  unsigned input, output;
  uint64_t saved; ///< bytes at that step that the pair shares at most
};

struct DistancePair : Pair {
  uint64_t distance;
};

/// The caller's buffers in an order that does not depend on the caller's.
struct Problem {
  std::vector<Item> items;   ///< by begin, end, size, alignment, name
  std::vector<Pair> inPlace; ///< by falling savings
  std::vector<DistancePair> distance;
  std::set<std::pair<unsigned, unsigned>> sameOffset; ///< (input, output)
  uint64_t grain = 1; ///< divides every alignment

  bool maySameOffset(unsigned a, unsigned b) const {
    return sameOffset.count({a, b}) || sameOffset.count({b, a});
  }
};

Problem makeProblem(llvm::ArrayRef<ArenaBuffer> buffers,
                    llvm::ArrayRef<ArenaOverlap> overlaps);

/// Whether an in-place pair is merged: not yet decided counts as possible.
enum class Merge : char { Undecided, Yes, No };

/// No arena that respects the decisions is smaller.
uint64_t lowerBound(const Problem &problem, llvm::ArrayRef<Merge> merges);

/// Items that are merged so far; knows which further merges are possible.
class Merging {
public:
  explicit Merging(const Problem &problem);
  /// Merges the blocks of `pair`. Returns false (and changes nothing) if two of
  /// their items are live at the same step and may not share an offset.
  bool merge(const Pair &pair);
  /// Dense block numbers of all items, in item order.
  std::vector<unsigned> blockOf() const;

private:
  const Problem &problem;
  std::vector<unsigned> leader;
  std::vector<std::vector<unsigned>> members; ///< of each leader
};

/// A neighbour that is live at the same step.
struct Conflict {
  unsigned other;
  uint64_t above; ///< offset(this) - offset(other) if this is the higher one
  uint64_t below; ///< offset(other) - offset(this) if this is the lower one
};

/// One item, or items at one offset.
struct Block {
  uint64_t size = 0, alignment = 1; ///< of the largest item
  int64_t begin = 0, end = 0;       ///< from the first to the last item
  std::vector<Conflict> conflicts;  ///< by block number
};

/// What is live at one step.
struct Section {
  struct Part {
    unsigned block;
    uint64_t size;
  };
  std::vector<Part> parts;
  uint64_t saved = 0; ///< bytes that Distance overlaps may share at most
};

/// A set of rigid blocks to pack.
struct Packing {
  std::vector<Block> blocks;
  std::vector<Section> sections; ///< only for packings that are searched
  std::vector<unsigned> blockOf; ///< of each item
};

Packing makePacking(const Problem &problem, const Merging &merging,
                    bool withSections);

/// The blocks alone, without conflicts and sections.
Packing makeBlocks(const Problem &problem, const Merging &merging);

/// How many pairs of items are live at one step.
uint64_t countLivePairs(const Problem &problem);

/// An offset for each block.
struct Placement {
  std::vector<uint64_t> offsets;
  uint64_t size = UINT64_MAX;
};

/// The best of several fixed placement orders; stops at `target` bytes.
Placement placeByOrders(const Packing &packing, uint64_t target);

/// The blocks by birth, each in the smallest free range that holds it. Needs no conflicts:
/// their number grows with the square of what is live at once, this takes n log n.
Placement placeByBirth(const Packing &packing);

/// Branch and bound for a placement below `best.size`. Returns false if
/// `nodes` reached `budget` before the search was complete.
bool searchPlacement(const Packing &packing, uint64_t target, uint64_t budget,
                     uint64_t &nodes, Placement &best);

} // namespace nncc::arena

#endif // LIB_MEMORY_ARENAPROBLEM_H
