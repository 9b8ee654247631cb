// RUN: sed s/TARGET/x86-64-v4/ %s | nncc-opt -plan-form-groups -plan-assign-layouts | FileCheck %s
// RUN: sed s/TARGET/cortex-m4/ %s | nncc-opt -plan-form-groups -plan-assign-layouts | FileCheck %s --check-prefix=NHWC

module attributes {nnc.target = {name = "TARGET"}} {

// The first convolution writes blocks of 16 channels with the halo the second
// one needs; its input is copied into a planar buffer with a halo.
// CHECK-LABEL: func @chain
// CHECK: nnc.group ins(%arg0 : tensor<1x3x8x8xf32>) -> tensor<1x3x10x10xf32>
// CHECK: -> tensor<1x2x10x10x16xf32>
// CHECK-SAME: outLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 16, d2 + 1, d3 + 1, d1 mod 16)
// CHECK: -> tensor<1x32x8x8xf32>
// CHECK: return
// NHWC-LABEL: func @chain
// NHWC: nnc.group ins(%arg0 : tensor<1x3x8x8xf32>) -> tensor<1x10x10x3xf32>
// NHWC: -> tensor<1x10x10x32xf32>
func.func @chain(%x: tensor<1x3x8x8xf32>, %w0: tensor<32x3x3x3xf32>, %w1: tensor<32x32x3x3xf32>) -> tensor<1x32x8x8xf32> {
  %0 = nnc.conv %x, %w0 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 1, 1>,
      padEnd = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x8x8xf32>, tensor<32x3x3x3xf32>) -> tensor<1x32x8x8xf32>
  %1 = nnc.conv %0, %w1 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 1, 1>,
      padEnd = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x32x8x8xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x8x8xf32>
  return %1 : tensor<1x32x8x8xf32>
}

// Padding that no window reaches is not stored.
// CHECK-LABEL: func @unreached
// CHECK: -> tensor<1x1x9x9xf32>
func.func @unreached(%x: tensor<1x1x8x8xf32>, %w: tensor<16x1x3x3xf32>) -> tensor<1x16x4x4xf32> {
  %0 = nnc.conv %x, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, padBegin = array<i64: 1, 1>,
      padEnd = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x8x8xf32>, tensor<16x1x3x3xf32>) -> tensor<1x16x4x4xf32>
  return %0 : tensor<1x16x4x4xf32>
}

// Groups of 20 channels do not fit blocks of 16: all channels of a pixel lie together, and
// the weights in one panel per group. Groups of 16 fit.
// CHECK-LABEL: func @cut_blocks
// CHECK: nnc.group ins(%arg0 : tensor<1x40x8x8xf32>) -> tensor<1x8x8x40xf32>
// CHECK: tensor<2x1x1x20x20xf32>) -> tensor<1x8x8x40xf32>
// CHECK: tensor<3x1x1x40x16xf32>) -> tensor<1x40x8x8xf32>
func.func @cut_blocks(%x: tensor<1x40x8x8xf32>) -> tensor<1x40x8x8xf32> {
  %w = nnc.constant dense<1.0> : tensor<40x20x1x1xf32>
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 2 : i64} : (tensor<1x40x8x8xf32>, tensor<40x20x1x1xf32>) -> tensor<1x40x8x8xf32>
  %v = nnc.constant dense<1.0> : tensor<40x40x1x1xf32>
  %1 = nnc.conv %0, %v {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 1 : i64} : (tensor<1x40x8x8xf32>, tensor<40x40x1x1xf32>) -> tensor<1x40x8x8xf32>
  return %1 : tensor<1x40x8x8xf32>
}

// CHECK-LABEL: func @fill_blocks
// CHECK: -> tensor<1x2x8x8x16xf32>
func.func @fill_blocks(%x: tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32> {
  %w = nnc.constant dense<1.0> : tensor<32x16x1x1xf32>
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 2 : i64} : (tensor<1x32x8x8xf32>, tensor<32x16x1x1xf32>) -> tensor<1x32x8x8xf32>
  return %0 : tensor<1x32x8x8xf32>
}

