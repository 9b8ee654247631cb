#ifndef DIALECTS_NNC_IR_NNCINTERFACES
#define DIALECTS_NNC_IR_NNCINTERFACES

include "mlir/IR/OpBase.td"

def Nnc_ScalarSemantics : OpInterface<"ScalarSemantics"> {
  let description = [{
    The op is elementwise with NumPy broadcasting; its whole meaning is one
    scalar expression. Fusion, lowering, vectorization and compile-time folding
    are written once against this interface.
  }];
  let cppNamespace = "::nncc::nnc";
  let methods = [
    InterfaceMethod<[{
        Emits the computation of one element. `args` are the scalar (or, once
        vectorized, vector) operands in order; the result has their type.
      }], "::mlir::Value", "emitScalar",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::ValueRange":$args)>,
    InterfaceMethod<[{
        Computes one element at compile time in the precision of the type, with
        the same rounding as the emitted code for +, -, *, / and comparisons.
      }], "double", "foldScalar",
      (ins "::llvm::ArrayRef<double>":$args)>
  ];
}

#endif
