// RUN: nncc-opt %s -codegen-expand-nests -canonicalize -cse | FileCheck %s

// Neighbouring windows share their inputs: two results of three taps load four
// vectors, not six, and each weight once.
// CHECK-LABEL: func @shared_loads
// CHECK-COUNT-4: vector.load %arg0
// CHECK-NOT: vector.load %arg0
func.func @shared_loads(%x: memref<16xf32>, %w: memref<12xf32>, %y: memref<8xf32>, %lo: index, %hi: index) {
  nnc.nest ins(%x, %w : memref<16xf32>, memref<12xf32>) outs(%y : memref<8xf32>)
      from %lo to %hi extents [4, 2, 3] parallel 2 tile [4, 2, 3] lanes 4 along 0
      attributes {maps = [affine_map<(c, x, k) -> ((x + k) * 4 + c)>, affine_map<(c, x, k) -> (k * 4 + c)>,
                          affine_map<(c, x, k) -> (x * 4 + c)>]} {
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %acc, %0 : f32
    nnc.yield %1 : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}

// In place: every load of a tile comes before its first store.
// CHECK-LABEL: func @in_place
// CHECK: vector.load
// CHECK: vector.load
// CHECK: vector.store
// CHECK: vector.store
func.func @in_place(%x: memref<8xf32>, %lo: index, %hi: index) {
  nnc.nest finish(%x : memref<8xf32>) outs(%x : memref<8xf32>)
      from %lo to %hi extents [8] parallel 1 tile [8] lanes 4 along 0
      attributes {maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]} {}, {}, {
  ^bb0(%a: f32):
    %0 = arith.negf %a : f32
    nnc.yield %0 : f32
  }
  return
}