// Halves that a convolution reads are stored as f32 where memory is not scarce, weights and
// outputs never.
// CHECK-LABEL: func @halves
// CHECK: nnc.group ins(%arg0 : tensor<1x16x4x4xf16>) -> tensor<1x1x6x6x16xf32>
// CHECK: tensor<1x1x6x6x16xf32>, tensor<1x1x3x3x16x16xf16>) -> tensor<1x1x4x4x16xf32>
// CHECK: tensor<1x1x4x4x16xf32>, tensor<1x1x1x1x16x16xf16>) -> tensor<1x16x4x4xf16>
// NHWC-LABEL: func @halves
// NHWC-NOT: f32
// NHWC: return
func.func @halves(%x: tensor<1x16x4x4xf16>) -> tensor<1x16x4x4xf16> {
  %w = nnc.constant dense<1.0> : tensor<16x16x3x3xf16>
  %v = nnc.constant dense<1.0> : tensor<16x16x1x1xf16>
  %0 = nnc.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 1, 1>,
      padEnd = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x16x4x4xf16>, tensor<16x16x3x3xf16>) -> tensor<1x16x4x4xf16>
  %1 = nnc.conv %0, %v {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 1 : i64} : (tensor<1x16x4x4xf16>, tensor<16x16x1x1xf16>) -> tensor<1x16x4x4xf16>
  return %1 : tensor<1x16x4x4xf16>
}

// A transposed N H W C input is the N H W C layout: nothing is copied there.
// CHECK-LABEL: func @transposed
// NHWC-LABEL: func @transposed
// NHWC: nnc.group ins(%arg0, %{{.*}} : tensor<1x4x4x8xf32>,
// NHWC-SAME: inLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d2, d3, d1)
func.func @transposed(%x: tensor<1x4x4x8xf32>, %w: tensor<8x8x1x1xf32>) -> tensor<1x8x4x4xf32> {
  %0 = nnc.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x4x8xf32>) -> tensor<1x8x4x4xf32>
  %1 = nnc.conv %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 0, 0>,
      padEnd = array<i64: 0, 0>, groups = 1 : i64} : (tensor<1x8x4x4xf32>, tensor<8x8x1x1xf32>) -> tensor<1x8x4x4xf32>
  return %1 : tensor<1x8x4x4xf32>
}

