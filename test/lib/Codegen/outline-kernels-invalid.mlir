// RUN: nncc-opt %s -codegen-outline-kernels -verify-diagnostics -split-input-file

#id = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>

func.func @no_schedule(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-error @below {{group has no schedule}}
  %0 = nnc.group ins(%x : tensor<4x4xf32>) -> tensor<4x4xf32> attributes {inLayouts = [#id], outLayouts = [#id]} {
  ^bb0(%a: tensor<4x4xf32>):
    nnc.yield %a : tensor<4x4xf32>
  }
  return %0 : tensor<4x4xf32>
}

// -----

#id = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 1, points = 2, pointDim = 0>

func.func @no_kernel(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-error @below {{no kernel computes 'nnc.softmax'}}
  %0 = nnc.group ins(%x : tensor<4x4xf32>) -> tensor<4x4xf32> attributes {inLayouts = [#id], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<4x4xf32>):
    %1 = nnc.softmax %a {axis = 1 : i64} : (tensor<4x4xf32>) -> tensor<4x4xf32>
    nnc.yield %1 : tensor<4x4xf32>
  }
  return %0 : tensor<4x4xf32>
}
