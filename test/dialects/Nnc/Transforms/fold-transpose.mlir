// RUN: nncc-opt %s -nnc-fold-transpose -nnc-fold-constants -canonicalize | FileCheck %s

// CHECK-LABEL: func @compose
func.func @compose(%x: tensor<2x3x4xf32>) -> (tensor<4x3x2xf32>, tensor<2x3x4xf32>) {
  // CHECK: [[T:%.*]] = nnc.transpose %{{.*}} {permutation = array<i64: 2, 1, 0>}
  // CHECK-NEXT: return [[T]], %arg0
  %0 = nnc.transpose %x {permutation = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = nnc.transpose %0 {permutation = array<i64: 1, 0, 2>} : (tensor<3x4x2xf32>) -> tensor<4x3x2xf32>
  %2 = nnc.transpose %0 {permutation = array<i64: 2, 0, 1>} : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  return %1, %2 : tensor<4x3x2xf32>, tensor<2x3x4xf32>
}

// CHECK-LABEL: func @reshape
func.func @reshape(%x: tensor<1x64x1x1xf32>) -> tensor<1x64xf32> {
  // CHECK: nnc.reshape %{{.*}} : (tensor<1x64x1x1xf32>) -> tensor<1x64xf32>
  // CHECK-NEXT: return
  %0 = nnc.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x64x1x1xf32>) -> tensor<1x1x1x64xf32>
  %1 = nnc.reshape %0 : (tensor<1x1x1x64xf32>) -> tensor<1x64xf32>
  return %1 : tensor<1x64xf32>
}

// Everything between the two transposes moves to the layout outside of them.
// CHECK-LABEL: func @absorb
// CHECK-SAME: ([[X:%.*]]: tensor<1x2x4x4xf32>, [[Z:%.*]]: tensor<1x2x6x4xf32>
func.func @absorb(%x: tensor<1x2x4x4xf32>, %z: tensor<1x2x6x4xf32>) -> tensor<1x2x6x4xf32> {
  %c = nnc.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %one = nnc.constant dense<1.0> : tensor<f32>
  // CHECK-DAG: [[C:%.*]] = nnc.constant dense<{{\[\[\[\[}}1.000000e+00]], {{\[\[}}2.000000e+00]]]]> : tensor<1x2x1x1xf32>
  // CHECK-DAG: [[ONE:%.*]] = nnc.constant dense<1.000000e+00> : tensor<f32>
  // CHECK-NOT: nnc.transpose
  // CHECK: nnc.relu [[X]]
  // CHECK: nnc.add %{{.*}}, [[C]]
  // CHECK: nnc.max %{{.*}}, [[ONE]]
  // CHECK: nnc.softmax %{{.*}} {axis = 1 : i64}
  // CHECK: nnc.pad %{{.*}} {padBegin = array<i64: 0, 0, 1, 0>, padEnd = array<i64: 0, 0, 1, 0>
  // CHECK: nnc.mul %{{.*}}, [[Z]]
  // CHECK-NOT: nnc.transpose
  %0 = nnc.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %1 = nnc.relu %0 : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %2 = nnc.add %1, %c : (tensor<1x4x4x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %3 = nnc.max %2, %one : (tensor<1x4x4x2xf32>, tensor<f32>) -> tensor<1x4x4x2xf32>
  %4 = nnc.softmax %3 {axis = 3 : i64} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %5 = nnc.pad %4 {padBegin = array<i64: 0, 1, 0, 0>, padEnd = array<i64: 0, 1, 0, 0>, value = 0.0 : f64} : (tensor<1x4x4x2xf32>) -> tensor<1x6x4x2xf32>
  %6 = nnc.transpose %z {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x6x4xf32>) -> tensor<1x6x4x2xf32>
  %7 = nnc.mul %5, %6 : (tensor<1x6x4x2xf32>, tensor<1x6x4x2xf32>) -> tensor<1x6x4x2xf32>
  %8 = nnc.transpose %7 {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x6x4x2xf32>) -> tensor<1x2x6x4xf32>
  return %8 : tensor<1x2x6x4xf32>
}

// Moving the transpose up would need a new one for %y: nothing is won.
// CHECK-LABEL: func @not_absorbed
func.func @not_absorbed(%x: tensor<2x3xf32>, %y: tensor<3x2xf32>) -> tensor<2x3xf32> {
  // CHECK: nnc.transpose
  // CHECK-NEXT: nnc.add
  // CHECK-NEXT: nnc.transpose
  %0 = nnc.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = nnc.add %0, %y : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  %2 = nnc.transpose %1 {permutation = array<i64: 1, 0>} : (tensor<3x2xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func @two_become_one
func.func @two_become_one(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // CHECK: [[SUM:%.*]] = nnc.add %arg0, %arg1
  // CHECK-NEXT: nnc.transpose [[SUM]]
  // CHECK-NEXT: return
  %0 = nnc.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = nnc.transpose %y {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %2 = nnc.add %0, %1 : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  return %2 : tensor<3x2xf32>
}

// CHECK-LABEL: func @reduce
func.func @reduce(%x: tensor<1x64x7x5xf32>) -> tensor<1x64xf32> {
  // CHECK: [[R:%.*]] = nnc.reduce mean %arg0 {axes = array<i64: 2, 3>}
  // CHECK-NEXT: nnc.reshape [[R]]
  // CHECK-NEXT: return
  %0 = nnc.transpose %x {permutation = array<i64: 0, 3, 2, 1>} : (tensor<1x64x7x5xf32>) -> tensor<1x5x7x64xf32>
  %1 = nnc.reduce mean %0 {axes = array<i64: 1, 2>} : (tensor<1x5x7x64xf32>) -> tensor<1x1x1x64xf32>
  %2 = nnc.reshape %1 : (tensor<1x1x1x64xf32>) -> tensor<1x64xf32>
  return %2 : tensor<1x64xf32>
}

// The one at the edge of the network has nothing to cancel with.
// CHECK-LABEL: func @edge
func.func @edge(%x: tensor<1x8x8x3xf32>) -> tensor<1x3x8x8xf32> {
  // CHECK: nnc.transpose
  // CHECK-NEXT: nnc.relu
  %0 = nnc.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x3xf32>) -> tensor<1x3x8x8xf32>
  %1 = nnc.relu %0 : (tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>
  return %1 : tensor<1x3x8x8xf32>
}
