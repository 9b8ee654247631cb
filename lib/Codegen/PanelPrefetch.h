//===- PanelPrefetch.h - the next panel of weights ------------ -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CODEGEN_PANELPREFETCH_H
#define LIB_CODEGEN_PANELPREFETCH_H

#include "dialects/Nnc/IR/NncDialect.h"

namespace nncc {

/// Which part of a nest's next panel each of its reduction steps asks for.
///
/// A panel is what one iteration of the innermost parallel loop that its buffer
/// depends on reads. The first tile of a panel would wait for memory and the
/// others find the panel in cache; instead each tile of a panel asks for its
/// share of the next one, evenly over its reduction, so that memory delivers
/// all the time.
struct PanelPrefetch {
  unsigned buffer;    ///< position in the nest's maps
  unsigned panelLoop; ///< the loop whose next iteration has the next panel
  unsigned level;     ///< the loops from here on are one reduction step
  int64_t streams; ///< contiguous parts of a panel, a vector or all of it wide
  int64_t
      linesPerStep; ///< cache lines of each that one tile asks for in a step
  int64_t lineElements; ///< elements of a cache line

  /// Nothing if the nest has no `prefetch`, or no tiles that share a panel.
  static std::optional<PanelPrefetch> plan(nnc::NestOp nest);
};

} // namespace nncc

#endif // LIB_CODEGEN_PANELPREFETCH_H
