// Comparisons and conversions of f64 and its square root for processors
// without it; see SoftDouble.mlir.

// -1, 0 or 1 as x is below, equal to or above y; `unordered` if one is NaN.
func.func private @__nncc_comparedf(%x: i64, %y: i64, %unordered: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %none = arith.constant 0 : i64
  %one = arith.constant 1 : i32
  %minusOne = arith.constant -1 : i32
  %allButSign = arith.constant 0x7FFFFFFFFFFFFFFF : i64
  %signBit = arith.constant 0x8000000000000000 : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64
  %absX = arith.andi %x, %allButSign : i64
  %absY = arith.andi %y, %allButSign : i64
  %larger = arith.maxui %absX, %absY : i64
  %isNaN = arith.cmpi ugt, %larger, %infinity : i64
  // Negative floats in the order of integers; -0 becomes 0.
  %isNegativeX = arith.cmpi slt, %x, %none : i64
  %isNegativeY = arith.cmpi slt, %y, %none : i64
  %flippedX = arith.subi %signBit, %x : i64
  %flippedY = arith.subi %signBit, %y : i64
  %orderX = arith.select %isNegativeX, %flippedX, %x : i64
  %orderY = arith.select %isNegativeY, %flippedY, %y : i64
  %isLess = arith.cmpi slt, %orderX, %orderY : i64
  %isSame = arith.cmpi eq, %orderX, %orderY : i64
  %notLess = arith.select %isSame, %zero, %one : i32
  %ordered = arith.select %isLess, %minusOne, %notLess : i32
  %result = arith.select %isNaN, %unordered, %ordered : i32
  return %result : i32
}

func.func private @__eqdf2(%x: i64, %y: i64) -> i32 {
  %unordered = arith.constant 1 : i32
  %result = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  return %result : i32
}
func.func private @__nedf2(%x: i64, %y: i64) -> i32 {
  %unordered = arith.constant 1 : i32
  %result = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  return %result : i32
}
func.func private @__ltdf2(%x: i64, %y: i64) -> i32 {
  %unordered = arith.constant 1 : i32
  %result = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  return %result : i32
}
func.func private @__ledf2(%x: i64, %y: i64) -> i32 {
  %unordered = arith.constant 1 : i32
  %result = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  return %result : i32
}
func.func private @__gtdf2(%x: i64, %y: i64) -> i32 {
  %unordered = arith.constant -1 : i32
  %result = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  return %result : i32
}
func.func private @__gedf2(%x: i64, %y: i64) -> i32 {
  %unordered = arith.constant -1 : i32
  %result = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  return %result : i32
}
func.func private @__unorddf2(%x: i64, %y: i64) -> i32 attributes {also = "__aeabi_dcmpun"} {
  %two = arith.constant 2 : i32
  %order = func.call @__nncc_comparedf(%x, %y, %two) : (i64, i64, i32) -> i32
  %isNaN = arith.cmpi eq, %order, %two : i32
  %result = arith.extui %isNaN : i1 to i32
  return %result : i32
}

// Arm's comparisons are true or false.
func.func private @__aeabi_dcmpeq(%x: i64, %y: i64) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant 1 : i32
  %order = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  %holds = arith.cmpi eq, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}
func.func private @__aeabi_dcmplt(%x: i64, %y: i64) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant 1 : i32
  %order = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  %holds = arith.cmpi slt, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}
func.func private @__aeabi_dcmple(%x: i64, %y: i64) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant 1 : i32
  %order = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  %holds = arith.cmpi sle, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}
func.func private @__aeabi_dcmpgt(%x: i64, %y: i64) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant -1 : i32
  %order = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  %holds = arith.cmpi sgt, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}
func.func private @__aeabi_dcmpge(%x: i64, %y: i64) -> i32 {
  %zero = arith.constant 0 : i32
  %unordered = arith.constant -1 : i32
  %order = func.call @__nncc_comparedf(%x, %y, %unordered) : (i64, i64, i32) -> i32
  %holds = arith.cmpi sge, %order, %zero : i32
  %result = arith.extui %holds : i1 to i32
  return %result : i32
}

func.func private @__floatundidf(%value: i64) -> i64 attributes {also = "__aeabi_ul2d"} {
  %zero = arith.constant 0 : i64
  %bias = arith.constant 1086 : i64
  %isZero = arith.cmpi eq, %value, %zero : i64
  %result = scf.if %isZero -> i64 {
    scf.yield %zero : i64
  } else {
    %leading = "llvm.intr.ctlz"(%value) <{is_zero_poison = false}> : (i64) -> i64
    %significand = arith.shli %value, %leading : i64
    %exponent = arith.subi %bias, %leading : i64
    %packed = func.call @__nncc_packdf(%zero, %exponent, %significand) : (i64, i64, i64) -> i64
    scf.yield %packed : i64
  }
  return %result : i64
}

