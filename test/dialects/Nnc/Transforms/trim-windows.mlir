// RUN: nncc-opt %s -nnc-trim-windows | FileCheck %s

// Of taps 6 apart only the middle one reaches a map of 5; rows are as near as ever.
// CHECK: #[[MIDDLE:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3 + 1)>
// CHECK-LABEL: func @dilated
// CHECK: %[[W:.*]] = nnc.remap %arg1 #[[MIDDLE]] : (tensor<4x2x3x3xf32>) -> tensor<4x2x3x1xf32>
// CHECK: nnc.conv %arg0, %[[W]] {dilations = array<i64: 1, 6>, groups = 1 : i64, padBegin = array<i64: 1, 0>, padEnd = array<i64: 1, 0>
func.func @dilated(%x: tensor<1x2x5x5xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x4x5x5xf32> {
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 6>, padBegin = array<i64: 1, 6>,
      padEnd = array<i64: 1, 6>, groups = 1 : i64} : (tensor<1x2x5x5xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x5x5xf32>
  return %0 : tensor<1x4x5x5xf32>
}

// One side only: a causal convolution of one element reads its last tap.
// CHECK-LABEL: func @causal
// CHECK: nnc.remap %arg1 {{.*}} -> tensor<4x2x1xf32>
// CHECK: padBegin = array<i64: 0>, padEnd = array<i64: 0>
func.func @causal(%x: tensor<1x2x1xf32>, %w: tensor<4x2x3xf32>) -> tensor<1x4x1xf32> {
  %0 = nnc.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 2>,
      padEnd = array<i64: 0>, groups = 1 : i64} : (tensor<1x2x1xf32>, tensor<4x2x3xf32>) -> tensor<1x4x1xf32>
  return %0 : tensor<1x4x1xf32>
}

// Each tap reaches the map in some window.
// CHECK-LABEL: func @reached
// CHECK-NOT: nnc.remap
// CHECK: return
func.func @reached(%x: tensor<1x2x5xf32>, %w: tensor<4x2x3xf32>) -> tensor<1x4x5xf32> {
  %0 = nnc.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 4>, padBegin = array<i64: 4>,
      padEnd = array<i64: 4>, groups = 1 : i64} : (tensor<1x2x5xf32>, tensor<4x2x3xf32>) -> tensor<1x4x5xf32>
  return %0 : tensor<1x4x5xf32>
}

// Every window lies in the padding: one tap stays.
// CHECK-LABEL: func @nothing
// CHECK: nnc.conv %arg0, %{{.*}} : (tensor<1x2x1xf32>, tensor<4x2x1xf32>) -> tensor<1x4x1xf32>
func.func @nothing(%x: tensor<1x2x1xf32>, %w: tensor<4x2x2xf32>) -> tensor<1x4x1xf32> {
  %0 = nnc.conv %x, %w {strides = array<i64: 4>, dilations = array<i64: 1>, padBegin = array<i64: 2>,
      padEnd = array<i64: 0>, groups = 1 : i64} : (tensor<1x2x1xf32>, tensor<4x2x2xf32>) -> tensor<1x4x1xf32>
  return %0 : tensor<1x4x1xf32>
}
