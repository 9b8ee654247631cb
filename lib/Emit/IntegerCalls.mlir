// Integer arithmetic for processors that lack some of it: 64 bits on those of 32,
// division and counting on the smallest.

// The bits above the highest one that is set, by halving what is looked at.
func.func private @__clzsi2(%x: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  %c4 = arith.constant 4 : i32
  %c8 = arith.constant 8 : i32
  %c16 = arith.constant 16 : i32
  %c31 = arith.constant 31 : i32
  %c32 = arith.constant 32 : i32
  %h16 = arith.shrui %x, %c16 : i32
  %is16 = arith.cmpi ne, %h16, %zero : i32
  %x16 = arith.select %is16, %h16, %x : i32
  %n16 = arith.select %is16, %c16, %zero : i32
  %h8 = arith.shrui %x16, %c8 : i32
  %is8 = arith.cmpi ne, %h8, %zero : i32
  %x8 = arith.select %is8, %h8, %x16 : i32
  %a8 = arith.select %is8, %c8, %zero : i32
  %n8 = arith.addi %n16, %a8 : i32
  %h4 = arith.shrui %x8, %c4 : i32
  %is4 = arith.cmpi ne, %h4, %zero : i32
  %x4 = arith.select %is4, %h4, %x8 : i32
  %a4 = arith.select %is4, %c4, %zero : i32
  %n4 = arith.addi %n8, %a4 : i32
  %h2 = arith.shrui %x4, %c2 : i32
  %is2 = arith.cmpi ne, %h2, %zero : i32
  %x2 = arith.select %is2, %h2, %x4 : i32
  %a2 = arith.select %is2, %c2, %zero : i32
  %n2 = arith.addi %n4, %a2 : i32
  %a1 = arith.shrui %x2, %c1 : i32
  %highest = arith.addi %n2, %a1 : i32
  %count = arith.subi %c31, %highest : i32
  %isZero = arith.cmpi eq, %x, %zero : i32
  %result = arith.select %isZero, %c32, %count : i32
  return %result : i32
}

// By products of 16-bit halves, which fit 32 bits.
func.func private @__muldi3(%a: i64, %b: i64) -> i64 attributes {also = "__aeabi_lmul"} {
  %c16 = arith.constant 16 : i32
  %c32 = arith.constant 32 : i64
  %low16 = arith.constant 0xFFFF : i32
  %a0 = arith.trunci %a : i64 to i32
  %b0 = arith.trunci %b : i64 to i32
  %topA = arith.shrui %a, %c32 : i64
  %topB = arith.shrui %b, %c32 : i64
  %a1 = arith.trunci %topA : i64 to i32
  %b1 = arith.trunci %topB : i64 to i32
  %al = arith.andi %a0, %low16 : i32
  %bl = arith.andi %b0, %low16 : i32
  %ah = arith.shrui %a0, %c16 : i32
  %bh = arith.shrui %b0, %c16 : i32
  %ll = arith.muli %al, %bl : i32
  %hl = arith.muli %ah, %bl : i32
  %lh = arith.muli %al, %bh : i32
  %hh = arith.muli %ah, %bh : i32
  %carry0 = arith.shrui %ll, %c16 : i32
  %middle = arith.addi %hl, %carry0 : i32
  %middleLow = arith.andi %middle, %low16 : i32
  %middleHigh = arith.shrui %middle, %c16 : i32
  %cross = arith.addi %lh, %middleLow : i32
  %crossHigh = arith.shrui %cross, %c16 : i32
  %high0 = arith.addi %hh, %middleHigh : i32
  %high1 = arith.addi %high0, %crossHigh : i32
  %first = arith.muli %a1, %b0 : i32
  %second = arith.muli %a0, %b1 : i32
  %high2 = arith.addi %high1, %first : i32
  %high = arith.addi %high2, %second : i32
  %low = arith.muli %a0, %b0 : i32
  %highWide = arith.extui %high : i32 to i64
  %lowWide = arith.extui %low : i32 to i64
  %placed = arith.shli %highWide, %c32 : i64
  %result = arith.ori %placed, %lowWide : i64
  return %result : i64
}

