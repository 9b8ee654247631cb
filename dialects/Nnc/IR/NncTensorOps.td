// Operations on logical tensors: what the importer produces and the graph
// passes rewrite.

#ifndef DIALECTS_NNC_IR_NNCTENSOROPS
#define DIALECTS_NNC_IR_NNCTENSOROPS

class Nnc_Inferred<string mnemonic, list<Trait> traits = []> : Nnc_Op<mnemonic,
    traits # [Pure, DeclareOpInterfaceMethods<InferTypeOpInterface>]>;

def Nnc_ConstantOp : Nnc_Op<"constant", [Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "A tensor known at compile time";
  let description = [{
    Weights are `dense_resource` blobs that own or map their bytes (little
    endian, row-major); small values may be `dense`.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def Nnc_ConvOp : Nnc_Inferred<"conv"> {
  let summary = "Convolution over 1 to 3 spatial dimensions";
  let description = [{
    `input` is N x C x spatial, `filter` O x C/groups x spatial, `bias` O. As
    ONNX Conv: out[n,o,p] = bias[o] + sum over i,k of input[n, i, p * stride +
    k * dilation - pad_begin] * filter[o,i,k], zero outside.
  }];
  let arguments = (ins AnyStaticShapeTensor:$input, AnyStaticShapeTensor:$filter,
                       Optional<AnyStaticShapeTensor>:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
                       DenseI64ArrayAttr:$padBegin, DenseI64ArrayAttr:$padEnd,
                       I64Attr:$groups);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = [{
    $input `,` $filter (`,` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    unsigned getSpatialRank() { return getStrides().size(); }
    /// One input channel per group and at least two groups.
    bool isDepthwise();
    int64_t getOutputsPerGroup();
    /// True if vectors of `lanes` output channels begin anew with each of several
    /// groups, false if one vector holds whole groups.
    bool lanesStayInGroup(int64_t lanes);
  }];
}

def Nnc_MatmulOp : Nnc_Inferred<"matmul"> {
  let summary = "Matrix product with NumPy batch broadcasting, both operands of rank >= 2";
  let description = [{
    `lhs` ... x M x K, `rhs` ... x K x N; leading dimensions broadcast. Vectors,
    transposed operands, bias and scale of ONNX's MatMul and Gemm are composed
    around it.
  }];
  let arguments = (ins AnyStaticShapeTensor:$lhs, AnyStaticShapeTensor:$rhs);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Nnc_PoolOp : Nnc_Inferred<"pool"> {
  let summary = "Maximum or average of sliding windows over 1 to 3 spatial dimensions";
  let description = [{
    `input` is N x C x spatial. Windows may reach beyond the padded input when
    `ceilMode` chose the output extent. Positions outside the input never win a
    maximum; an average counts them only with `countPad`, and never those
    beyond the explicit padding.
  }];
  let arguments = (ins AnyStaticShapeTensor:$input, Nnc_PoolKindAttr:$kind,
                       DenseI64ArrayAttr:$window, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$dilations,
                       DenseI64ArrayAttr:$padBegin, DenseI64ArrayAttr:$padEnd,
                       UnitAttr:$ceilMode, UnitAttr:$countPad);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$kind $input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let hasVerifier = 1;
}

def Nnc_ReduceOp : Nnc_Inferred<"reduce"> {
  let summary = "Reduction over axes, which stay as extent 1";
  let arguments = (ins AnyStaticShapeTensor:$input, Nnc_ReduceKindAttr:$kind,
                       DenseI64ArrayAttr:$axes);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$kind $input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Nnc_SoftmaxOp : Nnc_Inferred<"softmax"> {
  let summary = "e^x / sum of e^x along one axis";
  let arguments = (ins AnyStaticShapeTensor:$input, I64Attr:$axis);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nnc_PadOp : Nnc_Inferred<"pad"> {
  let summary = "A tensor with a constant border; negative amounts crop";
  let arguments = (ins AnyStaticShapeTensor:$input, DenseI64ArrayAttr:$padBegin,
                       DenseI64ArrayAttr:$padEnd, F64Attr:$value);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Nnc_TransposeOp : Nnc_Inferred<"transpose"> {
  let summary = "result dimension i is input dimension permutation[i]";
  let arguments = (ins AnyStaticShapeTensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Nnc_ReshapeOp : Nnc_Op<"reshape", [Pure]> {
  let summary = "The same elements in row-major order under another shape";
  let arguments = (ins AnyStaticShapeTensor:$input);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Nnc_BroadcastOp : Nnc_Op<"broadcast", [Pure]> {
  let summary = "A tensor repeated to a larger shape by NumPy's rules";
  let arguments = (ins AnyStaticShapeTensor:$input);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let hasVerifier = 1;
}

#endif