// Max pooling pads with minus infinity unless no element is negative.
// CHECK-LABEL: func @max_pool
// CHECK: outLayouts = [#nnc.layout<{{.*}}, pad = 0xFFF0000000000000>]
func.func @max_pool(%x: tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32> {
  %0 = nnc.pool max %x {window = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padBegin = array<i64: 1, 1>, padEnd = array<i64: 1, 1>} : (tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32>
  return %0 : tensor<1x16x4x4xf32>
}

// A pad is a copy into the interior; what is outside holds its value.
// CHECK-LABEL: func @pad
// CHECK: nnc.group ins(%arg0 : tensor<2x3xf32>) -> tensor<3x5xf32>
// CHECK-SAME: outLayouts = [#nnc.layout<(d0, d1) -> (d0 + 1, d1), pad = 7.0
func.func @pad(%x: tensor<2x3xf32>) -> tensor<3x5xf32> {
  %0 = nnc.pad %x {padBegin = array<i64: 1, 0>, padEnd = array<i64: 0, 2>, value = 7.0 : f64} : (tensor<2x3xf32>) -> tensor<3x5xf32>
  return %0 : tensor<3x5xf32>
}

// Slices and broadcasts are views; the transposed right side of a product is
// copied, its left side is read where it lies.
// CHECK-LABEL: func @views
// CHECK: nnc.group ins(%arg0 : tensor<8x6xf32>) -> tensor<3x4xf32> attributes {inLayouts = [#nnc.layout<(d0, d1) -> (d1 * 2, d0 + 1), pad
// CHECK: nnc.group ins(%arg1, %{{.*}} : tensor<6x3xf32>, tensor<3x4xf32>)
// CHECK-SAME: inLayouts = [#nnc.layout<(d0, d1) -> (-d0 + 5, d1), pad
// CHECK: nnc.exp
func.func @views(%x: tensor<8x6xf32>, %y: tensor<6x3xf32>) -> tensor<6x4xf32> {
  %0 = nnc.remap %x affine_map<(d0, d1) -> (d0 * 2, d1 + 1)> : (tensor<8x6xf32>) -> tensor<4x3xf32>
  %1 = nnc.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %2 = nnc.remap %y affine_map<(d0, d1) -> (5 - d0, d1)> : (tensor<6x3xf32>) -> tensor<6x3xf32>
  %3 = nnc.matmul %2, %1 : (tensor<6x3xf32>, tensor<3x4xf32>) -> tensor<6x4xf32>
  %4 = nnc.exp %3 : (tensor<6x4xf32>) -> tensor<6x4xf32>
  return %4 : tensor<6x4xf32>
}

// Both groups write their channels in place; the buffer has the halo that the
// convolution needs, and no channel block is split.
// CHECK-LABEL: func @parts
// CHECK: %[[E:.*]] = nnc.buffer padded <(d0, d1, d2, d3) -> (d0, d1 floordiv 8, d2 + 1, d3 + 1, d1 mod 8), pad = 0.000000e+00> of tensor<1x24x4x4xf32> : tensor<1x3x6x6x8xf32>
// CHECK: %[[A:.*]] = nnc.group ins(%arg0{{.*}} into(%[[E]] :
// CHECK-SAME: outLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (d0, d1 floordiv 8, d2 + 1, d3 + 1, d1 mod 8),
// CHECK: %[[B:.*]] = nnc.group ins(%arg1 {{.*}} into(%[[A]] :
// CHECK-SAME: outLayouts = [#nnc.layout<(d0, d1, d2, d3) -> (0, d1 floordiv 8 + 1, d2 + 1, d3 + 1, d1 mod 8),
// CHECK: nnc.group ins(%[[B]],
// CHECK: nnc.conv
// CHECK: nnc.group ins(%[[A]] : tensor<1x3x6x6x8xf32>)
// CHECK: nnc.exp
func.func @parts(%x: tensor<1x8x4x4xf32>, %y: tensor<1x16x4x4xf32>, %w: tensor<4x24x3x3xf32>)
    -> (tensor<1x4x4x4xf32>, tensor<1x8x4x4xf32>) {
  %0 = nnc.relu %x : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  %1 = nnc.relu %y : (tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32>
  %2 = nnc.assemble %0, %1 [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1 + 8, d2, d3)>]
      : (tensor<1x8x4x4xf32>, tensor<1x16x4x4xf32>) -> tensor<1x24x4x4xf32>
  %3 = nnc.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padBegin = array<i64: 1, 1>,
      padEnd = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x24x4x4xf32>, tensor<4x24x3x3xf32>) -> tensor<1x4x4x4xf32>
  %4 = nnc.exp %0 : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  return %3, %4 : tensor<1x4x4x4xf32>, tensor<1x8x4x4xf32>
}

// What no group computes is copied into its place: an input, a splat (which is
// a literal there), and the second use of a part.
// CHECK-LABEL: func @copied
// CHECK: %[[E:.*]] = nnc.buffer : tensor<9xf32>
// CHECK: %[[R:.*]] = nnc.group ins(%arg0 : tensor<3xf32>) into(%[[E]] :
// CHECK: nnc.relu
// CHECK: %[[C:.*]] = nnc.group ins(%[[R]] : tensor<9xf32>) into(%[[R]] :
// CHECK-SAME: outLayouts = [#nnc.layout<(d0) -> (d0 + 3),
// CHECK: %[[D:.*]] = nnc.group into(%[[C]] :
// CHECK: nnc.constant dense<1.0
// CHECK: return %[[D]]
func.func @copied(%x: tensor<3xf32>) -> tensor<9xf32> {
  %one = nnc.constant dense<1.0> : tensor<3xf32>
  %0 = nnc.relu %x : (tensor<3xf32>) -> tensor<3xf32>
  %1 = nnc.assemble %0, %0, %one [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0 + 3)>, affine_map<(d0) -> (d0 + 6)>]
      : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<9xf32>
  return %1 : tensor<9xf32>
}

// Outputs that are inputs, or twice the same value, get buffers of their own.
// CHECK-LABEL: func @outputs
// CHECK: %[[A:.*]] = nnc.group
// CHECK: %[[B:.*]] = nnc.group
// CHECK: return %[[A]], %[[B]]
func.func @outputs(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  return %x, %x : tensor<4xf32>, tensor<4xf32>
}
}
