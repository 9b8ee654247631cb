#ifndef LIB_CODEGEN_PASSES
#define LIB_CODEGEN_PASSES

include "mlir/Pass/PassBase.td"

def CodegenExpandNests : Pass<"codegen-expand-nests", "::mlir::func::FuncOp"> {
  let summary = "Expand loop nests into loops over register tiles";
  let description = [{
    Each `nnc.nest` becomes scf loops whose innermost body computes one register
    tile: accumulators are SSA values carried by the reduction loops, operands
    are loaded once per tile as vectors, scalars or broadcasts, and the epilogue
    runs on registers before the only store. Partial tiles become straight code
    of their own, cut into vectors whose lengths are powers of two. Example:
    test/lib/Codegen/expand-nests.mlir.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"];
}

#endif
