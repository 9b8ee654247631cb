// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#s = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 1, points = 1, pointDim = 0>

// A kernel of its own has a buffer for each result, loops over its units of work instead of
// a nest, and equal ones are shared.
// CHECK: func.func private @[[TOP:top_k_[0-9]+]](%{{.*}}: memref<6x5xf32>{{.*}}, %{{.*}}: memref<6x2xf32>{{.*}}, %{{.*}}: memref<6x2xi64>{{.*}}, %[[LO:.*]]: index, %[[HI:.*]]: index)
// CHECK-NOT: nnc.nest
// CHECK: scf.for %{{.*}} = %[[LO]] to %[[HI]]
// CHECK-NOT: func.func private
// CHECK-LABEL: func @twice
// CHECK: %[[V:.*]] = nnc.buffer : tensor<6x2xf32>
// CHECK: %[[I:.*]] = nnc.buffer : tensor<6x2xi64>
// CHECK: nnc.launch @[[TOP]] ins(%arg0 : tensor<6x5xf32>) outs(%[[V]], %[[I]] : tensor<6x2xf32>, tensor<6x2xi64>) work 6
// CHECK: nnc.launch @[[TOP]] ins(%arg1 :
func.func @twice(%x: tensor<6x5xf32>, %y: tensor<6x5xf32>) -> (tensor<6x2xf32>, tensor<6x2xi64>) {
  %0:2 = nnc.group ins(%x : tensor<6x5xf32>) -> tensor<6x2xf32>, tensor<6x2xi64> attributes {inLayouts = [#id], outLayouts = [#id, #id], schedule = #s} {
  ^bb0(%a: tensor<6x5xf32>):
    %t:2 = nnc.top_k %a, 2 along 1 : (tensor<6x5xf32>) -> (tensor<6x2xf32>, tensor<6x2xi64>)
    nnc.yield %t#0, %t#1 : tensor<6x2xf32>, tensor<6x2xi64>
  }
  %1:2 = nnc.group ins(%y : tensor<6x5xf32>) -> tensor<6x2xf32>, tensor<6x2xi64> attributes {inLayouts = [#id], outLayouts = [#id, #id], schedule = #s} {
  ^bb0(%a: tensor<6x5xf32>):
    %t:2 = nnc.top_k %a, 2 along 1 : (tensor<6x5xf32>) -> (tensor<6x2xf32>, tensor<6x2xi64>)
    nnc.yield %t#0, %t#1 : tensor<6x2xf32>, tensor<6x2xi64>
  }
  return %0#0, %1#1 : tensor<6x2xf32>, tensor<6x2xi64>
}
