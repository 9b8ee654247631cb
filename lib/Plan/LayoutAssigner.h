//===- LayoutAssigner.h - the physical layout of every value -------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PLAN_LAYOUTASSIGNER_H
#define LIB_PLAN_LAYOUTASSIGNER_H

#include "lib/Plan/ImageLayout.h"
#include "lib/Plan/WindowHalo.h"
#include <mlir/Dialect/Func/IR/FuncOps.h>

namespace nncc {

/// Where a logical value lies. `image` is set if the layout is one of an
/// activation with channels.
struct Placement {
  mlir::Value physical;
  nnc::LayoutAttr layout;
  std::optional<ImageLayout> image;
};

/// Visits a function in program order and gives every value a placement.
class LayoutAssigner {
public:
  LayoutAssigner(mlir::func::FuncOp func, const TargetInfo &target)
      : func(func), target(target) {}
  void run();

private:
  // AssignLayouts.cpp
  void visit(mlir::Operation *op);
  mlir::Value relayout(mlir::OpBuilder &b, mlir::Location loc,
                       mlir::RankedTensorType logical, const Placement &from,
                       const PhysicalType &to, mlir::Value into = nullptr);
  mlir::Value materialize(mlir::OpBuilder &b, mlir::Value logical,
                          const PhysicalType &to);
  ImageLayout imageToRead(mlir::Value logical, mlir::Operation *user);
  Placement materializeImage(mlir::OpBuilder &b, mlir::Value logical,
                             ImageLayout wanted);
  Placement placeInput(mlir::OpBuilder &b, nnc::GroupOp group,
                       mlir::BlockArgument argument);
  float padValue(const WindowHalo &halo, mlir::Value logical);
  bool isNonNegative(mlir::Value logical);
  bool computesImage(nnc::GroupOp group);
  bool hasOnlyRowMajorUsers(mlir::Value value);
  ImageLayout imageFor(mlir::Value result, int64_t block);
  std::optional<ImageLayout> resultImage(nnc::GroupOp group);
  void place(nnc::GroupOp group);
  void placeResults(nnc::GroupOp group, llvm::ArrayRef<mlir::Value> inputs,
                    llvm::ArrayRef<mlir::Attribute> layouts);

  // PlaceMoves.cpp: operations that are layout only.
  void placeRowMajor(mlir::Value logical, mlir::Value physical);
  static Placement viewOf(Placement input, mlir::AffineMap map,
                          mlir::RankedTensorType type);
  void placeView(mlir::Operation *op, mlir::AffineMap map);
  void place(nnc::TransposeOp op);
  void place(nnc::BroadcastOp op);
  void place(nnc::ReshapeOp op);
  void place(nnc::PadOp op);
  void placeReturn(mlir::Operation *op);
  bool isRowMajor(mlir::Value logical);

  // PlaceParts.cpp: tensors put together from parts.
  /// An assembled tensor: its buffer, the last value of it so far, its layout.
  struct Whole {
    mlir::Value chain;
    PhysicalType physical;
    std::optional<ImageLayout> image;
  };
  /// The part of an assembled tensor that a group writes in place.
  struct Destination {
    nnc::AssembleOp whole;
    unsigned part;
  };
  void findDestinations();
  bool isImage(mlir::Value value);
  bool findImage(mlir::Value value);
  bool becomesImage(nnc::AssembleOp op);
  Whole &wholeOf(mlir::OpBuilder &b, nnc::AssembleOp op);
  void placePart(nnc::AssembleOp op, unsigned part, mlir::Value chain);
  void place(nnc::AssembleOp op);

  mlir::func::FuncOp func;
  const TargetInfo &target;
  llvm::DenseMap<mlir::Value, Placement> placements;
  llvm::DenseMap<std::tuple<mlir::Value, mlir::Attribute, mlir::Type>, mlir::Value>
      copies;
  llvm::DenseMap<mlir::Value, Destination> destinations; ///< by part
  llvm::DenseMap<mlir::Operation *, Whole> wholes;
  llvm::DenseMap<mlir::Value, bool> images;
  llvm::DenseSet<mlir::Value> nonNegative;
  llvm::SmallVector<mlir::Operation *> replaced;
};

/// `layout` read through `map`, where the result has `shape`.
nnc::LayoutAttr readThrough(nnc::LayoutAttr layout, mlir::AffineMap map,
                            llvm::ArrayRef<int64_t> shape);

} // namespace nncc

#endif // LIB_PLAN_LAYOUTASSIGNER_H
