// A small network after the memory stage: y = gelu(x * W + b) as a product and
// an activation, 16 inputs and 32 outputs. The activation reads what another
// thread has written. Tests put the target's name in place with sed.
module attributes {nnc.model = "two", nnc.target = {name = "TARGET"},
                   nnc.arena_bytes = 320 : i64, nnc.arena_align = 16 : i64} {
  nnc.weights @weights size 2176 align 64 at [0, 2048]
    [dense<0.125> : tensor<16x32xf32>, dense<0.5> : tensor<32xf32>]

  func.func private @product(%x: memref<1x16xf32>, %w: memref<16x32xf32> {llvm.noalias},
                             %bias: memref<32xf32> {llvm.noalias},
                             %y: memref<1x32xf32> {llvm.noalias}, %lo: index, %hi: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %c16 = arith.constant 16 : index
    scf.for %i = %lo to %hi step %c1 {
      %n = arith.muli %i, %c8 : index
      %init = vector.load %bias[%n] : memref<32xf32>, vector<8xf32>
      %sum = scf.for %k = %c0 to %c16 step %c1 iter_args(%acc = %init) -> vector<8xf32> {
        %a = memref.load %x[%c0, %k] : memref<1x16xf32>
        %av = vector.broadcast %a : f32 to vector<8xf32>
        %b = vector.load %w[%k, %n] : memref<16x32xf32>, vector<8xf32>
        %p = arith.mulf %av, %b fastmath<contract> : vector<8xf32>
        %s = arith.addf %acc, %p fastmath<contract> : vector<8xf32>
        scf.yield %s : vector<8xf32>
      }
      vector.store %sum, %y[%c0, %n] : memref<1x32xf32>, vector<8xf32>
    }
    return
  }

  func.func private @gelu(%x: memref<1x32xf32>, %y: memref<1x32xf32>, %lo: index, %hi: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %c24 = arith.constant 24 : index
    %half = arith.constant dense<0.5> : vector<8xf32>
    %one = arith.constant dense<1.0> : vector<8xf32>
    %scale = arith.constant dense<0.70710678> : vector<8xf32>
    scf.for %i = %lo to %hi step %c1 {
      %n = arith.muli %i, %c8 : index
      %other = arith.subi %c24, %n : index
      %v = vector.load %x[%c0, %other] : memref<1x32xf32>, vector<8xf32>
      %t = arith.mulf %v, %scale : vector<8xf32>
      %e = math.erf %t : vector<8xf32>
      %f = arith.addf %e, %one : vector<8xf32>
      %g = arith.mulf %v, %f : vector<8xf32>
      %h = arith.mulf %g, %half : vector<8xf32>
      vector.store %h, %y[%c0, %n] : memref<1x32xf32>, vector<8xf32>
    }
    return
  }

  func.func @main(%x: memref<1x16xf32> {nnc.name = "x:0", nnc.slot = 0 : i64},
                  %y: memref<1x32xf32> {nnc.name = "/act/y", nnc.slot = 192 : i64, nnc.output},
                  %weights: memref<2176xi8> {nnc.weights}, %arena: memref<320xi8> {nnc.arena}) {
    %c0 = arith.constant 0 : index
    %c64 = arith.constant 64 : index
    %c2048 = arith.constant 2048 : index
    %w = memref.view %weights[%c0][] : memref<2176xi8> to memref<16x32xf32>
    %b = memref.view %weights[%c2048][] : memref<2176xi8> to memref<32xf32>
    %t = memref.view %arena[%c64][] : memref<320xi8> to memref<1x32xf32>
    nnc.launch @product ins(%x, %w, %b : memref<1x16xf32>, memref<16x32xf32>, memref<32xf32>)
      outs(%t : memref<1x32xf32>) work 4
    nnc.launch @gelu ins(%t : memref<1x32xf32>) outs(%y : memref<1x32xf32>) work 4
    return
  }
}
