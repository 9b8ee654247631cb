// RUN: nncc-opt %s -verify-diagnostics -emit-lower-vectors

// expected-error @below {{unknown target 'pdp-11', known targets: host}}
module attributes {nnc.target = {name = "pdp-11"}} {}
