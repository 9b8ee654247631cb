//===- Sampling.h - images read between their pixels ---------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXOPS_SAMPLING_H
#define LIB_FRONTEND_ONNXOPS_SAMPLING_H

#include "lib/Frontend/NodeImport.h"

namespace nncc::frontend {

/// What lies beyond the pixels 0 .. extent - 1 of a dimension.
struct Border {
  enum Kind { Zeros, Clamp, Reflect } kind = Zeros;
  double low = 0, high = 0; ///< where Reflect reflects
};

/// One of the pixels whose weighted sum a sample is, along one dimension. The
/// tensors are B x points, where extents of 1 broadcast.
struct Tap {
  mlir::Value index;  ///< int32, inside the dimension whatever the position was
  mlir::Value weight; ///< null: 1
  mlir::Value
      inside; ///< bool, false where the pixel is 0; null: everywhere true
};
using Taps = llvm::SmallVector<Tap, 4>;

/// The float `position`, reflected at the border if that is its kind.
mlir::Value reflected(NodeImport &n, mlir::Value position,
                      const Border &border);
/// The pixel number `position`, which is whole.
Tap pixelAt(NodeImport &n, mlir::Value position, int64_t extent,
            const Border &border);
/// The two pixels around `position`.
Taps linearTaps(NodeImport &n, mlir::Value position, int64_t extent,
                const Border &border);
/// The four pixels around `position`, by cubic convolution (Keys, 1981) with
/// the coefficient -0.75.
Taps cubicTaps(NodeImport &n, mlir::Value position, int64_t extent,
               const Border &border);

/// Each combination of one tap per spatial dimension: weight * pixel, a tensor
/// B x C x `points`. `image` is B x C x spatial, or any number of images of
/// which `number`, a tensor of B checked indices, chooses.
llvm::SmallVector<mlir::Value> weightedPixels(NodeImport &n, mlir::Value image,
                                              mlir::Value number,
                                              llvm::ArrayRef<Taps> axes,
                                              llvm::ArrayRef<int64_t> points);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXOPS_SAMPLING_H
