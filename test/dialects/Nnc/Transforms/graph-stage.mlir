// RUN: nncc-opt %s --nnc-graph | FileCheck %s

// The order of the passes: the border joins the padding, of which no tap is left that reads
// nothing else; the filter that remains is a constant again and takes the factor.
// CHECK-LABEL: func @dilated
// CHECK-NOT: nnc.pad
// CHECK-NOT: nnc.remap
// CHECK: %[[W:.*]] = nnc.constant dense<{{.*}}6.0{{.*}}> : tensor<1x1x1x1xf32>
// CHECK: nnc.conv %arg0, %[[W]] {{.*}}padBegin = array<i64: 0, 0>, padEnd = array<i64: 0, 0>
// CHECK-NOT: nnc.mul
// CHECK: return
func.func @dilated(%x: tensor<1x1x5x5xf32>) -> tensor<1x1x5x5xf32> {
  %w = nnc.constant dense<3.0> : tensor<1x1x3x3xf32>
  %two = nnc.constant dense<2.0> : tensor<1x1x1x1xf32>
  %0 = nnc.pad %x {padBegin = array<i64: 0, 0, 9, 9>, padEnd = array<i64: 0, 0, 9, 9>, value = 0.0 : f64} : (tensor<1x1x5x5xf32>) -> tensor<1x1x23x23xf32>
  %1 = nnc.conv %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 9, 9>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 1 : i64} : (tensor<1x1x23x23xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x5x5xf32>
  %2 = nnc.mul %1, %two : (tensor<1x1x5x5xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x5x5xf32>
  return %2 : tensor<1x1x5x5xf32>
}
