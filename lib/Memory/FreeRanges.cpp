//===- FreeRanges.cpp - what is free between placed blocks ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Memory/FreeRanges.h"
#include "lib/Memory/ArenaProblem.h"
#include <algorithm>
#include <llvm/Support/MathExtras.h>
#include <functional>
#include <iterator>
#include <numeric>
#include <queue>
#include <tuple>
#include <vector>

using namespace nncc::arena;

void FreeRanges::add(uint64_t begin, uint64_t size) {
  if (!size)
    return;
  byBegin.emplace(begin, size);
  bySize.emplace(size, begin);
}

void FreeRanges::remove(uint64_t begin, uint64_t size) {
  byBegin.erase(begin);
  bySize.erase({size, begin});
}

uint64_t FreeRanges::take(uint64_t size, uint64_t alignment) {
  for (auto range = bySize.lower_bound({size, 0}); range != bySize.end(); ++range) {
    auto [room, begin] = *range;
    uint64_t start = llvm::alignTo(begin, alignment);
    if (start + size > begin + room)
      continue;
    remove(begin, room);
    add(begin, start - begin);
    add(start + size, begin + room - start - size);
    return start;
  }
  // The last range may reach the top.
  uint64_t begin = end;
  if (!byBegin.empty()) {
    auto [last, room] = *byBegin.rbegin();
    if (last + room == end) {
      begin = last;
      remove(last, room);
    }
  }
  uint64_t start = llvm::alignTo(begin, alignment);
  add(begin, start - begin);
  end = start + size;
  return start;
}

void FreeRanges::give(uint64_t begin, uint64_t size) {
  auto after = byBegin.lower_bound(begin);
  if (after != byBegin.end() && after->first == begin + size) {
    uint64_t more = after->second;
    remove(begin + size, more);
    size += more;
  }
  auto before = byBegin.lower_bound(begin);
  if (before != byBegin.begin()) {
    auto [start, room] = *std::prev(before);
    if (start + room == begin) {
      remove(start, room);
      begin = start;
      size += room;
    }
  }
  add(begin, size);
}

Placement nncc::arena::placeByBirth(const Packing &packing) {
  std::vector<unsigned> order(packing.blocks.size());
  std::iota(order.begin(), order.end(), 0);
  // Larger ones first: what is small finds a place between them.
  std::sort(order.begin(), order.end(), [&](unsigned a, unsigned b) {
    const Block &x = packing.blocks[a], &y = packing.blocks[b];
    return std::tuple(x.begin, y.size, a) < std::tuple(y.begin, x.size, b);
  });
  using Death = std::pair<int64_t, unsigned>;
  std::priority_queue<Death, std::vector<Death>, std::greater<>> deaths;
  Placement placement{std::vector<uint64_t>(packing.blocks.size(), 0), 0};
  FreeRanges ranges;
  for (unsigned number : order) {
    const Block &block = packing.blocks[number];
    while (!deaths.empty() && deaths.top().first < block.begin) {
      unsigned dead = deaths.top().second;
      deaths.pop();
      ranges.give(placement.offsets[dead], packing.blocks[dead].size);
    }
    placement.offsets[number] = ranges.take(block.size, block.alignment);
    deaths.push({block.end, number});
  }
  placement.size = ranges.top();
  return placement;
}
