//===- RegisterTile.h - the body of an expanded nest ---------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CODEGEN_REGISTERTILE_H
#define LIB_CODEGEN_REGISTERTILE_H

#include "lib/Codegen/PanelPrefetch.h"
#include <map>

namespace nncc {

/// An index into a flat buffer: sum of coefficient * atom, plus a constant.
/// Atoms are loop dimensions, indices from tensors (symbols) or divisions that
/// did not simplify.
struct LinearIndex {
  llvm::SmallVector<std::pair<mlir::AffineExpr, int64_t>> terms;
  int64_t constant = 0;
};

/// `offsets` with `lane` added in loop `dim`.
inline llvm::SmallVector<int64_t> withLane(llvm::ArrayRef<int64_t> offsets,
                                           unsigned dim, int64_t lane) {
  llvm::SmallVector<int64_t> shifted(offsets);
  shifted[dim] += lane;
  return shifted;
}

/// Emits the straight code of one register tile and the reduction loops around
/// it. `origins[d]` is the first iteration of loop d in this tile as an
/// expression in unit indices (dimension d is the unit index of loop d, whose
/// value is `units[d]`), `sizes[d]` the iterations it covers.
class RegisterTile {
public:
  /// `flats` are the nest's buffers, collapsed to one dimension, in map order.
  RegisterTile(nnc::NestOp nest, mlir::ValueRange flats)
      : nest(nest), flats(flats), prefetch(PanelPrefetch::plan(nest)) {}

  void emit(mlir::OpBuilder &b, llvm::ArrayRef<mlir::AffineExpr> origins,
            llvm::ArrayRef<int64_t> sizes, llvm::ArrayRef<mlir::Value> units);

private:
  /// An element of an index tensor; symbol i of an expression is number i.
  struct IndexElement {
    unsigned operand, buffer;
    LinearIndex place;
  };
  /// One accumulator: offsets from the tile's origin and a vector length.
  struct Point {
    llvm::SmallVector<int64_t> offsets;
    int64_t lanes;
  };
  /// Values already loaded or computed in the current block.
  struct Block {
    std::map<std::string, mlir::Value> loads, bases;
    llvm::DenseMap<unsigned, mlir::Value> indexValues; ///< by symbol
    llvm::DenseMap<mlir::Value, mlir::Value> converted;
  };

  void listPoints(llvm::ArrayRef<int64_t> sizes);
  // Addresses, loads and stores (TileAccess.cpp).
  LinearIndex linearIndex(unsigned buffer, llvm::ArrayRef<int64_t> offsets);
  mlir::Value base(mlir::OpBuilder &b, Block &block, const LinearIndex &index);
  mlir::Value atom(mlir::OpBuilder &b, Block &block, mlir::AffineExpr expr);
  mlir::AffineExpr indexAt(unsigned k, llvm::ArrayRef<int64_t> offsets);
  mlir::Value indexValue(mlir::OpBuilder &b, Block &block, unsigned number);
  llvm::SmallVector<LinearIndex> laneIndices(unsigned buffer,
                                             llvm::ArrayRef<int64_t> offsets,
                                             int64_t lanes);
  mlir::Value address(mlir::OpBuilder &b, Block &block, const LinearIndex &index);
  mlir::Value loadScalar(mlir::OpBuilder &b, Block &block, unsigned buffer,
                         const LinearIndex &index);
  mlir::Value loadNeighbours(mlir::OpBuilder &b, Block &block, unsigned buffer,
                             const LinearIndex &first, mlir::VectorType type);
  mlir::Value loadLanes(mlir::OpBuilder &b, Block &block, unsigned buffer,
                        llvm::ArrayRef<LinearIndex> indices);
  // Elements as they are computed (ElementAccess.cpp).
  mlir::Type scalarType(unsigned buffer);
  mlir::Value load(mlir::OpBuilder &b, Block &block, unsigned buffer,
                   llvm::ArrayRef<int64_t> offsets, int64_t lanes);
  mlir::Value loadStored(mlir::OpBuilder &b, Block &block, unsigned buffer,
                         llvm::ArrayRef<int64_t> offsets, int64_t lanes);
  void store(mlir::OpBuilder &b, Block &block, mlir::Value value,
             const Point &point);
  mlir::Value inlineScalars(mlir::OpBuilder &b, mlir::Region &region,
                            mlir::ValueRange args, int64_t lanes);
  llvm::SmallVector<mlir::Value> reduce(mlir::OpBuilder &b, unsigned dim,
                                        mlir::ValueRange accumulators);
  void askForNextPanel(mlir::OpBuilder &b);
  mlir::Value unitOf(mlir::OpBuilder &b, unsigned dim);
  llvm::SmallVector<mlir::Value> combine(mlir::OpBuilder &b,
                                         mlir::ValueRange accumulators,
                                         llvm::ArrayRef<int64_t> sizes);
  // Several accumulators per point (ReductionChains.cpp).
  unsigned slots();
  void combineLanes(mlir::OpBuilder &b, Block &block,
                    llvm::ArrayRef<int64_t> offsets, int64_t count,
                    llvm::MutableArrayRef<mlir::Value> accumulators);
  mlir::Value combineChains(mlir::OpBuilder &b,
                            llvm::ArrayRef<mlir::Value> accumulators,
                            int64_t lanes);

  nnc::NestOp nest;
  mlir::ValueRange flats;
  llvm::SmallVector<mlir::AffineExpr> origins;
  llvm::SmallVector<mlir::Value> units;
  llvm::SmallVector<int64_t> unitExtents;
  llvm::SmallVector<Point> points;
  llvm::SmallVector<IndexElement> indexElements;
  std::map<std::string, unsigned> indexNumbers;
  std::optional<PanelPrefetch> prefetch;
};

} // namespace nncc

#endif // LIB_CODEGEN_REGISTERTILE_H
