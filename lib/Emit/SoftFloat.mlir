// Arithmetic on f32 for processors without it, correctly rounded to nearest even
// with subnormals, infinities and NaN. Floats are i32 here, as they are passed.
// `also` is the name under which Arm's run-time ABI knows a function.

// A float of `sign`, exponent field `exponent` and a significand whose first bit
// is bit 31; bits 7 to 0 are rounded away, bit 0 stands for all that follow. With
// exponent 1 the significand may be smaller.
func.func private @__nncc_packsf(%sign: i32, %exponent: i32, %significand: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c8 = arith.constant 8 : i32
  %c23 = arith.constant 23 : i32
  %c31 = arith.constant 31 : i32
  %below = arith.constant 0x7F : i32
  %low = arith.constant 0xFF : i32
  %infinity = arith.constant 0x7F800000 : i32
  %c254 = arith.constant 254 : i32

  %isSmall = arith.cmpi slt, %exponent, %one : i32
  %kept = scf.if %isSmall -> i32 {
    %distance = arith.subi %one, %exponent : i32
    %shift = arith.minui %distance, %c31 : i32
    %shifted = arith.shrui %significand, %shift : i32
    %back = arith.shli %shifted, %shift : i32
    %isInexact = arith.cmpi ne, %back, %significand : i32
    %sticky = arith.extui %isInexact : i1 to i32
    %all = arith.ori %shifted, %sticky : i32
    scf.yield %all : i32
  } else {
    scf.yield %significand : i32
  }
  %least = arith.maxsi %exponent, %one : i32
  %field = arith.subi %least, %one : i32

  // The first bit of the significand adds one to the exponent.
  %whole = arith.shrui %kept, %c8 : i32
  %rest = arith.andi %kept, %low : i32
  %odd = arith.andi %whole, %one : i32
  %half = arith.addi %rest, %odd : i32
  %more = arith.addi %half, %below : i32
  %up = arith.shrui %more, %c8 : i32
  %place = arith.shli %field, %c23 : i32
  %truncated = arith.addi %place, %whole : i32
  %rounded = arith.addi %truncated, %up : i32
  %isLarge = arith.cmpi sgt, %exponent, %c254 : i32
  %magnitude = arith.select %isLarge, %infinity, %rounded : i32
  %result = arith.ori %sign, %magnitude : i32
  return %result : i32
}

// The significand of a finite float, its first bit in bit 31, and its exponent,
// which is below 1 for subnormals.
func.func private @__nncc_unpacksf(%x: i32) -> (i32, i32) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c8 = arith.constant 8 : i32
  %c23 = arith.constant 23 : i32
  %byte = arith.constant 0xFF : i32
  %top = arith.constant 0x80000000 : i32
  %high = arith.shrui %x, %c23 : i32
  %exponent = arith.andi %high, %byte : i32
  %shifted = arith.shli %x, %c8 : i32
  %full = arith.ori %shifted, %top : i32
  %isNormal = arith.cmpi ne, %exponent, %zero : i32
  %result:2 = scf.if %isNormal -> (i32, i32) {
    scf.yield %full, %exponent : i32, i32
  } else {
    %leading = "llvm.intr.ctlz"(%shifted) <{is_zero_poison = false}> : (i32) -> i32
    %normal = arith.shli %shifted, %leading : i32
    %lower = arith.subi %one, %leading : i32
    scf.yield %normal, %lower : i32, i32
  }
  return %result#0, %result#1 : i32, i32
}

