// RUN: nncc-opt %s -codegen-expand-nests -canonicalize -cse | FileCheck %s

// Rows of 22 in eight chains that are two vectors of four lanes: two whole steps,
// and a rest of a vector and two lanes of the other. At the end the halves are added.
// CHECK-LABEL: func @rows
func.func @rows(%x: memref<3x22xf32>, %y: memref<3xf32>, %lo: index, %hi: index) {
  // CHECK: %[[SUM:.*]]:2 = scf.for %{{.*}} = %c0 to %c2 {{.*}} -> (vector<4xf32>, vector<4xf32>)
  // CHECK-COUNT-2: arith.addf {{.*}} : vector<4xf32>
  // CHECK: scf.yield
  // CHECK: vector.load %{{.*}} : memref<66xf32>, vector<4xf32>
  // CHECK: %[[LOW:.*]] = arith.addf %[[SUM]]#0, %{{.*}} : vector<4xf32>
  // CHECK: vector.load %{{.*}} : memref<66xf32>, vector<2xf32>
  // CHECK: %[[PART:.*]] = vector.extract_strided_slice %[[SUM]]#1 {offsets = [0], sizes = [2]
  // CHECK: %[[ADDED:.*]] = arith.addf %[[PART]], %{{.*}} : vector<2xf32>
  // CHECK: %[[HIGH:.*]] = vector.insert_strided_slice %[[ADDED]], %[[SUM]]#1 {offsets = [0]
  // CHECK: %[[FOUR:.*]] = arith.addf %[[LOW]], %[[HIGH]] : vector<4xf32>
  // CHECK: %[[TWO:.*]] = arith.addf %{{.*}}, %{{.*}} : vector<2xf32>
  // CHECK: %[[ONE:.*]] = arith.addf %{{.*}}, %{{.*}} : f32
  // CHECK: memref.store %[[ONE]]
  nnc.nest ins(%x : memref<3x22xf32>) outs(%y : memref<3xf32>)
      from %lo to %hi extents [3, 22] parallel 1 tile [1, 8] lanes 4 along 1
      attributes {chains = 8 : i64, maps = [affine_map<(r, k) -> (r, k)>, affine_map<(r, k) -> (r)>]} {
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%a: f32, %acc: f32):
    %0 = arith.addf %acc, %a : f32
    nnc.yield %0 : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}

// Columns are the lanes, and each has four chains of its own.
// CHECK-LABEL: func @columns
func.func @columns(%x: memref<9x4xf32>, %y: memref<4xf32>, %lo: index, %hi: index) {
  // CHECK: scf.for %{{.*}} = %c0 to %c2 {{.*}} -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>)
  // CHECK-COUNT-4: arith.addf {{.*}} : vector<4xf32>
  // CHECK: scf.yield
  // CHECK-COUNT-4: arith.addf {{.*}} : vector<4xf32>
  // CHECK: vector.store
  nnc.nest ins(%x : memref<9x4xf32>) outs(%y : memref<4xf32>)
      from %lo to %hi extents [4, 9] parallel 1 tile [4, 4] lanes 4 along 0
      attributes {chains = 4 : i64, maps = [affine_map<(c, k) -> (k, c)>, affine_map<(c, k) -> (c)>]} {
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%a: f32, %acc: f32):
    %0 = arith.addf %acc, %a : f32
    nnc.yield %0 : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}
