// Operations of the planned program: groups on physical buffers, then launches
// of outlined kernels.

#ifndef DIALECTS_NNC_IR_NNCPLANOPS
#define DIALECTS_NNC_IR_NNCPLANOPS

def Nnc_GroupOp : Nnc_Op<"group", [
    Pure, IsolatedFromAbove, SingleBlock, AttrSizedOperandSegments]> {
  let summary = "Operations that become one kernel, with the plan for it";
  let description = [{
    `inputs` and `results` have physical shapes; the region computes on logical
    ones. `inLayouts[i]` relates input i to block argument i, `outLayouts[j]`
    relates result j to operand j of the terminator. `schedule` is the register
    tile. With `into` the group writes only part of a larger tensor: its result
    is `into` with the elements that `outLayouts` reaches replaced. They are one
    buffer, so a value is passed as `into` at most once, and whoever else reads
    it reads none of the elements that are replaced later.

        %y = nnc.group ins(%x, %w : ...) -> tensor<1x4x58x58x16xf32>
               attributes {inLayouts = [...], outLayouts = [...]} {
        ^bb0(%a: tensor<1x64x56x56xf32>, %b: tensor<64x64x3x3xf32>):
          %0 = nnc.conv %a, %b ...
          %1 = nnc.relu %0
          nnc.yield %1
        }
  }];
  let arguments = (ins Variadic<AnyStaticShapeTensor>:$inputs,
                       Optional<AnyStaticShapeTensor>:$into,
                       Nnc_LayoutArrayAttr:$inLayouts, Nnc_LayoutArrayAttr:$outLayouts,
                       OptionalAttr<Nnc_ScheduleAttr>:$schedule);
  let results = (outs Variadic<AnyStaticShapeTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`ins` `(` $inputs^ `:` type($inputs) `)`)? (`into` `(` $into^ `:` type($into) `)`)?
    `->` type($results) attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    LayoutAttr getInLayout(unsigned i) { return ::llvm::cast<LayoutAttr>(getInLayouts()[i]); }
    LayoutAttr getOutLayout(unsigned i) { return ::llvm::cast<LayoutAttr>(getOutLayouts()[i]); }
  }];
}

