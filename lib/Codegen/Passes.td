#ifndef LIB_CODEGEN_PASSES
#define LIB_CODEGEN_PASSES

include "mlir/Pass/PassBase.td"

def CodegenOutlineKernels : Pass<"codegen-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Turn groups into kernels and launches";
  let description = [{
    Each `nnc.group` becomes a private function with one `nnc.nest` (its anchor
    with prologue and epilogue) on memrefs and an `nnc.launch` of it. A result
    with a halo or padded lanes is first handed to a kernel that fills just
    those. Kernels that are equal up to their name are shared. Example:
    test/lib/Codegen/outline-kernels.mlir.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"];
}

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
