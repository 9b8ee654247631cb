// RUN: nncc-opt %s -split-input-file -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 0, points = 1, pointDim = 0>

// The first value is rounded in its register, the second as it is stored.
// CHECK: @add_0(%{{.*}}: memref<8xf16>
// CHECK: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32):
// CHECK-NEXT: %[[SUM:.*]] = arith.addf %[[A]], %[[B]]
// CHECK-NEXT: %[[HALF:.*]] = arith.truncf %[[SUM]] : f32 to f16
// CHECK-NEXT: %[[ROUNDED:.*]] = arith.extf %[[HALF]] : f16 to f32
// CHECK-NEXT: %[[PRODUCT:.*]] = arith.mulf %[[ROUNDED]], %[[B]]
// CHECK-NEXT: nnc.yield %[[PRODUCT]]
func.func @stored(%x: tensor<8xf16>, %y: tensor<8xf16>) -> tensor<8xf16> {
  %0 = nnc.group ins(%x, %y : tensor<8xf16>, tensor<8xf16>) -> tensor<8xf16> attributes {inLayouts = [#id, #id], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<8xf16>, %b: tensor<8xf16>):
    %1 = nnc.add %a, %b : (tensor<8xf16>, tensor<8xf16>) -> tensor<8xf16>
    %2 = nnc.mul %1, %b : (tensor<8xf16>, tensor<8xf16>) -> tensor<8xf16>
    nnc.yield %2 : tensor<8xf16>
  }
  return %0 : tensor<8xf16>
}

// -----

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 0, points = 1, pointDim = 0>

// What is stored as f32 is a half all the same.
// CHECK: @add_0(%{{.*}}: memref<8xf16>{{.*}}, %{{.*}}: memref<8xf16>{{.*}}, %{{.*}}: memref<8xf32>
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK-NEXT: arith.truncf %[[SUM]] : f32 to f16
// CHECK-NEXT: %[[ROUNDED:.*]] = arith.extf
// CHECK-NEXT: nnc.yield %[[ROUNDED]]
func.func @widened(%x: tensor<8xf16>, %y: tensor<8xf16>) -> tensor<8xf32> {
  %0 = nnc.group ins(%x, %y : tensor<8xf16>, tensor<8xf16>) -> tensor<8xf32> attributes {inLayouts = [#id, #id], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<8xf16>, %b: tensor<8xf16>):
    %1 = nnc.add %a, %b : (tensor<8xf16>, tensor<8xf16>) -> tensor<8xf16>
    nnc.yield %1 : tensor<8xf16>
  }
  return %0 : tensor<8xf32>
}

// -----

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 0, points = 1, pointDim = 0>

// A copy moves what is stored.
// CHECK: @relayout_0(
// CHECK: ^bb0(%[[A:.*]]: f16):
// CHECK-NEXT: nnc.yield %[[A]]
func.func @copy(%x: tensor<8xf16>) -> tensor<8xf16> {
  %0 = nnc.group ins(%x : tensor<8xf16>) -> tensor<8xf16> attributes {inLayouts = [#id], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<8xf16>):
    nnc.yield %a : tensor<8xf16>
  }
  return %0 : tensor<8xf16>
}

// -----

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 0, points = 1, pointDim = 0>

// Between two ways to store it is what it is computed as.
// CHECK: @relayout_0(
// CHECK: ^bb0(%[[A:.*]]: f32):
// CHECK-NEXT: nnc.yield %[[A]]
func.func @convert(%x: tensor<8xf16>) -> tensor<8xf32> {
  %0 = nnc.group ins(%x : tensor<8xf16>) -> tensor<8xf32> attributes {inLayouts = [#id], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<8xf16>):
    nnc.yield %a : tensor<8xf16>
  }
  return %0 : tensor<8xf32>
}
