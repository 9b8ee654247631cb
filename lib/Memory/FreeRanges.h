//===- FreeRanges.h - what is free between placed blocks -----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_MEMORY_FREERANGES_H
#define LIB_MEMORY_FREERANGES_H

#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace nncc::arena {

/// An arena that blocks come to and leave in the order of time.
class FreeRanges {
public:
  /// The start of `size` bytes from the smallest range that has room for them, or
  /// from the top, which then rises.
  uint64_t take(uint64_t size, uint64_t alignment);
  /// Gives bytes back; ranges that touch become one.
  void give(uint64_t begin, uint64_t size);
  /// The end of all that was ever taken.
  uint64_t top() const { return end; }

private:
  void add(uint64_t begin, uint64_t size);
  void remove(uint64_t begin, uint64_t size);

  std::map<uint64_t, uint64_t> byBegin;            ///< begin -> size
  std::set<std::pair<uint64_t, uint64_t>> bySize;  ///< (size, begin)
  uint64_t end = 0;
};

} // namespace nncc::arena

#endif // LIB_MEMORY_FREERANGES_H
