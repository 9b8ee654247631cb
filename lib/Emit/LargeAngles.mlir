// Angles of any size modulo pi / 2: what sin, cos and tan call where arithmetic on
// floats does not reduce them. An angle m * 2^e is multiplied by those bits of
// 2 / pi that matter modulo 4, in integers.

// Word %i of the binary fraction 2 / pi.
func.func private @__nncc_two_over_pi(%i: i32) -> i64 {
  %index = arith.index_castui %i : i32 to index
  %word = scf.index_switch %index -> i64
  case 0 { %w = arith.constant 0xa2f9836e : i64  scf.yield %w : i64 }
  case 1 { %w = arith.constant 0x4e441529 : i64  scf.yield %w : i64 }
  case 2 { %w = arith.constant 0xfc2757d1 : i64  scf.yield %w : i64 }
  case 3 { %w = arith.constant 0xf534ddc0 : i64  scf.yield %w : i64 }
  case 4 { %w = arith.constant 0xdb629599 : i64  scf.yield %w : i64 }
  case 5 { %w = arith.constant 0x3c439041 : i64  scf.yield %w : i64 }
  case 6 { %w = arith.constant 0xfe5163ab : i64  scf.yield %w : i64 }
  case 7 { %w = arith.constant 0xdebbc561 : i64  scf.yield %w : i64 }
  case 8 { %w = arith.constant 0xb7246e3a : i64  scf.yield %w : i64 }
  case 9 { %w = arith.constant 0x424dd2e0 : i64  scf.yield %w : i64 }
  case 10 { %w = arith.constant 0x6492eea : i64  scf.yield %w : i64 }
  case 11 { %w = arith.constant 0x9d1921c : i64  scf.yield %w : i64 }
  case 12 { %w = arith.constant 0xfe1deb1c : i64  scf.yield %w : i64 }
  case 13 { %w = arith.constant 0xb129a73e : i64  scf.yield %w : i64 }
  case 14 { %w = arith.constant 0xe88235f5 : i64  scf.yield %w : i64 }
  case 15 { %w = arith.constant 0x2ebb4484 : i64  scf.yield %w : i64 }
  case 16 { %w = arith.constant 0xe99c7026 : i64  scf.yield %w : i64 }
  case 17 { %w = arith.constant 0xb45f7e41 : i64  scf.yield %w : i64 }
  case 18 { %w = arith.constant 0x3991d639 : i64  scf.yield %w : i64 }
  case 19 { %w = arith.constant 0x835339f4 : i64  scf.yield %w : i64 }
  case 20 { %w = arith.constant 0x9c845f8b : i64  scf.yield %w : i64 }
  case 21 { %w = arith.constant 0xbdf9283b : i64  scf.yield %w : i64 }
  case 22 { %w = arith.constant 0x1ff897ff : i64  scf.yield %w : i64 }
  case 23 { %w = arith.constant 0xde05980f : i64  scf.yield %w : i64 }
  case 24 { %w = arith.constant 0xef2f118b : i64  scf.yield %w : i64 }
  case 25 { %w = arith.constant 0x5a0a6d1f : i64  scf.yield %w : i64 }
  case 26 { %w = arith.constant 0x6d367ecf : i64  scf.yield %w : i64 }
  case 27 { %w = arith.constant 0x27cb09b7 : i64  scf.yield %w : i64 }
  case 28 { %w = arith.constant 0x4f463f66 : i64  scf.yield %w : i64 }
  case 29 { %w = arith.constant 0x9e5fea2d : i64  scf.yield %w : i64 }
  case 30 { %w = arith.constant 0x7527bac7 : i64  scf.yield %w : i64 }
  case 31 { %w = arith.constant 0xebe5f17b : i64  scf.yield %w : i64 }
  case 32 { %w = arith.constant 0x3d0739f7 : i64  scf.yield %w : i64 }
  case 33 { %w = arith.constant 0x8a5292ea : i64  scf.yield %w : i64 }
  case 34 { %w = arith.constant 0x6bfb5fb1 : i64  scf.yield %w : i64 }
  case 35 { %w = arith.constant 0x1f8d5d08 : i64  scf.yield %w : i64 }
  case 36 { %w = arith.constant 0x56033046 : i64  scf.yield %w : i64 }
  case 37 { %w = arith.constant 0xfc7b6bab : i64  scf.yield %w : i64 }
  case 38 { %w = arith.constant 0xf0cfbc20 : i64  scf.yield %w : i64 }
  case 39 { %w = arith.constant 0x9af4361d : i64  scf.yield %w : i64 }
  default {
    %w = arith.constant 0 : i64
    scf.yield %w : i64
  }
  return %word : i64
}

