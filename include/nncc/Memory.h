//===- Memory.h - where every buffer lies --------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_MEMORY_H
#define NNCC_MEMORY_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>
#include <string>

namespace nncc {

/// A buffer of `size` bytes that holds data from step `begin` to step `end`
/// (inclusive; a step is one kernel launch). `size` is a multiple of nothing;
/// the planner aligns offsets to `alignment`.
struct ArenaBuffer {
  uint64_t size = 0;
  uint64_t alignment = 64;
  int64_t begin = 0, end = 0;
  std::string name; ///< for reports and diagnostics
};

/// Two buffers live at the same step may share bytes in one of two ways. Both
/// constraints name an input that dies in the step that writes the output.
struct ArenaOverlap {
  enum Kind {
    InPlace, ///< same offset: the kernel reads an element before writing it
    Distance ///< offset(output) + distance <= offset(input) is enough, the
             ///< kernel never writes further than `distance` past what it read
  };
  unsigned input = 0, output = 0; ///< indices into the buffers
  Kind kind = InPlace;
  uint64_t distance = 0;
};

/// Offsets for a set of buffers.
struct ArenaPlan {
  llvm::SmallVector<uint64_t> offsets;
  uint64_t size = 0;
  /// No plan can be smaller: the largest sum of bytes live at one step, in-place
  /// pairs counted once.
  uint64_t lowerBound = 0;
  bool provenOptimal = false;
};

/// Packs `buffers` into one arena: heuristics first, then branch and bound
/// within `nodeBudget` search nodes (deterministic: no clock).
ArenaPlan planArena(llvm::ArrayRef<ArenaBuffer> buffers,
                    llvm::ArrayRef<ArenaOverlap> overlaps,
                    uint64_t nodeBudget = 200000);

/// The bound of such a plan alone.
uint64_t arenaLowerBound(llvm::ArrayRef<ArenaBuffer> buffers,
                         llvm::ArrayRef<ArenaOverlap> overlaps);

/// Proves independently of the planner that no two simultaneously live buffers
/// overlap except as `overlaps` allows, that offsets are aligned and the arena
/// covers all. Returns an empty string or the first violation.
std::string checkArena(llvm::ArrayRef<ArenaBuffer> buffers,
                       llvm::ArrayRef<ArenaOverlap> overlaps,
                       const ArenaPlan &plan);

} // namespace nncc

#endif // NNCC_MEMORY_H
