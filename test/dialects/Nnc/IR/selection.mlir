// RUN: nncc-opt %s | nncc-opt | FileCheck %s

// CHECK-LABEL: func.func @trees
func.func @trees(%x: tensor<4x3xf32>, %roots: tensor<2xi16>, %nodes: tensor<5x3xi16>, %t: tensor<5xf32>, %nan: tensor<5xi1>) {
  // CHECK: nnc.walk_trees %arg0 from %arg1 over %arg2, %arg3 : (tensor<4x3xf32>, tensor<2xi16>, tensor<5x3xi16>, tensor<5xf32>) -> tensor<4x2xi32>
  %0 = nnc.walk_trees %x from %roots over %nodes, %t : (tensor<4x3xf32>, tensor<2xi16>, tensor<5x3xi16>, tensor<5xf32>) -> tensor<4x2xi32>
  // CHECK: nnc.walk_trees %arg0 from %arg1 over %arg2, %arg3, %arg4 :
  %1 = nnc.walk_trees %x from %roots over %nodes, %t, %nan : (tensor<4x3xf32>, tensor<2xi16>, tensor<5x3xi16>, tensor<5xf32>, tensor<5xi1>) -> tensor<4x2xi32>
  return
}

// CHECK-LABEL: func.func @boxes
func.func @boxes(%b: tensor<2x9x4xf32>, %s: tensor<2x3x9xf32>, %o: tensor<2x3x9xi64>, %t: tensor<f32>) {
  // CHECK: nnc.suppress_boxes %arg0 by %arg1, %arg2 beyond %arg3 up_to 5 : {{.*}} -> tensor<2x3x5xi64>
  %0 = nnc.suppress_boxes %b by %s, %o beyond %t up_to 5 : (tensor<2x9x4xf32>, tensor<2x3x9xf32>, tensor<2x3x9xi64>, tensor<f32>) -> tensor<2x3x5xi64>
  // CHECK: nnc.suppress_boxes %arg0 by %arg1, %arg2 beyond %arg3 above %arg3 up_to 9 {centered} :
  %1 = nnc.suppress_boxes %b by %s, %o beyond %t above %t up_to 9 {centered} : (tensor<2x9x4xf32>, tensor<2x3x9xf32>, tensor<2x3x9xi64>, tensor<f32>, tensor<f32>) -> tensor<2x3x9xi64>
  return
}

// CHECK-LABEL: func.func @probabilities
func.func @probabilities(%q: tensor<4x3x3xf32>) {
  // CHECK: nnc.couple_probabilities %arg0 : (tensor<4x3x3xf32>) -> tensor<4x3xf32>
  %0 = nnc.couple_probabilities %q : (tensor<4x3x3xf32>) -> tensor<4x3xf32>
  return
}