// |x| = %m * 2^%e with %m below 2^53 is %quarter * pi / 2 + r, where r is %fraction
// * 2^-64 * 2^-%shift * pi / 2 and its sign that of %minus (0 or -1); the first bit
// of %fraction is set unless it is 0.
func.func private @__nncc_reduce_angle(%m: i64, %e: i32) -> (i32, i64, i32, i64) {
  %c0 = arith.constant 0 : i64
  %c2 = arith.constant 2 : i32
  %c5 = arith.constant 5 : i32
  %c31 = arith.constant 31 : i32
  %c32 = arith.constant 32 : i64
  %c62 = arith.constant 62 : i64
  %c63 = arith.constant 63 : i64
  %c64 = arith.constant 64 : i32
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %mask = arith.constant 0xFFFFFFFF : i64

  // Six words of 2 / pi, from bit e - 2 on.
  %first = arith.subi %e, %c2 : i32
  %index = arith.shrsi %first, %c5 : i32
  %bits = arith.andi %first, %c31 : i32
  %left = arith.extui %bits : i32 to i64
  %right = arith.subi %c32, %left : i64
  %k0 = arith.constant 0 : i32
  %i0 = arith.addi %index, %k0 : i32
  %w0 = func.call @__nncc_two_over_pi(%i0) : (i32) -> i64
  %k1 = arith.constant 1 : i32
  %i1 = arith.addi %index, %k1 : i32
  %w1 = func.call @__nncc_two_over_pi(%i1) : (i32) -> i64
  %k2 = arith.constant 2 : i32
  %i2 = arith.addi %index, %k2 : i32
  %w2 = func.call @__nncc_two_over_pi(%i2) : (i32) -> i64
  %k3 = arith.constant 3 : i32
  %i3 = arith.addi %index, %k3 : i32
  %w3 = func.call @__nncc_two_over_pi(%i3) : (i32) -> i64
  %k4 = arith.constant 4 : i32
  %i4 = arith.addi %index, %k4 : i32
  %w4 = func.call @__nncc_two_over_pi(%i4) : (i32) -> i64
  %k5 = arith.constant 5 : i32
  %i5 = arith.addi %index, %k5 : i32
  %w5 = func.call @__nncc_two_over_pi(%i5) : (i32) -> i64
  %k6 = arith.constant 6 : i32
  %i6 = arith.addi %index, %k6 : i32
  %w6 = func.call @__nncc_two_over_pi(%i6) : (i32) -> i64
  %a0 = arith.shli %w0, %c32 : i64
  %b0 = arith.ori %a0, %w1 : i64
  %s0 = arith.shrui %b0, %right : i64
  %t0 = arith.andi %s0, %mask : i64
  %a1 = arith.shli %w1, %c32 : i64
  %b1 = arith.ori %a1, %w2 : i64
  %s1 = arith.shrui %b1, %right : i64
  %t1 = arith.andi %s1, %mask : i64
  %a2 = arith.shli %w2, %c32 : i64
  %b2 = arith.ori %a2, %w3 : i64
  %s2 = arith.shrui %b2, %right : i64
  %t2 = arith.andi %s2, %mask : i64
  %a3 = arith.shli %w3, %c32 : i64
  %b3 = arith.ori %a3, %w4 : i64
  %s3 = arith.shrui %b3, %right : i64
  %t3 = arith.andi %s3, %mask : i64
  %a4 = arith.shli %w4, %c32 : i64
  %b4 = arith.ori %a4, %w5 : i64
  %s4 = arith.shrui %b4, %right : i64
  %t4 = arith.andi %s4, %mask : i64
  %a5 = arith.shli %w5, %c32 : i64
  %b5 = arith.ori %a5, %w6 : i64
  %s5 = arith.shrui %b5, %right : i64
  %t5 = arith.andi %s5, %mask : i64

  // The product modulo 2^192, word by word from the last one.
  %m0 = arith.andi %m, %mask : i64
  %m1 = arith.shrui %m, %c32 : i64
  %p0 = arith.muli %m0, %t0 : i64
  %p1 = arith.muli %m0, %t1 : i64
  %p2 = arith.muli %m0, %t2 : i64
  %p3 = arith.muli %m0, %t3 : i64
  %p4 = arith.muli %m0, %t4 : i64
  %p5 = arith.muli %m0, %t5 : i64
  %q1 = arith.muli %m1, %t1 : i64
  %q2 = arith.muli %m1, %t2 : i64
  %q3 = arith.muli %m1, %t3 : i64
  %q4 = arith.muli %m1, %t4 : i64
  %q5 = arith.muli %m1, %t5 : i64
  %pl5 = arith.andi %p5, %mask : i64
  %r5 = arith.andi %pl5, %mask : i64
  %pl4 = arith.andi %p4, %mask : i64
  %ph4 = arith.shrui %p5, %c32 : i64
  %ql4 = arith.andi %q5, %mask : i64
  %cy4 = arith.shrui %pl5, %c32 : i64
  %x4_0 = arith.addi %pl4, %ph4 : i64
  %x4_1 = arith.addi %x4_0, %ql4 : i64
  %x4_2 = arith.addi %x4_1, %cy4 : i64
  %r4 = arith.andi %x4_2, %mask : i64
  %pl3 = arith.andi %p3, %mask : i64
  %ph3 = arith.shrui %p4, %c32 : i64
  %ql3 = arith.andi %q4, %mask : i64
  %qh3 = arith.shrui %q5, %c32 : i64
  %cy3 = arith.shrui %x4_2, %c32 : i64
  %x3_0 = arith.addi %pl3, %ph3 : i64
  %x3_1 = arith.addi %x3_0, %ql3 : i64
  %x3_2 = arith.addi %x3_1, %qh3 : i64
  %x3_3 = arith.addi %x3_2, %cy3 : i64
  %r3 = arith.andi %x3_3, %mask : i64
  %pl2 = arith.andi %p2, %mask : i64
  %ph2 = arith.shrui %p3, %c32 : i64
  %ql2 = arith.andi %q3, %mask : i64
  %qh2 = arith.shrui %q4, %c32 : i64
  %cy2 = arith.shrui %x3_3, %c32 : i64
  %x2_0 = arith.addi %pl2, %ph2 : i64
  %x2_1 = arith.addi %x2_0, %ql2 : i64
  %x2_2 = arith.addi %x2_1, %qh2 : i64
  %x2_3 = arith.addi %x2_2, %cy2 : i64
  %r2 = arith.andi %x2_3, %mask : i64
  %pl1 = arith.andi %p1, %mask : i64
  %ph1 = arith.shrui %p2, %c32 : i64
  %ql1 = arith.andi %q2, %mask : i64
  %qh1 = arith.shrui %q3, %c32 : i64
  %cy1 = arith.shrui %x2_3, %c32 : i64
  %x1_0 = arith.addi %pl1, %ph1 : i64
  %x1_1 = arith.addi %x1_0, %ql1 : i64
  %x1_2 = arith.addi %x1_1, %qh1 : i64
  %x1_3 = arith.addi %x1_2, %cy1 : i64
  %r1 = arith.andi %x1_3, %mask : i64
  %pl0 = arith.andi %p0, %mask : i64
  %ph0 = arith.shrui %p1, %c32 : i64
  %ql0 = arith.andi %q1, %mask : i64
  %qh0 = arith.shrui %q2, %c32 : i64
  %cy0 = arith.shrui %x1_3, %c32 : i64
  %x0_0 = arith.addi %pl0, %ph0 : i64
  %x0_1 = arith.addi %x0_0, %ql0 : i64
  %x0_2 = arith.addi %x0_1, %qh0 : i64
  %x0_3 = arith.addi %x0_2, %cy0 : i64
  %r0 = arith.andi %x0_3, %mask : i64
  %high0 = arith.shli %r0, %c32 : i64
  %high = arith.ori %high0, %r1 : i64
  %low0 = arith.shli %r2, %c32 : i64
  %low = arith.ori %low0, %r3 : i64

  // Two bits of quarters, then the fraction; from a half on the next quarter is
  // nearer.
  %whole = arith.shrui %high, %c62 : i64
  %upper0 = arith.shli %high, %two : i64
  %carried = arith.shrui %low, %c62 : i64
  %upper = arith.ori %upper0, %carried : i64
  %lower = arith.shli %low, %two : i64
  %minus = arith.shrsi %upper, %c63 : i64
  %next = arith.subi %whole, %minus : i64
  %quarter = arith.trunci %next : i64 to i32
  // The bits of one minus the fraction, up to the last one.
  %absUpper = arith.xori %upper, %minus : i64
  %absLower = arith.xori %lower, %minus : i64

  // Leading zeros leave.
  %isShort = arith.cmpi eq, %absUpper, %c0 : i64
  %top = arith.select %isShort, %absLower, %absUpper : i64
  %below = arith.select %isShort, %c0, %absLower : i64
  %leading = "llvm.intr.ctlz"(%top) <{is_zero_poison = false}> : (i64) -> i64
  %shiftLeft = arith.andi %leading, %c63 : i64
  %up = arith.shli %top, %shiftLeft : i64
  %half = arith.shrui %below, %one : i64
  %distance = arith.subi %c63, %shiftLeft : i64
  %down = arith.shrui %half, %distance : i64
  %fraction = arith.ori %up, %down : i64
  %short = arith.trunci %leading : i64 to i32
  %zero = arith.constant 0 : i32
  %more = arith.select %isShort, %c64, %zero : i32
  %shift = arith.addi %short, %more : i32
  return %quarter, %fraction, %shift, %minus : i32, i64, i32, i64
}

