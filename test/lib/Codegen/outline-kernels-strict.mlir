// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s --check-prefix=FAST
// RUN: sed 's/module {/module attributes {nnc.strict} {/' %s | nncc-opt -codegen-outline-kernels | FileCheck %s --check-prefix=STRICT

// 32 input channels in blocks of 16: blocks, window, channels of a block. With
// -strict the sum runs over the window first, as in any other layout.
// FAST: nnc.nest {{.*}} extents [1, 16, 4, 4, 2, 3, 3, 16] parallel 4
// STRICT: nnc.nest {{.*}} extents [1, 16, 4, 4, 3, 3, 2, 16] parallel 4
module {
func.func @conv(%x: tensor<1x2x6x6x16xf32>, %w: tensor<1x2x3x3x16x16xf32>) -> tensor<1x1x4x4x16xf32> {
  %0 = nnc.group ins(%x, %w : tensor<1x2x6x6x16xf32>, tensor<1x2x3x3x16x16xf32>) -> tensor<1x1x4x4x16xf32> attributes {
      inLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2 + 1, d3 + 1, d1 mod 16), pad = 0.0>,
                   #nnc.layout<(d0, d1, d2, d3) -> (d0 floordiv 16, d1 floordiv 16, d2, d3, d1 mod 16, d0 mod 16), pad = 0.0>],
      outLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2, d3, d1 mod 16), pad = 0.0>],
      schedule = #nnc.schedule<lanes = 16, vectors = 1, laneDim = 1, points = 4, pointDim = 3>} {
  ^bb0(%a: tensor<1x32x4x4xf32>, %f: tensor<16x32x3x3xf32>):
    %1 = nnc.conv %a, %f {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 1, 1>,
        padEnd = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x4x4xf32>, tensor<16x32x3x3xf32>) -> tensor<1x16x4x4xf32>
    nnc.yield %1 : tensor<1x16x4x4xf32>
  }
  return %0 : tensor<1x1x4x4x16xf32>
}
}
