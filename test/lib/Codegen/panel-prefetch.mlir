// RUN: nncc-opt %s -codegen-expand-nests -canonicalize -cse | FileCheck %s

// Three tiles of four rows share each panel of 16 columns, which lie in two
// streams of 8. A step of 12 products reads 12 x 32 bytes of each stream: a third
// of its six cache lines is this tile's share of the next panel's.
// CHECK-LABEL: func @gemm
func.func @gemm(%a: memref<12x24xf32>, %b: memref<6x24x8xf32>, %c: memref<12x48xf32>, %lo: index, %hi: index) {
  // CHECK: scf.for %[[N:.*]] = %{{.*}} to
  // CHECK: scf.for %[[M:.*]] = %c0 to %c3
  // CHECK: scf.for %[[K:.*]] = %c0 to %c2
  // The next panel is 2 x 192 elements on, a share 2 x 16 elements.
  // CHECK-DAG: %[[PANEL:.*]] = arith.muli %[[N]], %c384
  // CHECK-DAG: %[[STEP:.*]] = arith.muli %[[K]], %c96
  // CHECK: %[[HERE:.*]] = arith.addi %[[PANEL]], %[[STEP]]
  // CHECK: %[[SHARE:.*]] = arith.addi %[[HERE]], %{{.*}}
  // CHECK: %[[A:.*]] = arith.addi %[[SHARE]], %c384
  // CHECK: memref.prefetch %{{.*}}[%[[A]]], read, locality<2>, data : memref<1152xf32>
  // CHECK: %[[B:.*]] = arith.addi %[[SHARE]], %c400
  // CHECK: memref.prefetch %{{.*}}[%[[B]]], read, locality<2>, data : memref<1152xf32>
  // CHECK: %[[C:.*]] = arith.addi %[[SHARE]], %c576
  // CHECK: memref.prefetch %{{.*}}[%[[C]]], read, locality<2>, data : memref<1152xf32>
  // CHECK-COUNT-1: memref.prefetch
  // CHECK-NOT: memref.prefetch
  // CHECK: scf.for %{{.*}} = %c0 to %c12
  // CHECK-NOT: memref.prefetch
  nnc.nest ins(%a, %b : memref<12x24xf32>, memref<6x24x8xf32>) outs(%c : memref<12x48xf32>)
      from %lo to %hi extents [48, 12, 2, 12] parallel 2 tile [16, 4, 1, 1] lanes 8 along 0
      attributes {prefetch = 1 : i64,
                  maps = [affine_map<(n, m, k, l) -> (m, k * 12 + l)>,
                          affine_map<(n, m, k, l) -> (n floordiv 8, k * 12 + l, n mod 8)>,
                          affine_map<(n, m, k, l) -> (m, n)>]} {
  ^bb0:
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%x: f32, %y: f32, %acc: f32):
    %0 = arith.mulf %x, %y fastmath<contract> : f32
    %1 = arith.addf %acc, %0 fastmath<contract> : f32
    nnc.yield %1 : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}

// One tile of rows: nobody is left to ask for the next panel meanwhile.
// CHECK-LABEL: func @one_row
func.func @one_row(%a: memref<1x24xf32>, %b: memref<6x24x8xf32>, %c: memref<1x48xf32>, %lo: index, %hi: index) {
  // CHECK-NOT: memref.prefetch
  nnc.nest ins(%a, %b : memref<1x24xf32>, memref<6x24x8xf32>) outs(%c : memref<1x48xf32>)
      from %lo to %hi extents [48, 1, 24] parallel 2 tile [16, 1, 1] lanes 8 along 0
      attributes {prefetch = 1 : i64,
                  maps = [affine_map<(n, m, k) -> (m, k)>,
                          affine_map<(n, m, k) -> (n floordiv 8, k, n mod 8)>,
                          affine_map<(n, m, k) -> (m, n)>]} {
  ^bb0:
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%x: f32, %y: f32, %acc: f32):
    %0 = arith.mulf %x, %y fastmath<contract> : f32
    %1 = arith.addf %acc, %0 fastmath<contract> : f32
    nnc.yield %1 : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}
