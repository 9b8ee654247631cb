// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0, d1, d2) -> (d0, d1, d2), pad = 0.0>
#n = #nnc.layout<() -> (), pad = 0.0>
#s = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 2, points = 1, pointDim = 0>

// One unit of work per class of an image: candidates in order until one has too
// small a score, each compared with those selected, then -1.
// CHECK: func.func private @suppress_boxes_0(%[[BOXES:.*]]: memref<2x9x4xf32> {{.*}}, %[[SCORES:.*]]: memref<2x3x9xf32> {{.*}}, %[[ORDER:.*]]: memref<2x3x9xi64> {{.*}}, %[[OVERLAP:[^:]*]]: memref<f32> {llvm.noalias}, %[[MINIMUM:[^:]*]]: memref<f32> {llvm.noalias}, %[[OUT:[^:]*]]: memref<2x3x5xi64>
// CHECK: scf.for
// CHECK: scf.while
// CHECK:   %[[SCORE:.*]] = memref.load %[[SCORES]]
// CHECK:   %[[BOUND:.*]] = memref.load %[[MINIMUM]]
// CHECK:   arith.cmpf ogt, %[[SCORE]], %[[BOUND]]
// CHECK:   scf.condition
// CHECK:   memref.load %[[ORDER]]
// CHECK:   scf.while
// CHECK:     arith.divf
// CHECK:     memref.load %[[OVERLAP]]
// CHECK:     scf.condition
// CHECK:   %[[SURVIVES:.*]] = arith.cmpi eq
// CHECK:   scf.if %[[SURVIVES]]
// CHECK:     memref.store %{{.*}}, %[[OUT]]
// CHECK: scf.for
// CHECK:   %[[NONE:.*]] = arith.constant -1 : i64
// CHECK:   memref.store %[[NONE]], %[[OUT]]
// CHECK: nnc.launch @suppress_boxes_0 {{.*}} work 6
func.func @boxes(%b: tensor<2x9x4xf32>, %s: tensor<2x3x9xf32>, %o: tensor<2x3x9xi64>, %t: tensor<f32>, %m: tensor<f32>) -> tensor<2x3x5xi64> {
  %0 = nnc.group ins(%b, %s, %o, %t, %m : tensor<2x9x4xf32>, tensor<2x3x9xf32>, tensor<2x3x9xi64>, tensor<f32>, tensor<f32>) -> tensor<2x3x5xi64>
      attributes {inLayouts = [#id, #id, #id, #n, #n], outLayouts = [#id], schedule = #s} {
  ^bb0(%c: tensor<2x9x4xf32>, %d: tensor<2x3x9xf32>, %e: tensor<2x3x9xi64>, %f: tensor<f32>, %g: tensor<f32>):
    %1 = nnc.suppress_boxes %c by %d, %e beyond %f above %g up_to 5 : (tensor<2x9x4xf32>, tensor<2x3x9xf32>, tensor<2x3x9xi64>, tensor<f32>, tensor<f32>) -> tensor<2x3x5xi64>
    nnc.yield %1 : tensor<2x3x5xi64>
  }
  return %0 : tensor<2x3x5xi64>
}
