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

// A sum of f16 that may exceed the largest one.
// CHECK-LABEL: func @long_row
// CHECK-SAME: ([[X:%.*]]: tensor<65505xf16>)
func.func @long_row(%x: tensor<65505xf16>) -> tensor<65505xf16> {
  // CHECK-NEXT: [[W:%.*]] = nnc.cast [[X]] {to = f32}
  // CHECK-NEXT: [[M:%.*]] = nnc.reduce max [[W]]
  // CHECK-NEXT: [[D:%.*]] = nnc.sub [[W]], [[M]]
  // CHECK-NEXT: [[E:%.*]] = nnc.exp [[D]]
  // CHECK-NEXT: [[S:%.*]] = nnc.reduce sum [[E]] {{.*}} -> tensor<1xf32>
  // CHECK-NEXT: [[Q:%.*]] = nnc.div [[E]], [[S]]
  // CHECK-NEXT: [[Y:%.*]] = nnc.cast [[Q]] {to = f16}
  // CHECK-NEXT: return [[Y]]
  %0 = nnc.softmax %x {axis = 0 : i64} : (tensor<65505xf16>) -> tensor<65505xf16>
  return %0 : tensor<65505xf16>
}

// CHECK-LABEL: func @row
func.func @row(%x: tensor<65504xf16>) -> tensor<65504xf16> {
  // CHECK-NOT: nnc.cast
  // CHECK: nnc.reduce sum {{.*}} -> tensor<1xf16>
  %0 = nnc.softmax %x {axis = 0 : i64} : (tensor<65504xf16>) -> tensor<65504xf16>
  return %0 : tensor<65504xf16>
}
