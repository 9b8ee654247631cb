// RUN: not nncc-opt %s -pass-pipeline="builtin.module(func.func(plan-pack-constants))" 2>&1 | FileCheck %s

module attributes {nnc.target = {name = "x86-64-v3"}} {
  func.func @main(%x: tensor<1x4xf32>) -> tensor<4x500000000xf32> {
    %w = nnc.constant dense<2.0> : tensor<4x500000000xf32>
    // CHECK: error: needs a constant of 8000000000 bytes, an object holds less than 2147483648
    %p = nnc.group ins(%w : tensor<4x500000000xf32>) -> tensor<500000000x4xf32> attributes {
        inLayouts = [#nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>],
        outLayouts = [#nnc.layout<(d0, d1) -> (d1, d0), pad = 0.0>]} {
    ^bb0(%a: tensor<4x500000000xf32>):
      nnc.yield %a : tensor<4x500000000xf32>
    }
    %y = nnc.group ins(%p : tensor<500000000x4xf32>) -> tensor<4x500000000xf32> attributes {
        inLayouts = [#nnc.layout<(d0, d1) -> (d1, d0), pad = 0.0>],
        outLayouts = [#nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>]} {
    ^bb0(%a: tensor<4x500000000xf32>):
      %0 = nnc.neg %a : (tensor<4x500000000xf32>) -> tensor<4x500000000xf32>
      nnc.yield %0 : tensor<4x500000000xf32>
    }
    return %y : tensor<4x500000000xf32>
  }
}
