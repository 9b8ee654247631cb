// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#half = #nnc.schedule<lanes = 2, vectors = 1, laneDim = 1, points = 1, pointDim = 0>

// Where a part begins is no business of the kernel: parts share it.
// CHECK-LABEL: func @equal_parts
func.func @equal_parts(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK: %[[E:.*]] = nnc.buffer : tensor<4x8xf32>
  // CHECK: %[[A:.*]] = nnc.launch @[[EXP:exp_[0-9]+]] ins(%arg0 : tensor<4x8xf32>) outs(%[[E]] : tensor<4x8xf32>)
  // CHECK-SAME: work 4 {nnc.logical_bytes = 32 : i64, starts = array<i64: 0, 6>}
  // CHECK: nnc.launch @[[EXP]] ins(%arg0 : tensor<4x8xf32>) outs(%[[A]] : tensor<4x8xf32>)
  // CHECK-SAME: starts = array<i64: 4, 0>
  %e = nnc.buffer : tensor<4x8xf32>
  %0 = nnc.group ins(%x : tensor<4x8xf32>) into(%e : tensor<4x8xf32>) -> tensor<4x8xf32> attributes {
      inLayouts = [#id], outLayouts = [#nnc.layout<(d0, d1) -> (d0, d1 + 6), pad = 0.0>], schedule = #half} {
  ^bb0(%a: tensor<4x2xf32>):
    %2 = nnc.exp %a : (tensor<4x2xf32>) -> tensor<4x2xf32>
    nnc.yield %2 : tensor<4x2xf32>
  }
  %1 = nnc.group ins(%x : tensor<4x8xf32>) into(%0 : tensor<4x8xf32>) -> tensor<4x8xf32> attributes {
      inLayouts = [#nnc.layout<(d0, d1) -> (d0, d1 + 4), pad = 0.0>], outLayouts = [#id], schedule = #half} {
  ^bb0(%a: tensor<4x2xf32>):
    %2 = nnc.exp %a : (tensor<4x2xf32>) -> tensor<4x2xf32>
    nnc.yield %2 : tensor<4x2xf32>
  }
  return %1 : tensor<4x8xf32>
}

// Each operand has a start of its own, also those of one buffer.
// CHECK-LABEL: func @two_parts
func.func @two_parts(%x: tensor<4x8xf32>) -> tensor<4x2xf32> {
  // CHECK: nnc.launch @add_{{[0-9]+}} ins(%arg0, %arg0 : tensor<4x8xf32>, tensor<4x8xf32>)
  // CHECK-SAME: starts = array<i64: 2, 6, 0>
  %0 = nnc.group ins(%x, %x : tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x2xf32> attributes {
      inLayouts = [#nnc.layout<(d0, d1) -> (d0, d1 + 2), pad = 0.0>, #nnc.layout<(d0, d1) -> (d0, d1 + 6), pad = 0.0>],
      outLayouts = [#id], schedule = #half} {
  ^bb0(%a: tensor<4x2xf32>, %b: tensor<4x2xf32>):
    %2 = nnc.add %a, %b : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    nnc.yield %2 : tensor<4x2xf32>
  }
  return %0 : tensor<4x2xf32>
}
