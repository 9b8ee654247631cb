// RUN: nncc-opt %s -nnc-fold-pad | FileCheck %s

// CHECK-LABEL: func @conv
// CHECK-SAME: ([[X:%.*]]: tensor<1x3x8x8xf32>
func.func @conv(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x5x5xf32> {
  // CHECK-NOT: nnc.pad
  // CHECK: nnc.conv [[X]], {{.*}}padBegin = array<i64: 1, 2>, padEnd = array<i64: 2, 1>
  %0 = nnc.pad %x {padBegin = array<i64: 0, 0, 0, 1>, padEnd = array<i64: 0, 0, 1, 0>, value = 0.0 : f64} : (tensor<1x3x8x8xf32>) -> tensor<1x3x9x9xf32>
  %1 = nnc.conv %0, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, padBegin = array<i64: 1, 1>,
      padEnd = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x9x9xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x5x5xf32>
  return %1 : tensor<1x4x5x5xf32>
}

// CHECK-LABEL: func @pads
func.func @pads(%x: tensor<2x3xf32>) -> tensor<5x4xf32> {
  // CHECK: nnc.pad %{{.*}} {padBegin = array<i64: 1, 0>, padEnd = array<i64: 2, 1>
  // CHECK-NEXT: return
  %0 = nnc.pad %x {padBegin = array<i64: 1, 0>, padEnd = array<i64: 0, 0>, value = 2.0 : f64} : (tensor<2x3xf32>) -> tensor<3x3xf32>
  %1 = nnc.pad %0 {padBegin = array<i64: 0, 0>, padEnd = array<i64: 2, 1>, value = 2.0 : f64} : (tensor<3x3xf32>) -> tensor<5x4xf32>
  return %1 : tensor<5x4xf32>
}

// A crop below must not be undone by the pad above it.
// CHECK-LABEL: func @crop_then_pad
func.func @crop_then_pad(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nnc.pad
  // CHECK: nnc.pad
  %0 = nnc.pad %x {padBegin = array<i64: -1>, padEnd = array<i64: 0>, value = 2.0 : f64} : (tensor<4xf32>) -> tensor<3xf32>
  %1 = nnc.pad %0 {padBegin = array<i64: 1>, padEnd = array<i64: 0>, value = 2.0 : f64} : (tensor<3xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Channels, crops and other values are no padding of a convolution.
// CHECK-LABEL: func @not_a_border
func.func @not_a_border(%x: tensor<1x3x8xf32>, %w: tensor<4x4x3xf32>, %v: tensor<4x3x3xf32>)
    -> (tensor<1x4x6xf32>, tensor<1x4x6xf32>, tensor<1x4x7xf32>) {
  // CHECK-COUNT-3: nnc.pad
  %0 = nnc.pad %x {padBegin = array<i64: 0, 1, 0>, padEnd = array<i64: 0, 0, 0>, value = 0.0 : f64} : (tensor<1x3x8xf32>) -> tensor<1x4x8xf32>
  %1 = nnc.pad %x {padBegin = array<i64: 0, 0, -1>, padEnd = array<i64: 0, 0, 1>, value = 0.0 : f64} : (tensor<1x3x8xf32>) -> tensor<1x3x8xf32>
  %2 = nnc.pad %x {padBegin = array<i64: 0, 0, 1>, padEnd = array<i64: 0, 0, 0>, value = 1.0 : f64} : (tensor<1x3x8xf32>) -> tensor<1x3x9xf32>
  %3 = nnc.conv %0, %w {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 0>,
      padEnd = array<i64: 0>, groups = 1 : i64} : (tensor<1x4x8xf32>, tensor<4x4x3xf32>) -> tensor<1x4x6xf32>
  %4 = nnc.conv %1, %v {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 0>,
      padEnd = array<i64: 0>, groups = 1 : i64} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> tensor<1x4x6xf32>
  %5 = nnc.conv %2, %v {strides = array<i64: 1>, dilations = array<i64: 1>, padBegin = array<i64: 0>,
      padEnd = array<i64: 0>, groups = 1 : i64} : (tensor<1x3x9xf32>, tensor<4x3x3xf32>) -> tensor<1x4x7xf32>
  return %3, %4, %5 : tensor<1x4x6xf32>, tensor<1x4x6xf32>, tensor<1x4x7xf32>
}

// The border took part in the average, so padding must count.
// CHECK-LABEL: func @average
func.func @average(%x: tensor<1x3x8xf32>) -> (tensor<1x3x9xf32>, tensor<1x3x11xf32>) {
  // CHECK: [[PAD:%.*]] = nnc.pad
  // CHECK: nnc.pool average %arg0 {countPad, {{.*}}padBegin = array<i64: 1>, padEnd = array<i64: 1>
  // CHECK: nnc.pool average [[PAD]] {dilations{{.*}}padBegin = array<i64: 1>, padEnd = array<i64: 1>
  %0 = nnc.pad %x {padBegin = array<i64: 0, 0, 1>, padEnd = array<i64: 0, 0, 1>, value = 0.0 : f64} : (tensor<1x3x8xf32>) -> tensor<1x3x10xf32>
  %1 = nnc.pool average %0 {window = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>} : (tensor<1x3x10xf32>) -> tensor<1x3x9xf32>
  %2 = nnc.pool average %0 {window = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      padBegin = array<i64: 1>, padEnd = array<i64: 1>} : (tensor<1x3x10xf32>) -> tensor<1x3x11xf32>
  return %1, %2 : tensor<1x3x9xf32>, tensor<1x3x11xf32>
}

// In ceil mode the last window starts in the border: it counts only there.
// CHECK-LABEL: func @ceil
func.func @ceil(%x: tensor<1x1x4xf32>) -> tensor<1x1x3xf32> {
  // CHECK: nnc.pad
  // CHECK: nnc.pool
  %0 = nnc.pad %x {padBegin = array<i64: 0, 0, 0>, padEnd = array<i64: 0, 0, 1>, value = 0.0 : f64} : (tensor<1x1x4xf32>) -> tensor<1x1x5xf32>
  %1 = nnc.pool average %0 {window = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>, ceilMode} : (tensor<1x1x5xf32>) -> tensor<1x1x3xf32>
  return %1 : tensor<1x1x3xf32>
}

// CHECK-LABEL: func @max_of_lowest
func.func @max_of_lowest(%x: tensor<1x3x8xf32>) -> tensor<1x3x9xf32> {
  // CHECK-NOT: nnc.pad
  // CHECK: nnc.pool max %{{.*}}padBegin = array<i64: 1>, padEnd = array<i64: 1>
  %0 = nnc.pad %x {padBegin = array<i64: 0, 0, 1>, padEnd = array<i64: 0, 0, 1>, value = 0xFFF0000000000000 : f64} : (tensor<1x3x8xf32>) -> tensor<1x3x10xf32>
  %1 = nnc.pool max %0 {window = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>} : (tensor<1x3x10xf32>) -> tensor<1x3x9xf32>
  return %1 : tensor<1x3x9xf32>
}

// Zero never beats what is not negative, unless a window sees zeros only.
// CHECK-LABEL: func @max_of_zero
func.func @max_of_zero(%x: tensor<1x3x8xf32>) -> (tensor<1x3x9xf32>, tensor<1x3x11xf32>, tensor<1x3x9xf32>) {
  %six = nnc.constant dense<6.0> : tensor<f32>
  %relu = nnc.relu %x : (tensor<1x3x8xf32>) -> tensor<1x3x8xf32>
  %relu6 = nnc.min %relu, %six : (tensor<1x3x8xf32>, tensor<f32>) -> tensor<1x3x8xf32>
  // CHECK: nnc.pool max %{{.*}}padBegin = array<i64: 1>, padEnd = array<i64: 1>
  %0 = nnc.pad %relu6 {padBegin = array<i64: 0, 0, 1>, padEnd = array<i64: 0, 0, 1>, value = 0.0 : f64} : (tensor<1x3x8xf32>) -> tensor<1x3x10xf32>
  %1 = nnc.pool max %0 {window = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>} : (tensor<1x3x10xf32>) -> tensor<1x3x9xf32>
  // CHECK: nnc.pad
  // CHECK: nnc.pool max
  %2 = nnc.pad %relu6 {padBegin = array<i64: 0, 0, 2>, padEnd = array<i64: 0, 0, 2>, value = 0.0 : f64} : (tensor<1x3x8xf32>) -> tensor<1x3x12xf32>
  %3 = nnc.pool max %2 {window = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>} : (tensor<1x3x12xf32>) -> tensor<1x3x11xf32>
  // CHECK: nnc.pad
  // CHECK: nnc.pool max
  %4 = nnc.pad %x {padBegin = array<i64: 0, 0, 1>, padEnd = array<i64: 0, 0, 1>, value = 0.0 : f64} : (tensor<1x3x8xf32>) -> tensor<1x3x10xf32>
  %5 = nnc.pool max %4 {window = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>} : (tensor<1x3x10xf32>) -> tensor<1x3x9xf32>
  return %1, %3, %5 : tensor<1x3x9xf32>, tensor<1x3x11xf32>, tensor<1x3x9xf32>
}
