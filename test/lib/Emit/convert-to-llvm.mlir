// RUN: sed s/TARGET/x86-64-v3/ %s | nncc-opt -emit-convert-to-llvm -canonicalize | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: sed s/TARGET/cortex-m4/ %s | nncc-opt -emit-convert-to-llvm -canonicalize | FileCheck %s --check-prefixes=CHECK,NARROW

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
}
