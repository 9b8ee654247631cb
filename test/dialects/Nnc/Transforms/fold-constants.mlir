// RUN: nncc-opt %s -nnc-fold-constants -canonicalize | FileCheck %s

// A batch norm's factor, as the importer writes it.
// CHECK-LABEL: func @chain
func.func @chain() -> tensor<2x1x1xf32> {
  %gamma = nnc.constant dense<[[[2.0]], [[6.0]]]> : tensor<2x1x1xf32>
  %variance = nnc.constant dense<[[[3.0]], [[8.0]]]> : tensor<2x1x1xf32>
  %epsilon = nnc.constant dense<1.0> : tensor<f32>
  %0 = nnc.add %variance, %epsilon : (tensor<2x1x1xf32>, tensor<f32>) -> tensor<2x1x1xf32>
  %1 = nnc.sqrt %0 : (tensor<2x1x1xf32>) -> tensor<2x1x1xf32>
  %2 = nnc.div %gamma, %1 : (tensor<2x1x1xf32>, tensor<2x1x1xf32>) -> tensor<2x1x1xf32>
  // CHECK: [[C:%.*]] = nnc.constant dense<{{\[\[\[}}1.000000e+00]], {{\[\[}}2.000000e+00]]]>
  // CHECK-NEXT: return [[C]]
  return %2 : tensor<2x1x1xf32>
}

// Each operation rounds to f32: 16777216 + 1 + 1 stays where it was.
// CHECK-LABEL: func @rounds
func.func @rounds() -> tensor<f32> {
  %big = nnc.constant dense<16777216.0> : tensor<f32>
  %one = nnc.constant dense<1.0> : tensor<f32>
  %0 = nnc.add %big, %one : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %1 = nnc.add %0, %one : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK: dense<0x4B800000> : tensor<f32>
  return %1 : tensor<f32>
}

// CHECK-LABEL: func @half
func.func @half() -> tensor<2xf16> {
  %a = nnc.constant dense<[2048.0, 1.0]> : tensor<2xf16>
  %one = nnc.constant dense<1.0> : tensor<2xf16>
  %0 = nnc.add %a, %one : (tensor<2xf16>, tensor<2xf16>) -> tensor<2xf16>
  // CHECK: dense<[2.048000e+03, 2.000000e+00]> : tensor<2xf16>
  return %0 : tensor<2xf16>
}

