// RUN: split-file %s %t
// RUN: not nncc-translate --mlir-to-object %t/undefined.mlir -o %t/a.o 2>&1 | FileCheck %t/undefined.mlir
// RUN: not nncc-translate --mlir-to-object %t/size.mlir -o %t/b.o 2>&1 | FileCheck %t/size.mlir
// RUN: not nncc-translate --mlir-to-object %t/cpu.mlir -o %t/c.o 2>&1 | FileCheck %t/cpu.mlir
// RUN: not nncc-translate --mlir-to-object %t/blob.mlir -o %t/d.o 2>&1 | FileCheck %t/blob.mlir
// RUN: not ls %t/a.o %t/b.o %t/c.o %t/d.o

//--- undefined.mlir
// No object is written that would need something from outside.
// CHECK: internal error: the object of 'net' would need the symbol 'outside' on target 'x86-64-v3'
module attributes {nnc.model = "net", nnc.target = {name = "x86-64-v3"}} {
  func.func private @outside(f64) -> f64
  func.func private @k(%y: memref<1xf64>, %lo: index, %hi: index) {
    %c0 = arith.constant 0 : index
    %a = memref.load %y[%c0] : memref<1xf64>
    %e = func.call @outside(%a) : (f64) -> f64
    memref.store %e, %y[%c0] : memref<1xf64>
    return
  }
  func.func @main(%y: memref<1xf64> {nnc.name = "y", nnc.output}) {
    nnc.launch @k outs(%y : memref<1xf64>) work 1
    return
  }
}

//--- size.mlir
// Code reaches its weights by 32-bit distances.
// CHECK: the weights of 'net' take 3000000000 bytes, an object holds at most 2130706432
module attributes {nnc.model = "net", nnc.target = {name = "x86-64-v3"}} {
  nnc.weights @weights size 3000000000 align 64 at [] []
  func.func @main(%w: memref<3000000000xi8> {nnc.weights}) {
    return
  }
}

//--- cpu.mlir
// CHECK: target 'cortex-m4': unknown CPU 'cortex-m99'
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4", cpu = "cortex-m99"}} {
  func.func @main() {
    return
  }
}

//--- blob.mlir
// CHECK: the constant at byte 0 has 4 bytes of data, its type 16
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}} {
  nnc.weights @weights size 16 align 16 at [0] [dense_resource<short> : tensor<4xf32>]
  func.func @main(%w: memref<16xi8> {nnc.weights}) {
    return
  }
}

{-#
  dialect_resources: {
    builtin: {
      short: "0x0400000001000000"
    }
  }
#-}
