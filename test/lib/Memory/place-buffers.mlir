// RUN: nncc-opt %s -memory-place-buffers -split-input-file | FileCheck %s

// Three values of 64 bytes; the second kernel may work in place, so two slots
// suffice: one for %0 and its successor, one for the input and later the output.
// CHECK: module attributes {nnc.arena_align = 64 : i64, nnc.arena_bound = 128 : i64, nnc.arena_bytes = 128 : i64, nnc.arena_map = [
// CHECK-SAME: nnc.arena_optimal = true, nnc.logical_bound = 104 : i64
module attributes {nnc.target = {name = "x86-64-v3"}} {
// CHECK: nnc.weights @weights size 64 align 64 at [0] [dense<1.000000e+00> : tensor<16xf32>]
func.func private @scale(%x: memref<16xf32>, %w: memref<16xf32>, %y: memref<16xf32>, %lo: index, %hi: index)
func.func private @relu(%x: memref<16xf32>, %y: memref<16xf32>, %lo: index, %hi: index) attributes {nnc.in_place = array<i64: 0>}
// CHECK: func @main(%[[X:.*]]: memref<16xf32> {nnc.name = "x", nnc.slot = {{0|64}} : i64},
// CHECK-SAME: %[[Y:.*]]: memref<4x4xf32> {nnc.name = "y", nnc.output, nnc.slot = {{0|64}} : i64},
// CHECK-SAME: %[[W:.*]]: memref<64xi8> {nnc.weights}, %[[A:.*]]: memref<128xi8> {nnc.arena})
func.func @main(%x: tensor<16xf32> {nnc.name = "x"}) -> (tensor<4x4xf32> {nnc.name = "y"}) {
  %w = nnc.constant dense<1.0> : tensor<16xf32>
  %e0 = nnc.buffer : tensor<16xf32>
  // CHECK: %[[WV:.*]] = memref.view %[[W]][%c0{{.*}}][] : memref<64xi8> to memref<16xf32>
  // CHECK: %[[T:.*]] = memref.view %[[A]]
  // CHECK: nnc.launch @scale ins(%[[X]], %[[WV]] : memref<16xf32>, memref<16xf32>) outs(%[[T]] : memref<16xf32>) work 2
  %0 = nnc.launch @scale ins(%x, %w : tensor<16xf32>, tensor<16xf32>) outs(%e0 : tensor<16xf32>) work 2 {nnc.logical_bytes = 40 : i64} -> tensor<16xf32>
  %e1 = nnc.buffer : tensor<16xf32>
  // CHECK: %[[IN:.*]] = memref.view %[[A]][%[[AT:.*]]][]
  // CHECK: %[[OUT:.*]] = memref.view %[[A]]
  // CHECK: nnc.launch @relu ins(%[[IN]] : memref<16xf32>) outs(%[[OUT]] : memref<16xf32>) work 1
  %1 = nnc.launch @relu ins(%0 : tensor<16xf32>) outs(%e1 : tensor<16xf32>) work 1 {nnc.logical_bytes = 40 : i64} -> tensor<16xf32>
  %v = nnc.view %1 : tensor<16xf32> to tensor<4x4xf32>
  %e2 = nnc.buffer : tensor<4x4xf32>
  // CHECK: nnc.launch @copy ins(%{{.*}} : memref<4x4xf32>) outs(%[[Y]] : memref<4x4xf32>) work 1
  %2 = nnc.launch @copy ins(%v : tensor<4x4xf32>) outs(%e2 : tensor<4x4xf32>) work 1 -> tensor<4x4xf32>
  return %2 : tensor<4x4xf32>
}
func.func private @copy(%x: memref<4x4xf32>, %y: memref<4x4xf32>, %lo: index, %hi: index)
}

// -----

// A network output that the last kernel also reads stays: no sharing in place.
// CHECK: module attributes {nnc.arena_align = 64 : i64, nnc.arena_bound = 128 : i64, nnc.arena_bytes = 128 : i64
module attributes {nnc.target = {name = "x86-64-v3"}} {
func.func private @copy(%x: memref<16xf32>, %y: memref<16xf32>, %lo: index, %hi: index)
func.func private @relu(%x: memref<16xf32>, %y: memref<16xf32>, %lo: index, %hi: index) attributes {nnc.in_place = array<i64: 0>}
func.func @main(%x: tensor<16xf32> {nnc.name = "x"}) -> (tensor<16xf32> {nnc.name = "y"}, tensor<16xf32> {nnc.name = "z"}) {
  %e0 = nnc.buffer : tensor<16xf32>
  %0 = nnc.launch @copy ins(%x : tensor<16xf32>) outs(%e0 : tensor<16xf32>) work 1 -> tensor<16xf32>
  %e1 = nnc.buffer : tensor<16xf32>
  %1 = nnc.launch @relu ins(%0 : tensor<16xf32>) outs(%e1 : tensor<16xf32>) work 1 -> tensor<16xf32>
  return %0, %1 : tensor<16xf32>, tensor<16xf32>
}
}

// -----

// A buffer that three launches write (the first, without inputs, fills it) lives
// from the first of them: %0 and %1 are alive beside it, so nothing is shared.
// CHECK: module attributes {nnc.arena_align = 64 : i64, nnc.arena_bound = 256 : i64, nnc.arena_bytes = 256 : i64
// CHECK-SAME: nnc.logical_bound = 240 : i64
module attributes {nnc.target = {name = "x86-64-v3"}} {
func.func private @fill(%y: memref<32xf32>, %lo: index, %hi: index)
func.func private @copy(%x: memref<16xf32>, %y: memref<16xf32>, %lo: index, %hi: index)
func.func private @part(%x: memref<16xf32>, %y: memref<32xf32>, %lo: index, %hi: index)
func.func @main(%x: tensor<16xf32> {nnc.name = "x"}) -> (tensor<32xf32> {nnc.name = "y"}) {
  %e0 = nnc.buffer : tensor<16xf32>
  %0 = nnc.launch @copy ins(%x : tensor<16xf32>) outs(%e0 : tensor<16xf32>) work 1 -> tensor<16xf32>
  %e1 = nnc.buffer : tensor<32xf32>
  // CHECK: nnc.launch @fill outs(%[[Y:.*]] : memref<32xf32>)
  // CHECK: nnc.launch @part ins(%arg0 : memref<16xf32>) outs(%[[Y]] : memref<32xf32>)
  // CHECK: nnc.launch @part ins(%{{.*}} : memref<16xf32>) outs(%[[Y]] : memref<32xf32>)
  %1 = nnc.launch @fill outs(%e1 : tensor<32xf32>) work 1 -> tensor<32xf32>
  %2 = nnc.launch @part ins(%x : tensor<16xf32>) outs(%1 : tensor<32xf32>) work 1 {nnc.logical_bytes = 56 : i64} -> tensor<32xf32>
  %3 = nnc.launch @part ins(%0 : tensor<16xf32>) outs(%2 : tensor<32xf32>) work 1 {nnc.logical_bytes = 56 : i64} -> tensor<32xf32>
  return %3 : tensor<32xf32>
}
}
