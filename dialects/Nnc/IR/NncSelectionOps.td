// Operations that search: which leaf of a tree, which boxes of an image, which
// probabilities fit best. Like nnc.top_k they are kernels of their own.

#ifndef DIALECTS_NNC_IR_NNCSELECTIONOPS
#define DIALECTS_NNC_IR_NNCSELECTIONOPS

def Nnc_WalkTreesOp : Nnc_Op<"walk_trees", [Pure, Nnc_WholeTensors, DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "The leaf that each row of a matrix reaches in each decision tree";
  let description = [{
    `nodes` has a row (feature, ifTrue, ifFalse) per inner node of all trees, in
    which ifTrue and ifFalse are the number of another row or, for leaf l, -1 - l.
    A walk begins at an element of `roots` and goes on with ifTrue where
    `input[n, feature] <= threshold`, or where that is NaN and `nanIsTrue` says so.
    The result is the number of the leaf of row n in tree t. Nodes are not on
    cycles and features exist, which the importer makes sure of.

        // x[2] <= 0.5 ? leaf 1 : leaf 0
        %l = nnc.walk_trees %x from %roots over %nodes, %thresholds
             : (tensor<1x3xf32>, tensor<1xi16>, tensor<1x3xi16>, tensor<1xf32>) -> tensor<1x1xi32>
  }];
  let arguments = (ins AnyStaticShapeTensor:$input, AnyStaticShapeTensor:$roots,
                       AnyStaticShapeTensor:$nodes, AnyStaticShapeTensor:$thresholds,
                       Optional<AnyStaticShapeTensor>:$nanIsTrue);
  let results = (outs AnyStaticShapeTensor:$leaves);
  let assemblyFormat = [{
    $input `from` $roots `over` $nodes `,` $thresholds (`,` $nanIsTrue^)? attr-dict
    `:` functional-type(operands, results)
  }];
}

def Nnc_SuppressBoxesOp : Nnc_Op<"suppress_boxes", [Pure, Nnc_WholeTensors, DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "Greedy non-maximum suppression of boxes in the order of their scores";
  let description = [{
    For batch b and class c the boxes `order[b, c, i]` with `scores[b, c, i]`,
    which descend, are selected one after the other, unless the overlap (area of
    the intersection by that of the union) with a selected one is larger than
    `overlap` or the score is not above `score`; at most `limit`. `boxes` is
    B x N x 4: two opposite corners (y, x, y, x), or with `centered` the center
    and the size (x, y, width, height). The result is B x C x limit: box numbers,
    then -1.
  }];
  let arguments = (ins AnyStaticShapeTensor:$boxes, AnyStaticShapeTensor:$scores,
                       AnyStaticShapeTensor:$order, AnyStaticShapeTensor:$overlap,
                       Optional<AnyStaticShapeTensor>:$score, I64Attr:$limit, UnitAttr:$centered);
  let results = (outs AnyStaticShapeTensor:$selected);
  let assemblyFormat = [{
    $boxes `by` $scores `,` $order `beyond` $overlap (`above` $score^)? `up_to` $limit attr-dict
    `:` functional-type(operands, results)
  }];
}

def Nnc_CoupleProbabilitiesOp : Nnc_Op<"couple_probabilities", [Pure, Nnc_WholeTensors, DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "Probabilities of classes from those of their pairs";
  let description = [{
    `forms` is rows x k x k. For each of its matrices Q the result (rows x k) is the
    vector p that makes p^T Q p smallest and has the sum 1, by Algorithm 2 of Wu, Lin
    and Weng, "Probability Estimates for Multi-class Classification by Pairwise
    Coupling" (JMLR 5, 2004): beginning with 1/k, one element after the other. As in
    LIBSVM it ends when no element of Q p is 0.005/k or more away from p^T Q p, or
    after 100 sweeps.

        %p = nnc.couple_probabilities %q : (tensor<1x3x3xf32>) -> tensor<1x3xf32>
  }];
  let arguments = (ins AnyStaticShapeTensor:$forms);
  let results = (outs AnyStaticShapeTensor:$probabilities);
  let assemblyFormat = "$forms attr-dict `:` functional-type(operands, results)";
}

#endif
