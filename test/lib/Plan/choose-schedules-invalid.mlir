// RUN: nncc-opt %s -plan-choose-schedules -verify-diagnostics -split-input-file

// expected-error @below {{the module names no target (nnc.target)}}
func.func @no_target(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

module attributes {nnc.target = {name = "z80"}} {
// expected-error @below {{unknown target 'z80', known targets: host, x86-64-v2}}
func.func @unknown_target(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
}
