// Operations that put elements elsewhere. What ONNX calls Slice, Split, Tile,
// DepthToSpace, Concat, Gather ... are the first three.

#ifndef DIALECTS_NNC_IR_NNCMOVEOPS
#define DIALECTS_NNC_IR_NNCMOVEOPS

def Nnc_RemapOp : Nnc_Op<"remap", [Pure]> {
  let summary = "result[i] = input[map(i)]";
  let description = [{
    A slice is an offset and a step (which may be negative), a repetition of
    elements a floordiv, a repetition of the tensor a mod; DepthToSpace has
    both. No element is computed or copied for it: the layout stage reads the
    input through the map.

        // The second half of the channels, every other column from the right.
        %y = nnc.remap %x affine_map<(d0, d1, d2) -> (d0, d1 + 8, d2 * -2 + 15)>
             : (tensor<1x16x16xf32>) -> tensor<1x8x8xf32>
  }];
  let arguments = (ins AnyStaticShapeTensor:$input, AffineMapAttr:$map);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$input $map attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Nnc_AssembleOp : Nnc_Op<"assemble", [Pure]> {
  let summary = "A tensor put together from parts: result[maps[k](i)] = parts[k][i]";
  let description = [{
    Each map multiplies the dimensions by positive steps and adds offsets. The
    parts are disjoint and cover the result. With steps of 1 it is a
    concatenation; a transposed convolution interleaves its phases. The group
    that computes a part writes it in place where it can.

        %y = nnc.assemble %a, %b [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0 + 3)>]
             : (tensor<3xf32>, tensor<2xf32>) -> tensor<5xf32>
  }];
  let arguments = (ins Variadic<AnyStaticShapeTensor>:$parts, AffineMapArrayAttr:$maps);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$parts $maps attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::AffineMap getPartMap(unsigned part) {
      return ::llvm::cast<::mlir::AffineMapAttr>(getMaps()[part]).getValue();
    }
  }];
}

def Nnc_GatherOp : Nnc_Op<"gather", [Pure]> {
  let summary = "Elements whose places come from tensors of indices";
  let description = [{
    result[i] = data[map(i)], where symbol k of `map` is the element
    indexMaps[k](i) of indices[k]. A symbol is the whole index of one dimension
    of `data`; negative ones count from its end. An index out of range reads
    some element of `data`: `nnc.check_indices` finds it. With `inRange` they
    are known to be in 0 .. extent - 1.

        // The rows %i of a matrix.
        %y = nnc.gather %x at(%i) affine_map<(d0, d1)[s0] -> (s0, d1)> [affine_map<(d0, d1) -> (d0)>]
             : (tensor<9x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  }];
  let arguments = (ins AnyStaticShapeTensor:$data, Variadic<AnyStaticShapeTensor>:$indices,
                       AffineMapAttr:$map, AffineMapArrayAttr:$indexMaps, UnitAttr:$inRange);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = [{
    $data `at` `(` $indices `)` $map $indexMaps attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::AffineMap getIndexMap(unsigned k) {
      return ::llvm::cast<::mlir::AffineMapAttr>(getIndexMaps()[k]).getValue();
    }
    /// Extent of the dimension that symbol `k` indexes.
    int64_t getIndexedExtent(unsigned k);
  }];
}

def Nnc_CheckIndicesOp : Nnc_Op<"check_indices", [Pure]> {
  let summary = "1 if an index is outside -extent .. extent-1, else 0";
  let description = [{
    The network's function returns the result with the attribute `nnc.status`;
    the entry of the object returns NNCC_E_INDEX if it is not zero.
  }];
  let arguments = (ins AnyStaticShapeTensor:$indices, I64Attr:$extent);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$indices `below` $extent attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

// An operation whose kernel is no loop nest over elements of its result: it reads
// and writes whole row-major tensors and stands alone in its group.
def Nnc_WholeTensors : NativeOpTrait<"WholeTensors"> { let cppNamespace = "::nncc::nnc"; }

def Nnc_ScatterOp : Nnc_Op<"scatter", [Pure, Nnc_WholeTensors]> {
  let summary = "A tensor with elements replaced whose places come from tensors of indices";
  let description = [{
    As `nnc.gather` backward: for each index i of `updates` in row-major order
    result[map(i)] = updates[i], or the reduction of both. The other elements
    are those of `data`. An update whose index is out of range has no effect.
  }];
  let arguments = (ins AnyStaticShapeTensor:$data, AnyStaticShapeTensor:$updates,
                       Variadic<AnyStaticShapeTensor>:$indices,
                       AffineMapAttr:$map, AffineMapArrayAttr:$indexMaps,
                       OptionalAttr<Nnc_ReduceKindAttr>:$reduction);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = [{
    $data `,` $updates `at` `(` $indices `)` $map $indexMaps (`by` $reduction^)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::AffineMap getIndexMap(unsigned k) {
      return ::llvm::cast<::mlir::AffineMapAttr>(getIndexMaps()[k]).getValue();
    }
    /// Extent of the dimension that symbol `k` indexes.
    int64_t getIndexedExtent(unsigned k);
  }];
}

def Nnc_TopKOp : Nnc_Op<"top_k", [Pure, Nnc_WholeTensors, DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "The k largest (or smallest) elements along an axis, in order, and their indices";
  let description = "Of equal elements the one with the lower index comes first.";
  let arguments = (ins AnyStaticShapeTensor:$input, I64Attr:$axis, I64Attr:$k, UnitAttr:$smallest);
  let results = (outs AnyStaticShapeTensor:$values, AnyStaticShapeTensor:$indices);
  let assemblyFormat = "$input `,` $k `along` $axis attr-dict `:` functional-type(operands, results)";
}

#endif
