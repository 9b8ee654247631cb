// RUN: sed s/TARGET/x86-64-v2/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefixes=CHECK,NOFMA,ROUND,NOHALF,TRUNCATE
// RUN: sed s/TARGET/x86-64-v3/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefixes=CHECK,FMA,ROUND,HALF
// RUN: sed s/TARGET/x86-64-v4/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefixes=CHECK,FMA,ROUND,HALF,SCALE
// RUN: sed s/TARGET/x86-64-v3/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefix=NOSCALE
// RUN: sed s/TARGET/aarch64/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefixes=CHECK,FMA,ROUND,HALF
// RUN: sed s/TARGET/aarch64/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefix=NOFENCE
// RUN: sed s/TARGET/cortex-m4/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefixes=CHECK,FMA,NOROUND,HALF
// RUN: sed s/TARGET/riscv64gcv/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefixes=CHECK,FMA,NOHALF,LRINT
// RUN: sed s/TARGET/cortex-m55/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefix=NAN
// RUN: sed s/TARGET/cortex-m3/ %s | nncc-opt -emit-legalize-freestanding | FileCheck %s --check-prefixes=CHECK,NOFMA,NOROUND,NOHALF

module attributes {nnc.target = {name = "TARGET"}} {
  // CHECK-LABEL: func.func @contract
  // FMA: math.fma %{{.*}} : vector<8xf32>
  // FMA-NOT: arith.mulf
  // NOFMA: arith.mulf
  // NOFMA: arith.addf
  func.func @contract(%a: vector<8xf32>, %b: vector<8xf32>, %c: vector<8xf32>) -> vector<8xf32> {
    %0 = arith.mulf %a, %b fastmath<contract> : vector<8xf32>
    %1 = arith.addf %0, %c fastmath<contract> : vector<8xf32>
    return %1 : vector<8xf32>
  }

  // Two roundings were asked for.
  // CHECK-LABEL: func.func @no_contract
  // CHECK: arith.mulf
  // CHECK: arith.addf
  func.func @no_contract(%a: f32, %b: f32, %c: f32) -> f32 {
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %0, %c : f32
    return %1 : f32
  }

  // CHECK-LABEL: func.func @integer_power
  // CHECK: %[[RESULT:.*]]:3 = scf.while (%{{.*}} = %{{.*}}, %{{.*}} = %arg0, %[[REST:.*]] = %arg1)
  // CHECK: %[[ANY:.*]] = vector.reduction <or>, %[[REST]] : vector<4xi32> into i32
  // CHECK: %[[GOES_ON:.*]] = arith.cmpi ne, %[[ANY]], %{{.*}} : i32
  // CHECK: scf.condition(%[[GOES_ON]])
  // CHECK: ^bb0(%[[ACC:.*]]: vector<4xi32>, %[[POWER:.*]]: vector<4xi32>, %[[BITS:.*]]: vector<4xi32>):
  // CHECK: %[[PRODUCT:.*]] = arith.muli %[[ACC]], %[[POWER]]
  // CHECK: %[[NEXT:.*]] = arith.select %{{.*}}, %[[PRODUCT]], %[[ACC]]
  // CHECK: arith.shrui %[[BITS]]
  // CHECK: %[[SCALAR:.*]]:3 = scf.while
  // CHECK-NOT: vector
  // CHECK: return %[[RESULT]]#0, %[[SCALAR]]#0
  func.func @integer_power(%x: vector<4xi32>, %n: vector<4xi32>, %a: i64, %b: i64) -> (vector<4xi32>, i64) {
    %0 = math.ipowi %x, %n : vector<4xi32>
    %1 = math.ipowi %a, %b : i64
    return %0, %1 : vector<4xi32>, i64
  }

  // CHECK-LABEL: func.func @fused
  // FMA: math.fma
  // FMA: math.fma
  // NOFMA-COUNT-2: arith.mulf
  func.func @fused(%a: vector<4xf32>, %b: f32) -> (vector<4xf32>, f32) {
    %0 = vector.fma %a, %a, %a : vector<4xf32>
    %1 = math.fma %b, %b, %b : f32
    return %0, %1 : vector<4xf32>, f32
  }

