// RUN: nncc-opt %s -nnc-fold-scale-shift -canonicalize | FileCheck %s

// CHECK-LABEL: func @conv
// CHECK-SAME: ([[X:%.*]]: tensor<1x1x4x4xf32>)
func.func @conv(%x: tensor<1x1x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %w = nnc.constant dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %b = nnc.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %s = nnc.constant dense<[[[3.0]], [[5.0]]]> : tensor<2x1x1xf32>
  %t = nnc.constant dense<[[[[7.0]], [[11.0]]]]> : tensor<1x2x1x1xf32>
  // CHECK-DAG: [[W:%.*]] = nnc.constant dense<{{\[\[\[\[}}3.000000e+00]]], {{\[\[\[}}1.000000e+01]]]]>
  // CHECK-DAG: [[B:%.*]] = nnc.constant dense<[1.000000e+01, 2.100000e+01]> : tensor<2xf32>
  // CHECK: [[Y:%.*]] = nnc.conv [[X]], [[W]], [[B]] {{.*}}strides = array<i64: 1, 1>
  // CHECK-NEXT: return [[Y]]
  %0 = nnc.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 1 : i64} : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  %1 = nnc.mul %0, %s : (tensor<1x2x4x4xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4x4xf32>
  %2 = nnc.add %t, %1 : (tensor<1x2x1x1xf32>, tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  return %2 : tensor<1x2x4x4xf32>
}

// 10 - (w * x - 4) / 2 with a depthwise filter: -w / 2 * x + 12.
// CHECK-LABEL: func @depthwise
func.func @depthwise(%x: tensor<1x2x4xf32>) -> tensor<1x2x2xf32> {
  %w = nnc.constant dense<[[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]> : tensor<2x1x3xf32>
  %four = nnc.constant dense<4.0> : tensor<f32>
  %two = nnc.constant dense<2.0> : tensor<1x2x2xf32>
  %ten = nnc.constant dense<10.0> : tensor<1xf32>
  // CHECK-DAG: [[W:%.*]] = nnc.constant dense<{{\[\[\[}}-5.000000e-01, -1.000000e+00, -1.500000e+00]], {{\[\[}}-2.000000e+00, -2.500000e+00, -3.000000e+00]]]>
  // CHECK-DAG: [[B:%.*]] = nnc.constant dense<1.200000e+01> : tensor<2xf32>
  // CHECK: nnc.conv %{{.*}}, [[W]], [[B]] {{.*}}groups = 2
  // CHECK-NEXT: return
  %0 = nnc.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 0>,
      padEnd = array<i64: 0>, groups = 2 : i64} : (tensor<1x2x4xf32>, tensor<2x1x3xf32>) -> tensor<1x2x2xf32>
  %1 = nnc.sub %0, %four : (tensor<1x2x2xf32>, tensor<f32>) -> tensor<1x2x2xf32>
  %2 = nnc.div %1, %two : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %3 = nnc.sub %ten, %2 : (tensor<1xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  return %3 : tensor<1x2x2xf32>
}

// Splats stay splats.
// CHECK-LABEL: func @splat
func.func @splat(%x: tensor<1x64x8x8xf32>) -> tensor<1x64x8x8xf32> {
  %w = nnc.constant dense<0.5> : tensor<64x64x1x1xf32>
  %s = nnc.constant dense<4.0> : tensor<64x1x1xf32>
  // CHECK: dense<2.000000e+00> : tensor<64x64x1x1xf32>
  // CHECK-NEXT: nnc.conv %{{[^,]*}}, %{{[^,]*}} {
  // CHECK-NEXT: return
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 1 : i64} : (tensor<1x64x8x8xf32>, tensor<64x64x1x1xf32>) -> tensor<1x64x8x8xf32>
  %1 = nnc.mul %0, %s : (tensor<1x64x8x8xf32>, tensor<64x1x1xf32>) -> tensor<1x64x8x8xf32>
  return %1 : tensor<1x64x8x8xf32>
}

// CHECK-LABEL: func @matmul
func.func @matmul(%x: tensor<4x2xf32>) -> tensor<4x3xf32> {
  %w = nnc.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %b = nnc.constant dense<[1.0, 1.0, 2.0]> : tensor<3xf32>
  %s = nnc.constant dense<[10.0, 100.0, 1000.0]> : tensor<3xf32>
  // CHECK-DAG: [[W:%.*]] = nnc.constant dense<{{\[\[}}1.000000e+01, 2.000000e+02, 3.000000e+03], [4.000000e+01, 5.000000e+02, 6.000000e+03]]>
  // CHECK-DAG: [[B:%.*]] = nnc.constant dense<[1.000000e+01, 1.000000e+02, 2.000000e+03]>
  // CHECK: [[Y:%.*]] = nnc.matmul %{{.*}}, [[W]]
  // CHECK-NEXT: nnc.add [[Y]], [[B]]
  // CHECK-NEXT: return
  %0 = nnc.matmul %x, %w : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  %1 = nnc.add %0, %b : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  %2 = nnc.mul %1, %s : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  return %2 : tensor<4x3xf32>
}

// A second use sees the value in between.
// CHECK-LABEL: func @used_twice
func.func @used_twice(%x: tensor<4x2xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  %w = nnc.constant dense<[[1.0, 2.0], [4.0, 5.0]]> : tensor<2x2xf32>
  %s = nnc.constant dense<[10.0, 100.0]> : tensor<2xf32>
  // CHECK: nnc.matmul
  // CHECK-NEXT: nnc.mul
  %0 = nnc.matmul %x, %w : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %1 = nnc.mul %0, %s : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  return %0, %1 : tensor<4x2xf32>, tensor<4x2xf32>
}

// Values that vary along a row of pixels, that are no constants, that divide
// the network or that overflow stay.
// CHECK-LABEL: func @not_per_channel
func.func @not_per_channel(%x: tensor<1x2x2xf32>, %s: tensor<1x2x1xf32>)
    -> (tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>) {
  %w = nnc.constant dense<[[[2.0]], [[4.0]]]> : tensor<2x1x1xf32>
  %row = nnc.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %huge = nnc.constant dense<2.0e38> : tensor<f32>
  %c = nnc.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 0>,
      padEnd = array<i64: 0>, groups = 2 : i64} : (tensor<1x2x2xf32>, tensor<2x1x1xf32>) -> tensor<1x2x2xf32>
  // CHECK: nnc.conv
  // CHECK: nnc.mul
  %0 = nnc.mul %c, %row : (tensor<1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  %d = nnc.conv %0, %w {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 0>,
      padEnd = array<i64: 0>, groups = 2 : i64} : (tensor<1x2x2xf32>, tensor<2x1x1xf32>) -> tensor<1x2x2xf32>
  // CHECK: nnc.conv
  // CHECK: nnc.mul
  %1 = nnc.mul %d, %s : (tensor<1x2x2xf32>, tensor<1x2x1xf32>) -> tensor<1x2x2xf32>
  %e = nnc.conv %1, %w {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 0>,
      padEnd = array<i64: 0>, groups = 2 : i64} : (tensor<1x2x2xf32>, tensor<2x1x1xf32>) -> tensor<1x2x2xf32>
  // CHECK: nnc.conv
  // CHECK: nnc.div
  %2 = nnc.div %huge, %e : (tensor<f32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %f = nnc.conv %2, %w {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 0>,
      padEnd = array<i64: 0>, groups = 2 : i64} : (tensor<1x2x2xf32>, tensor<2x1x1xf32>) -> tensor<1x2x2xf32>
  // CHECK: nnc.conv
  // CHECK: nnc.mul
  %3 = nnc.mul %f, %huge : (tensor<1x2x2xf32>, tensor<f32>) -> tensor<1x2x2xf32>
  return %0, %1, %2, %3 : tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>
}