func.func private @__nncc_reduce_angle_f32(%x: f32) -> (f32, i32) {
  %bits = arith.bitcast %x : f32 to i32
  %zero = arith.constant 0 : i32
  %c23 = arith.constant 23 : i32
  %bias = arith.constant 150 : i32
  %allButSign = arith.constant 0x7FFFFFFF : i32
  %signBit = arith.constant 0x80000000 : i32
  %fractionBits = arith.constant 0x7FFFFF : i32
  %hidden = arith.constant 0x800000 : i32
  %infinity = arith.constant 0x7F800000 : i32
  %nan = arith.constant 0x7FC00000 : i32
  %limit = arith.constant 0x3F490FDA : i32
  %abs = arith.andi %bits, %allButSign : i32
  %isSmall = arith.cmpi ule, %abs, %limit : i32
  %isSpecial = arith.cmpi uge, %abs, %infinity : i32
  %isEasy = arith.ori %isSmall, %isSpecial : i1
  %result:2 = scf.if %isEasy -> (i32, i32) {
    %easy = arith.select %isSpecial, %nan, %bits : i32
    scf.yield %easy, %zero : i32, i32
  } else {
    %field = arith.shrui %abs, %c23 : i32
    %digits = arith.andi %abs, %fractionBits : i32
    %full = arith.ori %digits, %hidden : i32
    %m = arith.extui %full : i32 to i64
    %e = arith.subi %field, %bias : i32
    %turn:4 = func.call @__nncc_reduce_angle(%m, %e) : (i64, i32) -> (i32, i64, i32, i64)

    // Times pi / 2 = 1.57..., which may take one bit more.
    %c32 = arith.constant 32 : i64
    %quarterTurn = arith.constant 0x6487ED51 : i64
    %top = arith.shrui %turn#1, %c32 : i64
    %product = arith.muli %top, %quarterTurn : i64
    // In f32 with the binary point where it was: product * 2^-62 * 2^-shift.
    %float = arith.uitofp %product : i64 to f32
    %floatBits = arith.bitcast %float : f32 to i32
    %c62 = arith.constant 62 : i32
    %down = arith.addi %turn#2, %c62 : i32
    %place = arith.shli %down, %c23 : i32
    %scaled = arith.subi %floatBits, %place : i32
    %none = arith.constant 0 : i64
    %isZero = arith.cmpi eq, %turn#1, %none : i64
    %magnitude = arith.select %isZero, %zero, %scaled : i32
    %signWord = arith.trunci %turn#3 : i64 to i32
    %minus = arith.andi %signWord, %signBit : i32
    %sign = arith.andi %bits, %signBit : i32
    %signs = arith.xori %minus, %sign : i32
    %r = arith.ori %magnitude, %signs : i32
    // A negative angle turns the other way.
    %isBelow = arith.cmpi slt, %bits, %zero : i32
    %back = arith.subi %zero, %turn#0 : i32
    %quarter = arith.select %isBelow, %back, %turn#0 : i32
    scf.yield %r, %quarter : i32, i32
  }
  %angle = arith.bitcast %result#0 : i32 to f32
  return %angle, %result#1 : f32, i32
}

