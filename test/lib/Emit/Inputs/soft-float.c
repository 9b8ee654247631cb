/*===- soft-float.c - arithmetic of processors without floats -------------===*/
/*
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

/* The functions of SoftFloat.mlir, SoftFloatConversions.mlir and
 * IntegerCalls.mlir against this machine's instructions, bit by bit. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t my___addsf3(uint32_t x, uint32_t y);
uint32_t my___subsf3(uint32_t x, uint32_t y);
uint32_t my___mulsf3(uint32_t x, uint32_t y);
uint32_t my___divsf3(uint32_t x, uint32_t y);
int32_t my___eqsf2(uint32_t x, uint32_t y);
int32_t my___nesf2(uint32_t x, uint32_t y);
int32_t my___ltsf2(uint32_t x, uint32_t y);
int32_t my___lesf2(uint32_t x, uint32_t y);
int32_t my___gtsf2(uint32_t x, uint32_t y);
int32_t my___gesf2(uint32_t x, uint32_t y);
int32_t my___unordsf2(uint32_t x, uint32_t y);
int32_t my___aeabi_fcmpeq(uint32_t x, uint32_t y);
int32_t my___aeabi_fcmplt(uint32_t x, uint32_t y);
int32_t my___aeabi_fcmple(uint32_t x, uint32_t y);
int32_t my___aeabi_fcmpgt(uint32_t x, uint32_t y);
int32_t my___aeabi_fcmpge(uint32_t x, uint32_t y);
uint32_t my___floatsisf(int32_t value);
uint32_t my___floatunsisf(uint32_t value);
int32_t my___fixsfsi(uint32_t x);
uint32_t my___fixunssfsi(uint32_t x);
float my_sqrtf(float x);
int32_t my___clzsi2(uint32_t x);
uint64_t my___muldi3(uint64_t a, uint64_t b);
uint64_t my___ashldi3(uint64_t x, int32_t n);
uint64_t my___lshrdi3(uint64_t x, int32_t n);
int64_t my___ashrdi3(int64_t x, int32_t n);
uint32_t my___aeabi_uidiv(uint32_t a, uint32_t b);
int32_t my___aeabi_idiv(int32_t a, int32_t b);
uint64_t my___udivdi3(uint64_t a, uint64_t b);
uint64_t my___umoddi3(uint64_t a, uint64_t b);
int64_t my___divdi3(int64_t a, int64_t b);
int64_t my___moddi3(int64_t a, int64_t b);

static uint64_t state = 88172645463325252u;
static uint64_t next(void) { /* xorshift */
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/* Numbers of every length, with long runs of ones and zeros among them. */
static uint64_t any(void) {
  uint64_t value = next() >> (next() % 64);
  return next() % 4 ? value : ~value;
}

static uint32_t bits(float value) {
  uint32_t word;
  memcpy(&word, &value, sizeof word);
  return word;
}

static float number(uint32_t word) {
  float value;
  memcpy(&value, &word, sizeof value);
  return value;
}

static void fail(const char *what, uint64_t a, uint64_t b) {
  printf("%s is wrong for %llx, %llx\n", what, (unsigned long long)a,
         (unsigned long long)b);
  exit(1);
}

/* Around every power of two and every kind of number. */
static const uint32_t edges[] = {
    0x00000000, 0x00000001, 0x00000002, 0x00000003, 0x003FFFFF, 0x00400000,
    0x007FFFFE, 0x007FFFFF, 0x00800000, 0x00800001, 0x00FFFFFF, 0x01000000,
    0x0B800000, 0x1F800000, 0x33000000, 0x33800000, 0x33800001, 0x34000000,
    0x3EFFFFFF, 0x3F000000, 0x3F000001, 0x3F7FFFFF, 0x3F800000, 0x3F800001,
    0x3FFFFFFF, 0x40000000, 0x40400000, 0x4AFFFFFF, 0x4B000000, 0x4B000001,
    0x4B7FFFFF, 0x4B800000, 0x4EFFFFFF, 0x4F000000, 0x4F7FFFFF, 0x4F800000,
    0x5F000000, 0x5F3504F3, 0x60000000, 0x7E7FFFFF, 0x7EFFFFFF, 0x7F000000,
    0x7F7FFFFE, 0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FC00000, 0x7FFFFFFF};
enum { EDGES = sizeof edges / sizeof *edges };

/* One of them, or any bits, or a number with few digits, whose sums and products
 * lie half-way between two floats more often. */