// The larger magnitude comes first; the smaller one is shifted to its place.
func.func private @__addsf3(%x: i32, %y: i32) -> i32 attributes {also = "__aeabi_fadd"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c7 = arith.constant 7 : i32
  %c23 = arith.constant 23 : i32
  %c31 = arith.constant 31 : i32
  %byte = arith.constant 0xFF : i32
  %fraction = arith.constant 0x7FFFFF : i32
  %hidden = arith.constant 0x800000 : i32
  %allButSign = arith.constant 0x7FFFFFFF : i32
  %signBit = arith.constant 0x80000000 : i32
  %infinity = arith.constant 0x7F800000 : i32

  %absX = arith.andi %x, %allButSign : i32
  %absY = arith.andi %y, %allButSign : i32
  %isLess = arith.cmpi ult, %absX, %absY : i32
  %a = arith.select %isLess, %y, %x : i32
  %b = arith.select %isLess, %x, %y : i32
  %absA = arith.select %isLess, %absY, %absX : i32
  %absB = arith.select %isLess, %absX, %absY : i32
  %differ = arith.xori %a, %b : i32
  %isDifference = arith.cmpi slt, %differ, %zero : i32
  %isFinite = arith.cmpi ult, %absA, %infinity : i32

  %result = scf.if %isFinite -> i32 {
    %sign = arith.andi %a, %signBit : i32
    %fieldA = arith.shrui %absA, %c23 : i32
    %fieldB = arith.shrui %absB, %c23 : i32
    %expA = arith.maxui %fieldA, %one : i32
    %expB = arith.maxui %fieldB, %one : i32
    %isNormalA = arith.cmpi ne, %fieldA, %zero : i32
    %isNormalB = arith.cmpi ne, %fieldB, %zero : i32
    %hiddenA = arith.select %isNormalA, %hidden, %zero : i32
    %hiddenB = arith.select %isNormalB, %hidden, %zero : i32
    %lowA = arith.andi %absA, %fraction : i32
    %lowB = arith.andi %absB, %fraction : i32
    %fullA = arith.ori %lowA, %hiddenA : i32
    %fullB = arith.ori %lowB, %hiddenB : i32
    %sigA = arith.shli %fullA, %c7 : i32
    %sigB = arith.shli %fullB, %c7 : i32
    %distance = arith.subi %expA, %expB : i32
    %shift = arith.minui %distance, %c31 : i32
    %shifted = arith.shrui %sigB, %shift : i32
    %back = arith.shli %shifted, %shift : i32
    %isInexact = arith.cmpi ne, %back, %sigB : i32
    %sticky = arith.extui %isInexact : i1 to i32
    %aligned = arith.ori %shifted, %sticky : i32

    %finite = scf.if %isDifference -> i32 {
      %difference = arith.subi %sigA, %aligned : i32
      %isZero = arith.cmpi eq, %difference, %zero : i32
      %exact = scf.if %isZero -> i32 {
        scf.yield %zero : i32
      } else {
        %leading = "llvm.intr.ctlz"(%difference) <{is_zero_poison = false}> : (i32) -> i32
        %left = arith.minui %leading, %expA : i32
        %normal = arith.shli %difference, %left : i32
        %higher = arith.addi %expA, %one : i32
        %exponent = arith.subi %higher, %left : i32
        %packed = func.call @__nncc_packsf(%sign, %exponent, %normal) : (i32, i32, i32) -> i32
        scf.yield %packed : i32
      }
      scf.yield %exact : i32
    } else {
      %sum = arith.addi %sigA, %aligned : i32
      %carries = arith.cmpi slt, %sum, %zero : i32
      %doubled = arith.shli %sum, %one : i32
      %significand = arith.select %carries, %sum, %doubled : i32
      %carry = arith.extui %carries : i1 to i32
      %exponent = arith.addi %expA, %carry : i32
      %packed = func.call @__nncc_packsf(%sign, %exponent, %significand) : (i32, i32, i32) -> i32
      scf.yield %packed : i32
    }
    scf.yield %finite : i32
  } else {
    // Infinity and anything finite, infinity and itself; the rest is NaN.
    %nan = arith.constant 0x7FC00000 : i32
    %isNaN = arith.cmpi ugt, %absA, %infinity : i32
    %isInfinityB = arith.cmpi eq, %absB, %infinity : i32
    %cancels = arith.andi %isInfinityB, %isDifference : i1
    %isBad = arith.ori %isNaN, %cancels : i1
    %special = arith.select %isBad, %nan, %a : i32
    scf.yield %special : i32
  }
  return %result : i32
}

func.func private @__subsf3(%x: i32, %y: i32) -> i32 attributes {also = "__aeabi_fsub"} {
  %signBit = arith.constant 0x80000000 : i32
  %minus = arith.xori %y, %signBit : i32
  %result = func.call @__addsf3(%x, %minus) : (i32, i32) -> i32
  return %result : i32
}

func.func private @__mulsf3(%x: i32, %y: i32) -> i32 attributes {also = "__aeabi_fmul"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %bias = arith.constant 127 : i32
  %allButSign = arith.constant 0x7FFFFFFF : i32
  %signBit = arith.constant 0x80000000 : i32
  %infinity = arith.constant 0x7F800000 : i32
  %differ = arith.xori %x, %y : i32
  %sign = arith.andi %differ, %signBit : i32
  %absX = arith.andi %x, %allButSign : i32
  %absY = arith.andi %y, %allButSign : i32
  %larger = arith.maxui %absX, %absY : i32
  %smaller = arith.minui %absX, %absY : i32
  %isFinite = arith.cmpi ult, %larger, %infinity : i32
  %isNonZero = arith.cmpi ne, %smaller, %zero : i32
  %isOrdinary = arith.andi %isFinite, %isNonZero : i1

  %result = scf.if %isOrdinary -> i32 {
    %a:2 = func.call @__nncc_unpacksf(%x) : (i32) -> (i32, i32)
    %b:2 = func.call @__nncc_unpacksf(%y) : (i32) -> (i32, i32)
    %low, %high = arith.mului_extended %a#0, %b#0 : i32
    %isInexact = arith.cmpi ne, %low, %zero : i32
    %sticky = arith.extui %isInexact : i1 to i32
    %product = arith.ori %high, %sticky : i32
    %sum = arith.addi %a#1, %b#1 : i32
    %exponent = arith.subi %sum, %bias : i32
    // The product of two numbers in [1, 2) is in [1, 4).
    %isLarge = arith.cmpi slt, %product, %zero : i32
    %doubled = arith.shli %product, %one : i32
    %significand = arith.select %isLarge, %product, %doubled : i32
    %carry = arith.extui %isLarge : i1 to i32
    %final = arith.addi %exponent, %carry : i32
    %packed = func.call @__nncc_packsf(%sign, %final, %significand) : (i32, i32, i32) -> i32
    scf.yield %packed : i32
  } else {
    // Zero, infinity, or NaN: also for zero times infinity.
    %nan = arith.constant 0x7FC00000 : i32
    %isNaN = arith.cmpi ugt, %larger, %infinity : i32
    %isZero = arith.cmpi eq, %smaller, %zero : i32
    %isInfinite = arith.cmpi uge, %larger, %infinity : i32
    %both = arith.andi %isZero, %isInfinite : i1
    %isBad = arith.ori %isNaN, %both : i1
    %magnitude = arith.select %isZero, %zero, %infinity : i32
    %signed = arith.ori %magnitude, %sign : i32
    %special = arith.select %isBad, %nan, %signed : i32
    scf.yield %special : i32
  }
  return %result : i32
}

