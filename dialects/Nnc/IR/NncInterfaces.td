#ifndef DIALECTS_NNC_IR_NNCINTERFACES
#define DIALECTS_NNC_IR_NNCINTERFACES

include "mlir/IR/OpBase.td"

def Nnc_ScalarSemantics : OpInterface<"ScalarSemantics"> {
  let description = [{
    The op is elementwise with NumPy broadcasting; its whole meaning is one
    scalar expression. Fusion, lowering, vectorization and evaluation at compile
    time are written once against this interface.
  }];
  let cppNamespace = "::nncc::nnc";
  let methods = [
    InterfaceMethod<[{
        Emits the computation of one element. `args` are the operands' elements
        in order, as computeTypeOf says; so is the result.
      }], "::mlir::Value", "emitScalar",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::ValueRange":$args)>
  ];
}

#endif
