// RUN: nncc-opt %s -plan-pack-constants | FileCheck %s

// Two panels of two columns; the missing fourth column is zero.
// CHECK-LABEL: func @panels
func.func @panels() -> tensor<2x2x2xf32> {
  // CHECK: nnc.constant dense<{{\[\[\[}}1.000000e+00, 2.000000e+00], [4.000000e+00, 5.000000e+00]], {{\[\[}}3.000000e+00, 0.000000e+00], [6.000000e+00, 0.000000e+00]]]>
  // CHECK-NOT: nnc.group
  %0 = nnc.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %1 = nnc.group ins(%0 : tensor<2x3xf32>) -> tensor<2x2x2xf32> attributes {
      inLayouts = [#nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>],
      outLayouts = [#nnc.layout<(d0, d1) -> (d1 floordiv 2, d0, d1 mod 2), pad = 0.0>]} {
  ^bb0(%a: tensor<2x3xf32>):
    nnc.yield %a : tensor<2x3xf32>
  }
  %used = nnc.neg %1 : (tensor<2x2x2xf32>) -> tensor<2x2x2xf32>
  return %used : tensor<2x2x2xf32>
}

// A halo holds the layout's pad value; the input may be laid out, too.
// CHECK-LABEL: func @halo
func.func @halo() -> tensor<4xf32> {
  // CHECK: nnc.constant dense<[-1.000000e+00, 2.000000e+00, 3.000000e+00, -1.000000e+00]>
  %0 = nnc.constant dense<[9.0, 2.0, 3.0]> : tensor<3xf32>
  %1 = nnc.group ins(%0 : tensor<3xf32>) -> tensor<4xf32> attributes {
      inLayouts = [#nnc.layout<(d0) -> (d0 + 1), pad = 0.0>],
      outLayouts = [#nnc.layout<(d0) -> (d0 + 1), pad = -1.0>]} {
  ^bb0(%a: tensor<2xf32>):
    nnc.yield %a : tensor<2xf32>
  }
  %used = nnc.neg %1 : (tensor<4xf32>) -> tensor<4xf32>
  return %used : tensor<4xf32>
}

// What is no constant stays.
// CHECK-LABEL: func @variable
// CHECK: nnc.group
func.func @variable(%x: tensor<2xf32>) -> tensor<2xf32> {
  %1 = nnc.group ins(%x : tensor<2xf32>) -> tensor<2xf32> attributes {
      inLayouts = [#nnc.layout<(d0) -> (d0), pad = 0.0>], outLayouts = [#nnc.layout<(d0) -> (d0), pad = 0.0>]} {
  ^bb0(%a: tensor<2xf32>):
    nnc.yield %a : tensor<2xf32>
  }
  %used = nnc.neg %1 : (tensor<2xf32>) -> tensor<2xf32>
  return %used : tensor<2xf32>
}

// An output's buffer has to be filled when the network runs.
// CHECK-LABEL: func @output
func.func @output() -> tensor<3xf32> {
  // CHECK: %[[C:.*]] = nnc.constant
  // CHECK: %[[COPY:.*]] = nnc.group ins(%[[C]]
  // CHECK: return %[[COPY]]
  %0 = nnc.constant dense<[9.0, 2.0, 3.0]> : tensor<3xf32>
  %1 = nnc.group ins(%0 : tensor<3xf32>) -> tensor<3xf32> attributes {
      inLayouts = [#nnc.layout<(d0) -> (d0), pad = 0.0>],
      outLayouts = [#nnc.layout<(d0) -> (d0), pad = 0.0>]} {
  ^bb0(%a: tensor<3xf32>):
    nnc.yield %a : tensor<3xf32>
  }
  return %1 : tensor<3xf32>
}