func.func private @__floatdidf(%value: i64) -> i64 attributes {also = "__aeabi_l2d"} {
  %c63 = arith.constant 63 : i64
  %signBit = arith.constant 0x8000000000000000 : i64
  %minus = arith.shrsi %value, %c63 : i64
  %flipped = arith.xori %value, %minus : i64
  %magnitude = arith.subi %flipped, %minus : i64
  %bits = func.call @__floatundidf(%magnitude) : (i64) -> i64
  %sign = arith.andi %minus, %signBit : i64
  %result = arith.ori %bits, %sign : i64
  return %result : i64
}

func.func private @__floatunsidf(%value: i32) -> i64 attributes {also = "__aeabi_ui2d"} {
  %wide = arith.extui %value : i32 to i64
  %result = func.call @__floatundidf(%wide) : (i64) -> i64
  return %result : i64
}

func.func private @__floatsidf(%value: i32) -> i64 attributes {also = "__aeabi_i2d"} {
  %wide = arith.extsi %value : i32 to i64
  %result = func.call @__floatdidf(%wide) : (i64) -> i64
  return %result : i64
}

// Truncates; a value out of range gives any integer, as in LLVM.
func.func private @__fixunsdfdi(%x: i64) -> i64 attributes {also = "__aeabi_d2ulz"} {
  %zero = arith.constant 0 : i64
  %c11 = arith.constant 11 : i64
  %c52 = arith.constant 52 : i64
  %c63 = arith.constant 63 : i64
  %mask = arith.constant 0x7FF : i64
  %bias = arith.constant 1086 : i64
  %top = arith.constant 0x8000000000000000 : i64
  %high = arith.shrui %x, %c52 : i64
  %exponent = arith.andi %high, %mask : i64
  %left = arith.shli %x, %c11 : i64
  %significand = arith.ori %left, %top : i64
  %distance = arith.subi %bias, %exponent : i64
  %isFraction = arith.cmpi sgt, %distance, %c63 : i64
  %shift = arith.andi %distance, %c63 : i64
  %shifted = arith.shrui %significand, %shift : i64
  %result = arith.select %isFraction, %zero, %shifted : i64
  return %result : i64
}

func.func private @__fixdfdi(%x: i64) -> i64 attributes {also = "__aeabi_d2lz"} {
  %c63 = arith.constant 63 : i64
  %magnitude = func.call @__fixunsdfdi(%x) : (i64) -> i64
  %minus = arith.shrsi %x, %c63 : i64
  %flipped = arith.xori %magnitude, %minus : i64
  %result = arith.subi %flipped, %minus : i64
  return %result : i64
}

func.func private @__fixunsdfsi(%x: i64) -> i32 attributes {also = "__aeabi_d2uiz"} {
  %wide = func.call @__fixunsdfdi(%x) : (i64) -> i64
  %result = arith.trunci %wide : i64 to i32
  return %result : i32
}

func.func private @__fixdfsi(%x: i64) -> i32 attributes {also = "__aeabi_d2iz"} {
  %wide = func.call @__fixdfdi(%x) : (i64) -> i64
  %result = arith.trunci %wide : i64 to i32
  return %result : i32
}

// Every f32 is an f64; the exponents differ by 1023 - 127.
func.func private @__extendsfdf2(%x: i32) -> i64 attributes {also = "__aeabi_f2d"} {
  %zero = arith.constant 0 : i32
  %none = arith.constant 0 : i64
  %c21 = arith.constant 21 : i64
  %c29 = arith.constant 29 : i64
  %c52 = arith.constant 52 : i64
  %bias = arith.constant 895 : i64
  %allButSign = arith.constant 0x7FFFFFFF : i32
  %infinity = arith.constant 0x7F800000 : i32
  %signBit = arith.constant 0x8000000000000000 : i64
  %highest = arith.constant 0x7000000000000000 : i64
  %wide = arith.extsi %x : i32 to i64
  %sign = arith.andi %wide, %signBit : i64
  %abs = arith.andi %x, %allButSign : i32
  %isZero = arith.cmpi eq, %abs, %zero : i32
  %isSpecial = arith.cmpi uge, %abs, %infinity : i32
  %magnitude = scf.if %isSpecial -> i64 {
    %word = arith.extui %abs : i32 to i64
    %moved = arith.shli %word, %c29 : i64
    %special = arith.ori %moved, %highest : i64
    scf.yield %special : i64
  } else {
    // The first bit of the significand adds one to the exponent.
    %number:2 = func.call @__nncc_unpacksf(%x) : (i32) -> (i32, i32)
    %word = arith.extui %number#0 : i32 to i64
    %significand = arith.shli %word, %c21 : i64
    %power = arith.extsi %number#1 : i32 to i64
    %field = arith.addi %power, %bias : i64
    %place = arith.shli %field, %c52 : i64
    %sum = arith.addi %place, %significand : i64
    %finite = arith.select %isZero, %none, %sum : i64
    scf.yield %finite : i64
  }
  %result = arith.ori %sign, %magnitude : i64
  return %result : i64
}