func.func private @__nncc_reduce_angle_f64(%x: f64) -> (f64, i64) {
  %bits = arith.bitcast %x : f64 to i64
  %zero = arith.constant 0 : i64
  %c52 = arith.constant 52 : i64
  %bias = arith.constant 1075 : i64
  %allButSign = arith.constant 0x7FFFFFFFFFFFFFFF : i64
  %signBit = arith.constant 0x8000000000000000 : i64
  %fractionBits = arith.constant 0xFFFFFFFFFFFFF : i64
  %hidden = arith.constant 0x10000000000000 : i64
  %infinity = arith.constant 0x7FF0000000000000 : i64
  %nan = arith.constant 0x7FF8000000000000 : i64
  %limit = arith.constant 0x3FE921FB54442D18 : i64
  %abs = arith.andi %bits, %allButSign : i64
  %isSmall = arith.cmpi ule, %abs, %limit : i64
  %isSpecial = arith.cmpi uge, %abs, %infinity : i64
  %isEasy = arith.ori %isSmall, %isSpecial : i1
  %result:2 = scf.if %isEasy -> (i64, i64) {
    %easy = arith.select %isSpecial, %nan, %bits : i64
    scf.yield %easy, %zero : i64, i64
  } else {
    %field = arith.shrui %abs, %c52 : i64
    %digits = arith.andi %abs, %fractionBits : i64
    %m = arith.ori %digits, %hidden : i64
    %power = arith.subi %field, %bias : i64
    %e = arith.trunci %power : i64 to i32
    %turn:4 = func.call @__nncc_reduce_angle(%m, %e) : (i64, i32) -> (i32, i64, i32, i64)

    // The upper half of the product with pi / 2, which has 64 bits as well.
    %quarterTurn = arith.constant 0x6487ED5110B4611A : i64
    %low, %product = arith.mului_extended %turn#1, %quarterTurn : i64
    %float = arith.uitofp %product : i64 to f64
    %floatBits = arith.bitcast %float : f64 to i64
    %c62 = arith.constant 62 : i64
    %shift = arith.extui %turn#2 : i32 to i64
    %down = arith.addi %shift, %c62 : i64
    %place = arith.shli %down, %c52 : i64
    %scaled = arith.subi %floatBits, %place : i64
    %isZero = arith.cmpi eq, %turn#1, %zero : i64
    %magnitude = arith.select %isZero, %zero, %scaled : i64
    %minus = arith.andi %turn#3, %signBit : i64
    %sign = arith.andi %bits, %signBit : i64
    %signs = arith.xori %minus, %sign : i64
    %r = arith.ori %magnitude, %signs : i64
    %isBelow = arith.cmpi slt, %bits, %zero : i64
    %wide = arith.extui %turn#0 : i32 to i64
    %back = arith.subi %zero, %wide : i64
    %quarter = arith.select %isBelow, %back, %wide : i64
    scf.yield %r, %quarter : i64, i64
  }
  %angle = arith.bitcast %result#0 : i64 to f64
  return %angle, %result#1 : f64, i64
}
