// Comparisons and conversions of f32 and its square root for processors without
// floating point; see SoftFloat.mlir.

// -1, 0 or 1 as x is below, equal to or above y; `unordered` if one is NaN.
func.func private @__nncc_comparesf(%x: i32, %y: i32, %unordered: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %minusOne = arith.constant -1 : i32
  %allButSign = arith.constant 0x7FFFFFFF : i32
  %signBit = arith.constant 0x80000000 : i32
  %infinity = arith.constant 0x7F800000 : i32
  %absX = arith.andi %x, %allButSign : i32
  %absY = arith.andi %y, %allButSign : i32
  %larger = arith.maxui %absX, %absY : i32
  %isNaN = arith.cmpi ugt, %larger, %infinity : i32
  // Negative floats in the order of integers; -0 becomes 0.
  %isNegativeX = arith.cmpi slt, %x, %zero : i32
  %isNegativeY = arith.cmpi slt, %y, %zero : i32
  %flippedX = arith.subi %signBit, %x : i32
  %flippedY = arith.subi %signBit, %y : i32
  %orderX = arith.select %isNegativeX, %flippedX, %x : i32
  %orderY = arith.select %isNegativeY, %flippedY, %y : i32
  %isLess = arith.cmpi slt, %orderX, %orderY : i32
  %isSame = arith.cmpi eq, %orderX, %orderY : i32
  %notLess = arith.select %isSame, %zero, %one : i32
  %ordered = arith.select %isLess, %minusOne, %notLess : i32
  %result = arith.select %isNaN, %unordered, %ordered : i32
  return %result : i32
}

func.func private @__eqsf2(%x: i32, %y: i32) -> i32 {
  %unordered = arith.constant 1 : i32
  %result = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  return %result : i32
}
func.func private @__nesf2(%x: i32, %y: i32) -> i32 {
  %unordered = arith.constant 1 : i32
  %result = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  return %result : i32
}
func.func private @__ltsf2(%x: i32, %y: i32) -> i32 {
  %unordered = arith.constant 1 : i32
  %result = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  return %result : i32
}
func.func private @__lesf2(%x: i32, %y: i32) -> i32 {
  %unordered = arith.constant 1 : i32
  %result = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  return %result : i32
}
func.func private @__gtsf2(%x: i32, %y: i32) -> i32 {
  %unordered = arith.constant -1 : i32
  %result = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  return %result : i32
}
func.func private @__gesf2(%x: i32, %y: i32) -> i32 {
  %unordered = arith.constant -1 : i32
  %result = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  return %result : i32
}
func.func private @__unordsf2(%x: i32, %y: i32) -> i32 attributes {also = "__aeabi_fcmpun"} {
  %two = arith.constant 2 : i32
  %order = func.call @__nncc_comparesf(%x, %y, %two) : (i32, i32, i32) -> i32
  %isNaN = arith.cmpi eq, %order, %two : i32
  %result = arith.extui %isNaN : i1 to i32
  return %result : i32
}

// Arm's comparisons are true or false.
func.func private @__aeabi_fcmpeq(%x: i32, %y: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant 1 : i32
  %order = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  %holds = arith.cmpi eq, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}
func.func private @__aeabi_fcmplt(%x: i32, %y: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant 1 : i32
  %order = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  %holds = arith.cmpi slt, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}
func.func private @__aeabi_fcmple(%x: i32, %y: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant 1 : i32
  %order = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  %holds = arith.cmpi sle, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}
func.func private @__aeabi_fcmpgt(%x: i32, %y: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant -1 : i32
  %order = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  %holds = arith.cmpi sgt, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}
func.func private @__aeabi_fcmpge(%x: i32, %y: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant -1 : i32
  %order = func.call @__nncc_comparesf(%x, %y, %unordered) : (i32, i32, i32) -> i32
  %holds = arith.cmpi sge, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}

func.func private @__floatunsisf(%value: i32) -> i32 attributes {also = "__aeabi_ui2f"} {
  %zero = arith.constant 0 : i32
  %bias = arith.constant 158 : i32
  %isZero = arith.cmpi eq, %value, %zero : i32
  %result = scf.if %isZero -> i32 {
    scf.yield %zero : i32
  } else {
    %leading = "llvm.intr.ctlz"(%value) <{is_zero_poison = false}> : (i32) -> i32
    %significand = arith.shli %value, %leading : i32
    %exponent = arith.subi %bias, %leading : i32
    %packed = func.call @__nncc_packsf(%zero, %exponent, %significand) : (i32, i32, i32) -> i32
    scf.yield %packed : i32
  }
  return %result : i32
}

