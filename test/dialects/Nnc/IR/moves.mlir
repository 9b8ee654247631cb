// RUN: nncc-opt %s -canonicalize | FileCheck %s

// CHECK-DAG: [[M0:#map[0-9]*]] = affine_map<(d0, d1) -> (d0 * -4 + 7, d1 + 2)>
// CHECK-DAG: [[M1:#map[0-9]*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 + ((d2 mod 2) * 2 + d3 mod 2) * 2, d2 floordiv 2, d3 floordiv 2)>
// CHECK-DAG: [[M2:#map[0-9]*]] = affine_map<(d0) -> (d0)>
// CHECK-DAG: [[M3:#map[0-9]*]] = affine_map<(d0) -> (d0 + 2)>
// CHECK-DAG: [[M4:#map[0-9]*]] = affine_map<(d0) -> (d0 + 1)>
// CHECK-DAG: [[M5:#map[0-9]*]] = affine_map<(d0) -> (d0 + 3)>
// CHECK-DAG: [[M6:#map[0-9]*]] = affine_map<(d0) -> (d0 * 2)>
// CHECK-DAG: [[M7:#map[0-9]*]] = affine_map<(d0) -> (d0 * 2 + 1)>
// CHECK-DAG: [[M8:#map[0-9]*]] = affine_map<(d0, d1)[s0] -> (s0, d1)>
// CHECK-DAG: [[M9:#map[0-9]*]] = affine_map<(d0, d1) -> (d0)>

// Remaps compose, the identity disappears.
// CHECK-LABEL: func @remap
func.func @remap(%x: tensor<8x6xf32>) -> (tensor<2x3xf32>, tensor<8x6xf32>) {
  // CHECK-NEXT: [[Y:%.*]] = nnc.remap %arg0 [[M0]] : (tensor<8x6xf32>) -> tensor<2x3xf32>
  // CHECK-NEXT: return [[Y]], %arg0
  %0 = nnc.remap %x affine_map<(d0, d1) -> (d0 * 2 + 1, d1)> : (tensor<8x6xf32>) -> tensor<4x6xf32>
  %1 = nnc.remap %0 affine_map<(d0, d1) -> (d0 * -2 + 3, d1 + 2)> : (tensor<4x6xf32>) -> tensor<2x3xf32>
  %2 = nnc.remap %x affine_map<(d0, d1) -> (d0, d1)> : (tensor<8x6xf32>) -> tensor<8x6xf32>
  return %1, %2 : tensor<2x3xf32>, tensor<8x6xf32>
}

// Elements repeated and rearranged.
// CHECK-LABEL: func @blocks
func.func @blocks(%x: tensor<1x8x2x2xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK: nnc.remap %arg0 [[M1]]
  %0 = nnc.remap %x affine_map<(d0, d1, d2, d3) -> (d0, d1 + ((d2 mod 2) * 2 + d3 mod 2) * 2, d2 floordiv 2, d3 floordiv 2)>
      : (tensor<1x8x2x2xf32>) -> tensor<1x2x4x4xf32>
  return %0 : tensor<1x2x4x4xf32>
}

// A tensor put together from one with a single use is put together at once.
// CHECK-LABEL: func @assemble
func.func @assemble(%x: tensor<2xf32>, %y: tensor<1xf32>) -> (tensor<4xf32>, tensor<3xf32>, tensor<6xf32>) {
  // CHECK: [[TWICE:%.*]] = nnc.assemble %arg0, %arg1 {{\[}}[[M2]], [[M3]]]
  // CHECK: [[ALL:%.*]] = nnc.assemble %arg1, %arg0, %arg1 {{\[}}[[M2]], [[M4]], [[M5]]]
  // CHECK: [[MIX:%.*]] = nnc.assemble [[TWICE]], [[TWICE]] {{\[}}[[M6]], [[M7]]]
  // CHECK: return [[ALL]], [[TWICE]], [[MIX]]
  %0 = nnc.assemble %x, %y [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0 + 2)>] : (tensor<2xf32>, tensor<1xf32>) -> tensor<3xf32>
  %1 = nnc.assemble %x, %y [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0 + 2)>] : (tensor<2xf32>, tensor<1xf32>) -> tensor<3xf32>
  %2 = nnc.assemble %y, %0 [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0 + 1)>] : (tensor<1xf32>, tensor<3xf32>) -> tensor<4xf32>
  %3 = nnc.assemble %1, %1 [affine_map<(d0) -> (d0 * 2)>, affine_map<(d0) -> (d0 * 2 + 1)>] : (tensor<3xf32>, tensor<3xf32>) -> tensor<6xf32>
  %4 = nnc.assemble %1 [affine_map<(d0) -> (d0)>] : (tensor<3xf32>) -> tensor<3xf32>
  return %2, %4, %3 : tensor<4xf32>, tensor<3xf32>, tensor<6xf32>
}

// CHECK-LABEL: func @gather
func.func @gather(%x: tensor<9x4xf32>, %i: tensor<2xi64>) -> (tensor<2x4xf32>, tensor<1xi32>) {
  // CHECK: nnc.gather %arg0 at(%arg1) [[M8]] {{\[}}[[M9]]] : (tensor<9x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %0 = nnc.gather %x at(%i) affine_map<(d0, d1)[s0] -> (s0, d1)> [affine_map<(d0, d1) -> (d0)>] : (tensor<9x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  // CHECK: nnc.check_indices %arg1 below 9 : (tensor<2xi64>) -> tensor<1xi32>
  %1 = nnc.check_indices %i below 9 : (tensor<2xi64>) -> tensor<1xi32>
  return %0, %1 : tensor<2x4xf32>, tensor<1xi32>
}

// Remainders that meet: simplified, the sum would no longer show that it stays inside.
// CHECK-LABEL: func @remap_remainders
func.func @remap_remainders(%x: tensor<2x9x8x4xf32>) -> tensor<2x4x12x6xf32> {
  // CHECK: nnc.remap %arg0
  // CHECK-NOT: nnc.remap
  %0 = nnc.remap %x affine_map<(d0, d1, d2, d3) -> (d0, (d2 mod 3) * 3 + d3 mod 3, d2 floordiv 3, d3 floordiv 3)> : (tensor<2x9x8x4xf32>) -> tensor<2x1x24x12xf32>
  %1 = nnc.remap %0 affine_map<(d0, d1, d2, d3) -> (d0, 0, d2 * 2 + d1 floordiv 2, d3 * 2 + d1 mod 2)> : (tensor<2x1x24x12xf32>) -> tensor<2x4x12x6xf32>
  return %1 : tensor<2x4x12x6xf32>
}
