// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

// Five boxes around 24 channels in blocks of 16 with a halo of one pixel: rows
// above and below over whole rows, columns left and right between them, and the
// last eight lanes of the second block inside.
// CHECK-LABEL: func.func private @fill_border
// CHECK: nnc.nest outs({{.*}}) {{.*}} extents [1, 2, 1, 6, 16]
// CHECK: nnc.nest outs({{.*}}) {{.*}} extents [1, 2, 1, 6, 16]
// CHECK: nnc.nest outs({{.*}}) {{.*}} extents [1, 2, 4, 1, 16]
// CHECK: nnc.nest outs({{.*}}) {{.*}} extents [1, 2, 4, 1, 16]
// CHECK: nnc.nest outs({{.*}}) {{.*}} extents [1, 1, 4, 4, 8]
// CHECK: arith.constant -1.0
// CHECK-NOT: nnc.nest
// CHECK: func @blocked
func.func @blocked(%x: tensor<1x24x4x4xf32>) -> tensor<1x2x6x6x16xf32> {
  // CHECK: nnc.launch @fill_border_{{[0-9]+}} outs({{.*}}) work 5
  %0 = nnc.group ins(%x : tensor<1x24x4x4xf32>) -> tensor<1x2x6x6x16xf32> attributes {
      inLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1, d2, d3), pad = 0.0>],
      outLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2 + 1, d3 + 1, d1 mod 16), pad = -1.0>],
      schedule = #nnc.schedule<lanes = 16, vectors = 1, laneDim = 1, points = 4, pointDim = 3>} {
  ^bb0(%a: tensor<1x24x4x4xf32>):
    nnc.yield %a : tensor<1x24x4x4xf32>
  }
  return %0 : tensor<1x2x6x6x16xf32>
}