def Nnc_YieldOp : Nnc_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["GroupOp", "NestOp"]>]> {
  let summary = "Ends a region with its values: tensors in a group, scalars in a nest";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def Nnc_BufferOp : Nnc_Op<"buffer", [MemoryEffects<[MemAlloc]>]> {
  let summary = "A buffer of its own, contents undefined, for a launch to write";
  let description = [{
    Like tensor.empty, but two of one type are never the same: the planner gives
    each its place in the arena. With a layout, the elements that it sends no
    index of a tensor of type `logical` to hold its pad value.
  }];
  let arguments = (ins OptionalAttr<Nnc_LayoutAttr>:$layout, OptionalAttr<TypeAttr>:$logical);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "(`padded` $layout^ `of` $logical)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Nnc_ViewOp : Nnc_Op<"view", [Pure]> {
  let summary = "The same bytes under another physical shape";
  let arguments = (ins AnyStaticShapeTensor:$input);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Nnc_LaunchOp : Nnc_Op<"launch", [AttrSizedOperandSegments, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "A call of an outlined kernel on whole buffers";
  let description = [{
    The kernel computes `work` independent units; its function takes (inputs...,
    outputs..., lo, hi) and does the units lo..hi. On tensors it is pure and
    each result is the final value of the output beside it (destination
    passing); after the memory stage operands are memrefs and there are no
    results. `starts`, if not empty, has the element of each operand at which the
    kernel finds the beginning of its buffer.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyShaped>:$inputs,
                       Variadic<AnyShaped>:$outputs, I64Attr:$work,
                       DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{}">:$starts);
  let results = (outs Variadic<AnyStaticShapeTensor>:$results);
  let assemblyFormat = [{
    $kernel (`ins` `(` $inputs^ `:` type($inputs) `)`)? `outs` `(` $outputs `:` type($outputs) `)`
    `work` $work attr-dict (`->` type($results)^)?
  }];
  let hasVerifier = 1;
}

def Nnc_NestOp : Nnc_Op<"nest", [AttrSizedOperandSegments, RecursiveMemoryEffects,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "A kernel as a static loop nest with its register tile";
  let description = [{
    The loops run over `extents`; the first `parallel` of them visit the
    elements of `output`, the others reduce. Buffers are row-major; `maps` take
    the loop indices to the index of an element, in the order initInputs,
    inputs, finishInputs, indices, output. Symbol k of a map is the element of
    indices[k], an index of a dimension of extent indexExtents[k]: negative ones
    count from its end, and it is clamped to it (extent 0 says that it needs
    neither). Per element:

        acc = init(initInputs...)                 // only with reductions
        for each reduction index: acc = combine(inputs..., acc)
        output = finish(acc, finishInputs...)     // no acc without reductions

    The regions take and yield compute types; loads and stores convert from and
    to the buffers' storage types (f16 to f32, a byte to bool).

    The outermost parallel loops are split into units of `tile` elements, of
    which those from `lo` to `hi` are executed (see getWork). `tile[d]` is the
    number of iterations of loop d that one loop body handles in registers;
    along loop `laneDim` they are vectors of up to `lanes` elements.

    With `chains` > 1 there are that many accumulators per element: iteration i
    of the innermost loop goes to number i mod `chains`, and at the end they are
    combined in halves, 0 with n/2, 1 with n/2 + 1 and so on. This makes the
    result one of the order alone, whatever the vectors are; `laneDim` may then
    be the innermost loop, whose tile is `chains` and may be partial. Needs one
    input, which `combine` takes like a second accumulator, and no initInputs.

    `prefetch` is the position in `inputs` of a buffer of panels: the part that
    one iteration of some parallel loop reads, and that the parallel loops inside
    it read again and again. They share the work of asking for the next one.

    Unlike linalg.generic the extents are explicit, so a map may block and
    offset (d1 floordiv 16, d2 + 1, d1 mod 16), and the prologue and epilogue
    of a contraction belong to the op.
  }];
  let arguments = (ins Variadic<AnyMemRef>:$initInputs, Variadic<AnyMemRef>:$inputs,
                       Variadic<AnyMemRef>:$finishInputs, Variadic<AnyMemRef>:$indices,
                       AnyMemRef:$output,
                       Index:$lo, Index:$hi,
                       DenseI64ArrayAttr:$extents, I64Attr:$parallel,
                       AffineMapArrayAttr:$maps, DenseI64ArrayAttr:$tile,
                       I64Attr:$laneDim, I64Attr:$lanes, OptionalAttr<I64Attr>:$prefetch,
                       DefaultValuedAttr<I64Attr, "1">:$chains,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$indexExtents);
  let regions = (region MaxSizedRegion<1>:$init, MaxSizedRegion<1>:$combine, SizedRegion<1>:$finish);
  let assemblyFormat = [{
    (`init` `(` $initInputs^ `:` type($initInputs) `)`)? (`ins` `(` $inputs^ `:` type($inputs) `)`)?
    (`finish` `(` $finishInputs^ `:` type($finishInputs) `)`)?
    (`indices` `(` $indices^ `:` type($indices) `)`)? `outs` `(` $output `:` type($output) `)`
    `from` $lo `to` $hi `extents` $extents `parallel` $parallel `tile` $tile
    `lanes` $lanes `along` $laneDim attr-dict-with-keyword $init `,` $combine `,` $finish
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool hasReduction() { return getParallel() < getExtents().size(); }
    /// True if the lanes of a vector are partial results of one element.
    bool hasReductionLanes() { return getLaneDim() >= getParallel(); }
    /// Iterations of loop `dim` in units of its tile, the last may be partial.
    int64_t getUnits(unsigned dim) {
      return ::llvm::divideCeil(getExtents()[dim], getTile()[dim]);
    }
    /// Loops whose units are the work that threads share: all parallel loops
    /// but the innermost, or the only one.
    unsigned getNumWorkLoops() { return ::std::max<uint64_t>(getParallel(), 2) - 1; }
    int64_t getWork() {
      int64_t work = 1;
      for (unsigned dim = 0; dim < getNumWorkLoops(); ++dim)
        work *= getUnits(dim);
      return work;
    }
    ::mlir::AffineMap getMap(unsigned i) {
      return ::llvm::cast<::mlir::AffineMapAttr>(getMaps()[i]).getValue();
    }
    ::mlir::AffineMap getOutputMap() { return getMap(getMaps().size() - 1); }
  }];
}

def Nnc_WeightsOp : Nnc_Op<"weights", [Symbol]> {
  let summary = "The read-only section: constants at fixed byte offsets";
  let description = [{
    `blobs[i]` lies at byte `offsets[i]` of a section of `size` bytes whose
    start is aligned to `alignment` bytes; gaps are zero.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ArrayAttr:$blobs, DenseI64ArrayAttr:$offsets,
                       I64Attr:$size, I64Attr:$alignment);
  let assemblyFormat = "$sym_name `size` $size `align` $alignment `at` $offsets $blobs attr-dict";
  let hasVerifier = 1;
}

#endif
