//===- ReplacedBlobs.h - memory of constants that are gone ---------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINE_REPLACEDBLOBS_H
#define LIB_PIPELINE_REPLACEDBLOBS_H

#include <llvm/ADT/MapVector.h>
#include <mlir/IR/BuiltinAttributes.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/DialectResourceBlobManager.h>

namespace nncc {

/// MLIR keeps the data of a constant as long as its context. A stage that stores
/// weights in another order would thus double them: whoever knows what a module held
/// before can free what it no longer holds.
class ReplacedBlobs {
public:
  explicit ReplacedBlobs(mlir::ModuleOp before) : held(blobsOf(before)) {}
  void release(mlir::ModuleOp after);

private:
  using Blobs = llvm::MapVector<void *, mlir::DenseResourceElementsHandle>;
  static Blobs blobsOf(mlir::ModuleOp module);

  Blobs held;
};

} // namespace nncc

#endif // LIB_PIPELINE_REPLACEDBLOBS_H
