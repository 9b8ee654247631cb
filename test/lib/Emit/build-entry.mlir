// RUN: split-file %s %t
// RUN: nncc-opt %t/barriers.mlir -emit-build-entry | FileCheck %t/barriers.mlir
// RUN: nncc-opt %t/starts.mlir -emit-build-entry | FileCheck %t/starts.mlir
// RUN: nncc-opt %t/bare.mlir -emit-build-entry | FileCheck %t/bare.mlir
// RUN: nncc-opt %t/no-slot.mlir -emit-build-entry | FileCheck %t/no-slot.mlir
// RUN: %python %t/many.py | nncc-opt -emit-build-entry | FileCheck %t/many.py
// RUN: %python %t/independent.py | nncc-opt -emit-build-entry | FileCheck %t/independent.py

//--- barriers.mlir
// Arena: %a at 0, %b at 64, %c at 128, input slot at 192, output slot at 0.
module attributes {nnc.model = "net", nnc.target = {name = "aarch64"}, nnc.threads = 4 : i64,
                   nnc.arena_bytes = 256 : i64, nnc.arena_align = 64 : i64} {
  // CHECK: nnc.interface = {inputs = [{name = "x", slot = 192 : i64, type = memref<16xf32>}],
  // CHECK-SAME: outputs = [{name = "y", slot = 0 : i64, type = memref<16xf32>}]}
  // CHECK-SAME: nnc.model_hash = "{{([0-9a-f]+)}}"
  // CHECK: memref.global constant @net_weights : memref<64xi8> {alignment = 32 : i64}
  nnc.weights @weights size 64 align 32 at [0] [dense<1.0> : tensor<16xf32>]
  func.func private @k(%x: memref<16xf32>, %y: memref<16xf32>, %lo: index, %hi: index) {
    return
  }
  // CHECK-NOT: @main
  func.func @main(%x: memref<16xf32> {nnc.name = "x", nnc.slot = 192 : i64},
                  %y: memref<16xf32> {nnc.name = "y", nnc.slot = 0 : i64, nnc.output},
                  %weights: memref<64xi8> {nnc.weights}, %arena: memref<256xi8> {nnc.arena}) {
    %c0 = arith.constant 0 : index
    %c64 = arith.constant 64 : index
    %c128 = arith.constant 128 : index
    %w = memref.view %weights[%c0][] : memref<64xi8> to memref<16xf32>
    %a = memref.view %arena[%c0][] : memref<256xi8> to memref<16xf32>
    %b = memref.view %arena[%c64][] : memref<256xi8> to memref<16xf32>
    %c = memref.view %arena[%c128][] : memref<256xi8> to memref<16xf32>
    // CHECK: func.func private @net_barrier(%[[F:.*]]: !llvm.ptr, %[[T:.*]]: i32, %[[N:.*]]: i32) {
    // CHECK: arith.cmpi ugt, %[[N]]
    // CHECK: llvm.call %{{.*}}(%{{.*}}, %[[T]]) : !llvm.ptr, (!llvm.ptr, i32) -> ()

    // CHECK: func.func private @net_body(%[[F:.*]]: !llvm.ptr, %[[T:.*]]: i32, %[[N:.*]]: i32) {
    // Pointers are loaded where they are first used.
    // CHECK: %[[X:.*]] = builtin.unrealized_conversion_cast %{{.*}} : !llvm.ptr to memref<16xf32>
    // CHECK: builtin.unrealized_conversion_cast %{{.*}} : !llvm.ptr to memref<256xi8>
    // Threads beyond the bound of 4 get nothing to do.
    // CHECK: %[[MOST:.*]] = arith.constant 4 : i32
    // CHECK: arith.minui %[[N]], %[[MOST]] : i32
    // CHECK: arith.divui
    // CHECK: arith.remui

    // The first two write different memory.
    // CHECK: call @k(%[[X]], %[[A:.*]], %[[LO:.*]], %[[HI:.*]]) :
    // CHECK: memref.get_global @net_weights : memref<64xi8>
    // CHECK-NOT: call
    // CHECK: call @k(%[[W:.*]], %[[B:.*]], %[[LO]], %[[HI]]) :
    nnc.launch @k ins(%x : memref<16xf32>) outs(%a : memref<16xf32>) work 4
    nnc.launch @k ins(%w : memref<16xf32>) outs(%b : memref<16xf32>) work 4
    // Reads what was written.
    // CHECK-NEXT: call @net_barrier(%[[F]], %[[T]], %[[N]])
    // CHECK-NOT: call
    // CHECK: call @k(%[[B]], %[[C:.*]], %[[LO]], %[[HI]]) :
    nnc.launch @k ins(%b : memref<16xf32>) outs(%c : memref<16xf32>) work 4
    // Reads the same as the one before: both only read %b.
    // CHECK-NEXT: call @k(%[[B]], %[[A]], %[[LO]], %[[HI]]) :
    nnc.launch @k ins(%b : memref<16xf32>) outs(%a : memref<16xf32>) work 4
    // Overwrites what they read.
    // CHECK-NEXT: call @net_barrier
    // CHECK-NEXT: call @k(%[[W]], %[[B]], %[[LO]], %[[HI]]) :
    nnc.launch @k ins(%w : memref<16xf32>) outs(%b : memref<16xf32>) work 4
    // The output may lie in its slot, where %a is.
    // CHECK-NEXT: call @k(%[[A]], %[[C]], %[[LO]], %[[HI]]) :
    // CHECK-NEXT: call @net_barrier
    // CHECK: %[[Y:.*]] = builtin.unrealized_conversion_cast %{{.*}} : !llvm.ptr to memref<16xf32>
    // CHECK-NEXT: call @k(%[[C]], %[[Y]], %[[LO]], %[[HI]]) :
    // CHECK-NEXT: return
    nnc.launch @k ins(%a : memref<16xf32>) outs(%c : memref<16xf32>) work 4
    nnc.launch @k ins(%c : memref<16xf32>) outs(%y : memref<16xf32>) work 4
    return
  }
  // CHECK: func.func @net_run_{{[0-9a-f]+}}(%{{.*}}: !llvm.ptr) -> i32
  // CHECK: constant @net_body
}

