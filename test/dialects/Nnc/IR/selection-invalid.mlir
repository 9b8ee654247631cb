// RUN: nncc-opt %s -split-input-file -verify-diagnostics

func.func @input(%x: tensor<4x3xf16>, %r: tensor<1xi16>, %n: tensor<5x3xi16>, %t: tensor<5xf16>) {
  // expected-error @below {{trees decide about a matrix of f32 or f64, not 'tensor<4x3xf16>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.walk_trees %x from %r over %n, %t : (tensor<4x3xf16>, tensor<1xi16>, tensor<5x3xi16>, tensor<5xf16>) -> tensor<4x1xi32>
}

// -----

func.func @nodes(%x: tensor<4x3xf32>, %r: tensor<1xi64>, %n: tensor<5x3xi64>, %t: tensor<5xf32>) {
  // expected-error @below {{nodes must be rows of three i16 or i32, got 'tensor<5x3xi64>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.walk_trees %x from %r over %n, %t : (tensor<4x3xf32>, tensor<1xi64>, tensor<5x3xi64>, tensor<5xf32>) -> tensor<4x1xi32>
}

// -----

func.func @roots(%x: tensor<4x3xf32>, %r: tensor<1xi32>, %n: tensor<5x3xi16>, %t: tensor<5xf32>) {
  // expected-error @below {{roots must be a vector of 'i16', got 'tensor<1xi32>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.walk_trees %x from %r over %n, %t : (tensor<4x3xf32>, tensor<1xi32>, tensor<5x3xi16>, tensor<5xf32>) -> tensor<4x1xi32>
}

// -----

func.func @thresholds(%x: tensor<4x3xf32>, %r: tensor<1xi16>, %n: tensor<5x3xi16>, %t: tensor<4xf32>) {
  // expected-error @below {{5 nodes of 'f32' do not fit thresholds 'tensor<4xf32>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.walk_trees %x from %r over %n, %t : (tensor<4x3xf32>, tensor<1xi16>, tensor<5x3xi16>, tensor<4xf32>) -> tensor<4x1xi32>
}

// -----

func.func @flags(%x: tensor<4x3xf32>, %r: tensor<1xi16>, %n: tensor<5x3xi16>, %t: tensor<5xf32>, %f: tensor<5xi8>) {
  // expected-error @below {{5 nodes do not fit flags 'tensor<5xi8>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.walk_trees %x from %r over %n, %t, %f : (tensor<4x3xf32>, tensor<1xi16>, tensor<5x3xi16>, tensor<5xf32>, tensor<5xi8>) -> tensor<4x1xi32>
}

// -----

func.func @boxes(%b: tensor<2x9x5xf32>, %s: tensor<2x3x9xf32>, %o: tensor<2x3x9xi64>, %t: tensor<f32>) {
  // expected-error @below {{boxes must have the shape batch x boxes x 4 and be f32, not 'tensor<2x9x5xf32>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.suppress_boxes %b by %s, %o beyond %t up_to 5 : (tensor<2x9x5xf32>, tensor<2x3x9xf32>, tensor<2x3x9xi64>, tensor<f32>) -> tensor<2x3x5xi64>
}

// -----

func.func @scores(%b: tensor<2x9x4xf32>, %s: tensor<2x3x8xf32>, %o: tensor<2x3x8xi64>, %t: tensor<f32>) {
  // expected-error @below {{scores 'tensor<2x3x8xf32>' must have the shape batch x classes x boxes and be f32 for boxes 'tensor<2x9x4xf32>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.suppress_boxes %b by %s, %o beyond %t up_to 5 : (tensor<2x9x4xf32>, tensor<2x3x8xf32>, tensor<2x3x8xi64>, tensor<f32>) -> tensor<2x3x5xi64>
}

// -----

func.func @order(%b: tensor<2x9x4xf32>, %s: tensor<2x3x9xf32>, %o: tensor<2x3x9xi32>, %t: tensor<f32>) {
  // expected-error @below {{order 'tensor<2x3x9xi32>' does not fit scores 'tensor<2x3x9xf32>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.suppress_boxes %b by %s, %o beyond %t up_to 5 : (tensor<2x9x4xf32>, tensor<2x3x9xf32>, tensor<2x3x9xi32>, tensor<f32>) -> tensor<2x3x5xi64>
}

// -----

func.func @threshold(%b: tensor<2x9x4xf32>, %s: tensor<2x3x9xf32>, %o: tensor<2x3x9xi64>, %t: tensor<1xf32>) {
  // expected-error @below {{thresholds must be an f32 scalar, got 'tensor<1xf32>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.suppress_boxes %b by %s, %o beyond %t up_to 5 : (tensor<2x9x4xf32>, tensor<2x3x9xf32>, tensor<2x3x9xi64>, tensor<1xf32>) -> tensor<2x3x5xi64>
}

// -----

func.func @limit(%b: tensor<2x9x4xf32>, %s: tensor<2x3x9xf32>, %o: tensor<2x3x9xi64>, %t: tensor<f32>) {
  // expected-error @below {{cannot select 10 of 9 boxes}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.suppress_boxes %b by %s, %o beyond %t up_to 10 : (tensor<2x9x4xf32>, tensor<2x3x9xf32>, tensor<2x3x9xi64>, tensor<f32>) -> tensor<2x3x10xi64>
}

// -----

func.func @forms(%q: tensor<4x3x2xf32>) {
  // expected-error @below {{forms must have the shape rows x k x k and be f32, not 'tensor<4x3x2xf32>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = nnc.couple_probabilities %q : (tensor<4x3x2xf32>) -> tensor<4x3xf32>
}
