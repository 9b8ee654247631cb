// RUN: nncc-opt %s -nnc-decompose-softmax | FileCheck %s

// CHECK-LABEL: func @softmax
// CHECK-SAME: ([[X:%.*]]: tensor<2x3x4xf32>)
func.func @softmax(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK-NEXT: [[M:%.*]] = nnc.reduce max [[X]] {axes = array<i64: 1>} : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  // CHECK-NEXT: [[D:%.*]] = nnc.sub [[X]], [[M]]
  // CHECK-NEXT: [[E:%.*]] = nnc.exp [[D]]
  // CHECK-NEXT: [[S:%.*]] = nnc.reduce sum [[E]] {axes = array<i64: 1>}
  // CHECK-NEXT: [[Y:%.*]] = nnc.div [[E]], [[S]]
  // CHECK-NEXT: return [[Y]]
  %0 = nnc.softmax %x {axis = 1 : i64} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}