//--- starts.mlir
// Kernels may begin within a network input, the arena and the weights.
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"},
                   nnc.arena_bytes = 128 : i64, nnc.arena_align = 16 : i64} {
  nnc.weights @weights size 64 align 32 at [0] [dense<1.0> : tensor<16xf32>]
  func.func private @k(%x: memref<4x4xf32>, %w: memref<4x4xf32>, %y: memref<4x4xf32>, %lo: index, %hi: index) {
    return
  }
  func.func @main(%x: memref<16xf32> {nnc.name = "x", nnc.slot = 0 : i64},
                  %weights: memref<64xi8> {nnc.weights}, %arena: memref<128xi8> {nnc.arena}) {
    %c0 = arith.constant 0 : index
    %c64 = arith.constant 64 : index
    %m = memref.reinterpret_cast %x to offset: [0], sizes: [4, 4], strides: [4, 1] : memref<16xf32> to memref<4x4xf32>
    %w = memref.view %weights[%c0][] : memref<64xi8> to memref<4x4xf32>
    %a = memref.view %arena[%c64][] : memref<128xi8> to memref<4x4xf32>
    nnc.launch @k ins(%m, %w : memref<4x4xf32>, memref<4x4xf32>) outs(%a : memref<4x4xf32>) work 7 {starts = array<i64: 8, 4, 12>}
    return
  }
  // CHECK: func.func private @net_body(
  // CHECK: %[[BYTES:.*]] = llvm.mlir.constant(32 : i64)
  // CHECK: %[[MOVED:.*]] = llvm.getelementptr %{{.*}}[%[[BYTES]]] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  // CHECK: %[[X:.*]] = builtin.unrealized_conversion_cast %[[MOVED]] : !llvm.ptr to memref<4x4xf32>
  // CHECK: %[[C16:.*]] = arith.constant 16 : index
  // CHECK: %[[W:.*]] = memref.view %{{.*}}[%[[C16]]][] : memref<64xi8> to memref<4x4xf32>
  // CHECK: %[[C112:.*]] = arith.constant 112 : index
  // CHECK: %[[A:.*]] = memref.view %{{.*}}[%[[C112]]][] : memref<128xi8> to memref<4x4xf32>
  // CHECK: call @k(%[[X]], %[[W]], %[[A]],
}