// Shifts by 0 to 63. A distance of 32 or more moves one word into the other;
// below, shifting by one first keeps the distance of the other word under 32.
func.func private @__ashldi3(%x: i64, %n: i32) -> i64 attributes {also = "__aeabi_llsl"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c31 = arith.constant 31 : i32
  %word = arith.constant 32 : i32
  %c32 = arith.constant 32 : i64
  %low = arith.trunci %x : i64 to i32
  %top = arith.shrui %x, %c32 : i64
  %high = arith.trunci %top : i64 to i32
  %shift = arith.andi %n, %c31 : i32
  %opposite = arith.xori %shift, %c31 : i32
  %movedLow = arith.shli %low, %shift : i32
  %movedHigh = arith.shli %high, %shift : i32
  %half = arith.shrui %low, %one : i32
  %across = arith.shrui %half, %opposite : i32
  %joined = arith.ori %movedHigh, %across : i32
  %isFar = arith.cmpi uge, %n, %word : i32
  %newHigh = arith.select %isFar, %movedLow, %joined : i32
  %newLow = arith.select %isFar, %zero, %movedLow : i32
  %highWide = arith.extui %newHigh : i32 to i64
  %lowWide = arith.extui %newLow : i32 to i64
  %placed = arith.shli %highWide, %c32 : i64
  %result = arith.ori %placed, %lowWide : i64
  return %result : i64
}

func.func private @__lshrdi3(%x: i64, %n: i32) -> i64 attributes {also = "__aeabi_llsr"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c31 = arith.constant 31 : i32
  %word = arith.constant 32 : i32
  %c32 = arith.constant 32 : i64
  %low = arith.trunci %x : i64 to i32
  %top = arith.shrui %x, %c32 : i64
  %high = arith.trunci %top : i64 to i32
  %shift = arith.andi %n, %c31 : i32
  %opposite = arith.xori %shift, %c31 : i32
  %movedLow = arith.shrui %low, %shift : i32
  %movedHigh = arith.shrui %high, %shift : i32
  %twice = arith.shli %high, %one : i32
  %across = arith.shli %twice, %opposite : i32
  %joined = arith.ori %movedLow, %across : i32
  %isFar = arith.cmpi uge, %n, %word : i32
  %newLow = arith.select %isFar, %movedHigh, %joined : i32
  %newHigh = arith.select %isFar, %zero, %movedHigh : i32
  %highWide = arith.extui %newHigh : i32 to i64
  %lowWide = arith.extui %newLow : i32 to i64
  %placed = arith.shli %highWide, %c32 : i64
  %result = arith.ori %placed, %lowWide : i64
  return %result : i64
}

func.func private @__ashrdi3(%x: i64, %n: i32) -> i64 attributes {also = "__aeabi_lasr"} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c31 = arith.constant 31 : i32
  %word = arith.constant 32 : i32
  %c32 = arith.constant 32 : i64
  %low = arith.trunci %x : i64 to i32
  %top = arith.shrui %x, %c32 : i64
  %high = arith.trunci %top : i64 to i32
  %shift = arith.andi %n, %c31 : i32
  %opposite = arith.xori %shift, %c31 : i32
  %movedLow = arith.shrui %low, %shift : i32
  %movedHigh = arith.shrsi %high, %shift : i32
  %twice = arith.shli %high, %one : i32
  %across = arith.shli %twice, %opposite : i32
  %joined = arith.ori %movedLow, %across : i32
  %sign = arith.shrsi %high, %c31 : i32
  %isFar = arith.cmpi uge, %n, %word : i32
  %newLow = arith.select %isFar, %movedHigh, %joined : i32
  %newHigh = arith.select %isFar, %sign, %movedHigh : i32
  %highWide = arith.extui %newHigh : i32 to i64
  %lowWide = arith.extui %newLow : i32 to i64
  %placed = arith.shli %highWide, %c32 : i64
  %result = arith.ori %placed, %lowWide : i64
  return %result : i64
}