  // CHECK-LABEL: func.func @transcendental
  // CHECK-NOT: math.{{(exp|log|tanh|erf|sin|cos|rsqrt|powf)}}
  // CHECK: return
  func.func @transcendental(%x: vector<8xf32>, %y: f32) -> (vector<8xf32>, f32) {
    %0 = math.exp %x : vector<8xf32>
    %1 = math.tanh %0 : vector<8xf32>
    %2 = math.erf %1 : vector<8xf32>
    %3 = math.log %2 : vector<8xf32>
    %4 = math.rsqrt %3 : vector<8xf32>
    %5 = math.log10 %4 : vector<8xf32>
    %6 = math.exp %y : f32
    %7 = math.sin %6 : f32
    %8 = math.cos %7 : f32
    %9 = math.powf %8, %y : f32
    return %5, %9 : vector<8xf32>, f32
  }

  // LLVM would compare the halves, for which x86-64 has no instructions before AVX512-FP16.
  // SCALE-LABEL: func.func @halves
  // SCALE: %[[F:.*]] = llvm.fpext %{{.*}} : vector<8xf16> to vector<8xf32>
  // SCALE: llvm.call_intrinsic "llvm.arithmetic.fence"(%[[F]]) : (vector<8xf32>) -> vector<8xf32>
  // SCALE: arith.extf %{{.*}} : f16 to f32
  // NOFENCE-LABEL: func.func @halves
  // NOFENCE: arith.extf %{{.*}} : vector<8xf16> to vector<8xf32>
  func.func @halves(%x: vector<8xf16>, %y: f16) -> (vector<8xf32>, f32) {
    %0 = arith.extf %x : vector<8xf16> to vector<8xf32>
    %1 = arith.extf %y : f16 to f32
    return %0, %1 : vector<8xf32>, f32
  }

  // AVX-512 multiplies by 2^n; vectors that are no register, and scalars, do without.
  // SCALE-LABEL: func.func @power_of_two
  // SCALE-COUNT-1: llvm.call_intrinsic "llvm.x86.avx512.mask.scalef.ps.512"({{.*}}) : (vector<16xf32>, vector<16xf32>, vector<16xf32>, i16, i32)
  // SCALE-COUNT-1: llvm.call_intrinsic "llvm.x86.avx512.mask.scalef.pd.256"({{.*}}) : (vector<4xf64>, vector<4xf64>, vector<4xf64>, i8)
  // SCALE-NOT: call_intrinsic
  // SCALE: return
  // NOSCALE-LABEL: func.func @power_of_two
  // NOSCALE-NOT: scalef
  // NOSCALE: return
  func.func @power_of_two(%a: vector<16xf32>, %b: vector<4xf64>, %c: vector<2xf32>, %d: f32)
      -> (vector<16xf32>, vector<4xf64>, vector<2xf32>, f32) {
    %0 = math.exp %a : vector<16xf32>
    %1 = math.exp %b : vector<4xf64>
    %2 = math.exp %c : vector<2xf32>
    %3 = math.exp %d : f32
    return %0, %1, %2, %3 : vector<16xf32>, vector<4xf64>, vector<2xf32>, f32
  }

  // CHECK-LABEL: func.func @rounding
  // ROUND: math.floor
  // ROUND: math.ceil
  // ROUND: math.trunc
  // ROUND: math.roundeven
  // ROUND: math.round
  // NOROUND-NOT: math.{{(floor|ceil|trunc|round)}}
  // NOROUND: return
  func.func @rounding(%x: f32) -> f32 {
    %0 = math.floor %x : f32
    %1 = math.ceil %0 : f32
    %2 = math.trunc %1 : f32
    %3 = math.roundeven %2 : f32
    %4 = math.round %3 : f32
    return %4 : f32
  }

  // CHECK-LABEL: func.func @minmax
  // ROUND: arith.maxnumf
  // NOROUND-NOT: arith.m{{(ax|in)}}
  // NOROUND: return
  func.func @minmax(%x: f32, %y: f32) -> f32 {
    %0 = arith.maxnumf %x, %y : f32
    %1 = arith.minimumf %0, %y : f32
    return %1 : f32
  }

  // CHECK-LABEL: func.func @half
  // HALF: {{arith.extf|llvm.fpext}} %{{.*}} : vector<8xf16> to vector<8xf32>
  // HALF: arith.truncf %{{.*}} : vector<8xf32> to vector<8xf16>
  // NOHALF-NOT: arith.{{(extf|truncf)}}
  // NOHALF: return
  func.func @half(%x: vector<8xf16>) -> vector<8xf16> {
    %0 = arith.extf %x : vector<8xf16> to vector<8xf32>
    %1 = arith.mulf %0, %0 : vector<8xf32>
    %2 = arith.truncf %1 : vector<8xf32> to vector<8xf16>
    return %2 : vector<8xf16>
  }

