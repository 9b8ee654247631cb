// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0, d1, d2) -> (d0, d1, d2), pad = 0.0>
#m = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#s = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 1, points = 1, pointDim = 0>

// One unit of work per row: a start, then sweeps until the error is small, with the
// gradient of each row in scratch memory.
// CHECK: func.func private @couple_probabilities_0(%[[Q:.*]]: memref<4x3x3xf32> {{.*}}, %[[P:.*]]: memref<4x3xf32> {{.*}}, %[[G:.*]]: memref<4x3xf32>
// CHECK: scf.for
// CHECK:   scf.for
// CHECK:     %[[THIRD:.*]] = arith.constant 0.333333343 : f32
// CHECK:     memref.store %[[THIRD]], %[[P]]
// CHECK:   scf.while
// CHECK:     scf.for
// CHECK:       memref.load %[[Q]]
// CHECK:       memref.load %[[P]]
// CHECK:       memref.store %{{.*}}, %[[G]]
// CHECK:     arith.constant 100 : index
// CHECK:     arith.constant 0.00166666671 : f32
// CHECK:     scf.condition
// CHECK:     scf.for
// CHECK:       arith.divf
// CHECK:       memref.store %{{.*}}, %[[P]]
// CHECK:       scf.for
// CHECK:         memref.store %{{.*}}, %[[G]]
// CHECK:         memref.store %{{.*}}, %[[P]]
// CHECK: nnc.launch @couple_probabilities_0 {{.*}} work 4
func.func @couple(%q: tensor<4x3x3xf32>) -> tensor<4x3xf32> {
  %0 = nnc.group ins(%q : tensor<4x3x3xf32>) -> tensor<4x3xf32>
      attributes {inLayouts = [#id], outLayouts = [#m], schedule = #s} {
  ^bb0(%c: tensor<4x3x3xf32>):
    %1 = nnc.couple_probabilities %c : (tensor<4x3x3xf32>) -> tensor<4x3xf32>
    nnc.yield %1 : tensor<4x3xf32>
  }
  return %0 : tensor<4x3xf32>
}
