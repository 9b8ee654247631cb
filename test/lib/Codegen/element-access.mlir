// RUN: nncc-opt %s -codegen-expand-nests -canonicalize -cse | FileCheck %s

// Halves are computed as f32: converted where they are loaded and stored.
// CHECK-LABEL: func @halves
// CHECK: %[[H:.*]] = vector.load {{.*}} : memref<8xf16>, vector<4xf16>
// CHECK: %[[F:.*]] = arith.extf %[[H]] : vector<4xf16> to vector<4xf32>
// CHECK: %[[N:.*]] = arith.negf %[[F]]
// CHECK: %[[R:.*]] = arith.truncf %[[N]] : vector<4xf32> to vector<4xf16>
// CHECK: vector.store %[[R]]
func.func @halves(%x: memref<8xf16>, %y: memref<8xf16>, %lo: index, %hi: index) {
  nnc.nest finish(%x : memref<8xf16>) outs(%y : memref<8xf16>)
      from %lo to %hi extents [8] parallel 1 tile [4] lanes 4 along 0
      attributes {maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]} {}, {}, {
  ^bb0(%a: f32):
    %0 = arith.negf %a : f32
    nnc.yield %0 : f32
  }
  return
}

// A byte is true if it is not zero, and one if it is written.
// CHECK-LABEL: func @bools
// CHECK: %[[B:.*]] = vector.load {{.*}} : memref<8xi8>, vector<4xi8>
// CHECK: %[[T:.*]] = arith.cmpi ne, %[[B]], %{{.*}} : vector<4xi8>
// CHECK: arith.xori %[[T]], %{{.*}} : vector<4xi1>
// CHECK: arith.extui %{{.*}} : vector<4xi1> to vector<4xi8>
func.func @bools(%x: memref<8xi8>, %y: memref<8xi8>, %lo: index, %hi: index) {
  nnc.nest finish(%x : memref<8xi8>) outs(%y : memref<8xi8>)
      from %lo to %hi extents [8] parallel 1 tile [4] lanes 4 along 0
      attributes {maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]} {}, {}, {
  ^bb0(%a: i1):
    %true = arith.constant true
    %0 = arith.xori %a, %true : i1
    nnc.yield %0 : i1
  }
  return
}
