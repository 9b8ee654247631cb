// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#id2 = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 1, points = 1, pointDim = 0>

// Threads share the columns, which no index chooses. The result may lie in the
// buffer of the data; if it does, nothing is copied. An update whose index is out
// of range has no effect.
// CHECK: func.func private @scatter_0(%[[X:.*]]: memref<9x40xf32>, %[[U:.*]]: memref<2x40xf32> {llvm.noalias}, %[[I:.*]]: memref<2xi64> {llvm.noalias}, %[[Y:.*]]: memref<9x40xf32>, %[[LO:.*]]: index, %[[HI:.*]]: index) attributes {nnc.in_place = array<i64: 0>}
// CHECK: %[[P:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK: %[[Q:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[P]], %[[Q]]
// CHECK: scf.for %[[COLUMN:.*]] = %[[LO]] to %[[HI]]
// CHECK: scf.if %[[SAME]] {
// CHECK: } else {
// CHECK: memref.store %{{.*}}, %[[Y]][%{{.*}}, %[[COLUMN]]]
// CHECK: %[[RAW:.*]] = memref.load %[[I]]
// CHECK: %[[INDEX:.*]] = arith.select
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[INDEX]], %{{.*}} : i64
// CHECK: %[[ALL:.*]] = arith.andi %{{.*}}, %[[INSIDE]]
// CHECK: scf.if %[[ALL]] {
// CHECK: %[[OLD:.*]] = memref.load %[[Y]]
// CHECK: %[[NEW:.*]] = arith.addf %[[OLD]], %{{.*}}
// CHECK: memref.store %[[NEW]], %[[Y]][%{{.*}}, %[[COLUMN]]]
// CHECK: nnc.launch @scatter_0 {{.*}} work 40
func.func @scatter(%x: tensor<9x40xf32>, %u: tensor<2x40xf32>, %i: tensor<2xi64>) -> tensor<9x40xf32> {
  %0 = nnc.group ins(%x, %u, %i : tensor<9x40xf32>, tensor<2x40xf32>, tensor<2xi64>) -> tensor<9x40xf32> attributes {inLayouts = [#id2, #id2, #id], outLayouts = [#id2], schedule = #s} {
  ^bb0(%a: tensor<9x40xf32>, %b: tensor<2x40xf32>, %c: tensor<2xi64>):
    %1 = nnc.scatter %a, %b at(%c) affine_map<(d0, d1)[s0] -> (s0, d1)> [affine_map<(d0, d1) -> (d0)>] by sum : (tensor<9x40xf32>, tensor<2x40xf32>, tensor<2xi64>) -> tensor<9x40xf32>
    nnc.yield %1 : tensor<9x40xf32>
  }
  return %0 : tensor<9x40xf32>
}
