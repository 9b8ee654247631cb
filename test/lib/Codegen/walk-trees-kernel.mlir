// RUN: nncc-opt %s -codegen-outline-kernels | FileCheck %s

#id = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#v = #nnc.layout<(d0) -> (d0), pad = 0.0>
#s = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 1, points = 1, pointDim = 0>

// One unit of work per row and tree; a negative child is a leaf.
// CHECK: func.func private @walk_trees_0(%[[X:.*]]: memref<4x3xf32> {llvm.noalias}, %[[ROOTS:.*]]: memref<2xi16> {llvm.noalias}, %[[NODES:.*]]: memref<5x3xi16> {llvm.noalias}, %[[T:[^:]*]]: memref<5xf32> {llvm.noalias}, %[[NAN:[^:]*]]: memref<5xi8> {llvm.noalias}, %[[OUT:[^:]*]]: memref<4x2xi32> {llvm.noalias},
// CHECK: scf.for
// CHECK: %[[ROW:.*]] = arith.divui
// CHECK: %[[TREE:.*]] = arith.remui
// CHECK: %[[ROOT:.*]] = memref.load %[[ROOTS]][%[[TREE]]]
// CHECK: %[[LEAF:.*]] = scf.while (%[[NODE:.*]] = %[[ROOT]])
// CHECK:   arith.cmpi sge, %[[NODE]]
// CHECK:   %[[THRESHOLD:.*]] = memref.load %[[T]]
// CHECK:   %[[LE:.*]] = arith.cmpf ole, %[[VALUE:.*]], %[[THRESHOLD]]
// CHECK:   memref.load %[[NAN]]
// CHECK:   %[[UNO:.*]] = arith.cmpf uno, %[[VALUE]], %[[VALUE]]
// CHECK:   %[[AND:.*]] = arith.andi %{{.*}}, %[[UNO]]
// CHECK:   %[[GOES:.*]] = arith.ori %[[LE]], %[[AND]]
// CHECK:   %[[COLUMN:.*]] = arith.select %[[GOES]]
// CHECK:   memref.load %[[NODES]][%{{.*}}, %[[COLUMN]]]
// CHECK: %[[NUMBER:.*]] = arith.xori %[[LEAF]]
// CHECK: %[[WIDE:.*]] = arith.extsi %[[NUMBER]] : i16 to i32
// CHECK: memref.store %[[WIDE]], %[[OUT]][%[[ROW]], %[[TREE]]]
// CHECK: nnc.launch @walk_trees_0 {{.*}} work 8
func.func @trees(%x: tensor<4x3xf32>, %roots: tensor<2xi16>, %nodes: tensor<5x3xi16>, %t: tensor<5xf32>, %nan: tensor<5xi1>) -> tensor<4x2xi32> {
  %0 = nnc.group ins(%x, %roots, %nodes, %t, %nan : tensor<4x3xf32>, tensor<2xi16>, tensor<5x3xi16>, tensor<5xf32>, tensor<5xi1>) -> tensor<4x2xi32>
      attributes {inLayouts = [#id, #v, #id, #v, #v], outLayouts = [#id], schedule = #s} {
  ^bb0(%a: tensor<4x3xf32>, %b: tensor<2xi16>, %c: tensor<5x3xi16>, %d: tensor<5xf32>, %e: tensor<5xi1>):
    %1 = nnc.walk_trees %a from %b over %c, %d, %e : (tensor<4x3xf32>, tensor<2xi16>, tensor<5x3xi16>, tensor<5xf32>, tensor<5xi1>) -> tensor<4x2xi32>
    nnc.yield %1 : tensor<4x2xi32>
  }
  return %0 : tensor<4x2xi32>
}
