// RUN: nncc-opt %s -codegen-expand-nests -canonicalize -cse | FileCheck %s

// Lanes that lie apart are gathered one by one.
// CHECK-LABEL: func @transposed
// CHECK-COUNT-4: memref.load
// CHECK: vector.from_elements
// CHECK: vector.store
func.func @transposed(%x: memref<4x2xf32>, %y: memref<2x4xf32>, %lo: index, %hi: index) {
  nnc.nest finish(%x : memref<4x2xf32>) outs(%y : memref<2x4xf32>)
      from %lo to %hi extents [2, 4] parallel 2 tile [1, 4] lanes 4 along 1
      attributes {maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>]} {}, {}, {
  ^bb0(%a: f32):
    nnc.yield %a : f32
  }
  return
}

// Lanes that lie apart, but in one vector, are elements of it.
// CHECK-LABEL: func @one_vector
// CHECK: %[[ALL:.*]] = vector.load
// CHECK-NOT: load
// CHECK: vector.shuffle %[[ALL]], %[[ALL]] [0, 0, 2, 2]
// CHECK: vector.store
func.func @one_vector(%x: memref<2x4xf32>, %y: memref<2x4xf32>, %lo: index, %hi: index) {
  nnc.nest finish(%x : memref<2x4xf32>) outs(%y : memref<2x4xf32>)
      from %lo to %hi extents [2, 4] parallel 2 tile [1, 4] lanes 4 along 1
      attributes {maps = [affine_map<(i, j) -> (i, j floordiv 2 * 2)>, affine_map<(i, j) -> (i, j)>]} {}, {}, {
  ^bb0(%a: f32):
    nnc.yield %a : f32
  }
  return
}

// A vector around them would end behind the buffer, or begin elsewhere in each row.
// CHECK-LABEL: func @no_vector
// CHECK-NOT: vector.load
// CHECK: vector.from_elements
func.func @no_vector(%x: memref<2x6xf32>, %y: memref<2x4xf32>, %lo: index, %hi: index) {
  nnc.nest finish(%x : memref<2x6xf32>) outs(%y : memref<2x4xf32>)
      from %lo to %hi extents [2, 4] parallel 2 tile [1, 4] lanes 4 along 1
      attributes {maps = [affine_map<(i, j) -> (i, j floordiv 2 * 2)>, affine_map<(i, j) -> (i, j)>]} {}, {}, {
  ^bb0(%a: f32):
    nnc.yield %a : f32
  }
  return
}
