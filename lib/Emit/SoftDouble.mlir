// Arithmetic on f64 for processors without it, correctly rounded to nearest even
// with subnormals, infinities and NaN. Floats are i64 here, as they are passed.
// `also` is the name under which Arm's run-time ABI knows a function.

// A float of `sign`, exponent field `exponent` and a significand whose first bit
// is bit 63; bits 10 to 0 are rounded away, bit 0 stands for all that follow. With
// exponent 1 the significand may be smaller.
func.func private @__nncc_packdf(%sign: i64, %exponent: i64, %significand: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %c11 = arith.constant 11 : i64
  %c52 = arith.constant 52 : i64
  %c63 = arith.constant 63 : i64
  %below = arith.constant 0x3FF : i64
  %low = arith.constant 0x7FF : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64
  %c2046 = arith.constant 2046 : i64

  %isSmall = arith.cmpi slt, %exponent, %one : i64
  %kept = scf.if %isSmall -> i64 {
    %distance = arith.subi %one, %exponent : i64
    %shift = arith.minui %distance, %c63 : i64
    %shifted = arith.shrui %significand, %shift : i64
    %back = arith.shli %shifted, %shift : i64
    %isInexact = arith.cmpi ne, %back, %significand : i64
    %sticky = arith.extui %isInexact : i1 to i64
    %all = arith.ori %shifted, %sticky : i64
    scf.yield %all : i64
  } else {
    scf.yield %significand : i64
  }
  %least = arith.maxsi %exponent, %one : i64
  %field = arith.subi %least, %one : i64

  // The first bit of the significand adds one to the exponent.
  %whole = arith.shrui %kept, %c11 : i64
  %rest = arith.andi %kept, %low : i64
  %odd = arith.andi %whole, %one : i64
  %half = arith.addi %rest, %odd : i64
  %more = arith.addi %half, %below : i64
  %up = arith.shrui %more, %c11 : i64
  %place = arith.shli %field, %c52 : i64
  %truncated = arith.addi %place, %whole : i64
  %rounded = arith.addi %truncated, %up : i64
  %isLarge = arith.cmpi sgt, %exponent, %c2046 : i64
  %magnitude = arith.select %isLarge, %infinity, %rounded : i64
  %result = arith.ori %sign, %magnitude : i64
  return %result : i64
}

// The significand of a finite float, its first bit in bit 63, and its exponent,
// which is below 1 for subnormals.
func.func private @__nncc_unpackdf(%x: i64) -> (i64, i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %c11 = arith.constant 11 : i64
  %c52 = arith.constant 52 : i64
  %mask = arith.constant 0x7FF : i64
  %top = arith.constant 0x8000000000000000 : i64
  %high = arith.shrui %x, %c52 : i64
  %exponent = arith.andi %high, %mask : i64
  %shifted = arith.shli %x, %c11 : i64
  %full = arith.ori %shifted, %top : i64
  %isNormal = arith.cmpi ne, %exponent, %zero : i64
  %result:2 = scf.if %isNormal -> (i64, i64) {
    scf.yield %full, %exponent : i64, i64
  } else {
    %leading = "llvm.intr.ctlz"(%shifted) <{is_zero_poison = false}> : (i64) -> i64
    %normal = arith.shli %shifted, %leading : i64
    %lower = arith.subi %one, %leading : i64
    scf.yield %normal, %lower : i64, i64
  }
  return %result#0, %result#1 : i64, i64
}

