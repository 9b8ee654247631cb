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
