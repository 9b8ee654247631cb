#ifndef DIALECTS_NNC_IR_NNCBASE
#define DIALECTS_NNC_IR_NNCBASE

include "mlir/IR/OpBase.td"

def Nnc_Dialect : Dialect {
  let name = "nnc";
  let cppNamespace = "::nncc::nnc";
  let summary = "Neural networks as operations on tensors";
  let description = [{
    A network is one function of pure operations on statically shaped tensors
    with ONNX's index conventions (activations N C spatial..., filters O I
    spatial...). Ops never mention a target. `nnc.group` carries
    the plan; `nnc.launch` is the call of a compiled kernel.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"];
}

class Nnc_Op<string mnemonic, list<Trait> traits = []> : Op<Nnc_Dialect, mnemonic, traits>;

#endif
