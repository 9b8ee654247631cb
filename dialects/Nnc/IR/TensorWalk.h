//===- TensorWalk.h - the elements of tensors in order ------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_NNC_IR_TENSORWALK_H
#define DIALECTS_NNC_IR_TENSORWALK_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>

namespace nncc::nnc {

/// Elements to go on by for one step along each dimension.
using Strides = llvm::SmallVector<int64_t>;

inline Strides rowMajorStrides(llvm::ArrayRef<int64_t> shape) {
  Strides strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;)
    strides[i - 1] = strides[i] * shape[i];
  return strides;
}

/// Strides that read `from` under the indices of the shape it broadcasts to.
inline Strides broadcastStrides(llvm::ArrayRef<int64_t> from, size_t rank) {
  Strides own = rowMajorStrides(from), strides(rank, 0);
  for (size_t i = 0; i < from.size(); ++i)
    if (from[i] != 1)
      strides[rank - from.size() + i] = own[i];
  return strides;
}

/// Calls `visit(i, positions)` for every element `i` of `shape` in row-major
/// order, where positions[k] is the sum of index * strides[k].
template <typename Visit>
void walkTensor(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<Strides> strides,
                Visit visit) {
  llvm::SmallVector<int64_t> index(shape.size(), 0),
      positions(strides.size(), 0);
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  for (int64_t i = 0; i < count; ++i) {
    visit(i, llvm::ArrayRef<int64_t>(positions));
    for (size_t d = shape.size(); d-- > 0;) {
      bool wraps = ++index[d] == shape[d];
      for (size_t k = 0; k < strides.size(); ++k)
        positions[k] += strides[k][d] * (wraps ? 1 - shape[d] : 1);
      if (!wraps)
        break;
      index[d] = 0;
    }
  }
}

} // namespace nncc::nnc

#endif // DIALECTS_NNC_IR_TENSORWALK_H