func.func private @__floatsisf(%value: i32) -> i32 attributes {also = "__aeabi_i2f"} {
  %c31 = arith.constant 31 : i32
  %signBit = arith.constant 0x80000000 : i32
  %minus = arith.shrsi %value, %c31 : i32
  %flipped = arith.xori %value, %minus : i32
  %magnitude = arith.subi %flipped, %minus : i32
  %bits = func.call @__floatunsisf(%magnitude) : (i32) -> i32
  %sign = arith.andi %minus, %signBit : i32
  %result = arith.ori %bits, %sign : i32
  return %result : i32
}

// Truncates; a value out of range gives any integer, as in LLVM.
func.func private @__fixunssfsi(%x: i32) -> i32 attributes {also = "__aeabi_f2uiz"} {
  %zero = arith.constant 0 : i32
  %c8 = arith.constant 8 : i32
  %c23 = arith.constant 23 : i32
  %c31 = arith.constant 31 : i32
  %byte = arith.constant 0xFF : i32
  %bias = arith.constant 158 : i32
  %top = arith.constant 0x80000000 : i32
  %high = arith.shrui %x, %c23 : i32
  %exponent = arith.andi %high, %byte : i32
  %left = arith.shli %x, %c8 : i32
  %significand = arith.ori %left, %top : i32
  %distance = arith.subi %bias, %exponent : i32
  %isFraction = arith.cmpi sgt, %distance, %c31 : i32
  %shift = arith.andi %distance, %c31 : i32
  %shifted = arith.shrui %significand, %shift : i32
  %result = arith.select %isFraction, %zero, %shifted : i32
  return %result : i32
}

func.func private @__fixsfsi(%x: i32) -> i32 attributes {also = "__aeabi_f2iz"} {
  %c31 = arith.constant 31 : i32
  %magnitude = func.call @__fixunssfsi(%x) : (i32) -> i32
  %minus = arith.shrsi %x, %c31 : i32
  %flipped = arith.xori %magnitude, %minus : i32
  %result = arith.subi %flipped, %minus : i32
  return %result : i32
}

// One bit of the root at a time: `root` is the root so far, `step` its next bit,
// `rest` what (root * root) leaves of the number, all of them scaled alike. No
// root of a float lies half-way between two floats.
func.func private @sqrtf(%x: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c25 = arith.constant 25 : index
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c7 = arith.constant 7 : i32
  %c23 = arith.constant 23 : i32
  %bias = arith.constant 127 : i32
  %halfBias = arith.constant 0x3F000000 : i32
  %firstStep = arith.constant 0x1000000 : i32
  %infinity = arith.constant 0x7F800000 : i32
  %nan = arith.constant 0x7FC00000 : i32
  %bits = arith.bitcast %x : f32 to i32
  %doubledBits = arith.shli %bits, %one : i32
  %isZero = arith.cmpi eq, %doubledBits, %zero : i32
  %isInfinity = arith.cmpi eq, %bits, %infinity : i32
  %isItself = arith.ori %isZero, %isInfinity : i1
  %isBad = arith.cmpi uge, %bits, %infinity : i32
  %isSpecial = arith.ori %isItself, %isBad : i1
  %result = scf.if %isSpecial -> i32 {
    %special = arith.select %isItself, %bits, %nan : i32
    scf.yield %special : i32
  } else {
    %number:2 = func.call @__nncc_unpacksf(%bits) : (i32) -> (i32, i32)
    %power = arith.subi %number#1, %bias : i32
    %odd = arith.andi %power, %one : i32
    %scaled = arith.shrui %number#0, %c7 : i32
    %start = arith.shli %scaled, %odd : i32
    %loop:4 = scf.for %i = %c0 to %c25 step %c1
        iter_args(%rest = %start, %root = %zero, %twice = %zero, %step = %firstStep)
        -> (i32, i32, i32, i32) {
      %trial = arith.addi %twice, %step : i32
      %fits = arith.cmpi ule, %trial, %rest : i32
      %less = arith.subi %rest, %trial : i32
      %kept = arith.select %fits, %less, %rest : i32
      %added = arith.select %fits, %step, %zero : i32
      %nextRoot = arith.addi %root, %added : i32
      %moreTwice = arith.addi %twice, %added : i32
      %nextTwice = arith.addi %moreTwice, %added : i32
      %nextRest = arith.shli %kept, %one : i32
      %nextStep = arith.shrui %step, %one : i32
      scf.yield %nextRest, %nextRoot, %nextTwice, %nextStep : i32, i32, i32, i32
    }
    %up = arith.andi %loop#1, %one : i32
    %even = arith.addi %loop#1, %up : i32
    %significand = arith.shrui %even, %one : i32
    %halfPower = arith.shrsi %power, %one : i32
    %place = arith.shli %halfPower, %c23 : i32
    %biased = arith.addi %significand, %halfBias : i32
    %root = arith.addi %biased, %place : i32
    scf.yield %root : i32
  }
  %float = arith.bitcast %result : i32 to f32
  return %float : f32
}
