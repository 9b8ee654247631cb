// RUN: nncc-opt %s -split-input-file -verify-diagnostics

func.func @lanes(%x: memref<4xf32>, %y: memref<4xf32>, %lo: index, %hi: index) {
  // expected-error @below {{lanes must be a power of two, got 3}}
  nnc.nest finish(%x : memref<4xf32>) outs(%y : memref<4xf32>) from %lo to %hi extents [4] parallel 1 tile [3] lanes 3 along 0
      attributes {maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]} {}, {}, {
  ^bb0(%a: f32):
    nnc.yield %a : f32
  }
  return
}

// -----

func.func @map(%x: memref<4x4xf32>, %y: memref<4xf32>, %lo: index, %hi: index) {
  // expected-error @below {{does not take 1 loops to 'memref<4x4xf32>'}}
  nnc.nest finish(%x : memref<4x4xf32>) outs(%y : memref<4xf32>) from %lo to %hi extents [4] parallel 1 tile [4] lanes 4 along 0
      attributes {maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]} {}, {}, {
  ^bb0(%a: f32):
    nnc.yield %a : f32
  }
  return
}

// -----

func.func @reduction_tile(%x: memref<5xf32>, %y: memref<1xf32>, %lo: index, %hi: index) {
  // expected-error @below {{reduction loop 1 of extent 5 is not divisible by tile 2}}
  nnc.nest ins(%x : memref<5xf32>) outs(%y : memref<1xf32>) from %lo to %hi extents [1, 5] parallel 1 tile [1, 2] lanes 1 along 0
      attributes {maps = [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>]} {
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%a: f32, %acc: f32):
    %s = arith.addf %a, %acc : f32
    nnc.yield %s : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}

// -----

func.func @lane_dim(%x: memref<4x4xf32>, %y: memref<4xf32>, %lo: index, %hi: index) {
  // expected-error @below {{lanes run along loop 1, which is not parallel}}
  nnc.nest ins(%x : memref<4x4xf32>) outs(%y : memref<4xf32>) from %lo to %hi extents [4, 4] parallel 1 tile [4, 1] lanes 4 along 1
      attributes {maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>]} {
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%a: f32, %acc: f32):
    %s = arith.addf %a, %acc : f32
    nnc.yield %s : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}

// -----

func.func @region(%x: memref<4xf32>, %y: memref<4xf32>, %lo: index, %hi: index) {
  // expected-error @below {{finish region takes 2 scalars, needs 1 of the operands' types}}
  nnc.nest finish(%x : memref<4xf32>) outs(%y : memref<4xf32>) from %lo to %hi extents [4] parallel 1 tile [4] lanes 4 along 0
      attributes {maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]} {}, {}, {
  ^bb0(%a: f32, %b: f32):
    nnc.yield %a : f32
  }
  return
}

// -----

func.func @chains(%x: memref<4x4xf32>, %y: memref<4xf32>, %lo: index, %hi: index) {
  // expected-error @below {{has 6 chains, no power of two that 4 lanes divide}}
  nnc.nest ins(%x : memref<4x4xf32>) outs(%y : memref<4xf32>) from %lo to %hi extents [4, 4] parallel 1 tile [1, 4] lanes 4 along 1
      attributes {chains = 6 : i64, maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>]} {
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%a: f32, %acc: f32):
    %s = arith.addf %a, %acc : f32
    nnc.yield %s : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}

// -----

func.func @chains_of_products(%x: memref<4x4xf32>, %w: memref<4xf32>, %y: memref<4xf32>, %lo: index, %hi: index) {
  // expected-error @below {{with chains reduces one input from a constant, it has 2 inputs and 0 initInputs}}
  nnc.nest ins(%x, %w : memref<4x4xf32>, memref<4xf32>) outs(%y : memref<4xf32>) from %lo to %hi extents [4, 4] parallel 1 tile [1, 4] lanes 4 along 1
      attributes {chains = 4 : i64, maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>]} {
    %z = arith.constant 0.0 : f32
    nnc.yield %z : f32
  }, {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %s = arith.addf %a, %acc : f32
    nnc.yield %s : f32
  }, {
  ^bb0(%acc: f32):
    nnc.yield %acc : f32
  }
  return
}
