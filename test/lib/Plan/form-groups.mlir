// RUN: nncc-opt %s -plan-form-groups | FileCheck %s

// Elementwise operations join the group of their producer; splats become
// literals in it, weights stay operands.
// CHECK-LABEL: func @epilogue
func.func @epilogue(%x: tensor<1x8x4x4xf32>, %w: tensor<8x8x1x1xf32>) -> tensor<1x8x4x4xf32> {
  // CHECK: %[[G:.*]] = nnc.group ins(%arg0, %arg1 : tensor<1x8x4x4xf32>, tensor<8x8x1x1xf32>)
  // CHECK:   nnc.conv
  // CHECK:   nnc.constant dense<6.0
  // CHECK:   nnc.min
  // CHECK:   nnc.yield
  // CHECK: return %[[G]]
  %six = nnc.constant dense<6.0> : tensor<f32>
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 1 : i64} : (tensor<1x8x4x4xf32>, tensor<8x8x1x1xf32>) -> tensor<1x8x4x4xf32>
  %1 = nnc.min %0, %six : (tensor<1x8x4x4xf32>, tensor<f32>) -> tensor<1x8x4x4xf32>
  return %1 : tensor<1x8x4x4xf32>
}

// The sum of two branches joins the later one and takes the other as operand.
// CHECK-LABEL: func @residual
func.func @residual(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // CHECK: %[[A:.*]] = nnc.group
  // CHECK:   nnc.matmul
  // CHECK: nnc.group ins(%{{.*}}, %{{.*}}, %[[A]] :
  // CHECK:   nnc.matmul
  // CHECK:   nnc.add
  %0 = nnc.matmul %x, %w : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = nnc.matmul %w, %x : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = nnc.add %0, %1 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %2 : tensor<4x4xf32>
}

// A value with two users is stored: both start groups of their own.
// CHECK-LABEL: func @two_users
// CHECK-COUNT-3: nnc.group
func.func @two_users(%x: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %0 = nnc.matmul %x, %x : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = nnc.relu %0 : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = nnc.exp %0 : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return %1, %2 : tensor<4x4xf32>, tensor<4x4xf32>
}

// An operation that changes the shape (here by broadcasting) starts a group.
// CHECK-LABEL: func @broadcast
// CHECK-COUNT-2: nnc.group
func.func @broadcast(%x: tensor<1x4xf32>, %y: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %0 = nnc.exp %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %1 = nnc.add %0, %y : (tensor<1x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
}
