// RUN: sed s/TARGET/x86-64-v3/ %s | nncc-opt -emit-lower-vectors | FileCheck %s --check-prefixes=CHECK,VECTOR
// RUN: sed s/TARGET/cortex-m4/ %s | nncc-opt -emit-lower-vectors | FileCheck %s --check-prefixes=CHECK,SCALAR

module attributes {nnc.target = {name = "TARGET"}} {
  // A product of tiles becomes one fused operation for each vector.
  // CHECK-LABEL: func.func @outer_product
  // CHECK-NOT: vector.outerproduct
  // CHECK-COUNT-2: vector.fma %{{.*}} : vector<8xf32>
  // CHECK: return
  func.func @outer_product(%a: vector<2xf32>, %b: vector<8xf32>, %acc: vector<2x8xf32>) -> vector<2x8xf32> {
    %0 = vector.outerproduct %a, %b, %acc {kind = #vector.kind<add>} : vector<2xf32>, vector<8xf32>
    return %0 : vector<2x8xf32>
  }

  // CHECK-LABEL: func.func @transfer
  // CHECK-COUNT-2: vector.load %{{.*}} : memref<4x8xf32>, vector<8xf32>
  // CHECK-NOT: vector.transfer_read
  func.func @transfer(%m: memref<4x8xf32>) -> vector<2x8xf32> {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.0 : f32
    %0 = vector.transfer_read %m[%c0, %c0], %zero {in_bounds = [true, true]} : memref<4x8xf32>, vector<2x8xf32>
    return %0 : vector<2x8xf32>
  }

  // CHECK-LABEL: func.func @copy
  // CHECK-NOT: memref.copy
  // VECTOR: scf.for
  // VECTOR: scf.for %{{.*}} step %c8
  // VECTOR: vector.load %{{.*}} : memref<4x16xf32>, vector<8xf32>
  // SCALAR: memref.load
  // SCALAR: memref.store
  func.func @copy(%a: memref<4x16xf32>, %b: memref<4x16xf32>) {
    memref.copy %a, %b : memref<4x16xf32> to memref<4x16xf32>
    return
  }

  // Rows of 3 are no whole vectors.
  // CHECK-LABEL: func.func @copy_part
  // CHECK-NOT: memref.copy
  // CHECK-NOT: memref.subview
  // CHECK: memref.load
  // CHECK: memref.store
  func.func @copy_part(%a: memref<4x16xf32>, %b: memref<4x3xf32>) {
    %part = memref.subview %a[0, 2] [4, 3] [1, 1] : memref<4x16xf32> to memref<4x3xf32, strided<[16, 1], offset: 2>>
    memref.copy %part, %b : memref<4x3xf32, strided<[16, 1], offset: 2>> to memref<4x3xf32>
    return
  }

  // CHECK-LABEL: func.func @reduce
  // VECTOR: vector.reduction
  // SCALAR-NOT: vector.reduction
  // SCALAR-COUNT-3: arith.addf %{{.*}} : f32
  func.func @reduce(%v: vector<4xf32>) -> f32 {
    %0 = vector.reduction <add>, %v : vector<4xf32> into f32
    return %0 : f32
  }
}
