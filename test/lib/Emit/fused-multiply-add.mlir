// A product added to a sum is one instruction where the target has it, two
// where not, in vector and in scalar code.
// RUN: sed s/TARGET/x86-64-v2/ %s | nncc-translate --mlir-to-assembly | FileCheck %s --check-prefix=V2
// RUN: sed s/TARGET/x86-64-v3/ %s | nncc-translate --mlir-to-assembly | FileCheck %s --check-prefix=V3
// RUN: sed s/TARGET/x86-64-v4/ %s | nncc-translate --mlir-to-assembly | FileCheck %s --check-prefix=V4
// RUN: sed s/TARGET/aarch64/ %s | nncc-translate --mlir-to-assembly | FileCheck %s --check-prefix=ARM64
// RUN: sed s/TARGET/cortex-m4/ %s | nncc-translate --mlir-to-assembly | FileCheck %s --check-prefix=M4

module attributes {nnc.model = "net", nnc.target = {name = "TARGET"}} {
  // V2-LABEL: vector:
  // V2-NOT: vfmadd
  // V2: mulps
  // V2: addps
  // V3-LABEL: vector:
  // V3-COUNT-2: vfmadd{{[0-9]+}}ps {{.*}}%ymm
  // V4-LABEL: vector:
  // V4: vfmadd{{[0-9]+}}ps {{.*}}%zmm
  // V4-NOT: vfmadd
  // V4: retq
  // ARM64-LABEL: vector:
  // ARM64-COUNT-4: fmla v{{[0-9]+}}.4s
  // M4-LABEL: vector:
  // M4-COUNT-16: vfma.f32
  func.func private @vector(%x: memref<64xf32>, %y: memref<64xf32> {llvm.noalias}, %lo: index, %hi: index) {
    %c16 = arith.constant 16 : index
    scf.for %i = %lo to %hi step %c16 {
      %a = vector.load %x[%i] : memref<64xf32>, vector<16xf32>
      %s = vector.load %y[%i] : memref<64xf32>, vector<16xf32>
      %p = arith.mulf %a, %a fastmath<contract> : vector<16xf32>
      %r = arith.addf %p, %s fastmath<contract> : vector<16xf32>
      vector.store %r, %y[%i] : memref<64xf32>, vector<16xf32>
    }
    return
  }

  // V2-LABEL: scalar:
  // V2-NOT: vfmadd
  // V2: mulss
  // V2: addss
  // V3-LABEL: scalar:
  // V3: vfmadd{{[0-9]+}}ss
  // V4-LABEL: scalar:
  // V4: vfmadd{{[0-9]+}}ss
  // ARM64-LABEL: scalar:
  // ARM64: fmadd s
  // M4-LABEL: scalar:
  // M4: vfma.f32
  // Without permission to contract there are two roundings.
  // V3: vmulss
  // V3: vaddss
  // ARM64: fmul s
  // ARM64: fadd s
  // M4: vmul.f32
  // M4: vadd.f32
  func.func private @scalar(%x: memref<64xf32>, %y: memref<64xf32>, %lo: index, %hi: index) {
    %c1 = arith.constant 1 : index
    scf.for %i = %lo to %hi step %c1 {
      %a = memref.load %x[%i] : memref<64xf32>
      %s = memref.load %y[%i] : memref<64xf32>
      %p = arith.mulf %a, %a fastmath<contract> : f32
      %r = arith.addf %p, %s fastmath<contract> : f32
      %q = arith.mulf %r, %a : f32
      %t = arith.addf %q, %s : f32
      memref.store %t, %y[%i] : memref<64xf32>
    }
    return
  }

  func.func @main(%x: memref<64xf32> {nnc.name = "x"}, %y: memref<64xf32> {nnc.name = "y", nnc.output}) {
    nnc.launch @vector ins(%x : memref<64xf32>) outs(%y : memref<64xf32>) work 64
    nnc.launch @scalar ins(%x : memref<64xf32>) outs(%y : memref<64xf32>) work 64
    return
  }
}