  // CHECK-LABEL: func.func @bfloat
  // CHECK-NOT: arith.{{(extf|truncf)}}
  // CHECK: return
  func.func @bfloat(%x: bf16) -> bf16 {
    %0 = arith.extf %x : bf16 to f32
    %1 = arith.mulf %0, %0 : f32
    %2 = arith.truncf %1 : f32 to bf16
    return %2 : bf16
  }

  // A function of f16 values computes in f32.
  // CHECK-LABEL: func.func @half_exp
  // CHECK-NOT: math.exp
  // CHECK: return
  func.func @half_exp(%x: f16) -> f16 {
    %0 = math.exp %x : f16
    return %0 : f16
  }

  // Where vectors of floats become integers by rounding only, they are integers
  // first.
  // CHECK-LABEL: func.func @truncate
  // TRUNCATE: arith.fptosi
  // LRINT: %[[ABS:.*]] = math.absf
  // LRINT: %[[FLOOR:.*]] = math.floor %[[ABS]]
  // LRINT: %[[WHOLE:.*]] = math.copysign %[[FLOOR]]
  // LRINT: %[[WORDS:.*]] = llvm.call_intrinsic "llvm.lrint"(%[[WHOLE]]) : (vector<4xf32>) -> vector<4xi32>
  // LRINT: arith.trunci %[[WORDS]] : vector<4xi32> to vector<4xi8>
  // LRINT: %[[UP:.*]] = math.ceil
  // LRINT-NEXT: llvm.call_intrinsic "llvm.lrint"(%[[UP]])
  func.func @truncate(%x: vector<4xf32>) -> (vector<4xi8>, vector<4xi32>) {
    %0 = arith.fptosi %x : vector<4xf32> to vector<4xi8>
    %1 = math.ceil %x : vector<4xf32>
    %2 = arith.fptosi %1 : vector<4xf32> to vector<4xi32>
    return %0, %2 : vector<4xi8>, vector<4xi32>
  }

  // Where LLVM inverts comparisons of vectors as if no element were NaN, integers
  // tell whether one is; of a constant it is known.
  // NAN-LABEL: func.func @compare
  // NAN-DAG: %[[MASK:.*]] = arith.constant dense<2147483647> : vector<4xi32>
  // NAN-DAG: %[[INF:.*]] = arith.constant dense<2139095040> : vector<4xi32>
  // NAN: %[[LESS:.*]] = arith.cmpf olt, %arg0, %{{.*}} : vector<4xf32>
  // NAN: %[[BITS:.*]] = arith.bitcast %arg0
  // NAN: %[[SIZE:.*]] = arith.andi %[[BITS]], %[[MASK]]
  // NAN: %[[NUMBER:.*]] = arith.cmpi sle, %[[SIZE]], %[[INF]]
  // NAN: arith.andi %[[LESS]], %[[NUMBER]]
  // NAN: %[[NOT:.*]] = arith.cmpf une, %arg0, %arg1
  // NAN: arith.ori %[[NOT]]
  // NAN-NOT: cmpf
  // NAN: arith.cmpi sgt
  // NAN: arith.cmpi sgt
  // NAN: arith.ori
  // NAN: arith.cmpf olt, %arg2
  // NAN: return
  // CHECK-LABEL: func.func @compare
  // CHECK-NOT: arith.bitcast
  // CHECK: return
  func.func @compare(%x: vector<4xf32>, %y: vector<4xf32>, %z: f32) -> (vector<4xi1>, vector<4xi1>, vector<4xi1>, i1) {
    %one = arith.constant dense<1.0> : vector<4xf32>
    %zero = arith.constant 0.0 : f32
    %0 = arith.cmpf olt, %x, %one : vector<4xf32>
    %1 = arith.cmpf une, %x, %y : vector<4xf32>
    %2 = arith.cmpf uno, %x, %y : vector<4xf32>
    %3 = arith.cmpf olt, %z, %zero : f32
    return %0, %1, %2, %3 : vector<4xi1>, vector<4xi1>, vector<4xi1>, i1
  }
}
