// Kernels that make LLVM call functions: y = fmod(x, x / x[7]) by way of floats,
// z = x, g = exp(h) on halves.
module attributes {nnc.model = "net", nnc.target = {name = "TARGET"}} {
  func.func private @wide(%x: memref<8xi64>, %y: memref<8xi64>, %lo: index, %hi: index) {
    %c1 = arith.constant 1 : index
    %c7 = arith.constant 7 : index
    %divisor = memref.load %x[%c7] : memref<8xi64>
    scf.for %i = %lo to %hi step %c1 {
      %a = memref.load %x[%i] : memref<8xi64>
      %q = arith.divsi %a, %divisor : i64
      %f = arith.sitofp %q : i64 to f32
      %g = arith.sitofp %a : i64 to f32
      %m = arith.remf %g, %f : f32
      %r = arith.fptosi %m : f32 to i64
      memref.store %r, %y[%i] : memref<8xi64>
    }
    return
  }
  func.func private @copies(%x: memref<8xi64>, %y: memref<8xi64>, %lo: index, %hi: index) {
    %c0 = arith.constant 0 : index
    %from = memref.extract_aligned_pointer_as_index %x : memref<8xi64> -> index
    %to = memref.extract_aligned_pointer_as_index %y : memref<8xi64> -> index
    %fromBits = arith.index_cast %from : index to i64
    %toBits = arith.index_cast %to : index to i64
    %fromPtr = llvm.inttoptr %fromBits : i64 to !llvm.ptr
    %toPtr = llvm.inttoptr %toBits : i64 to !llvm.ptr
    %n = arith.index_cast %hi : index to i32
    "llvm.intr.memcpy"(%toPtr, %fromPtr, %n) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i32) -> ()
    return
  }
  func.func private @half(%x: memref<8xf16>, %y: memref<8xf16>, %lo: index, %hi: index) {
    %c0 = arith.constant 0 : index
    %v = vector.load %x[%c0] : memref<8xf16>, vector<8xf16>
    %w = arith.extf %v : vector<8xf16> to vector<8xf32>
    %e = math.exp %w : vector<8xf32>
    %r = arith.truncf %e : vector<8xf32> to vector<8xf16>
    vector.store %r, %y[%c0] : memref<8xf16>, vector<8xf16>
    return
  }
  func.func @main(%x: memref<8xi64> {nnc.name = "x"}, %h: memref<8xf16> {nnc.name = "h"},
                  %y: memref<8xi64> {nnc.name = "y", nnc.output},
                  %z: memref<8xi64> {nnc.name = "z", nnc.output}, %g: memref<8xf16> {nnc.name = "g", nnc.output}) {
    nnc.launch @wide ins(%x : memref<8xi64>) outs(%y : memref<8xi64>) work 8
    nnc.launch @copies ins(%x : memref<8xi64>) outs(%z : memref<8xi64>) work 64
    nnc.launch @half ins(%h : memref<8xf16>) outs(%g : memref<8xf16>) work 1
    return
  }
}
