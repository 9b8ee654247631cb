// RUN: nncc-opt %s -split-input-file -verify-diagnostics

func.func @outside(%x: tensor<4xf32>) {
  // expected-error @below {{map affine_map<(d0) -> (d0 + 2)> reaches index 4 of dimension 0 of 4}}
  %0 = nnc.remap %x affine_map<(d0) -> (d0 + 2)> : (tensor<4xf32>) -> tensor<3xf32>
}

// -----

func.func @before(%x: tensor<4xf32>) {
  // expected-error @below {{map affine_map<(d0) -> (-d0 + 1)> reaches index -1 of dimension 0 of 4}}
  %0 = nnc.remap %x affine_map<(d0) -> (1 - d0)> : (tensor<4xf32>) -> tensor<3xf32>
}

// -----

func.func @rank(%x: tensor<4xf32>) {
  // expected-error @below {{map affine_map<(d0) -> (d0, d0)> does not take 'tensor<3xf32>' to 'tensor<4xf32>'}}
  %0 = nnc.remap %x affine_map<(d0) -> (d0, d0)> : (tensor<4xf32>) -> tensor<3xf32>
}

// -----

func.func @type(%x: tensor<4xf32>) {
  // expected-error @below {{makes 'f16' of 'f32'}}
  %0 = nnc.remap %x affine_map<(d0) -> (d0)> : (tensor<4xf32>) -> tensor<4xf16>
}

// -----

func.func @symbol(%x: tensor<4xf32>) {
  // expected-error @below {{does not take 'tensor<4xf32>' to 'tensor<4xf32>'}}
  %0 = nnc.remap %x affine_map<(d0)[s0] -> (s0)> : (tensor<4xf32>) -> tensor<4xf32>
}

// -----

func.func @hole(%x: tensor<2xf32>, %y: tensor<1xf32>) {
  // expected-error @below {{parts have 3 elements, the result 4}}
  %0 = nnc.assemble %x, %y [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0 + 3)>] : (tensor<2xf32>, tensor<1xf32>) -> tensor<4xf32>
}

// -----

func.func @overlap(%x: tensor<2xf32>, %y: tensor<2xf32>) {
  // expected-error @below {{parts 0 and 1 overlap}}
  %0 = nnc.assemble %x, %y [affine_map<(d0) -> (d0 * 2)>, affine_map<(d0) -> (d0 + 1)>] : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
}

// -----

func.func @mixed(%x: tensor<2x2xf32>, %y: tensor<2x2xf32>) {
  // expected-error @below {{is not a step and an offset per dimension}}
  %0 = nnc.assemble %x, %y [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0 + 2, d1)>] : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
}

// -----

func.func @counts(%x: tensor<2xf32>) {
  // expected-error @below {{has 1 parts and 0 maps}}
  %0 = nnc.assemble %x [] : (tensor<2xf32>) -> tensor<2xf32>
}

// -----

func.func @symbols(%x: tensor<4xf32>, %i: tensor<2xi64>) {
  // expected-error @below {{has 1 index tensors, 1 maps for them and 0 symbols}}
  %0 = nnc.gather %x at(%i) affine_map<(d0) -> (d0)> [affine_map<(d0) -> (d0)>] : (tensor<4xf32>, tensor<2xi64>) -> tensor<2xf32>
}

// -----

func.func @computed(%x: tensor<4xf32>, %i: tensor<2xi64>) {
  // expected-error @below {{map affine_map<(d0)[s0] -> (s0 + 1)> is not affine in the dimensions}}
  %0 = nnc.gather %x at(%i) affine_map<(d0)[s0] -> (s0 + 1)> [affine_map<(d0) -> (d0)>] : (tensor<4xf32>, tensor<2xi64>) -> tensor<2xf32>
}

// -----

func.func @floats(%x: tensor<4xf32>, %i: tensor<2xf32>) {
  // expected-error @below {{indices must have 32 or 64 bits, got 'f32'}}
  %0 = nnc.gather %x at(%i) affine_map<(d0)[s0] -> (s0)> [affine_map<(d0) -> (d0)>] : (tensor<4xf32>, tensor<2xf32>) -> tensor<2xf32>
}

// -----

func.func @status(%i: tensor<2xi64>) {
  // expected-error @below {{must return tensor<1xi32>, returns 'tensor<2xi32>'}}
  %0 = nnc.check_indices %i below 9 : (tensor<2xi64>) -> tensor<2xi32>
}

// -----

func.func @into(%x: tensor<2xf32>, %y: tensor<3xf32>) {
  // expected-error @below {{writes into 'tensor<3xf32>', not the type of its result}}
  %0 = nnc.group ins(%x : tensor<2xf32>) into(%y : tensor<3xf32>) -> tensor<2xf32> attributes {inLayouts = [#nnc.layout<(d0) -> (d0), pad = 0.0>], outLayouts = [#nnc.layout<(d0) -> (d0), pad = 0.0>]} {
  ^bb0(%a: tensor<2xf32>):
    nnc.yield %a : tensor<2xf32>
  }
  return
}

// -----

func.func @buffer() {
  // expected-error @below {{layout sends shape 4 to index 4 of physical shape 4}}
  %0 = nnc.buffer padded #nnc.layout<(d0) -> (d0 + 1), pad = 0.0> of tensor<4xf32> : tensor<4xf32>
}

// -----

func.func @scatter(%x: tensor<4xf32>, %u: tensor<2xf16>, %i: tensor<2xi64>) {
  // expected-error @below {{makes 'f32' of 'f16'}}
  %0 = nnc.scatter %x, %u at(%i) affine_map<(d0)[s0] -> (s0)> [affine_map<(d0) -> (d0)>] : (tensor<4xf32>, tensor<2xf16>, tensor<2xi64>) -> tensor<4xf32>
}

// -----

func.func @scatter_shape(%x: tensor<4xf32>, %u: tensor<2xf32>, %i: tensor<2xi64>) {
  // expected-error @below {{updates 'tensor<4xf32>' to 'tensor<5xf32>'}}
  %0 = nnc.scatter %x, %u at(%i) affine_map<(d0)[s0] -> (s0)> [affine_map<(d0) -> (d0)>] : (tensor<4xf32>, tensor<2xf32>, tensor<2xi64>) -> tensor<5xf32>
}

// -----

func.func @too_many(%x: tensor<4xf32>) {
  // expected-error @below {{cannot take 5 of 4 elements}}
  // expected-error @below {{failed to infer returned types}}
  %0:2 = nnc.top_k %x, 5 along 0 : (tensor<4xf32>) -> (tensor<5xf32>, tensor<5xi64>)
}
