// RUN: nncc-opt %s | nncc-opt | FileCheck %s

// CHECK-LABEL: func @conv
func.func @conv(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<4xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK: nnc.conv %{{.*}}, %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>
  %0 = nnc.conv %x, %w, %b {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>,
      padBegin = array<i64: 1, 1>, padEnd = array<i64: 1, 1>, groups = 1 : i64}
      : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func @elementwise
func.func @elementwise(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> tensor<2x3xf32> {
  // CHECK: nnc.add
  // CHECK: nnc.relu
  %0 = nnc.add %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = nnc.relu %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func @group
func.func @group(%x: tensor<1x2x6x6x16xf32>) -> tensor<1x2x4x4x16xf32> {
  // CHECK: nnc.group ins(%{{.*}} : tensor<1x2x6x6x16xf32>) -> tensor<1x2x4x4x16xf32>
  // CHECK-SAME: #nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2 + 1, d3 + 1, d1 mod 16), pad = 0.0
  // CHECK-SAME: #nnc.schedule<lanes = 16, vectors = 1, laneDim = 1, points = 4, pointDim = 3>
  %0 = nnc.group ins(%x : tensor<1x2x6x6x16xf32>) -> tensor<1x2x4x4x16xf32> attributes {
      inLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2 + 1, d3 + 1, d1 mod 16), pad = 0.0>],
      outLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2, d3, d1 mod 16), pad = 0.0>],
      schedule = #nnc.schedule<lanes = 16, vectors = 1, laneDim = 1, points = 4, pointDim = 3>} {
  ^bb0(%a: tensor<1x24x4x4xf32>):
    %1 = nnc.relu %a : (tensor<1x24x4x4xf32>) -> tensor<1x24x4x4xf32>
    nnc.yield %1 : tensor<1x24x4x4xf32>
  }
  return %0 : tensor<1x2x4x4x16xf32>
}

// CHECK-LABEL: func @launch
func.func private @k(%x: memref<4xf32>, %y: memref<4xf32>, %lo: index, %hi: index)
func.func @launch(%x: memref<4xf32>, %y: memref<4xf32>) {
  // CHECK: nnc.launch @k ins(%{{.*}} : memref<4xf32>) outs(%{{.*}} : memref<4xf32>) work 4
  nnc.launch @k ins(%x : memref<4xf32>) outs(%y : memref<4xf32>) work 4
  // CHECK: nnc.launch @k ins(%{{.*}} : memref<4xf32>) outs(%{{.*}} : memref<4xf32>) work 4 {starts = array<i64: 0, 3>}
  nnc.launch @k ins(%x : memref<4xf32>) outs(%y : memref<4xf32>) work 4 {starts = array<i64: 0, 3>}
  return
}

// CHECK: nnc.weights @weights size 128 align 64 at [0, 64]
nnc.weights @weights size 128 align 64 at [0, 64] [dense<1.0> : tensor<4xf32>, dense<2.0> : tensor<4xf32>]
