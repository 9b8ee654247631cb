// RUN: sed s/TARGET/x86-64-v3/ %s | nncc-opt -emit-convert-to-llvm -canonicalize | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: sed s/TARGET/cortex-m4/ %s | nncc-opt -emit-convert-to-llvm -canonicalize | FileCheck %s --check-prefixes=CHECK,NARROW
// RUN: sed s/TARGET/wasm32-simd128/ %s | nncc-opt -emit-convert-to-llvm -canonicalize | FileCheck %s --check-prefix=MOVED

module attributes {nnc.target = {name = "TARGET"}} {
  // CHECK: nnc.weights @weights
  nnc.weights @weights size 4 align 4 at [0] [dense<1> : tensor<4xi8>]
  // CHECK: llvm.mlir.global external constant @net_weights() {{.*}}alignment = 64 : i64{{.*}} : !llvm.array<4 x i8>
  memref.global constant @net_weights : memref<4xi8> {alignment = 64}

  // Kernels are internal, buffers bare pointers, `index` has the target's width,
  // what arguments promise stays.
  // WIDE: llvm.func internal @kernel(%{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: i64)
  // NARROW: llvm.func internal @kernel(%{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: i32)
  // NARROW-NOT: i64
  // CHECK: llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr -> vector<8xf32>
  func.func private @kernel(%m: memref<4x8xf32> {llvm.noalias}, %i: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %j = %c0 to %i step %c1 {
      %v = vector.load %m[%j, %c0] : memref<4x8xf32>, vector<8xf32>
      vector.store %v, %m[%i, %c0] : memref<4x8xf32>, vector<8xf32>
    }
    return
  }

  // The entry stays visible; a pointer becomes a buffer without a trace.
  // CHECK: llvm.func @entry(%[[P:.*]]: !llvm.ptr)
  // CHECK-DAG: llvm.call @kernel(%[[P]], %{{.*}})
  // CHECK-DAG: llvm.mlir.addressof @kernel
  // CHECK-NOT: unrealized_conversion_cast
  func.func @entry(%p: !llvm.ptr) -> !llvm.ptr {
    %c2 = arith.constant 2 : index
    %m = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<4x8xf32>
    func.call @kernel(%m, %c2) : (memref<4x8xf32>, index) -> ()
    %f = func.constant @kernel : (memref<4x8xf32>, index) -> ()
    %address = builtin.unrealized_conversion_cast %f : (memref<4x8xf32>, index) -> () to !llvm.ptr
    return %address : !llvm.ptr
  }

  // bf16, and f16 on targets without it, are integers where they only move.
  // CHECK-LABEL: llvm.func internal @halves
  // WIDE: llvm.store {{.*}} : vector<4xi16>, !llvm.ptr
  // WIDE: llvm.store {{.*}} : vector<4xf16>, !llvm.ptr
  // WIDE: llvm.insertelement {{.*}} : vector<4xf16>
  // MOVED-LABEL: llvm.func internal @halves
  // MOVED-NOT: f16
  // MOVED-DAG: llvm.mlir.constant(dense<16256> : vector<4xi16>)
  // MOVED-DAG: llvm.mlir.constant(dense<15360> : vector<4xi16>)
  // MOVED: llvm.insertelement {{.*}} : vector<4xi16>
  func.func private @halves(%m: memref<8xf16>, %b: memref<8xbf16>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %one = arith.constant dense<1.0> : vector<4xf16>
    %brain = arith.constant dense<1.0> : vector<4xbf16>
    vector.store %brain, %b[%c0] : memref<8xbf16>, vector<4xbf16>
    vector.store %one, %m[%c4] : memref<8xf16>, vector<4xf16>
    %x = memref.load %m[%c0] : memref<8xf16>
    %v = vector.splat %x : vector<4xf16>
    vector.store %v, %m[%c0] : memref<8xf16>, vector<4xf16>
    return
  }
}