static uint32_t draw(void) {
  uint32_t word = (uint32_t)next(), sign = (uint32_t)(next() & 0x80000000u);
  switch (next() % 4) {
  case 0:
    return edges[word % EDGES] | sign;
  case 1:
    return word;
  case 2: /* near 1, so that sums cancel */
    return 0x3F000000u + word % 0x2000000u + sign;
  default:
    return (word & ~(~0u >> (next() % 32))) | sign;
  }
}

static void same(const char *what, uint32_t x, uint32_t y, float expected,
                 uint32_t result) {
  if (isnan(expected) ? !isnan(number(result)) : bits(expected) != result)
    fail(what, x, y);
}

static void check_arithmetic(uint32_t x, uint32_t y) {
  volatile float a = number(x), b = number(y);
  same("add", x, y, a + b, my___addsf3(x, y));
  same("sub", x, y, a - b, my___subsf3(x, y));
  same("mul", x, y, a * b, my___mulsf3(x, y));
  same("div", x, y, a / b, my___divsf3(x, y));
  same("sqrt", x, x, sqrtf(a), bits(my_sqrtf(a)));
}

static void check_order(uint32_t x, uint32_t y) {
  volatile float a = number(x), b = number(y);
  if ((my___eqsf2(x, y) == 0) != (a == b) || (my___nesf2(x, y) != 0) != (a != b) ||
      (my___ltsf2(x, y) < 0) != (a < b) || (my___lesf2(x, y) <= 0) != (a <= b) ||
      (my___gtsf2(x, y) > 0) != (a > b) || (my___gesf2(x, y) >= 0) != (a >= b) ||
      (my___unordsf2(x, y) != 0) != (isnan(a) || isnan(b)))
    fail("comparison", x, y);
  if (my___aeabi_fcmpeq(x, y) != (a == b) || my___aeabi_fcmplt(x, y) != (a < b) ||
      my___aeabi_fcmple(x, y) != (a <= b) || my___aeabi_fcmpgt(x, y) != (a > b) ||
      my___aeabi_fcmpge(x, y) != (a >= b))
    fail("Arm's comparison", x, y);
}

static void check_conversions(uint32_t x) {
  uint32_t word = (uint32_t)any();
  same("from unsigned", word, 0, (float)word, my___floatunsisf(word));
  same("from signed", word, 0, (float)(int32_t)word, my___floatsisf((int32_t)word));
  float f = number(x);
  if (f > -1 && f < 0x1p32f && my___fixunssfsi(x) != (f < 0 ? 0 : (uint32_t)f))
    fail("to unsigned", x, 0);
  if (f >= -0x1p31f && f < 0x1p31f && my___fixsfsi(x) != (int32_t)f)
    fail("to signed", x, 0);
}

static void check_integers(void) {
  uint64_t a = any(), b = any();
  uint32_t c = (uint32_t)a, d = (uint32_t)b;
  int32_t n = (int32_t)(next() % 64);
  if (my___clzsi2(c) != (c ? __builtin_clz(c) : 32))
    fail("clz", c, 0);
  if (my___muldi3(a, b) != a * b)
    fail("mul", a, b);
  if (my___ashldi3(a, n) != a << n || my___lshrdi3(a, n) != a >> n ||
      my___ashrdi3((int64_t)a, n) != (int64_t)a >> n)
    fail("shift", a, (uint64_t)n);
  if (d && my___aeabi_uidiv(c, d) != c / d)
    fail("uidiv", c, d);
  if (d && d != ~0u && my___aeabi_idiv((int32_t)c, (int32_t)d) != (int32_t)c / (int32_t)d)
    fail("idiv", c, d);
  if (b && (my___udivdi3(a, b) != a / b || my___umoddi3(a, b) != a % b))
    fail("unsigned division", a, b);
  if (b + 1 > 1 && (my___divdi3((int64_t)a, (int64_t)b) != (int64_t)a / (int64_t)b ||
                    my___moddi3((int64_t)a, (int64_t)b) != (int64_t)a % (int64_t)b))
    fail("signed division", a, b);
}

static void check(uint32_t x, uint32_t y) {
  check_arithmetic(x, y);
  check_order(x, y);
  check_conversions(x);
}

int main(int argc, char **argv) {
  long count = argc > 1 ? atol(argv[1]) : 3000000;
  for (int i = 0; i < EDGES; ++i)
    for (int j = 0; j < EDGES; ++j)
      for (uint32_t signs = 0; signs < 4; ++signs)
        check(edges[i] | (signs & 1) << 31, edges[j] | (signs & 2) << 30);
  for (long i = 0; i < count; ++i)
    check(draw(), draw());
  for (long i = 0; i < count / 10; ++i)
    check_integers();
  puts("all right");
  return 0;
}