//--- bare.mlir
// No threads: the whole work, no barrier, no 64-bit arithmetic.
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"},
                   nnc.arena_bytes = 64 : i64, nnc.arena_align = 16 : i64} {
  func.func private @k(%x: memref<16xi8>, %y: memref<16xi8>, %lo: index, %hi: index) {
    return
  }
  func.func @main(%x: memref<16xi8> {nnc.name = "x", nnc.slot = 0 : i64},
                  %y: memref<16xi8> {nnc.name = "y", nnc.slot = 16 : i64, nnc.output},
                  %arena: memref<64xi8> {nnc.arena}) {
    nnc.launch @k ins(%x : memref<16xi8>) outs(%y : memref<16xi8>) work 7
    nnc.launch @k ins(%y : memref<16xi8>) outs(%y : memref<16xi8>) work 7
    return
  }
  // CHECK: func.func private @net_body(%{{[a-z0-9]+}}: !llvm.ptr) {
  // CHECK: %[[ZERO:.*]] = arith.constant 0 : index
  // CHECK: %[[ALL:.*]] = arith.constant 7 : index
  // CHECK: call @k(%{{.*}}, %{{.*}}, %[[ZERO]], %[[ALL]])
  // CHECK-NEXT: call @k(%{{.*}}, %{{.*}}, %[[ZERO]], %[[ALL]])
  // CHECK: func.func @net_run_
  // CHECK-NOT: i64
  // CHECK: llvm.getelementptr %{{.*}}[0, 2] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, ptr, ptr, ptr)>
  // CHECK-NOT: i64
}

//--- no-slot.mlir
// Without a slot null is an error; without an arena its pointer is not looked at.
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}} {
  func.func private @k(%x: memref<16xi8>, %y: memref<16xi8>, %lo: index, %hi: index) {
    return
  }
  func.func @main(%x: memref<16xi8> {nnc.name = "x"},
                  %y: memref<16xi8> {nnc.name = "y", nnc.output}) {
    nnc.launch @k ins(%x : memref<16xi8>) outs(%y : memref<16xi8>) work 1
    return
  }
  // CHECK: func.func @net_run_
  // CHECK-COUNT-3: cf.cond_br %{{.*}}, ^bb{{[0-9]+}}(%c-1_i32
  // CHECK-NOT: c-1_i32{{.*}} :
  // CHECK: cf.cond_br %{{.*}}, ^bb{{[0-9]+}}(%c-2_i32
}

//--- many.py
# Many launches come in functions of some each, all with the same arguments.
# CHECK: func.func private @net_body_0(%{{.*}}: !llvm.ptr, %{{.*}}: i32, %{{.*}}: i32) {
# CHECK-COUNT-64: call @k(
# CHECK-NOT: call @k(
# CHECK: func.func private @net_body_1(
# CHECK: builtin.unrealized_conversion_cast
# CHECK: call @k(
# CHECK-NEXT: return
# CHECK: func.func private @net_body(%[[F:.*]]: !llvm.ptr, %[[T:.*]]: i32, %[[N:.*]]: i32) {
# CHECK-NEXT: call @net_body_0(%[[F]], %[[T]], %[[N]])
# CHECK-NEXT: call @net_body_1(%[[F]], %[[T]], %[[N]])
# CHECK-NEXT: return
# CHECK: constant @net_body :
launch = "nnc.launch @k ins(%x : memref<16xi8>) outs(%y : memref<16xi8>) work 1\n"
print("""module attributes {nnc.model = "net", nnc.target = {name = "aarch64"}, nnc.threads = 4 : i64} {
  func.func private @k(%x: memref<16xi8>, %y: memref<16xi8>, %lo: index, %hi: index) { return }
  func.func @main(%x: memref<16xi8> {nnc.name = "x"}, %y: memref<16xi8> {nnc.name = "y", nnc.output}) {
""" + launch * 65 + "return } }")

//--- independent.py
# None depends on another; of so many they are not compared with all.
# CHECK: func.func private @net_body_0(
# CHECK-COUNT-1: call @net_barrier(
# CHECK-NOT: call @net_barrier(
# CHECK: func.func private @net_body(
count = 300
print("""module attributes {nnc.model = "net", nnc.target = {name = "aarch64"}, nnc.threads = 4 : i64,
                   nnc.arena_bytes = %d : i64, nnc.arena_align = 16 : i64} {
  func.func private @k(%%x: memref<16xi8>, %%y: memref<16xi8>, %%lo: index, %%hi: index) { return }
  func.func @main(%%x: memref<16xi8> {nnc.name = "x"}, %%arena: memref<%dxi8> {nnc.arena}) {
""" % (16 * count, 16 * count))
for i in range(count):
    print(f"""%c{i} = arith.constant {16 * i} : index
    %v{i} = memref.view %arena[%c{i}][] : memref<{16 * count}xi8> to memref<16xi8>
    nnc.launch @k ins(%x : memref<16xi8>) outs(%v{i} : memref<16xi8>) work 1""")
print("return } }")