// Quotient and remainder of 32 bits, one bit at a time; the remainder so far is
// below the divisor, doubled it may need a 33rd bit, which is its sign bit before.
func.func private @__aeabi_uidivmod(%a: i32, %b: i32) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %top = arith.constant 31 : i32
  %result:3 = scf.for %i = %c0 to %c32 step %c1
      iter_args(%bits = %a, %quotient = %zero, %rest = %zero) -> (i32, i32, i32) {
    %carry = arith.cmpi slt, %rest, %zero : i32
    %next = arith.shrui %bits, %top : i32
    %doubled = arith.shli %rest, %one : i32
    %wide = arith.ori %doubled, %next : i32
    %enough = arith.cmpi uge, %wide, %b : i32
    %fits = arith.ori %carry, %enough : i1
    %less = arith.subi %wide, %b : i32
    %newRest = arith.select %fits, %less, %wide : i32
    %digit = arith.extui %fits : i1 to i32
    %shifted = arith.shli %quotient, %one : i32
    %newQuotient = arith.ori %shifted, %digit : i32
    %newBits = arith.shli %bits, %one : i32
    scf.yield %newBits, %newQuotient, %newRest : i32, i32, i32
  }
  return %result#1, %result#2 : i32, i32
}

// The quotient rounds to zero, the remainder has the sign of the dividend.
func.func private @__aeabi_idivmod(%a: i32, %b: i32) -> (i32, i32) {
  %top = arith.constant 31 : i32
  %signA = arith.shrsi %a, %top : i32
  %signB = arith.shrsi %b, %top : i32
  %flipA = arith.xori %a, %signA : i32
  %flipB = arith.xori %b, %signB : i32
  %absA = arith.subi %flipA, %signA : i32
  %absB = arith.subi %flipB, %signB : i32
  %result:2 = func.call @__aeabi_uidivmod(%absA, %absB) : (i32, i32) -> (i32, i32)
  %sign = arith.xori %signA, %signB : i32
  %flipQ = arith.xori %result#0, %sign : i32
  %flipR = arith.xori %result#1, %signA : i32
  %quotient = arith.subi %flipQ, %sign : i32
  %rest = arith.subi %flipR, %signA : i32
  return %quotient, %rest : i32, i32
}

func.func private @__aeabi_uidiv(%a: i32, %b: i32) -> i32 {
  %both:2 = func.call @__aeabi_uidivmod(%a, %b) : (i32, i32) -> (i32, i32)
  return %both#0 : i32
}
func.func private @__aeabi_idiv(%a: i32, %b: i32) -> i32 {
  %both:2 = func.call @__aeabi_idivmod(%a, %b) : (i32, i32) -> (i32, i32)
  return %both#0 : i32
}

// What Arm gets in one call has four names elsewhere.
func.func private @__udivdi3(%a: i64, %b: i64) -> i64 {
  %both:2 = func.call @__aeabi_uldivmod(%a, %b) : (i64, i64) -> (i64, i64)
  return %both#0 : i64
}
func.func private @__umoddi3(%a: i64, %b: i64) -> i64 {
  %both:2 = func.call @__aeabi_uldivmod(%a, %b) : (i64, i64) -> (i64, i64)
  return %both#1 : i64
}
func.func private @__divdi3(%a: i64, %b: i64) -> i64 {
  %both:2 = func.call @__aeabi_ldivmod(%a, %b) : (i64, i64) -> (i64, i64)
  return %both#0 : i64
}
func.func private @__moddi3(%a: i64, %b: i64) -> i64 {
  %both:2 = func.call @__aeabi_ldivmod(%a, %b) : (i64, i64) -> (i64, i64)
  return %both#1 : i64
}