// The larger magnitude comes first; the smaller one is shifted to its place.
func.func private @__adddf3(%x: i64, %y: i64) -> i64 attributes {also = "__aeabi_dadd"} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %c10 = arith.constant 10 : i64
  %c52 = arith.constant 52 : i64
  %c63 = arith.constant 63 : i64
  %mask = arith.constant 0x7FF : i64
  %fraction = arith.constant 0xFFFFFFFFFFFFF : i64
  %hidden = arith.constant 0x10000000000000 : i64
  %allButSign = arith.constant 0x7FFFFFFFFFFFFFFF : i64
  %signBit = arith.constant 0x8000000000000000 : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64

  %absX = arith.andi %x, %allButSign : i64
  %absY = arith.andi %y, %allButSign : i64
  %isLess = arith.cmpi ult, %absX, %absY : i64
  %a = arith.select %isLess, %y, %x : i64
  %b = arith.select %isLess, %x, %y : i64
  %absA = arith.select %isLess, %absY, %absX : i64
  %absB = arith.select %isLess, %absX, %absY : i64
  %differ = arith.xori %a, %b : i64
  %isDifference = arith.cmpi slt, %differ, %zero : i64
  %isFinite = arith.cmpi ult, %absA, %infinity : i64

  %result = scf.if %isFinite -> i64 {
    %sign = arith.andi %a, %signBit : i64
    %fieldA = arith.shrui %absA, %c52 : i64
    %fieldB = arith.shrui %absB, %c52 : i64
    %expA = arith.maxui %fieldA, %one : i64
    %expB = arith.maxui %fieldB, %one : i64
    %isNormalA = arith.cmpi ne, %fieldA, %zero : i64
    %isNormalB = arith.cmpi ne, %fieldB, %zero : i64
    %hiddenA = arith.select %isNormalA, %hidden, %zero : i64
    %hiddenB = arith.select %isNormalB, %hidden, %zero : i64
    %lowA = arith.andi %absA, %fraction : i64
    %lowB = arith.andi %absB, %fraction : i64
    %fullA = arith.ori %lowA, %hiddenA : i64
    %fullB = arith.ori %lowB, %hiddenB : i64
    %sigA = arith.shli %fullA, %c10 : i64
    %sigB = arith.shli %fullB, %c10 : i64
    %distance = arith.subi %expA, %expB : i64
    %shift = arith.minui %distance, %c63 : i64
    %shifted = arith.shrui %sigB, %shift : i64
    %back = arith.shli %shifted, %shift : i64
    %isInexact = arith.cmpi ne, %back, %sigB : i64
    %sticky = arith.extui %isInexact : i1 to i64
    %aligned = arith.ori %shifted, %sticky : i64

    %finite = scf.if %isDifference -> i64 {
      %difference = arith.subi %sigA, %aligned : i64
      %isZero = arith.cmpi eq, %difference, %zero : i64
      %exact = scf.if %isZero -> i64 {
        scf.yield %zero : i64
      } else {
        %leading = "llvm.intr.ctlz"(%difference) <{is_zero_poison = false}> : (i64) -> i64
        %left = arith.minui %leading, %expA : i64
        %normal = arith.shli %difference, %left : i64
        %higher = arith.addi %expA, %one : i64
        %exponent = arith.subi %higher, %left : i64
        %packed = func.call @__nncc_packdf(%sign, %exponent, %normal) : (i64, i64, i64) -> i64
        scf.yield %packed : i64
      }
      scf.yield %exact : i64
    } else {
      %sum = arith.addi %sigA, %aligned : i64
      %carries = arith.cmpi slt, %sum, %zero : i64
      %doubled = arith.shli %sum, %one : i64
      %significand = arith.select %carries, %sum, %doubled : i64
      %carry = arith.extui %carries : i1 to i64
      %exponent = arith.addi %expA, %carry : i64
      %packed = func.call @__nncc_packdf(%sign, %exponent, %significand) : (i64, i64, i64) -> i64
      scf.yield %packed : i64
    }
    scf.yield %finite : i64
  } else {
    // Infinity and anything finite, infinity and itself; the rest is NaN.
    %nan = arith.constant 0x7FF8000000000000 : i64
    %isNaN = arith.cmpi ugt, %absA, %infinity : i64
    %isInfinityB = arith.cmpi eq, %absB, %infinity : i64
    %cancels = arith.andi %isInfinityB, %isDifference : i1
    %isBad = arith.ori %isNaN, %cancels : i1
    %special = arith.select %isBad, %nan, %a : i64
    scf.yield %special : i64
  }
  return %result : i64
}

func.func private @__subdf3(%x: i64, %y: i64) -> i64 attributes {also = "__aeabi_dsub"} {
  %signBit = arith.constant 0x8000000000000000 : i64
  %minus = arith.xori %y, %signBit : i64
  %result = func.call @__adddf3(%x, %minus) : (i64, i64) -> i64
  return %result : i64
}

func.func private @__muldf3(%x: i64, %y: i64) -> i64 attributes {also = "__aeabi_dmul"} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %bias = arith.constant 1023 : i64
  %allButSign = arith.constant 0x7FFFFFFFFFFFFFFF : i64
  %signBit = arith.constant 0x8000000000000000 : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64
  %differ = arith.xori %x, %y : i64
  %sign = arith.andi %differ, %signBit : i64
  %absX = arith.andi %x, %allButSign : i64
  %absY = arith.andi %y, %allButSign : i64
  %larger = arith.maxui %absX, %absY : i64
  %smaller = arith.minui %absX, %absY : i64
  %isFinite = arith.cmpi ult, %larger, %infinity : i64
  %isNonZero = arith.cmpi ne, %smaller, %zero : i64
  %isOrdinary = arith.andi %isFinite, %isNonZero : i1

  %result = scf.if %isOrdinary -> i64 {
    %a:2 = func.call @__nncc_unpackdf(%x) : (i64) -> (i64, i64)
    %b:2 = func.call @__nncc_unpackdf(%y) : (i64) -> (i64, i64)
    %low, %high = arith.mului_extended %a#0, %b#0 : i64
    %isInexact = arith.cmpi ne, %low, %zero : i64
    %sticky = arith.extui %isInexact : i1 to i64
    %product = arith.ori %high, %sticky : i64
    %sum = arith.addi %a#1, %b#1 : i64
    %exponent = arith.subi %sum, %bias : i64
    // The product of two numbers in [1, 2) is in [1, 4).
    %isLarge = arith.cmpi slt, %product, %zero : i64
    %doubled = arith.shli %product, %one : i64
    %significand = arith.select %isLarge, %product, %doubled : i64
    %carry = arith.extui %isLarge : i1 to i64
    %final = arith.addi %exponent, %carry : i64
    %packed = func.call @__nncc_packdf(%sign, %final, %significand) : (i64, i64, i64) -> i64
    scf.yield %packed : i64
  } else {
    // Zero, infinity, or NaN: also for zero times infinity.
    %nan = arith.constant 0x7FF8000000000000 : i64
    %isNaN = arith.cmpi ugt, %larger, %infinity : i64
    %isZero = arith.cmpi eq, %smaller, %zero : i64
    %isInfinite = arith.cmpi uge, %larger, %infinity : i64
    %both = arith.andi %isZero, %isInfinite : i1
    %isBad = arith.ori %isNaN, %both : i1
    %magnitude = arith.select %isZero, %zero, %infinity : i64
    %signed = arith.ori %magnitude, %sign : i64
    %special = arith.select %isBad, %nan, %signed : i64
    scf.yield %special : i64
  }
  return %result : i64
}

