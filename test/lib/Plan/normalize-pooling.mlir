// RUN: nncc-opt %s -plan-normalize-pooling | FileCheck %s

// Windows at the border count one position of two: their average over two is
// doubled.
// CHECK-LABEL: func @border
func.func @border(%x: tensor<1x1x4xf32>) -> tensor<1x1x3xf32> {
  // CHECK: %[[S:.*]] = nnc.pool average %arg0 {countPad, {{.*}}padBegin = array<i64: 1>, padEnd = array<i64: 1>
  // CHECK: %[[R:.*]] = nnc.constant dense<{{\[\[\[}}2.000000e+00, 1.000000e+00, 2.000000e+00]]]> : tensor<1x1x3xf32>
  // CHECK: nnc.mul %[[S]], %[[R]]
  %0 = nnc.pool average %x {window = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>,
      padBegin = array<i64: 1>, padEnd = array<i64: 1>} : (tensor<1x1x4xf32>) -> tensor<1x1x3xf32>
  return %0 : tensor<1x1x3xf32>
}

// With countPad the explicit padding counts, the window's overhang does not.
// CHECK-LABEL: func @overhang
func.func @overhang(%x: tensor<1x1x5xf32>) -> tensor<1x1x3xf32> {
  // CHECK: nnc.pool average %arg0 {countPad, {{.*}}padEnd = array<i64: 1>
  // CHECK: dense<{{\[\[\[}}1.000000e+00, 1.000000e+00, 2.000000e+00]]]>
  %0 = nnc.pool average %x {window = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>, ceilMode, countPad} : (tensor<1x1x5xf32>) -> tensor<1x1x3xf32>
  return %0 : tensor<1x1x3xf32>
}

// Full windows need no correction.
// CHECK-LABEL: func @full
// CHECK-NOT: nnc.mul
// CHECK: return
func.func @full(%x: tensor<1x1x4xf32>) -> tensor<1x1x2xf32> {
  %0 = nnc.pool average %x {window = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>} : (tensor<1x1x4xf32>) -> tensor<1x1x2xf32>
  return %0 : tensor<1x1x2xf32>
}
