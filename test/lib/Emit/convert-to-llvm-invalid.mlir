// RUN: nncc-opt %s -split-input-file -verify-diagnostics -emit-convert-to-llvm

// expected-error @below {{the module names no target (nnc.target)}}
module {}

// -----

// Objects have no heap.
module attributes {nnc.target = {name = "aarch64"}} {
  func.func private @kernel() {
    // expected-error @below {{failed to legalize operation 'memref.alloc'}}
    %m = memref.alloc() : memref<4xf32>
    return
  }
}
