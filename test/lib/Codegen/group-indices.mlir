// RUN: nncc-opt %s -split-input-file -codegen-outline-kernels | FileCheck %s --check-prefix=NEST
// RUN: nncc-opt %s -split-input-file -codegen-outline-kernels -codegen-expand-nests -canonicalize -cse | FileCheck %s

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#id2 = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 1, points = 1, pointDim = 0>
#s1 = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 0, points = 1, pointDim = 0>

// NEST-DAG: affine_map<(d0, d1)[s0] -> (s0, d1)>
// NEST-DAG: affine_map<(d0, d1) -> (d0)>

// One index per row: it is loaded once, counted from the end if negative, and
// clamped; the row itself is read as vectors.
// NEST: nnc.nest finish({{.*}}, {{.*}} : memref<9x4xf32>, memref<3x4xf32>) indices(%{{.*}} : memref<3xi64>) outs
// NEST-SAME: indexExtents = array<i64: 9>
// CHECK-LABEL: func.func private @gather_0
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK-DAG: %[[EIGHT:.*]] = arith.constant 8 : i64
// CHECK-DAG: %[[NINE:.*]] = arith.constant 9 : i64
// CHECK: %[[RAW:.*]] = memref.load %{{.*}} : memref<3xi64>
// CHECK: %[[NEGATIVE:.*]] = arith.cmpi slt, %[[RAW]], %[[ZERO]]
// CHECK: %[[WRAPPED:.*]] = arith.addi %[[RAW]], %[[NINE]]
// CHECK: %[[INDEX:.*]] = arith.select %[[NEGATIVE]], %[[WRAPPED]], %[[RAW]]
// CHECK: %[[LOW:.*]] = arith.maxsi %[[INDEX]], %[[ZERO]]
// CHECK: %[[HIGH:.*]] = arith.minsi %[[LOW]], %[[EIGHT]]
// CHECK: arith.index_cast %[[HIGH]]
// CHECK-NOT: memref.load
// CHECK: vector.load %{{.*}} : memref<36xf32>, vector<4xf32>
// CHECK-NOT: memref.load
// CHECK: vector.store
func.func @rows(%x: tensor<9x4xf32>, %i: tensor<3xi64>, %y: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %0 = nnc.group ins(%x, %i, %y : tensor<9x4xf32>, tensor<3xi64>, tensor<3x4xf32>) -> tensor<3x4xf32> attributes {inLayouts = [#id2, #id, #id2], outLayouts = [#id2], schedule = #s} {
  ^bb0(%a: tensor<9x4xf32>, %b: tensor<3xi64>, %c: tensor<3x4xf32>):
    %1 = nnc.gather %a at(%b) affine_map<(d0, d1)[s0] -> (s0, d1)> [affine_map<(d0, d1) -> (d0)>] : (tensor<9x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
    %2 = nnc.add %c, %1 : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
    nnc.yield %2 : tensor<3x4xf32>
  }
  return %0 : tensor<3x4xf32>
}

// -----

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#id2 = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 1, points = 1, pointDim = 0>
#s1 = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 0, points = 1, pointDim = 0>

// The index differs from lane to lane: its elements are collected. It is known
// to be in range.
// NEST: indexExtents = array<i64: 0>
// CHECK-LABEL: func.func private @gather_0
// CHECK-NOT: arith.minsi
// CHECK-COUNT-4: memref.load %{{.*}} : memref<36xf32>
// CHECK: vector.from_elements
func.func @columns(%x: tensor<9x4xf32>, %i: tensor<4xi32>) -> tensor<9x4xf32> {
  %0 = nnc.group ins(%x, %i : tensor<9x4xf32>, tensor<4xi32>) -> tensor<9x4xf32> attributes {inLayouts = [#id2, #id], outLayouts = [#id2], schedule = #s} {
  ^bb0(%a: tensor<9x4xf32>, %b: tensor<4xi32>):
    %1 = nnc.gather %a at(%b) affine_map<(d0, d1)[s0] -> (d0, s0)> [affine_map<(d0, d1) -> (d1)>] {inRange} : (tensor<9x4xf32>, tensor<4xi32>) -> tensor<9x4xf32>
    nnc.yield %1 : tensor<9x4xf32>
  }
  return %0 : tensor<9x4xf32>
}

// -----

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#id2 = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 1, points = 1, pointDim = 0>
#s1 = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 0, points = 1, pointDim = 0>

// CHECK-LABEL: func.func private @check_indices_0
// CHECK: scf.for {{.*}} iter_args(%[[ACC:.*]] = %c0_i32)
// CHECK: %[[I:.*]] = memref.load
// CHECK: %[[BELOW:.*]] = arith.cmpi slt, %[[I]], %c-9_i64
// CHECK: %[[ABOVE:.*]] = arith.cmpi sge, %[[I]], %c9_i64
// CHECK: %[[OUT:.*]] = arith.ori %[[BELOW]], %[[ABOVE]]
// CHECK: arith.select %[[OUT]], %c1_i32, %[[ACC]] : i32
func.func @check(%i: tensor<3xi64>) -> tensor<1xi32> {
  %0 = nnc.group ins(%i : tensor<3xi64>) -> tensor<1xi32> attributes {inLayouts = [#id], outLayouts = [#id], schedule = #s1} {
  ^bb0(%a: tensor<3xi64>):
    %1 = nnc.check_indices %a below 9 : (tensor<3xi64>) -> tensor<1xi32>
    nnc.yield %1 : tensor<1xi32>
  }
  return %0 : tensor<1xi32>
}

// -----

#id = #nnc.layout<(d0) -> (d0), pad = 0.0>
#id2 = #nnc.layout<(d0, d1) -> (d0, d1), pad = 0.0>
#s = #nnc.schedule<lanes = 4, vectors = 1, laneDim = 1, points = 1, pointDim = 0>
#s1 = #nnc.schedule<lanes = 1, vectors = 1, laneDim = 0, points = 1, pointDim = 0>

// A buffer that is also read elsewhere is not overwritten.
// NEST: func.func private @add_{{[0-9]+}}(%{{.*}}: memref<4xf32> {llvm.noalias}, %{{.*}}: memref<4xf32> {llvm.noalias}, %{{.*}}: memref<4xf32> {llvm.noalias}
func.func @reversed(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nnc.group ins(%x, %x : tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> attributes {inLayouts = [#id, #nnc.layout<(d0) -> (3 - d0), pad = 0.0>], outLayouts = [#id], schedule = #s1} {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %1 = nnc.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nnc.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