// CHECK-LABEL: func @splats
func.func @splats() -> (tensor<512x512x3x3xf32>, tensor<100000xf32>, tensor<4096x4096xf32>, tensor<1x4096xf32>) {
  %w = nnc.constant dense<0.5> : tensor<512x512x3x3xf32>
  %s = nnc.constant dense<4.0> : tensor<512x1x1x1xf32>
  // CHECK-DAG: dense<2.000000e+00> : tensor<512x512x3x3xf32>
  %0 = nnc.mul %w, %s : (tensor<512x512x3x3xf32>, tensor<512x1x1x1xf32>) -> tensor<512x512x3x3xf32>
  %scalar = nnc.constant dense<3.0> : tensor<1xf32>
  // CHECK-DAG: dense<3.000000e+00> : tensor<100000xf32>
  %1 = nnc.broadcast %scalar : (tensor<1xf32>) -> tensor<100000xf32>
  %m = nnc.constant dense<0.5> : tensor<4096x4096xf32>
  // CHECK-DAG: dense<1.024000e+03> : tensor<4096x4096xf32>
  %2 = nnc.matmul %m, %m : (tensor<4096x4096xf32>, tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  // CHECK-DAG: dense<2.048000e+03> : tensor<1x4096xf32>
  %3 = nnc.reduce sum %m {axes = array<i64: 0>} : (tensor<4096x4096xf32>) -> tensor<1x4096xf32>
  return %0, %1, %2, %3 : tensor<512x512x3x3xf32>, tensor<100000xf32>, tensor<4096x4096xf32>, tensor<1x4096xf32>
}

// CHECK-LABEL: func @movement
func.func @movement() -> (tensor<3x2xf32>, tensor<6xf32>, tensor<2x2x3xf32>, tensor<3x4xf32>, tensor<1x2xf32>) {
  %c = nnc.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  // CHECK-DAG: dense<{{\[\[}}1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]>
  %0 = nnc.transpose %c {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  // CHECK-DAG: dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00]>
  %1 = nnc.reshape %c : (tensor<2x3xf32>) -> tensor<6xf32>
  // CHECK-DAG: dense<{{\[\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00], [4.000000e+00, 5.000000e+00, 6.000000e+00]], {{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00], [4.000000e+00, 5.000000e+00, 6.000000e+00]]]>
  %2 = nnc.broadcast %c : (tensor<2x3xf32>) -> tensor<2x2x3xf32>
  // One row more above, two columns more on the left, one less on the right.
  // CHECK-DAG: dense<{{\[\[}}9.000000e+00, 9.000000e+00, 9.000000e+00, 9.000000e+00], [9.000000e+00, 9.000000e+00, 1.000000e+00, 2.000000e+00], [9.000000e+00, 9.000000e+00, 4.000000e+00, 5.000000e+00]]>
  %3 = nnc.pad %c {padBegin = array<i64: 1, 2>, padEnd = array<i64: 0, -1>, value = 9.0 : f64} : (tensor<2x3xf32>) -> tensor<3x4xf32>
  %t = nnc.transpose %c {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  // CHECK-DAG: dense<{{\[\[}}2.000000e+00, 5.000000e+00]]>
  %4 = nnc.reduce mean %t {axes = array<i64: 0>} : (tensor<3x2xf32>) -> tensor<1x2xf32>
  return %0, %1, %2, %3, %4 : tensor<3x2xf32>, tensor<6xf32>, tensor<2x2x3xf32>, tensor<3x4xf32>, tensor<1x2xf32>
}

// CHECK-LABEL: func @matmul
func.func @matmul() -> tensor<2x2x2xf32> {
  %a = nnc.constant dense<[[[1.0, 2.0]], [[3.0, 4.0]]]> : tensor<2x1x2xf32>
  %p = nnc.constant dense<[[1.0], [10.0]]> : tensor<2x1xf32>
  %b = nnc.constant dense<[[1.0, 10.0], [100.0, 1000.0]]> : tensor<2x2xf32>
  %0 = nnc.mul %a, %p : (tensor<2x1x2xf32>, tensor<2x1xf32>) -> tensor<2x2x2xf32>
  // CHECK: dense<{{\[\[\[}}2.010000e+02, 2.010000e+03], [2.010000e+03, 2.010000e+04]], {{\[\[}}4.030000e+02, 4.030000e+03], [4.030000e+03, 4.030000e+04]]]>
  %1 = nnc.matmul %0, %b : (tensor<2x2x2xf32>, tensor<2x2xf32>) -> tensor<2x2x2xf32>
  return %1 : tensor<2x2x2xf32>
}

// Beyond 64 bytes the bytes go to a resource that the attribute names.
// CHECK-LABEL: func @resource
func.func @resource() -> tensor<32xf32> {
  %a = nnc.constant dense_resource<ramp> : tensor<16x1xf32>
  %b = nnc.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %0 = nnc.mul %a, %b : (tensor<16x1xf32>, tensor<1x2xf32>) -> tensor<16x2xf32>
  %1 = nnc.reshape %0 : (tensor<16x2xf32>) -> tensor<32xf32>
  // CHECK: nnc.constant dense_resource<[[KEY:nnc_[0-9A-F]+]]> : tensor<32xf32>
  return %1 : tensor<32xf32>
}

// Integers are exact, wrap around, and divide by zero as kernels do.
// CHECK-LABEL: func @integers
func.func @integers() -> (tensor<2xi64>, tensor<2xi32>, tensor<2xi32>, tensor<i64>, tensor<2xui8>, tensor<2xi32>, tensor<2xi8>) {
  %a = nnc.constant dense<[7, -7]> : tensor<2xi64>
  %b = nnc.constant dense<2> : tensor<2xi64>
  // CHECK-DAG: dense<[3, -3]> : tensor<2xi64>
  %0 = nnc.div %a, %b : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  %c = nnc.constant dense<[2147483647, 1]> : tensor<2xi32>
  // CHECK-DAG: dense<[-2, 2]> : tensor<2xi32>
  %1 = nnc.add %c, %c : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %zero = nnc.constant dense<0> : tensor<2xi32>
  // CHECK-DAG: dense<0> : tensor<2xi32>
  %2 = nnc.div %c, %zero : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %large = nnc.constant dense<9007199254740993> : tensor<i64>
  %one = nnc.constant dense<1> : tensor<i64>
  // CHECK-DAG: dense<9007199254740992> : tensor<i64>
  %3 = nnc.sub %large, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
  %u = nnc.constant dense<[200, 7]> : tensor<2xui8>
  %v = nnc.constant dense<[100, 3]> : tensor<2xui8>
  // CHECK-DAG: dense<2> : tensor<2xui8>
  %4 = nnc.div %u, %v : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  %minus = nnc.constant dense<[-7, 7]> : tensor<2xi32>
  %three = nnc.constant dense<[3, -3]> : tensor<2xi32>
  // CHECK-DAG: dense<[2, -2]> : tensor<2xi32>
  %5 = nnc.mod %minus, %three : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %f = nnc.constant dense<[-1000.5, 0x7FC00000]> : tensor<2xf32>
  // CHECK-DAG: dense<[-128, 0]> : tensor<2xi8>
  %6 = nnc.cast %f {to = i8} : (tensor<2xf32>) -> tensor<2xi8>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<2xi64>, tensor<2xi32>, tensor<2xi32>, tensor<i64>, tensor<2xui8>, tensor<2xi32>, tensor<2xi8>
}

// CHECK-LABEL: func @choices
func.func @choices() -> (tensor<3xi1>, tensor<3xf16>) {
  %a = nnc.constant dense<[1.0, 2.0, 0x7E00]> : tensor<3xf16>
  %b = nnc.constant dense<2.0> : tensor<f16>
  // CHECK-DAG: dense<[true, false, false]> : tensor<3xi1>
  %0 = nnc.less %a, %b : (tensor<3xf16>, tensor<f16>) -> tensor<3xi1>
  // CHECK-DAG: dense<[1.000000e+00, 2.000000e+00, 2.000000e+00]> : tensor<3xf16>
  %1 = nnc.select %0, %a, %b : (tensor<3xi1>, tensor<3xf16>, tensor<f16>) -> tensor<3xf16>
  return %0, %1 : tensor<3xi1>, tensor<3xf16>
}

// A small constant must not become a large one.
// CHECK-LABEL: func @growth
func.func @growth() -> (tensor<10000x2xf32>, tensor<200x200xf32>) {
  %c = nnc.constant dense<[1.0, 2.0]> : tensor<2xf32>
  // CHECK-DAG: nnc.broadcast
  %0 = nnc.broadcast %c : (tensor<2xf32>) -> tensor<10000x2xf32>
  %one = nnc.constant dense<1.0> : tensor<2x2xf32>
  // CHECK-DAG: nnc.pad
  %1 = nnc.pad %one {padBegin = array<i64: 0, 0>, padEnd = array<i64: 198, 198>, value = 0.0 : f64} : (tensor<2x2xf32>) -> tensor<200x200xf32>
  return %0, %1 : tensor<10000x2xf32>, tensor<200x200xf32>
}

// CHECK-LABEL: func @moves
func.func @moves() -> (tensor<2xi32>, tensor<5xi32>, tensor<3xi32>, tensor<4xi32>) {
  %c = nnc.constant dense<[10, 20, 30, 40]> : tensor<4xi32>
  %one = nnc.constant dense<7> : tensor<1xi32>
  %i = nnc.constant dense<[3, -4, 0]> : tensor<3xi64>
  // CHECK-DAG: [[A:%.*]] = nnc.constant dense<[40, 20]>
  // CHECK-DAG: [[B:%.*]] = nnc.constant dense<[7, 10, 20, 30, 40]>
  // CHECK-DAG: [[C:%.*]] = nnc.constant dense<[40, 10, 10]>
  // CHECK-DAG: [[D:%.*]] = nnc.constant dense<[20, 20, 10, 10]>
  // CHECK: return [[A]], [[B]], [[C]], [[D]]
  %0 = nnc.remap %c affine_map<(d0) -> (3 - d0 * 2)> : (tensor<4xi32>) -> tensor<2xi32>
  %1 = nnc.assemble %one, %c [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0 + 1)>] : (tensor<1xi32>, tensor<4xi32>) -> tensor<5xi32>
  %2 = nnc.gather %c at(%i) affine_map<(d0)[s0] -> (s0)> [affine_map<(d0) -> (d0)>] : (tensor<4xi32>, tensor<3xi64>) -> tensor<3xi32>
  // Of two updates of an element the last one stays.
  %v = nnc.constant dense<[20, 20, 30, 40]> : tensor<4xi32>
  %k = nnc.constant dense<[2, -2, -1]> : tensor<3xi64>
  %w = nnc.constant dense<[30, 10, 10]> : tensor<3xi32>
  %3 = nnc.scatter %v, %w at(%k) affine_map<(d0)[s0] -> (s0)> [affine_map<(d0) -> (d0)>] : (tensor<4xi32>, tensor<3xi32>, tensor<3xi64>) -> tensor<4xi32>
  return %0, %1, %2, %3 : tensor<2xi32>, tensor<5xi32>, tensor<3xi32>, tensor<4xi32>
}

// An index out of range is left to the network's status.
// CHECK-LABEL: func @outside
func.func @outside() -> tensor<1xi32> {
  %c = nnc.constant dense<[10, 20]> : tensor<2xi32>
  %i = nnc.constant dense<2> : tensor<1xi64>
  // CHECK: nnc.gather
  %0 = nnc.gather %c at(%i) affine_map<(d0)[s0] -> (s0)> [affine_map<(d0) -> (d0)>] : (tensor<2xi32>, tensor<1xi64>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// The bytes of an elided resource are not there to fold.
// CHECK-LABEL: func @elided
func.func @elided() -> tensor<4xf32> {
  %a = nnc.constant dense_resource<__elided__> : tensor<4xf32>
  // CHECK: nnc.neg
  %0 = nnc.neg %a : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// ramp: 0 1 2 ... 15, hence 0 0 1 2 2 4 3 6 ...
// CHECK: [[KEY]]: "0x40000000{{(00000000){2}0000803F00000040000000400000804000004040}}
{-#
  dialect_resources: {
    builtin: {
      ramp: "0x04000000000000000000803F0000004000004040000080400000A0400000C0400000E0400000004100001041000020410000304100004041000050410000604100007041"
    }
  }
#-}
