// RUN: sed s/TARGET/x86-64-v4/ %s | nncc-opt -plan-form-groups -plan-assign-layouts -plan-choose-schedules | FileCheck %s --check-prefix=V4
// RUN: sed s/TARGET/x86-64-v3/ %s | nncc-opt -plan-form-groups -plan-assign-layouts -plan-choose-schedules | FileCheck %s --check-prefix=V3
// RUN: sed s/TARGET/cortex-m4/ %s | nncc-opt -plan-form-groups -plan-assign-layouts -plan-choose-schedules | FileCheck %s --check-prefix=M4

module attributes {nnc.target = {name = "TARGET"}} {

// The tile divides the matrix: 32 rows are never left with a partial tile, the
// accumulators fit the registers.
// V4-LABEL: func @gemm
// V4: #nnc.schedule<lanes = 16, vectors = 2, laneDim = 1, points = {{8|14}}, pointDim = 0>
// V3-LABEL: func @gemm
// V3: #nnc.schedule<lanes = 8, vectors = {{[1-3]}}, laneDim = 1, points = {{[0-9]+}}, pointDim = 0>
// M4-LABEL: func @gemm
// M4: #nnc.schedule<lanes = 1, vectors = {{[1-8]}}, laneDim = 1, points = {{[1-8]}}, pointDim = 0>
func.func @gemm(%a: tensor<56x64xf32>, %b: tensor<64x64xf32>) -> tensor<56x64xf32> {
  %0 = nnc.matmul %a, %b : (tensor<56x64xf32>, tensor<64x64xf32>) -> tensor<56x64xf32>
  return %0 : tensor<56x64xf32>
}

// Weights beyond the second-level cache are asked for ahead; targets without
// caches do not ask.
// V4-LABEL: func @large
// V4: prefetch = true>
// M4-LABEL: func @large
// M4-NOT: prefetch
// M4: return
func.func @large(%a: tensor<64x1024xf32>) -> tensor<64x1024xf32> {
  %w = nnc.constant dense<1.0> : tensor<1024x1024xf32>
  %0 = nnc.matmul %a, %w : (tensor<64x1024xf32>, tensor<1024x1024xf32>) -> tensor<64x1024xf32>
  return %0 : tensor<64x1024xf32>
}

// Rows lie in memory: vectors run along them, several rows at once. A scalar core
// gains nothing from partial sums.
// V4-LABEL: func @rows
// V4: #nnc.schedule<lanes = 16, vectors = 1, laneDim = -1, points = 8, pointDim = 0, chains = 16>
// V3-LABEL: func @rows
// V3: #nnc.schedule<lanes = 8, vectors = 1, laneDim = -1, points = 4, pointDim = 0, chains = 16>
// M4-LABEL: func @rows
// M4: #nnc.schedule<lanes = 1, vectors = {{[0-9]+}}, laneDim = 0, points = 1, pointDim = 1>
func.func @rows(%a: tensor<64x100xf32>) -> tensor<64x1xf32> {
  %0 = nnc.reduce sum %a {axes = array<i64: 1>} : (tensor<64x100xf32>) -> tensor<64x1xf32>
  return %0 : tensor<64x1xf32>
}

// One row: many columns keep the multipliers busy.
// V4-LABEL: func @gemv
// V4: #nnc.schedule<lanes = 16, vectors = 8, laneDim = 1, points = 1, pointDim = 0>
func.func @gemv(%a: tensor<1x64xf32>, %b: tensor<64x128xf32>) -> tensor<1x128xf32> {
  %0 = nnc.matmul %a, %b : (tensor<1x64xf32>, tensor<64x128xf32>) -> tensor<1x128xf32>
  return %0 : tensor<1x128xf32>
}

// Packed weights come in panels of four columns: the tile covers whole panels.
// M4-LABEL: func @packed
// M4: nnc.group ins(%arg0, %{{.*}} : tensor<8x64xf32>, tensor<16x64x4xf32>)
// M4-SAME: #nnc.schedule<lanes = 1, vectors = {{4|8}}, laneDim = 1
func.func @packed(%a: tensor<8x64xf32>) -> tensor<8x64xf32> {
  %b = nnc.constant dense<1.0> : tensor<64x64xf32>
  %0 = nnc.matmul %a, %b : (tensor<8x64xf32>, tensor<64x64xf32>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}

// Vectors begin anew with each group, unless one holds several small ones.
// V4-LABEL: func @wide_groups
// V4: #nnc.schedule<lanes = 8, vectors = 1, laneDim = 1, points = 8, pointDim = 3>
func.func @wide_groups(%x: tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32> {
  %w = nnc.constant dense<1.0> : tensor<32x8x1x1xf32>
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 4 : i64} : (tensor<1x32x8x8xf32>, tensor<32x8x1x1xf32>) -> tensor<1x32x8x8xf32>
  return %0 : tensor<1x32x8x8xf32>
}

// V4-LABEL: func @narrow_groups
// V4: #nnc.schedule<lanes = 16, vectors = 1, laneDim = 1, points = 8, pointDim = 3>
// V3-LABEL: func @narrow_groups
// V3: #nnc.schedule<lanes = 8, vectors = 2, laneDim = 1, points = 3, pointDim = 3>
func.func @narrow_groups(%x: tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32> {
  %w = nnc.constant dense<1.0> : tensor<32x4x1x1xf32>
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 8 : i64} : (tensor<1x32x8x8xf32>, tensor<32x4x1x1xf32>) -> tensor<1x32x8x8xf32>
  return %0 : tensor<1x32x8x8xf32>
}

// A pool reads many elements and writes one: vectors run where its input lies together.
// V4-LABEL: func @pool
// V4: schedule = #nnc.schedule<lanes = 16, vectors = {{[0-9]+}}, laneDim = 1
// V4: schedule = #nnc.schedule<lanes = 16, vectors = {{[0-9]+}}, laneDim = 1
func.func @pool(%x: tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32> {
  %0 = nnc.pool max %x {window = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padBegin = array<i64: 1, 1>, padEnd = array<i64: 1, 1>} : (tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32>
  return %0 : tensor<1x32x8x8xf32>
}

// Few copies of a long code.
// V4-LABEL: func @function
// V4: #nnc.schedule<lanes = 16, vectors = 1, laneDim = 1, points = 4, pointDim = 0>
// M4-LABEL: func @function
// M4: #nnc.schedule<lanes = 1, vectors = 1, laneDim = 1, points = 2, pointDim = 0>
func.func @function(%x: tensor<64x512xf32>) -> tensor<64x512xf32> {
  %0 = nnc.exp %x : (tensor<64x512xf32>) -> tensor<64x512xf32>
  return %0 : tensor<64x512xf32>
}
}
