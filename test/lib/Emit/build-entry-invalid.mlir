// RUN: nncc-opt %s -split-input-file -verify-diagnostics -emit-build-entry

// expected-error @below {{the module names no target (nnc.target)}}
module attributes {nnc.model = "net"} {}

// -----

// expected-error @below {{module attribute 'nnc.model' must name the model with a C identifier}}
module attributes {nnc.model = "2 nets", nnc.target = {name = "cortex-m4"}} {}

// -----

// expected-error @below {{arena alignment 24 is not a power of two}}
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}, nnc.arena_align = 24 : i64} {}

// -----

// expected-error @below {{module attribute 'nnc.arena_bytes' must be a non-negative integer}}
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}, nnc.arena_bytes = -1 : i64} {}

// -----

// expected-error @below {{the module has no function @main}}
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}} {}

// -----

// expected-error @below {{an input or output of @main has no nnc.name}}
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}} {
  func.func @main(%x: memref<4xf32>) {
    return
  }
}

// -----

// expected-error @below {{'x' has a type that C cannot name}}
module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}} {
  func.func @main(%x: memref<4xi4> {nnc.name = "x"}) {
    return
  }
}

// -----

module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}} {
  func.func private @k(%y: memref<2x2xf32>, %lo: index, %hi: index)
  func.func @main(%y: memref<4xf32> {nnc.name = "y", nnc.output}) {
    // expected-error @below {{passes 'memref<4xf32>' where kernel @k takes 'memref<2x2xf32>'}}
    nnc.launch @k outs(%y : memref<4xf32>) work 1
    return
  }
}

// -----

module attributes {nnc.model = "net", nnc.target = {name = "cortex-m4"}} {
  // expected-error @below {{@main must be a list of launches without branches}}
  func.func @main(%y: memref<4xf32> {nnc.name = "y", nnc.output}) {
    cf.br ^bb1
  ^bb1:
    return
  }
}
