#ifndef DIALECTS_NNC_IR_NNCATTRS
#define DIALECTS_NNC_IR_NNCATTRS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "dialects/Nnc/IR/NncBase.td"

def Nnc_PoolKind : I32EnumAttr<"PoolKind", "what a pooling window computes", [
    I32EnumAttrCase<"Max", 0, "max">,
    I32EnumAttrCase<"Average", 1, "average">]> {
  let cppNamespace = "::nncc::nnc";
  let genSpecializedAttr = 0;
}

def Nnc_PoolKindAttr : EnumAttr<Nnc_Dialect, Nnc_PoolKind, "pool_kind">;

def Nnc_ReduceKind : I32EnumAttr<"ReduceKind", "what a reduction computes", [
    I32EnumAttrCase<"Sum", 0, "sum">,
    I32EnumAttrCase<"Mean", 1, "mean">,
    I32EnumAttrCase<"Max", 2, "max">,
    I32EnumAttrCase<"Min", 3, "min">,
    I32EnumAttrCase<"Prod", 4, "prod">]> {
  let cppNamespace = "::nncc::nnc";
  let genSpecializedAttr = 0;
}

def Nnc_ReduceKindAttr : EnumAttr<Nnc_Dialect, Nnc_ReduceKind, "reduce_kind">;

def Nnc_LayoutAttr : AttrDef<Nnc_Dialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "Where each element of a logical tensor lies in its buffer";
  let description = [{
    `map` takes the logical index of an element to its physical index. A
    floordiv/mod pair blocks a dimension, a permutation transposes, a positive
    constant leaves a halo in front, a factor skips elements. Every physical element that no logical
    index reaches (halo, lanes behind the last channel) holds `pad`.

    Channel-blocked with a halo of one pixel:

        #nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2 + 1, d3 + 1, d1 mod 16), pad = 0.0>
  }];
  let parameters = (ins "::mlir::AffineMap":$map, "::mlir::FloatAttr":$pad);
  let builders = [
    AttrBuilder<(ins "::mlir::AffineMap":$map, CArg<"double", "0.0">:$pad), [{
      return $_get($_ctxt, map, ::mlir::FloatAttr::get(::mlir::Float64Type::get($_ctxt), pad));
    }]>
  ];
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    /// Row-major: the physical index is the logical one.
    static LayoutAttr getIdentity(::mlir::MLIRContext *context, unsigned rank);
    bool isIdentity() { return getMap().isIdentity(); }
    /// True if some element of `physical` is not the image of a logical index.
    bool hasPadding(::mlir::RankedTensorType logical, ::mlir::RankedTensorType physical);
    /// Checks that `map` sends every index of `logical` into `physical`.
    ::mlir::LogicalResult verifyFits(
        ::llvm::function_ref<::mlir::InFlightDiagnostic()> emitError,
        ::mlir::RankedTensorType logical, ::mlir::RankedTensorType physical);
  }];
}

def Nnc_LayoutArrayAttr : TypedArrayAttrBase<Nnc_LayoutAttr, "layouts">;

def Nnc_ScheduleAttr : AttrDef<Nnc_Dialect, "Schedule"> {
  let mnemonic = "schedule";
  let summary = "The register tile of a group's kernel";
  let description = [{
    A kernel keeps `vectors` x `points` accumulators of `lanes` elements in
    registers: the vectors run along dimension `laneDim` of the logical result
    (channels, matrix columns), the points along `pointDim` (pixels of a row,
    matrix rows). `lanes` = 1 is scalar code. With `prefetch` a contraction asks
    for the weights of its next columns while it works on these.

    A reduction with `chains` > 1 keeps that many partial results per element:
    the index along the innermost reduced dimension modulo `chains` says which,
    and they are combined in halves at the end. With `laneDim` = -1 vectors run
    along that dimension, each lane being one of the chains.
  }];
  let parameters = (ins "int64_t":$lanes, "int64_t":$vectors, "int64_t":$laneDim,
                        "int64_t":$points, "int64_t":$pointDim,
                        DefaultValuedParameter<"bool", "false">:$prefetch,
                        DefaultValuedParameter<"int64_t", "1">:$chains);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif
