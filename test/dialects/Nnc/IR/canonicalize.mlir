// RUN: nncc-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func @relu
func.func @relu(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %zero = nnc.constant dense<0.0> : tensor<f32>
  %minusZero = nnc.constant dense<-0.0> : tensor<f32>
  %one = nnc.constant dense<1.0> : tensor<4xf32>
  // CHECK-DAG: [[RELU:%.*]] = nnc.relu %arg0
  // CHECK-DAG: [[ONE:%.*]] = nnc.max %arg0, %{{.*}} : (tensor<4xf32>, tensor<4xf32>)
  // CHECK-DAG: [[MINUS:%.*]] = nnc.max %arg0, %{{.*}} : (tensor<4xf32>, tensor<f32>)
  // CHECK-DAG: [[LEFT:%.*]] = nnc.max %{{.*}}, %arg0 : (tensor<f32>, tensor<4xf32>)
  // CHECK: return [[RELU]], [[ONE]], [[MINUS]], [[LEFT]]
  %0 = nnc.max %x, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = nnc.relu %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = nnc.max %x, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nnc.relu %2 : (tensor<4xf32>) -> tensor<4xf32>
  %4 = nnc.max %x, %minusZero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  // 0 > NaN ? 0 : NaN is NaN, relu of NaN is 0.
  %5 = nnc.max %zero, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  return %1, %3, %4, %5 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func @global_pool
func.func @global_pool(%x: tensor<1x64x7x5xf32>) -> (tensor<1x64x1x1xf32>, tensor<1x64x1x1xf32>, tensor<1x64x1x1xf32>) {
  // CHECK: nnc.reduce mean %arg0 {axes = array<i64: 2, 3>}
  %0 = nnc.pool average %x {window = array<i64: 7, 5>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padBegin = array<i64: 0, 0>, padEnd = array<i64: 0, 0>} : (tensor<1x64x7x5xf32>) -> tensor<1x64x1x1xf32>
  // CHECK: nnc.reduce max %arg0 {axes = array<i64: 2, 3>}
  %1 = nnc.pool max %x {window = array<i64: 7, 5>, strides = array<i64: 7, 5>, dilations = array<i64: 1, 1>,
      padBegin = array<i64: 0, 0>, padEnd = array<i64: 0, 0>} : (tensor<1x64x7x5xf32>) -> tensor<1x64x1x1xf32>
  // CHECK: nnc.pool average
  %2 = nnc.pool average %x {window = array<i64: 7, 4>, strides = array<i64: 7, 5>, dilations = array<i64: 1, 1>,
      padBegin = array<i64: 0, 0>, padEnd = array<i64: 0, 0>} : (tensor<1x64x7x5xf32>) -> tensor<1x64x1x1xf32>
  return %0, %1, %2 : tensor<1x64x1x1xf32>, tensor<1x64x1x1xf32>, tensor<1x64x1x1xf32>
}

// CHECK-LABEL: func @identities
func.func @identities(%x: tensor<1x4x1xf32>) -> (tensor<1x4x1xf32>, tensor<1x4x1xf32>, tensor<4xf32>) {
  // CHECK-NEXT: [[R:%.*]] = nnc.reshape %arg0 : (tensor<1x4x1xf32>) -> tensor<4xf32>
  // CHECK-NEXT: return %arg0, %arg0, [[R]]
  %0 = nnc.pool max %x {window = array<i64: 1>, strides = array<i64: 1>, dilations = array<i64: 1>,
      padBegin = array<i64: 0>, padEnd = array<i64: 0>} : (tensor<1x4x1xf32>) -> tensor<1x4x1xf32>
  %1 = nnc.reduce mean %x {axes = array<i64: 0, 2>} : (tensor<1x4x1xf32>) -> tensor<1x4x1xf32>
  %2 = nnc.reshape %x : (tensor<1x4x1xf32>) -> tensor<2x2xf32>
  %3 = nnc.reshape %2 : (tensor<2x2xf32>) -> tensor<4xf32>
  return %0, %1, %3 : tensor<1x4x1xf32>, tensor<1x4x1xf32>, tensor<4xf32>
}

// CHECK-LABEL: func @broadcast
func.func @broadcast(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  // CHECK-DAG: nnc.add %arg0, %arg1 : (tensor<2x3xf32>, tensor<3xf32>)
  // CHECK-DAG: [[B:%.*]] = nnc.broadcast %arg1
  // CHECK-DAG: nnc.relu [[B]]
  %0 = nnc.broadcast %y : (tensor<3xf32>) -> tensor<2x3xf32>
  %1 = nnc.add %x, %0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = nnc.relu %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1, %2 : tensor<2x3xf32>, tensor<2x3xf32>
}

// The same bits as the same type are the same number.
// CHECK-LABEL: func @bitcast
func.func @bitcast(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi32>) {
  // CHECK-NEXT: [[BITS:%.*]] = nnc.bitcast %arg0 {to = i32}
  // CHECK-NEXT: return %arg0, [[BITS]]
  %0 = nnc.bitcast %x {to = f32} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = nnc.bitcast %x {to = i32} : (tensor<2xf32>) -> tensor<2xi32>
  return %0, %1 : tensor<2xf32>, tensor<2xi32>
}
