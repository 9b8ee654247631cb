// The passes of the llvm stage, in the order they run.

#ifndef LIB_EMIT_PASSES
#define LIB_EMIT_PASSES

include "mlir/Pass/PassBase.td"

def BuildEntry : Pass<"emit-build-entry", "::mlir::ModuleOp"> {
  let summary = "Turn the list of launches into the object's C entry";
  let description = [{
    Replaces @main by three functions and records the interface of the model
    (`nnc.interface`, `nnc.model_hash`) for the header and the object:

    - `<model>_run_<hash>`: checks the caller's struct, puts arena slots in place
      of null pointers and starts the body, on the caller's threads if there
      are any;
    - `<model>_body`: every launch in order, each with the slice of its work that
      belongs to one thread;
    - `<model>_barrier` (hosted targets): what the body calls between launches
      that touch the same memory.

    Runs first in the stage because only @main knows the names and slots of
    inputs and outputs. Example: test/lib/Emit/build-entry.mlir
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect"];
}

def LowerVectors : Pass<"emit-lower-vectors", "::mlir::ModuleOp"> {
  let summary = "Break vectors and buffers down to what hardware has";
  let description = [{
    Vector operations of several dimensions become operations on single vectors,
    strided buffers become offsets into static ones, copies become loops. What
    is left has an LLVM counterpart of the same shape, so the next pass sees
    every multiplication and addition that code is generated for. Example:
    test/lib/Emit/lower-vectors.mlir
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def LegalizeFreestanding : Pass<"emit-legalize-freestanding", "::mlir::ModuleOp"> {
  let summary = "Rewrite what the target would call a library for";
  let description = [{
    Leaves no operation that LLVM turns into a call on the module's target:
    transcendental functions become polynomials; rounding, minimum and maximum
    and conversions of 16-bit floats become plain arithmetic where the target
    has no instruction.

    Multiplications and additions that may be contracted become fused
    operations where the target has them, here rather than in LLVM, which
    fuses only inside a basic block and not at all on some targets: results
    then do not depend on how a loop was unrolled. Elsewhere fused operations
    are split. Example: test/lib/Emit/legalize-freestanding.mlir
  }];
  let dependentDialects = [
    "::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"];
}

def ConvertToLLVM : Pass<"emit-convert-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Lower every function to the LLVM dialect";
  let description = [{
    One conversion with the target's index width: `index` is 32 bits wide on a
    32-bit machine, so no 64-bit helper is called for addresses or loop
    counters. Static memrefs pass as bare pointers; argument attributes such as
    `llvm.noalias` stay. Everything but the C entry becomes internal.
    `nnc.weights` stays for the object writer. Example:
    test/lib/Emit/convert-to-llvm.mlir
  }];
  let dependentDialects = ["::mlir::cf::ControlFlowDialect", "::mlir::LLVM::LLVMDialect"];
}

#endif
