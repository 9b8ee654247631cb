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
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::cf::ControlFlowDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::vector::VectorDialect"];
}

#endif
