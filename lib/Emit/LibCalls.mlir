// Functions that LLVM's code generators call without being asked. An object
// that needs one gets it as an internal function; nothing else is linked.
// `index` stands for size_t. The __aeabi_ functions pass floats in integer
// registers, so their floats are i32 here.

func.func private @memcpy(%to: !llvm.ptr, %from: !llvm.ptr, %size: index) -> !llvm.ptr {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %size step %c1 {
    %offset = arith.index_cast %i : index to i64
    %source = llvm.getelementptr %from[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    %target = llvm.getelementptr %to[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    %byte = llvm.load %source : !llvm.ptr -> i8
    llvm.store %byte, %target : i8, !llvm.ptr
  }
  return %to : !llvm.ptr
}

// Copies from the end that is not overwritten first.
func.func private @memmove(%to: !llvm.ptr, %from: !llvm.ptr, %size: index) -> !llvm.ptr {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %behind = llvm.icmp "ugt" %to, %from : !llvm.ptr
  %last = arith.subi %size, %c1 : index
  scf.for %i = %c0 to %size step %c1 {
    %back = arith.subi %last, %i : index
    %position = arith.select %behind, %back, %i : index
    %offset = arith.index_cast %position : index to i64
    %source = llvm.getelementptr %from[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    %target = llvm.getelementptr %to[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    %byte = llvm.load %source : !llvm.ptr -> i8
    llvm.store %byte, %target : i8, !llvm.ptr
  }
  return %to : !llvm.ptr
}

func.func private @memset(%to: !llvm.ptr, %value: i32, %size: index) -> !llvm.ptr {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %byte = arith.trunci %value : i32 to i8
  scf.for %i = %c0 to %size step %c1 {
    %offset = arith.index_cast %i : index to i64
    %target = llvm.getelementptr %to[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    llvm.store %byte, %target : i8, !llvm.ptr
  }
  return %to : !llvm.ptr
}

func.func private @__aeabi_memcpy(%to: !llvm.ptr, %from: !llvm.ptr, %size: index) {
  func.call @memcpy(%to, %from, %size) : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memcpy4(%to: !llvm.ptr, %from: !llvm.ptr, %size: index) {
  func.call @memcpy(%to, %from, %size) : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memcpy8(%to: !llvm.ptr, %from: !llvm.ptr, %size: index) {
  func.call @memcpy(%to, %from, %size) : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memmove(%to: !llvm.ptr, %from: !llvm.ptr, %size: index) {
  func.call @memmove(%to, %from, %size) : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memmove4(%to: !llvm.ptr, %from: !llvm.ptr, %size: index) {
  func.call @memmove(%to, %from, %size) : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memmove8(%to: !llvm.ptr, %from: !llvm.ptr, %size: index) {
  func.call @memmove(%to, %from, %size) : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memset(%to: !llvm.ptr, %size: index, %value: i32) {
  func.call @memset(%to, %value, %size) : (!llvm.ptr, i32, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memset4(%to: !llvm.ptr, %size: index, %value: i32) {
  func.call @memset(%to, %value, %size) : (!llvm.ptr, i32, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memset8(%to: !llvm.ptr, %size: index, %value: i32) {
  func.call @memset(%to, %value, %size) : (!llvm.ptr, i32, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memclr(%to: !llvm.ptr, %size: index) {
  %zero = arith.constant 0 : i32
  func.call @memset(%to, %zero, %size) : (!llvm.ptr, i32, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memclr4(%to: !llvm.ptr, %size: index) {
  %zero = arith.constant 0 : i32
  func.call @memset(%to, %zero, %size) : (!llvm.ptr, i32, index) -> !llvm.ptr
  return
}
func.func private @__aeabi_memclr8(%to: !llvm.ptr, %size: index) {
  %zero = arith.constant 0 : i32
  func.call @memset(%to, %zero, %size) : (!llvm.ptr, i32, index) -> !llvm.ptr
  return
}

// Quotient and remainder, one bit at a time. The remainder so far is below the
// divisor; doubled it may need a 65th bit, which is its sign bit before.
func.func private @__aeabi_uldivmod(%a: i64, %b: i64) -> (i64, i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %top = arith.constant 63 : i64
  %result:3 = scf.for %i = %c0 to %c64 step %c1
      iter_args(%bits = %a, %quotient = %zero, %rest = %zero) -> (i64, i64, i64) {
    %carry = arith.cmpi slt, %rest, %zero : i64
    %next = arith.shrui %bits, %top : i64
    %doubled = arith.shli %rest, %one : i64
    %wide = arith.ori %doubled, %next : i64
    %enough = arith.cmpi uge, %wide, %b : i64
    %fits = arith.ori %carry, %enough : i1
    %less = arith.subi %wide, %b : i64
    %newRest = arith.select %fits, %less, %wide : i64
    %digit = arith.extui %fits : i1 to i64
    %shifted = arith.shli %quotient, %one : i64
    %newQuotient = arith.ori %shifted, %digit : i64
    %newBits = arith.shli %bits, %one : i64
    scf.yield %newBits, %newQuotient, %newRest : i64, i64, i64
  }
  return %result#1, %result#2 : i64, i64
}

// The quotient rounds to zero, the remainder has the sign of the dividend.
func.func private @__aeabi_ldivmod(%a: i64, %b: i64) -> (i64, i64) {
  %top = arith.constant 63 : i64
  %signA = arith.shrsi %a, %top : i64
  %signB = arith.shrsi %b, %top : i64
  %flipA = arith.xori %a, %signA : i64
  %flipB = arith.xori %b, %signB : i64
  %absA = arith.subi %flipA, %signA : i64
  %absB = arith.subi %flipB, %signB : i64
  %result:2 = func.call @__aeabi_uldivmod(%absA, %absB) : (i64, i64) -> (i64, i64)
  %sign = arith.xori %signA, %signB : i64
  %flipQ = arith.xori %result#0, %sign : i64
  %flipR = arith.xori %result#1, %signA : i64
  %quotient = arith.subi %flipQ, %sign : i64
  %rest = arith.subi %flipR, %signA : i64
  return %quotient, %rest : i64, i64
}

// Rounds to nearest even: the 24 highest bits are the significand, a carry out
// of them moves into the exponent as it should.
func.func private @__floatundisf(%value: i64) -> i32 attributes {also = "__aeabi_ul2f"} {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %c23 = arith.constant 23 : i64
  %c40 = arith.constant 40 : i64
  %half = arith.constant 0x8000000000 : i64
  %low = arith.constant 0xFFFFFFFFFF : i64
  %fraction = arith.constant 0x7FFFFF : i64
  %bias = arith.constant 190 : i64
  %leading = "llvm.intr.ctlz"(%value) <{is_zero_poison = false}> : (i64) -> i64
  %isZero = arith.cmpi eq, %value, %zero : i64
  %shift = arith.select %isZero, %zero, %leading : i64
  %normal = arith.shli %value, %shift : i64
  %significand = arith.shrui %normal, %c40 : i64
  %rest = arith.andi %normal, %low : i64
  %above = arith.cmpi ugt, %rest, %half : i64
  %tie = arith.cmpi eq, %rest, %half : i64
  %odd = arith.andi %significand, %one : i64
  %up = arith.extui %above : i1 to i64
  %tieUp = arith.select %tie, %odd, %up : i64
  %exponent = arith.subi %bias, %shift : i64
  %high = arith.shli %exponent, %c23 : i64
  %kept = arith.andi %significand, %fraction : i64
  %bits = arith.addi %high, %kept : i64
  %rounded = arith.addi %bits, %tieUp : i64
  %result = arith.select %isZero, %zero, %rounded : i64
  %word = arith.trunci %result : i64 to i32
  return %word : i32
}

func.func private @__floatdisf(%value: i64) -> i32 attributes {also = "__aeabi_l2f"} {
  %top = arith.constant 63 : i64
  %signBit = arith.constant 0x80000000 : i32
  %sign = arith.shrsi %value, %top : i64
  %flipped = arith.xori %value, %sign : i64
  %magnitude = arith.subi %flipped, %sign : i64
  %bits = func.call @__floatundisf(%magnitude) : (i64) -> i32
  %word = arith.trunci %sign : i64 to i32
  %kept = arith.andi %word, %signBit : i32
  %result = arith.ori %bits, %kept : i32
  return %result : i32
}

// Truncates; a value out of range gives any integer, as in LLVM.
func.func private @__fixunssfdi(%bits: i32) -> i64 attributes {also = "__aeabi_f2ulz"} {
  %zero = arith.constant 0 : i64
  %c23 = arith.constant 23 : i32
  %byte = arith.constant 0xFF : i32
  %bias = arith.constant 150 : i64
  %limit = arith.constant 63 : i64
  %fraction = arith.constant 0x7FFFFF : i32
  %hidden = arith.constant 0x800000 : i32
  %high = arith.shrui %bits, %c23 : i32
  %exponentWord = arith.andi %high, %byte : i32
  %kept = arith.andi %bits, %fraction : i32
  %full = arith.ori %kept, %hidden : i32
  %significand = arith.extui %full : i32 to i64
  %exponent = arith.extui %exponentWord : i32 to i64
  %left = arith.subi %exponent, %bias : i64
  %right = arith.subi %bias, %exponent : i64
  %leftSafe = arith.minui %left, %limit : i64
  %rightSafe = arith.minui %right, %limit : i64
  %large = arith.shli %significand, %leftSafe : i64
  %small = arith.shrui %significand, %rightSafe : i64
  %grows = arith.cmpi sge, %left, %zero : i64
  %result = arith.select %grows, %large, %small : i64
  return %result : i64
}

func.func private @__fixsfdi(%bits: i32) -> i64 attributes {also = "__aeabi_f2lz"} {
  %zero = arith.constant 0 : i32
  %magnitude = func.call @__fixunssfdi(%bits) : (i32) -> i64
  %none = arith.constant 0 : i64
  %minus = arith.subi %none, %magnitude : i64
  %negative = arith.cmpi slt, %bits, %zero : i32
  %result = arith.select %negative, %minus, %magnitude : i64
  return %result : i64
}

// The remainder of |x| by |y| is exact: significands are integers, the exponent
// between them is made up for by doubling. Below, |x| >= |y| > 0 and both are
// finite; the other cases are selected at the end.
func.func private @fmodf(%x: f32, %y: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c8 = arith.constant 8 : i32
  %c23 = arith.constant 23 : i32
  %fraction = arith.constant 0x7FFFFF : i32
  %hidden = arith.constant 0x800000 : i32
  %signBit = arith.constant 0x80000000 : i32
  %allButSign = arith.constant 0x7FFFFFFF : i32
  %infinity = arith.constant 0x7F800000 : i32
  %nan = arith.constant 0x7FC00000 : i32
  %bitsX = arith.bitcast %x : f32 to i32
  %bitsY = arith.bitcast %y : f32 to i32
  %absX = arith.andi %bitsX, %allButSign : i32
  %absY = arith.andi %bitsY, %allButSign : i32
  %sign = arith.andi %bitsX, %signBit : i32

  // Subnormals have exponent 1 and no hidden bit.
  %expX = arith.shrui %absX, %c23 : i32
  %expY = arith.shrui %absY, %c23 : i32
  %scaleX = arith.maxui %expX, %one : i32
  %scaleY = arith.maxui %expY, %one : i32
  %lowX = arith.andi %absX, %fraction : i32
  %lowY = arith.andi %absY, %fraction : i32
  %fullX = arith.ori %lowX, %hidden : i32
  %fullY = arith.ori %lowY, %hidden : i32
  %normalX = arith.cmpi ne, %expX, %zero : i32
  %normalY = arith.cmpi ne, %expY, %zero : i32
  %sigX = arith.select %normalX, %fullX, %lowX : i32
  %sigY = arith.select %normalY, %fullY, %lowY : i32
  %isZeroY = arith.cmpi eq, %absY, %zero : i32
  %divisor = arith.select %isZeroY, %one, %sigY : i32

  %start = arith.remui %sigX, %divisor : i32
  %apart = arith.subi %scaleX, %scaleY : i32
  %times = arith.maxsi %apart, %zero : i32
  %count = arith.index_cast %times : i32 to index
  %rest = scf.for %i = %c0 to %count step %c1 iter_args(%r = %start) -> i32 {
    %doubled = arith.shli %r, %one : i32
    %fits = arith.cmpi uge, %doubled, %divisor : i32
    %less = arith.subi %doubled, %divisor : i32
    %next = arith.select %fits, %less, %doubled : i32
    scf.yield %next : i32
  }

  // As a float again: shift the first bit to the hidden one's place, but not
  // beyond the smallest exponent.
  %leading = "llvm.intr.ctlz"(%rest) <{is_zero_poison = false}> : (i32) -> i32
  %wanted = arith.subi %leading, %c8 : i32
  %possible = arith.subi %scaleY, %one : i32
  %shift = arith.minui %wanted, %possible : i32
  %shifted = arith.shli %rest, %shift : i32
  %exponent = arith.subi %possible, %shift : i32
  %place = arith.shli %exponent, %c23 : i32
  %composed = arith.addi %place, %shifted : i32
  %isZero = arith.cmpi eq, %rest, %zero : i32
  %magnitude = arith.select %isZero, %zero, %composed : i32

  %isLess = arith.cmpi ult, %absX, %absY : i32
  %reduced = arith.select %isLess, %absX, %magnitude : i32
  %signed = arith.ori %reduced, %sign : i32
  %badX = arith.cmpi uge, %absX, %infinity : i32
  %badY = arith.cmpi ugt, %absY, %infinity : i32
  %bad0 = arith.ori %badX, %badY : i1
  %bad = arith.ori %bad0, %isZeroY : i1
  %result = arith.select %bad, %nan, %signed : i32
  %float = arith.bitcast %result : i32 to f32
  return %float : f32
}

// The same for f64.
func.func private @fmod(%x: f64, %y: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %c11 = arith.constant 11 : i64
  %c52 = arith.constant 52 : i64
  %fraction = arith.constant 0xFFFFFFFFFFFFF : i64
  %hidden = arith.constant 0x10000000000000 : i64
  %signBit = arith.constant 0x8000000000000000 : i64
  %allButSign = arith.constant 0x7FFFFFFFFFFFFFFF : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64
  %nan = arith.constant 0x7FF8000000000000 : i64
  %bitsX = arith.bitcast %x : f64 to i64
  %bitsY = arith.bitcast %y : f64 to i64
  %absX = arith.andi %bitsX, %allButSign : i64
  %absY = arith.andi %bitsY, %allButSign : i64
  %sign = arith.andi %bitsX, %signBit : i64

  // Subnormals have exponent 1 and no hidden bit.
  %expX = arith.shrui %absX, %c52 : i64
  %expY = arith.shrui %absY, %c52 : i64
  %scaleX = arith.maxui %expX, %one : i64
  %scaleY = arith.maxui %expY, %one : i64
  %lowX = arith.andi %absX, %fraction : i64
  %lowY = arith.andi %absY, %fraction : i64
  %fullX = arith.ori %lowX, %hidden : i64
  %fullY = arith.ori %lowY, %hidden : i64
  %normalX = arith.cmpi ne, %expX, %zero : i64
  %normalY = arith.cmpi ne, %expY, %zero : i64
  %sigX = arith.select %normalX, %fullX, %lowX : i64
  %sigY = arith.select %normalY, %fullY, %lowY : i64
  %isZeroY = arith.cmpi eq, %absY, %zero : i64
  %divisor = arith.select %isZeroY, %one, %sigY : i64

  %start = arith.remui %sigX, %divisor : i64
  %apart = arith.subi %scaleX, %scaleY : i64
  %times = arith.maxsi %apart, %zero : i64
  %count = arith.index_cast %times : i64 to index
  %rest = scf.for %i = %c0 to %count step %c1 iter_args(%r = %start) -> i64 {
    %doubled = arith.shli %r, %one : i64
    %fits = arith.cmpi uge, %doubled, %divisor : i64
    %less = arith.subi %doubled, %divisor : i64
    %next = arith.select %fits, %less, %doubled : i64
    scf.yield %next : i64
  }

  // As a float again: shift the first bit to the hidden one's place, but not
  // beyond the smallest exponent.
  %leading = "llvm.intr.ctlz"(%rest) <{is_zero_poison = false}> : (i64) -> i64
  %wanted = arith.subi %leading, %c11 : i64
  %possible = arith.subi %scaleY, %one : i64
  %shift = arith.minui %wanted, %possible : i64
  %shifted = arith.shli %rest, %shift : i64
  %exponent = arith.subi %possible, %shift : i64
  %place = arith.shli %exponent, %c52 : i64
  %composed = arith.addi %place, %shifted : i64
  %isZero = arith.cmpi eq, %rest, %zero : i64
  %magnitude = arith.select %isZero, %zero, %composed : i64

  %isLess = arith.cmpi ult, %absX, %absY : i64
  %reduced = arith.select %isLess, %absX, %magnitude : i64
  %signed = arith.ori %reduced, %sign : i64
  %badX = arith.cmpi uge, %absX, %infinity : i64
  %badY = arith.cmpi ugt, %absY, %infinity : i64
  %bad0 = arith.ori %badX, %badY : i1
  %bad = arith.ori %bad0, %isZeroY : i1
  %result = arith.select %bad, %nan, %signed : i64
  %float = arith.bitcast %result : i64 to f64
  return %float : f64
}
