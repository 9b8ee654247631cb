#ifndef LIB_MEMORY_PASSES
#define LIB_MEMORY_PASSES

include "mlir/Pass/PassBase.td"

def MemoryPlaceBuffers : Pass<"memory-place-buffers", "::mlir::ModuleOp"> {
  let summary = "Give every buffer its place in the arena or the weight section";
  let description = [{
    @main on tensors becomes @main on memrefs: network inputs, outputs, the
    weight section and the arena. Intermediate values get proven disjoint arena
    offsets, or share bytes where a kernel works in place; constants get offsets
    in execution order. The plan is verified by the independent checker. Module
    attributes tell the arena's size, its lower bound for this physical layout
    and for the bare logical tensors, and whether the plan is optimal;
    `nnc.status` lists the offsets of the results that are no outputs but say
    whether the run was sound. Example:
    test/lib/Memory/place-buffers.mlir.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::memref::MemRefDialect"];
}

#endif
