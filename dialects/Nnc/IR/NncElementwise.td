// Elementwise operations: one line here, one row in NncElementwise.cpp.

#ifndef DIALECTS_NNC_IR_NNCELEMENTWISE
#define DIALECTS_NNC_IR_NNCELEMENTWISE

class Nnc_Elementwise<string mnemonic, string meaning, dag args> : Nnc_Op<mnemonic,
    [Pure, DeclareOpInterfaceMethods<Nnc_ScalarSemantics>,
     DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = meaning;
  let description = [{
    Elementwise with NumPy (ONNX multidirectional) broadcasting of the operands;
    all operands have one element type.
  }];
  let arguments = args;
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}
class Nnc_Unary<string mnemonic, string meaning>
    : Nnc_Elementwise<mnemonic, meaning, (ins AnyStaticShapeTensor:$input)>;
class Nnc_Binary<string mnemonic, string meaning>
    : Nnc_Elementwise<mnemonic, meaning, (ins AnyStaticShapeTensor:$lhs, AnyStaticShapeTensor:$rhs)>;

def Nnc_AddOp : Nnc_Binary<"add", "x + y">;
def Nnc_SubOp : Nnc_Binary<"sub", "x - y">;
def Nnc_MulOp : Nnc_Binary<"mul", "x * y">;
def Nnc_DivOp : Nnc_Binary<"div", "x / y">;
def Nnc_MaxOp : Nnc_Binary<"max", "x > y ? x : y"> { let hasCanonicalizer = 1; }
def Nnc_MinOp : Nnc_Binary<"min", "x < y ? x : y">;

def Nnc_ReluOp : Nnc_Unary<"relu", "x > 0 ? x : 0">;
def Nnc_NegOp : Nnc_Unary<"neg", "-x">;
def Nnc_ExpOp : Nnc_Unary<"exp", "e^x">;
def Nnc_SqrtOp : Nnc_Unary<"sqrt", "the square root of x">;
def Nnc_TanhOp : Nnc_Unary<"tanh", "the hyperbolic tangent of x">;
def Nnc_SigmoidOp : Nnc_Unary<"sigmoid", "1 / (1 + e^-x)">;

#endif
