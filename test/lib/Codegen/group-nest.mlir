// RUN: nncc-opt %s -split-input-file -codegen-outline-kernels | FileCheck %s

#nhwc = #nnc.layout<(d0, d1, d2, d3) -> (d0, d2, d3, d1), pad = 0.0>

// Vectors begin anew with each group: loop 1 is the group, loop 2 its channels, and no
// address has a division.
// CHECK: #[[IN:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (0, d3, d4, d1 * 10 + d7)>
// CHECK: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d1, 0, 0, d7, d2)>
// CHECK: #[[OUT:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (0, d3, d4, d1 * 20 + d2)>
// CHECK: nnc.nest {{.*}} extents [1, 2, 20, 4, 4, 1, 1, 10] parallel 5 tile [1, 1, 16, 1, 4, 1, 1, 1] lanes 16 along 2
// CHECK-SAME: maps = [#[[IN]], #[[W]], #[[OUT]]]
func.func @wide_groups(%x: tensor<1x4x4x20xf32>, %w: tensor<2x1x1x10x20xf32>) -> tensor<1x4x4x40xf32> {
  %0 = nnc.group ins(%x, %w : tensor<1x4x4x20xf32>, tensor<2x1x1x10x20xf32>) -> tensor<1x4x4x40xf32> attributes {
      inLayouts = [#nhwc, #nnc.layout<(d0, d1, d2, d3) -> (d0 floordiv 20, d2, d3, d1, d0 mod 20), pad = 0.0>],
      outLayouts = [#nhwc],
      schedule = #nnc.schedule<lanes = 16, vectors = 1, laneDim = 1, points = 4, pointDim = 3>} {
  ^bb0(%a: tensor<1x20x4x4xf32>, %f: tensor<40x10x1x1xf32>):
    %1 = nnc.conv %a, %f {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
        padEnd = array<i64: 0, 0>, groups = 2 : i64} : (tensor<1x20x4x4xf32>, tensor<40x10x1x1xf32>) -> tensor<1x40x4x4xf32>
    nnc.yield %1 : tensor<1x40x4x4xf32>
  }
  return %0 : tensor<1x4x4x40xf32>
}

// -----

#block = #nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2, d3, d1 mod 16), pad = 0.0>

// One vector holds four groups: the channels of a group are one step, so that all of its
// scalars come out of one vector of the input.
// CHECK: nnc.nest {{.*}} extents [1, 32, 4, 4, 1, 1, 4] parallel 4 tile [1, 16, 1, 2, 1, 1, 4] lanes 16 along 1
func.func @narrow_groups(%x: tensor<1x2x4x4x16xf32>, %w: tensor<2x1x1x4x16xf32>) -> tensor<1x2x4x4x16xf32> {
  %0 = nnc.group ins(%x, %w : tensor<1x2x4x4x16xf32>, tensor<2x1x1x4x16xf32>) -> tensor<1x2x4x4x16xf32> attributes {
      inLayouts = [#block, #nnc.layout<(d0, d1, d2, d3) -> (d0 floordiv 16, d2, d3, d1, d0 mod 16), pad = 0.0>],
      outLayouts = [#block],
      schedule = #nnc.schedule<lanes = 16, vectors = 1, laneDim = 1, points = 2, pointDim = 3>} {
  ^bb0(%a: tensor<1x32x4x4xf32>, %f: tensor<32x4x1x1xf32>):
    %1 = nnc.conv %a, %f {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
        padEnd = array<i64: 0, 0>, groups = 8 : i64} : (tensor<1x32x4x4xf32>, tensor<32x4x1x1xf32>) -> tensor<1x32x4x4xf32>
    nnc.yield %1 : tensor<1x32x4x4xf32>
  }
  return %0 : tensor<1x2x4x4x16xf32>
}
