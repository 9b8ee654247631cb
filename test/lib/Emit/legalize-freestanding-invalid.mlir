// RUN: nncc-opt %s -verify-diagnostics -emit-legalize-freestanding

// expected-error @below {{the module names no target (nnc.target)}}
module {}
