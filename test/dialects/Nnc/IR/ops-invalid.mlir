// RUN: nncc-opt %s -split-input-file -verify-diagnostics -allow-unregistered-dialect

func.func @groups(%x: tensor<1x3x8x8xf32>, %w: tensor<4x1x3x3xf32>) {
  // expected-error @+2 {{3 input channels are not divisible by group 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 2 : i64} : (tensor<1x3x8x8xf32>, tensor<4x1x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

func.func @inner(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  // expected-error @+2 {{inner extents of 2x3 and 4x5 differ: 3 and 4}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nnc.matmul %a, %b : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @broadcast(%a: tensor<2x3xf32>, %b: tensor<4xf32>) {
  // expected-error @+2 {{shapes 2x3 and 4 do not broadcast}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = nnc.add %a, %b : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @layout(%x: tensor<1x2x4x4x16xf32>) {
  // expected-error @below {{layout sends shape 1x40x4x4 to index 2 of physical shape 1x2x4x4x16}}
  %0 = nnc.group ins(%x : tensor<1x2x4x4x16xf32>) -> tensor<1x40x4x4xf32> attributes {
      inLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2, d3, d1 mod 16), pad = 0.0>],
      outLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1, d2, d3), pad = 0.0>]} {
  ^bb0(%a: tensor<1x40x4x4xf32>):
    nnc.yield %a : tensor<1x40x4x4xf32>
  }
  return
}

// -----

// A half may be stored as f32, not the other way round.
func.func @stored(%x: tensor<4xf16>) {
  // expected-error @below {{logical elements are 'f32', physical ones 'f16'}}
  %0 = nnc.group ins(%x : tensor<4xf16>) -> tensor<4xf32> attributes {
      inLayouts = [#nnc.layout<(d0) -> (d0), pad = 0.0>], outLayouts = [#nnc.layout<(d0) -> (d0), pad = 0.0>]} {
  ^bb0(%a: tensor<4xf32>):
    nnc.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @launch(%x: memref<4xf32>) {
  // expected-error @below {{calls the unknown kernel @nothing}}
  nnc.launch @nothing outs(%x : memref<4xf32>) work 4
  return
}

// -----

func.func private @k(%x: memref<4xf32>, %lo: index, %hi: index)
func.func @starts(%x: memref<4xf32>) {
  // expected-error @below {{has 2 starts for 1 operands}}
  nnc.launch @k outs(%x : memref<4xf32>) work 4 {starts = array<i64: 0, 1>}
  return
}

// -----

func.func private @k(%x: memref<4xf32>, %lo: index, %hi: index)
func.func @start(%x: memref<4xf32>) {
  // expected-error @below {{start 4 is not an element of 'memref<4xf32>'}}
  nnc.launch @k outs(%x : memref<4xf32>) work 4 {starts = array<i64: 4>}
  return
}

// -----

// expected-error @below {{blob at offset 8 overlaps the one that ends at 16}}
nnc.weights @weights size 128 align 64 at [0, 8] [dense<1.0> : tensor<4xf32>, dense<2.0> : tensor<4xf32>]

// -----

func.func @schedule(%x: tensor<4xf32>) {
  // expected-error @+1 {{lanes must be a power of two, got 3}}
  "test.op"() {s = #nnc.schedule<lanes = 3, vectors = 1, laneDim = 1, points = 4, pointDim = 3>} : () -> ()
  return
}

// -----

func.func @schedule_chains(%x: tensor<4xf32>) {
  // expected-error @below {{8 lanes along a reduction need as many chains, it has 4}}
  "test.op"() {s = #nnc.schedule<lanes = 8, vectors = 1, laneDim = -1, points = 4, pointDim = 3, chains = 4>} : () -> ()
  return
}
