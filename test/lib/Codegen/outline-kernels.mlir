// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#halo = #nnc.layout<(d0, d1) -> (d0, d1 + 1), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 1, points = 2, pointDim = 0>

// CHECK: func.func private @[[RELU:relu_[0-9]+]](%{{.*}}: memref<4x4xf32>, %{{.*}}: memref<4x4xf32>, %{{.*}}: index, %{{.*}}: index) attributes {nnc.in_place = array<i64: 0>}
// CHECK: nnc.nest finish({{.*}}) outs({{.*}}) {{.*}} extents [4, 4] parallel 2 tile [2, 4] lanes 4 along 1

// Equal groups share one kernel.
// CHECK-LABEL: func @share
func.func @share(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // CHECK: %[[B0:.*]] = nnc.buffer : tensor<4x4xf32>
  // CHECK: %[[Y:.*]] = nnc.launch @[[RELU]] ins(%arg0 : tensor<4x4xf32>) outs(%[[B0]] : tensor<4x4xf32>) work 2
  // CHECK: nnc.launch @[[RELU]] ins(%[[Y]] :
  %0 = nnc.group ins(%x : tensor<4x4xf32>) -> tensor<4x4xf32> attributes {inLayouts = [#id], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<4x4xf32>):
    %1 = nnc.relu %a : (tensor<4x4xf32>) -> tensor<4x4xf32>
    nnc.yield %1 : tensor<4x4xf32>
  }
  %2 = nnc.group ins(%0 : tensor<4x4xf32>) -> tensor<4x4xf32> attributes {inLayouts = [#id], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<4x4xf32>):
    %1 = nnc.relu %a : (tensor<4x4xf32>) -> tensor<4x4xf32>
    nnc.yield %1 : tensor<4x4xf32>
  }
  return %2 : tensor<4x4xf32>
}

// The halo is filled before the kernel writes the interior; the kernel cannot
// work in place on an input of another shape, so its buffers are disjoint.
// CHECK-LABEL: func @halo
func.func @halo(%x: tensor<4x4xf32>) -> tensor<4x6xf32> {
  // CHECK: %[[B:.*]] = nnc.buffer : tensor<4x6xf32>
  // CHECK: %[[F:.*]] = nnc.launch @fill_border_{{[0-9]+}} outs(%[[B]] : tensor<4x6xf32>) work 2
  // CHECK: nnc.launch @relu_{{[0-9]+}} ins(%arg0 : tensor<4x4xf32>) outs(%[[F]] : tensor<4x6xf32>)
  %0 = nnc.group ins(%x : tensor<4x4xf32>) -> tensor<4x6xf32> attributes {inLayouts = [#id], outLayouts = [#halo], schedule = #s} {
  ^bb0(%a: tensor<4x4xf32>):
    %1 = nnc.relu %a : (tensor<4x4xf32>) -> tensor<4x4xf32>
    nnc.yield %1 : tensor<4x4xf32>
  }
  return %0 : tensor<4x6xf32>
}

// Groups that write parts of a buffer: its border is filled once, before the
// first of them.
// CHECK-LABEL: func @parts
func.func @parts(%x: tensor<4x2xf32>) -> tensor<4x6xf32> {
  // CHECK: %[[E:.*]] = nnc.buffer : tensor<4x6xf32>
  // CHECK: %[[F:.*]] = nnc.launch @fill_border_{{[0-9]+}} outs(%[[E]] : tensor<4x6xf32>)
  // CHECK: %[[A:.*]] = nnc.launch @relu_{{[0-9]+}} ins(%arg0 : tensor<4x2xf32>) outs(%[[F]] : tensor<4x6xf32>)
  // CHECK: %[[B:.*]] = nnc.launch @exp_{{[0-9]+}} ins(%arg0 : tensor<4x2xf32>) outs(%[[A]] : tensor<4x6xf32>)
  // CHECK: return %[[B]]
  %e = nnc.buffer padded #nnc.layout<(d0, d1) -> (d0, d1 + 1), pad = 0.0> of tensor<4x4xf32> : tensor<4x6xf32>
  %0 = nnc.group ins(%x : tensor<4x2xf32>) into(%e : tensor<4x6xf32>) -> tensor<4x6xf32> attributes {inLayouts = [#id],
      outLayouts = [#nnc.layout<(d0, d1) -> (d0, d1 + 1), pad = 0.0>], schedule = #s} {
  ^bb0(%a: tensor<4x2xf32>):
    %2 = nnc.relu %a : (tensor<4x2xf32>) -> tensor<4x2xf32>
    nnc.yield %2 : tensor<4x2xf32>
  }
  %1 = nnc.group ins(%x : tensor<4x2xf32>) into(%0 : tensor<4x6xf32>) -> tensor<4x6xf32> attributes {inLayouts = [#id],
      outLayouts = [#nnc.layout<(d0, d1) -> (d0, d1 + 3), pad = 0.0>], schedule = #s} {
  ^bb0(%a: tensor<4x2xf32>):
    %2 = nnc.exp %a : (tensor<4x2xf32>) -> tensor<4x2xf32>
    nnc.yield %2 : tensor<4x2xf32>
  }
  return %1 : tensor<4x6xf32>
}

// What has no elements needs no kernel.
// CHECK-LABEL: func @empty
func.func @empty(%x: tensor<0x4xf32>) -> tensor<0x4xf32> {
  // CHECK: %[[E:.*]] = nnc.buffer : tensor<0x4xf32>
  // CHECK-NEXT: return %[[E]]
  %0 = nnc.group ins(%x : tensor<0x4xf32>) -> tensor<0x4xf32> attributes {inLayouts = [#id], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<0x4xf32>):
    %1 = nnc.relu %a : (tensor<0x4xf32>) -> tensor<0x4xf32>
    nnc.yield %1 : tensor<0x4xf32>
  }
  return %0 : tensor<0x4xf32>
}

// A kernel of whole tensors has several results and shares the signature.
// CHECK-LABEL: func @top_k
func.func @top_k(%x: tensor<4x9xf32>) -> (tensor<4x3xf32>, tensor<4x3xi64>) {
  // CHECK: %[[V:.*]] = nnc.buffer : tensor<4x3xf32>
  // CHECK: %[[I:.*]] = nnc.buffer : tensor<4x3xi64>
  // CHECK: %[[R:.*]]:2 = nnc.launch @top_k_{{[0-9]+}} ins(%arg0 : tensor<4x9xf32>) outs(%[[V]], %[[I]] : tensor<4x3xf32>, tensor<4x3xi64>) work 4
  // CHECK: return %[[R]]#0, %[[R]]#1
  %0:2 = nnc.group ins(%x : tensor<4x9xf32>) -> tensor<4x3xf32>, tensor<4x3xi64> attributes {inLayouts = [#id], outLayouts = [#id, #id], schedule = #s} {
  ^bb0(%a: tensor<4x9xf32>):
    %1:2 = nnc.top_k %a, 3 along 1 : (tensor<4x9xf32>) -> (tensor<4x3xf32>, tensor<4x3xi64>)
    nnc.yield %1#0, %1#1 : tensor<4x3xf32>, tensor<4x3xi64>
  }
  return %0#0, %0#1 : tensor<4x3xf32>, tensor<4x3xi64>
}