// One bit of the quotient at a time, as many as are rounded and one more.
func.func private @__divsf3(%x: i32, %y: i32) -> i32 attributes {also = "__aeabi_fdiv"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c6 = arith.constant 6 : i32
  %c8 = arith.constant 8 : i32
  %bias = arith.constant 127 : i32
  %allButSign = arith.constant 0x7FFFFFFF : i32
  %signBit = arith.constant 0x80000000 : i32
  %infinity = arith.constant 0x7F800000 : i32
  %differ = arith.xori %x, %y : i32
  %sign = arith.andi %differ, %signBit : i32
  %absX = arith.andi %x, %allButSign : i32
  %absY = arith.andi %y, %allButSign : i32
  %larger = arith.maxui %absX, %absY : i32
  %smaller = arith.minui %absX, %absY : i32
  %isFinite = arith.cmpi ult, %larger, %infinity : i32
  %isNonZero = arith.cmpi ne, %smaller, %zero : i32
  %isOrdinary = arith.andi %isFinite, %isNonZero : i1

  %result = scf.if %isOrdinary -> i32 {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c26 = arith.constant 26 : index
    %a:2 = func.call @__nncc_unpacksf(%x) : (i32) -> (i32, i32)
    %b:2 = func.call @__nncc_unpacksf(%y) : (i32) -> (i32, i32)
    %dividend = arith.shrui %a#0, %c8 : i32
    %divisor = arith.shrui %b#0, %c8 : i32
    %isLess = arith.cmpi ult, %dividend, %divisor : i32
    %doubled = arith.shli %dividend, %one : i32
    %start = arith.select %isLess, %doubled, %dividend : i32
    %loop:2 = scf.for %i = %c0 to %c26 step %c1
        iter_args(%rest = %start, %quotient = %zero) -> (i32, i32) {
      %fits = arith.cmpi uge, %rest, %divisor : i32
      %less = arith.subi %rest, %divisor : i32
      %kept = arith.select %fits, %less, %rest : i32
      %digit = arith.extui %fits : i1 to i32
      %longer = arith.shli %quotient, %one : i32
      %next = arith.ori %longer, %digit : i32
      %nextRest = arith.shli %kept, %one : i32
      scf.yield %nextRest, %next : i32, i32
    }
    %isInexact = arith.cmpi ne, %loop#0, %zero : i32
    %sticky = arith.extui %isInexact : i1 to i32
    %placed = arith.shli %loop#1, %c6 : i32
    %significand = arith.ori %placed, %sticky : i32
    %difference = arith.subi %a#1, %b#1 : i32
    %biased = arith.addi %difference, %bias : i32
    %borrow = arith.extui %isLess : i1 to i32
    %exponent = arith.subi %biased, %borrow : i32
    %packed = func.call @__nncc_packsf(%sign, %exponent, %significand) : (i32, i32, i32) -> i32
    scf.yield %packed : i32
  } else {
    // NaN comes from NaN, 0 / 0 and infinity / infinity.
    %nan = arith.constant 0x7FC00000 : i32
    %isNaN = arith.cmpi ugt, %larger, %infinity : i32
    %same = arith.cmpi eq, %absX, %absY : i32
    %isBad = arith.ori %isNaN, %same : i1
    %isInfiniteX = arith.cmpi eq, %absX, %infinity : i32
    %isZeroY = arith.cmpi eq, %absY, %zero : i32
    %isInfinite = arith.ori %isInfiniteX, %isZeroY : i1
    %magnitude = arith.select %isInfinite, %infinity, %zero : i32
    %signed = arith.ori %magnitude, %sign : i32
    %special = arith.select %isBad, %nan, %signed : i32
    scf.yield %special : i32
  }
  return %result : i32
}
