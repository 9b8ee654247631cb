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

// Elementwise operations that only feed each other are one group, and gathers are
// how it reads; a gather with another reader is a group of its own.
// CHECK-LABEL: func @reads
func.func @reads(%x: tensor<4x4xf32>, %i: tensor<2xi64>, %w: tensor<2xf32>) -> tensor<2x4xf32> {
  // CHECK: %[[G:.*]] = nnc.group ins(%arg0, %arg1 :
  // CHECK:   nnc.gather
  // CHECK:   nnc.yield
  // CHECK: %[[H:.*]] = nnc.group ins(%arg0, %arg1, %[[G]] :
  // CHECK:   nnc.gather
  // CHECK:   nnc.neg
  // CHECK:   nnc.exp
  // CHECK:   nnc.add
  // CHECK:   nnc.mul
  // CHECK: return %[[H]]
  %0 = nnc.gather %x at(%i) affine_map<(d0, d1)[s0] -> (s0, d1)> [affine_map<(d0, d1) -> (d0)>] : (tensor<4x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %1 = nnc.neg %0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = nnc.gather %x at(%i) affine_map<(d0, d1)[s0] -> (d0, s0)> [affine_map<(d0, d1) -> (d0)>] : (tensor<4x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %3 = nnc.exp %2 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %4 = nnc.add %1, %3 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %5 = nnc.mul %4, %2 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %5 : tensor<2x4xf32>
}
