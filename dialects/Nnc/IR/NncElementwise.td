// Elementwise operations: one line here, one row in NncElementwise.cpp.

#ifndef DIALECTS_NNC_IR_NNCELEMENTWISE
#define DIALECTS_NNC_IR_NNCELEMENTWISE

def Nnc_FunctionCode : NativeOpTrait<"FunctionCode"> { let cppNamespace = "::nncc::nnc"; }

class Nnc_Elementwise<string mnemonic, string meaning, dag args, list<Trait> traits = []>
    : Nnc_Op<mnemonic, traits # [Pure, DeclareOpInterfaceMethods<Nnc_ScalarSemantics>,
                                 DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = meaning;
  let description = [{
    Elementwise with NumPy (ONNX multidirectional) broadcasting of the operands.
    Operands have one element type, which is the result's unless the summary says
    otherwise. `i1` is bool, signless integers are signed. Arithmetic on integers
    wraps around.
  }];
  let arguments = args;
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
class Nnc_Unary<string mnemonic, string meaning>
    : Nnc_Elementwise<mnemonic, meaning, (ins AnyStaticShapeTensor:$input)>;
class Nnc_Function<string mnemonic, string meaning>
    : Nnc_Elementwise<mnemonic, meaning, (ins AnyStaticShapeTensor:$input), [Nnc_FunctionCode]>;
class Nnc_Binary<string mnemonic, string meaning, list<Trait> traits = []>
    : Nnc_Elementwise<mnemonic, meaning, (ins AnyStaticShapeTensor:$lhs, AnyStaticShapeTensor:$rhs),
                      traits>;

// Numbers: integers and floats.
def Nnc_AddOp : Nnc_Binary<"add", "x + y"> { let hasFolder = 1; }
def Nnc_SubOp : Nnc_Binary<"sub", "x - y"> { let hasFolder = 1; }
def Nnc_MulOp : Nnc_Binary<"mul", "x * y"> { let hasFolder = 1; }
def Nnc_DivOp : Nnc_Binary<"div", "x / y; integers round to zero, x / 0 is 0"> { let hasFolder = 1; }
def Nnc_ModOp : Nnc_Binary<"mod", "x - y * floor(x / y); of integers 0 if y is 0">;
def Nnc_RemOp : Nnc_Binary<"rem", "x - y * trunc(x / y); of integers 0 if y is 0">;
def Nnc_PowOp : Nnc_Binary<"pow", "x to the power of y", [Nnc_FunctionCode]>;
def Nnc_MaxOp : Nnc_Binary<"max", "the larger of x and y, NaN if one is"> { let hasCanonicalizer = 1; }
def Nnc_MinOp : Nnc_Binary<"min", "the smaller of x and y, NaN if one is">;
def Nnc_ReluOp : Nnc_Unary<"relu", "0 > x ? 0 : x"> { let hasFolder = 1; }
def Nnc_NegOp : Nnc_Unary<"neg", "-x">;
def Nnc_AbsOp : Nnc_Unary<"abs", "|x|">;

// Floats.
def Nnc_FloorOp : Nnc_Unary<"floor", "the largest whole number up to x">;
def Nnc_CeilOp : Nnc_Unary<"ceil", "the smallest whole number from x on">;
def Nnc_RoundOp : Nnc_Unary<"round", "the whole number next to x, of two the even one">;
def Nnc_SqrtOp : Nnc_Unary<"sqrt", "the square root of x">;
def Nnc_ExpOp : Nnc_Function<"exp", "e^x">;
def Nnc_Expm1Op : Nnc_Function<"expm1", "e^x - 1, exact near 0">;
def Nnc_LogOp : Nnc_Function<"log", "the natural logarithm of x">;
def Nnc_Log1pOp : Nnc_Function<"log1p", "the natural logarithm of 1 + x, exact near 0">;
def Nnc_SigmoidOp : Nnc_Function<"sigmoid", "1 / (1 + e^-x)">;
def Nnc_TanhOp : Nnc_Function<"tanh", "the hyperbolic tangent of x">;
def Nnc_ErfOp : Nnc_Function<"erf", "the error function of x">;
def Nnc_SinOp : Nnc_Function<"sin", "the sine of x">;
def Nnc_CosOp : Nnc_Function<"cos", "the cosine of x">;
def Nnc_TanOp : Nnc_Function<"tan", "the tangent of x">;
def Nnc_AsinOp : Nnc_Function<"asin", "the arc sine of x">;
def Nnc_AcosOp : Nnc_Function<"acos", "the arc cosine of x">;
def Nnc_AtanOp : Nnc_Function<"atan", "the arc tangent of x">;
def Nnc_SinhOp : Nnc_Function<"sinh", "the hyperbolic sine of x">;
def Nnc_CoshOp : Nnc_Function<"cosh", "the hyperbolic cosine of x">;
def Nnc_AsinhOp : Nnc_Function<"asinh", "the inverse hyperbolic sine of x">;
def Nnc_AcoshOp : Nnc_Function<"acosh", "the inverse hyperbolic cosine of x">;
def Nnc_AtanhOp : Nnc_Function<"atanh", "the inverse hyperbolic tangent of x">;

// Bools and integers, bit by bit.
def Nnc_AndOp : Nnc_Binary<"and", "x & y">;
def Nnc_OrOp : Nnc_Binary<"or", "x | y">;
def Nnc_XorOp : Nnc_Binary<"xor", "x ^ y">;
def Nnc_NotOp : Nnc_Unary<"not", "~x">;
def Nnc_ShlOp : Nnc_Binary<"shl", "x << y of integers, 0 if y is not below the width">;
def Nnc_ShrOp : Nnc_Binary<"shr", "x >> y of integers, all signs if y is not below the width">;

// Comparisons; the result is bool.
def Nnc_EqualOp : Nnc_Binary<"equal", "x == y">;
def Nnc_LessOp : Nnc_Binary<"less", "x < y">;
def Nnc_LessEqualOp : Nnc_Binary<"less_equal", "x <= y">;

def Nnc_SelectOp : Nnc_Elementwise<"select", "condition ? x : y with a bool condition",
    (ins AnyStaticShapeTensor:$condition, AnyStaticShapeTensor:$lhs, AnyStaticShapeTensor:$rhs)> {
  let hasFolder = 1;
}
def Nnc_CastOp : Nnc_Elementwise<"cast",
    "x as an element of type `to`: integers wrap around, floats round to it or, to an integer, "
    "to zero and saturate (NaN is 0); to bool is x != 0",
    (ins AnyStaticShapeTensor:$input, TypeAttr:$to)> {
  let hasFolder = 1;
}
def Nnc_BitcastOp : Nnc_Elementwise<"bitcast",
    "the bits of x as an element of type `to`, which has as many; no floats of 16 bits, whose NaNs "
    "would lose bits on the way through f32",
    (ins AnyStaticShapeTensor:$input, TypeAttr:$to)> {
  let hasFolder = 1;
}

#endif
