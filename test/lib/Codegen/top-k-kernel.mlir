// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0, d1, d2) -> (d0, d1, d2), pad = 0.0>
#s = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 2, points = 1, pointDim = 0>

// One unit of work per line along the axis: the first k elements become a heap,
// better ones replace its worst, then it is taken apart.
// CHECK: func.func private @top_k_0(%{{.*}}: memref<2x9x4xf32> {llvm.noalias}, %{{.*}}: memref<2x3x4xf32> {llvm.noalias}, %{{.*}}: memref<2x3x4xi64> {llvm.noalias},
// CHECK: scf.for
// CHECK: scf.for
// CHECK: scf.for
// CHECK: scf.while
// CHECK: scf.for
// CHECK: %[[LESS:.*]] = arith.cmpf {{.*}}
// CHECK: %[[LATER:.*]] = arith.cmpi sgt
// CHECK: %[[TIE:.*]] = arith.cmpf oeq
// CHECK: %[[BEHIND:.*]] = arith.andi %[[TIE]], %[[LATER]]
// CHECK: %[[WORSE:.*]] = arith.ori %[[LESS]], %[[BEHIND]]
// CHECK: scf.if %[[WORSE]]
// CHECK: scf.while
// CHECK: scf.for
// CHECK: scf.while
// CHECK: nnc.launch @top_k_0 {{.*}} work 8
func.func @top_k(%x: tensor<2x9x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xi64>) {
  %0:2 = nnc.group ins(%x : tensor<2x9x4xf32>) -> tensor<2x3x4xf32>, tensor<2x3x4xi64> attributes {inLayouts = [#id], outLayouts = [#id, #id], schedule = #s} {
  ^bb0(%a: tensor<2x9x4xf32>):
    %1:2 = nnc.top_k %a, 3 along 1 : (tensor<2x9x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xi64>)
    nnc.yield %1#0, %1#1 : tensor<2x3x4xf32>, tensor<2x3x4xi64>
  }
  return %0#0, %0#1 : tensor<2x3x4xf32>, tensor<2x3x4xi64>
}
