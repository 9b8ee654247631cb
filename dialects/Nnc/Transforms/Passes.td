#ifndef DIALECTS_NNC_TRANSFORMS_PASSES
#define DIALECTS_NNC_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def FoldConstants : Pass<"nnc-fold-constants", "::mlir::func::FuncOp"> {
  let summary = "Compute at compile time what depends on constants only";
  let description = [{
    Every operation rounds to its element type, as at run time; sums of
    reductions and matrix products are kept in f64 and rounded once. Splats stay
    splats. A result above 64 KiB that is more than twice as large as the
    constants it comes from (a broadcast, a pad, an outer product) is left to
    run time.
  }];
  let statistics = [Statistic<"folded", "folded", "Operations replaced by constants">];
}

def FoldScaleShift : Pass<"nnc-fold-scale-shift", "::mlir::func::FuncOp"> {
  let summary = "Fold multiplications and additions per channel into the contraction before";
  let description = [{
    What a batch normalization becomes: after a convolution with constant filter
    the factors go into the filter and the summands into the bias; after a matrix
    product with constant right side the factors go into it and one addition
    stays. A chain is combined in f64 and rounded once.
  }];
  let statistics = [Statistic<"folded", "folded", "Operations folded into contractions">];
}

def FoldPad : Pass<"nnc-fold-pad", "::mlir::func::FuncOp"> {
  let summary = "Fold constant borders into the padding of convolutions and pools";
}

def FoldTranspose : Pass<"nnc-fold-transpose", "::mlir::func::FuncOp"> {
  let summary = "Compose, cancel and move transposes so that fewer remain";
}

def TrimWindows : Pass<"nnc-trim-windows", "::mlir::func::FuncOp"> {
  let summary = "Leave out taps of convolutions that read nothing but padding";
  let description = [{
    Widely dilated windows on small maps: of three taps 36 apart only the middle one
    reaches a map of 33, and the border of 36 elements would make it ten times as large.
  }];
}

def DecomposeSoftmax : Pass<"nnc-decompose-softmax", "::mlir::func::FuncOp"> {
  let summary = "Write softmax as reductions and elementwise operations";
}

#endif
