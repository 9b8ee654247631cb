// RUN: nncc-opt %s -codegen-expand-nests -canonicalize -cse | FileCheck %s

// A matrix product with bias and ReLU: 2 x 3 rows, 2 vectors of 4 columns. The
// packed right operand is read as vectors, the left one as scalars.
// CHECK-LABEL: func @gemm
func.func @gemm(%a: memref<6x5xf32>, %b: memref<2x5x4xf32>, %bias: memref<8xf32>, %c: memref<6x8xf32>, %lo: index, %hi: index) {
  // CHECK: scf.for %[[W:.*]] = %{{.*}} to %{{.*}}
  // CHECK:   scf.for %[[M:.*]] = %c0 to %c2
  // CHECK:     %[[B0:.*]] = vector.load %{{.*}}[%c0{{.*}}] : memref<8xf32>, vector<4xf32>
  // CHECK:     scf.for %[[K:.*]] = %c0 to %c5 {{.*}} iter_args({{.*}}) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>)
  // CHECK-COUNT-1: memref.load %{{.*}} : memref<30xf32>
  // CHECK:       vector.broadcast
  // CHECK:       vector.load %{{.*}} : memref<40xf32>, vector<4xf32>
  // CHECK:       arith.mulf {{.*}} : vector<4xf32>
  // CHECK:     arith.cmpf
  // CHECK:     vector.store %{{.*}} : memref<48xf32>, vector<4xf32>
  nnc.nest init(%bias : memref<8xf32>) ins(%a, %b : memref<6x5xf32>, memref<2x5x4xf32>) outs(%c : memref<6x8xf32>)
      from %lo to %hi extents [8, 6, 5] parallel 2 tile [8, 3, 1] lanes 4 along 0
      attributes {maps = [affine_map<(n, m, k) -> (n)>, affine_map<(n, m, k) -> (m, k)>,
                          affine_map<(n, m, k) -> (n floordiv 4, k, n mod 4)>, affine_map<(n, m, k) -> (m, n)>]} {
  ^bb0(%x: f32):
    nnc.yield %x : f32
  }, {
  ^bb0(%x: f32, %y: f32, %acc: f32):
    %0 = arith.mulf %x, %y fastmath<contract> : f32
    %1 = arith.addf %acc, %0 fastmath<contract> : f32
    nnc.yield %1 : f32
  }, {
  ^bb0(%acc: f32):
    %z = arith.constant 0.0 : f32
    %0 = arith.cmpf ogt, %acc, %z : f32
    %1 = arith.select %0, %acc, %z : f32
    nnc.yield %1 : f32
  }
  return
}

// Seven elements are a vector of four, one of two and a scalar.
// CHECK-LABEL: func @partial
func.func @partial(%x: memref<7xf32>, %y: memref<7xf32>, %lo: index, %hi: index) {
  // CHECK: vector.load %{{.*}}[%c0] : memref<7xf32>, vector<4xf32>
  // CHECK: vector.load %{{.*}}[%c4] : memref<7xf32>, vector<2xf32>
  // CHECK: memref.load %{{.*}}[%c6]
  nnc.nest finish(%x : memref<7xf32>) outs(%y : memref<7xf32>)
      from %lo to %hi extents [7] parallel 1 tile [16] lanes 4 along 0
      attributes {maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]} {}, {}, {
  ^bb0(%a: f32):
    %0 = arith.negf %a : f32
    nnc.yield %0 : f32
  }
  return
}

// Work units are split over two loops; the last unit of the first is partial.
// CHECK-LABEL: func @work
func.func @work(%x: memref<5x4x8xf32>, %y: memref<5x4x8xf32>, %lo: index, %hi: index) {
  // CHECK: arith.remui %{{.*}}, %c4
  // CHECK: arith.divui %{{.*}}, %c4
  // CHECK: arith.cmpi ult, %{{.*}}, %c2
  // CHECK: scf.if
  nnc.nest finish(%x : memref<5x4x8xf32>) outs(%y : memref<5x4x8xf32>)
      from %lo to %hi extents [5, 4, 8] parallel 3 tile [2, 1, 8] lanes 8 along 2
      attributes {maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, j, k)>]} {}, {}, {
  ^bb0(%a: f32):
    nnc.yield %a : f32
  }
  return
}

// A blocked layout with a halo: no division is left.
// CHECK-LABEL: func @blocked
// CHECK-NOT: arith.div
// CHECK-NOT: arith.rem
// CHECK: vector.load {{.*}} : memref<1152xf32>, vector<8xf32>
// CHECK: return
func.func @blocked(%x: memref<2x6x6x16xf32>, %y: memref<32x4x4xf32>, %lo: index, %hi: index) {
  nnc.nest finish(%x : memref<2x6x6x16xf32>) outs(%y : memref<32x4x4xf32>)
      from %lo to %hi extents [32, 4, 4] parallel 3 tile [16, 4, 4] lanes 8 along 0
      attributes {maps = [affine_map<(c, h, w) -> (c floordiv 16, h + 1, w + 1, c mod 16)>,
                          affine_map<(c, h, w) -> (c, h, w)>]} {}, {}, {
  ^bb0(%a: f32):
    nnc.yield %a : f32
  }
  return
}