// One bit of the quotient at a time, as many as are rounded and one more.
func.func private @__divdf3(%x: i64, %y: i64) -> i64 attributes {also = "__aeabi_ddiv"} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %c9 = arith.constant 9 : i64
  %c11 = arith.constant 11 : i64
  %bias = arith.constant 1023 : i64
  %allButSign = arith.constant 0x7FFFFFFFFFFFFFFF : i64
  %signBit = arith.constant 0x8000000000000000 : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64
  %differ = arith.xori %x, %y : i64
  %sign = arith.andi %differ, %signBit : i64
  %absX = arith.andi %x, %allButSign : i64
  %absY = arith.andi %y, %allButSign : i64
  %larger = arith.maxui %absX, %absY : i64
  %smaller = arith.minui %absX, %absY : i64
  %isFinite = arith.cmpi ult, %larger, %infinity : i64
  %isNonZero = arith.cmpi ne, %smaller, %zero : i64
  %isOrdinary = arith.andi %isFinite, %isNonZero : i1

  %result = scf.if %isOrdinary -> i64 {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c55 = arith.constant 55 : index
    %a:2 = func.call @__nncc_unpackdf(%x) : (i64) -> (i64, i64)
    %b:2 = func.call @__nncc_unpackdf(%y) : (i64) -> (i64, i64)
    %dividend = arith.shrui %a#0, %c11 : i64
    %divisor = arith.shrui %b#0, %c11 : i64
    %isLess = arith.cmpi ult, %dividend, %divisor : i64
    %doubled = arith.shli %dividend, %one : i64
    %start = arith.select %isLess, %doubled, %dividend : i64
    %loop:2 = scf.for %i = %c0 to %c55 step %c1
        iter_args(%rest = %start, %quotient = %zero) -> (i64, i64) {
      %fits = arith.cmpi uge, %rest, %divisor : i64
      %less = arith.subi %rest, %divisor : i64
      %kept = arith.select %fits, %less, %rest : i64
      %digit = arith.extui %fits : i1 to i64
      %longer = arith.shli %quotient, %one : i64
      %next = arith.ori %longer, %digit : i64
      %nextRest = arith.shli %kept, %one : i64
      scf.yield %nextRest, %next : i64, i64
    }
    %isInexact = arith.cmpi ne, %loop#0, %zero : i64
    %sticky = arith.extui %isInexact : i1 to i64
    %placed = arith.shli %loop#1, %c9 : i64
    %significand = arith.ori %placed, %sticky : i64
    %difference = arith.subi %a#1, %b#1 : i64
    %biased = arith.addi %difference, %bias : i64
    %borrow = arith.extui %isLess : i1 to i64
    %exponent = arith.subi %biased, %borrow : i64
    %packed = func.call @__nncc_packdf(%sign, %exponent, %significand) : (i64, i64, i64) -> i64
    scf.yield %packed : i64
  } else {
    // NaN comes from NaN, 0 / 0 and infinity / infinity.
    %nan = arith.constant 0x7FF8000000000000 : i64
    %isNaN = arith.cmpi ugt, %larger, %infinity : i64
    %same = arith.cmpi eq, %absX, %absY : i64
    %isBad = arith.ori %isNaN, %same : i1
    %isInfiniteX = arith.cmpi eq, %absX, %infinity : i64
    %isZeroY = arith.cmpi eq, %absY, %zero : i64
    %isInfinite = arith.ori %isInfiniteX, %isZeroY : i1
    %magnitude = arith.select %isInfinite, %infinity, %zero : i64
    %signed = arith.ori %magnitude, %sign : i64
    %special = arith.select %isBad, %nan, %signed : i64
    scf.yield %special : i64
  }
  return %result : i64
}
