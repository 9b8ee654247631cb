#ifndef DIALECTS_NNC_IR_NNCOPS
#define DIALECTS_NNC_IR_NNCOPS

include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "dialects/Nnc/IR/NncAttrs.td"
include "dialects/Nnc/IR/NncBase.td"
include "dialects/Nnc/IR/NncInterfaces.td"

include "dialects/Nnc/IR/NncElementwise.td"
include "dialects/Nnc/IR/NncTensorOps.td"
include "dialects/Nnc/IR/NncMoveOps.td"
include "dialects/Nnc/IR/NncSelectionOps.td"
include "dialects/Nnc/IR/NncPlanOps.td"

#endif