func.func private @__truncdfsf2(%x: i64) -> i32 attributes {also = "__aeabi_d2f"} {
  %zero = arith.constant 0 : i64
  %c32 = arith.constant 32 : i64
  %bias = arith.constant 896 : i64
  %lowWord = arith.constant 0xFFFFFFFF : i64
  %allButSign = arith.constant 0x7FFFFFFFFFFFFFFF : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64
  %signBit = arith.constant 0x80000000 : i32
  %highWord = arith.shrui %x, %c32 : i64
  %high = arith.trunci %highWord : i64 to i32
  %sign = arith.andi %high, %signBit : i32
  %abs = arith.andi %x, %allButSign : i64
  %isZero = arith.cmpi eq, %abs, %zero : i64
  %isSpecial = arith.cmpi uge, %abs, %infinity : i64
  %isEasy = arith.ori %isZero, %isSpecial : i1
  %result = scf.if %isEasy -> i32 {
    %none = arith.constant 0 : i32
    %narrowInfinity = arith.constant 0x7F800000 : i32
    %nan = arith.constant 0x7FC00000 : i32
    %isNaN = arith.cmpi ugt, %abs, %infinity : i64
    %large = arith.select %isNaN, %nan, %narrowInfinity : i32
    %magnitude = arith.select %isZero, %none, %large : i32
    %easy = arith.ori %sign, %magnitude : i32
    scf.yield %easy : i32
  } else {
    %number:2 = func.call @__nncc_unpackdf(%x) : (i64) -> (i64, i64)
    %low = arith.andi %number#0, %lowWord : i64
    %isInexact = arith.cmpi ne, %low, %zero : i64
    %sticky = arith.extui %isInexact : i1 to i32
    %top = arith.shrui %number#0, %c32 : i64
    %word = arith.trunci %top : i64 to i32
    %significand = arith.ori %word, %sticky : i32
    %power = arith.subi %number#1, %bias : i64
    %exponent = arith.trunci %power : i64 to i32
    %packed = func.call @__nncc_packsf(%sign, %exponent, %significand) : (i32, i32, i32) -> i32
    scf.yield %packed : i32
  }
  return %result : i32
}

// One bit of the root at a time: `root` is the root so far, `step` its next bit,
// `rest` what (root * root) leaves of the number, all of them scaled alike. No
// root of a float lies half-way between two floats.
func.func private @sqrt(%x: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c54 = arith.constant 54 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %c10 = arith.constant 10 : i64
  %c52 = arith.constant 52 : i64
  %bias = arith.constant 1023 : i64
  %halfBias = arith.constant 0x3FE0000000000000 : i64
  %firstStep = arith.constant 0x20000000000000 : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64
  %nan = arith.constant 0x7FF8000000000000 : i64
  %bits = arith.bitcast %x : f64 to i64
  %doubledBits = arith.shli %bits, %one : i64
  %isZero = arith.cmpi eq, %doubledBits, %zero : i64
  %isInfinity = arith.cmpi eq, %bits, %infinity : i64
  %isItself = arith.ori %isZero, %isInfinity : i1
  %isBad = arith.cmpi uge, %bits, %infinity : i64
  %isSpecial = arith.ori %isItself, %isBad : i1
  %result = scf.if %isSpecial -> i64 {
    %special = arith.select %isItself, %bits, %nan : i64
    scf.yield %special : i64
  } else {
    %number:2 = func.call @__nncc_unpackdf(%bits) : (i64) -> (i64, i64)
    %power = arith.subi %number#1, %bias : i64
    %odd = arith.andi %power, %one : i64
    %scaled = arith.shrui %number#0, %c10 : i64
    %start = arith.shli %scaled, %odd : i64
    %loop:4 = scf.for %i = %c0 to %c54 step %c1
        iter_args(%rest = %start, %root = %zero, %twice = %zero, %step = %firstStep)
        -> (i64, i64, i64, i64) {
      %trial = arith.addi %twice, %step : i64
      %fits = arith.cmpi ule, %trial, %rest : i64
      %less = arith.subi %rest, %trial : i64
      %kept = arith.select %fits, %less, %rest : i64
      %added = arith.select %fits, %step, %zero : i64
      %nextRoot = arith.addi %root, %added : i64
      %moreTwice = arith.addi %twice, %added : i64
      %nextTwice = arith.addi %moreTwice, %added : i64
      %nextRest = arith.shli %kept, %one : i64
      %nextStep = arith.shrui %step, %one : i64
      scf.yield %nextRest, %nextRoot, %nextTwice, %nextStep : i64, i64, i64, i64
    }
    %up = arith.andi %loop#1, %one : i64
    %even = arith.addi %loop#1, %up : i64
    %significand = arith.shrui %even, %one : i64
    %halfPower = arith.shrsi %power, %one : i64
    %place = arith.shli %halfPower, %c52 : i64
    %biased = arith.addi %significand, %halfBias : i64
    %root = arith.addi %biased, %place : i64
    scf.yield %root : i64
  }
  %float = arith.bitcast %result : i64 to f64
  return %float : f64
}
