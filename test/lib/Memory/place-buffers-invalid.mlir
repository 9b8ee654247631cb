// RUN: nncc-opt %s -memory-place-buffers -verify-diagnostics -split-input-file

// expected-error @below {{the module has no function @main}}
module {
}

// -----

module {
// expected-error @below {{the module names no target (nnc.target)}}
func.func @main(%x: tensor<4xf32>) {
  return
}
}

// -----

module attributes {nnc.target = {name = "cortex-m4"}} {
func.func private @k(%x: memref<300000000xf32>, %y: memref<300000000xf32>, %lo: index, %hi: index) {
  return
}
// expected-error @below {{the network needs an arena of 2400000000 bytes, addresses of 32 bits hold less than 2147483648}}
func.func @main(%x: tensor<300000000xf32> {nnc.name = "x"}) -> (tensor<300000000xf32> {nnc.name = "y"}) {
  %0 = nnc.buffer : tensor<300000000xf32>
  %1 = nnc.launch @k ins(%x : tensor<300000000xf32>) outs(%0 : tensor<300000000xf32>) work 1 -> tensor<300000000xf32>
  return %1 : tensor<300000000xf32>
}
}
