/*===- soft-double.c - f64 arithmetic of processors without it ------------===*/
/*
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

/* The functions of SoftDouble.mlir and SoftDoubleConversions.mlir and fmod against
 * this machine's instructions, bit by bit. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t my___adddf3(uint64_t x, uint64_t y);
uint64_t my___subdf3(uint64_t x, uint64_t y);
uint64_t my___muldf3(uint64_t x, uint64_t y);
uint64_t my___divdf3(uint64_t x, uint64_t y);
int32_t my___eqdf2(uint64_t x, uint64_t y);
int32_t my___nedf2(uint64_t x, uint64_t y);
int32_t my___ltdf2(uint64_t x, uint64_t y);
int32_t my___ledf2(uint64_t x, uint64_t y);
int32_t my___gtdf2(uint64_t x, uint64_t y);
int32_t my___gedf2(uint64_t x, uint64_t y);
int32_t my___unorddf2(uint64_t x, uint64_t y);
int32_t my___aeabi_dcmpeq(uint64_t x, uint64_t y);
int32_t my___aeabi_dcmplt(uint64_t x, uint64_t y);
int32_t my___aeabi_dcmple(uint64_t x, uint64_t y);
int32_t my___aeabi_dcmpgt(uint64_t x, uint64_t y);
int32_t my___aeabi_dcmpge(uint64_t x, uint64_t y);
uint64_t my___floatsidf(int32_t value);
uint64_t my___floatunsidf(uint32_t value);
uint64_t my___floatdidf(int64_t value);
uint64_t my___floatundidf(uint64_t value);
int32_t my___fixdfsi(uint64_t x);
uint32_t my___fixunsdfsi(uint64_t x);
int64_t my___fixdfdi(uint64_t x);
uint64_t my___fixunsdfdi(uint64_t x);
uint64_t my___extendsfdf2(uint32_t x);
uint32_t my___truncdfsf2(uint64_t x);
double my_sqrt(double x);
double my_fmod(double x, double y);

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

static uint64_t bits(double value) {
  uint64_t word;
  memcpy(&word, &value, sizeof word);
  return word;
}

static double number(uint64_t word) {
  double value;
  memcpy(&value, &word, sizeof value);
  return value;
}

static void fail(const char *what, uint64_t a, uint64_t b) {
  printf("%s is wrong for %llx, %llx\n", what, (unsigned long long)a,
         (unsigned long long)b);
  exit(1);
}

/* Around many powers of two and every kind of number. */
static const uint64_t edges[] = {
    0x0000000000000000, 0x0000000000000001, 0x0000000000000002, 0x0008000000000000,
    0x000FFFFFFFFFFFFE, 0x000FFFFFFFFFFFFF, 0x0010000000000000, 0x0010000000000001,
    0x001FFFFFFFFFFFFF, 0x0020000000000000, 0x0170000000000000, 0x1FF0000000000000,
    0x3690000000000000, 0x36A0000000000000, 0x380FFFFFFFFFFFFF, 0x3810000000000000,
    0x3CA0000000000000, 0x3CA0000000000001, 0x3CB0000000000000, 0x3FDFFFFFFFFFFFFF,
    0x3FE0000000000000, 0x3FE0000000000001, 0x3FEFFFFFFFFFFFFF, 0x3FF0000000000000,
    0x3FF0000000000001, 0x3FF0000010000000, 0x3FF0000030000000, 0x3FFFFFFFFFFFFFFF,
    0x4000000000000000, 0x4008000000000000, 0x41DFFFFFFFC00000, 0x41E0000000000000,
    0x41EFFFFFFFE00000, 0x432FFFFFFFFFFFFF, 0x4330000000000000, 0x4330000000000001,
    0x4340000000000000, 0x43DFFFFFFFFFFFFF, 0x43E0000000000000, 0x43EFFFFFFFFFFFFF,
    0x47EFFFFFEFFFFFFF, 0x47EFFFFFF0000000, 0x47F0000000000000, 0x5FE6A09E667F3BCD,
    0x7FDFFFFFFFFFFFFF, 0x7FE0000000000000, 0x7FEFFFFFFFFFFFFE, 0x7FEFFFFFFFFFFFFF,
    0x7FF0000000000000, 0x7FF0000000000001, 0x7FF8000000000000, 0x7FFFFFFFFFFFFFFF};
enum { EDGES = sizeof edges / sizeof *edges };

/* One of them, or any bits, or a number with few digits, whose sums and products
 * lie half-way between two floats more often. */
static uint64_t draw(void) {
  uint64_t word = next(), sign = next() & 0x8000000000000000u;
  switch (next() % 4) {
  case 0:
    return edges[word % EDGES] | sign;
  case 1:
    return word;
  case 2: /* near 1, so that sums cancel */
    return 0x3FE0000000000000u + word % 0x40000000000000u + sign;
  default:
    return (word & ~(~(uint64_t)0 >> (next() % 64))) | sign;
  }
}

static void same(const char *what, uint64_t x, uint64_t y, double expected,
                 uint64_t result) {
  if (isnan(expected) ? !isnan(number(result)) : bits(expected) != result)
    fail(what, x, y);
}

static void check_arithmetic(uint64_t x, uint64_t y) {
  volatile double a = number(x), b = number(y);
  same("add", x, y, a + b, my___adddf3(x, y));
  same("sub", x, y, a - b, my___subdf3(x, y));
  same("mul", x, y, a * b, my___muldf3(x, y));
  same("div", x, y, a / b, my___divdf3(x, y));
  same("sqrt", x, x, sqrt(a), bits(my_sqrt(a)));
}

static void check_order(uint64_t x, uint64_t y) {
  volatile double a = number(x), b = number(y);
  if ((my___eqdf2(x, y) == 0) != (a == b) || (my___nedf2(x, y) != 0) != (a != b) ||
      (my___ltdf2(x, y) < 0) != (a < b) || (my___ledf2(x, y) <= 0) != (a <= b) ||
      (my___gtdf2(x, y) > 0) != (a > b) || (my___gedf2(x, y) >= 0) != (a >= b) ||
      (my___unorddf2(x, y) != 0) != (isnan(a) || isnan(b)))
    fail("comparison", x, y);
  if (my___aeabi_dcmpeq(x, y) != (a == b) || my___aeabi_dcmplt(x, y) != (a < b) ||
      my___aeabi_dcmple(x, y) != (a <= b) || my___aeabi_dcmpgt(x, y) != (a > b) ||
      my___aeabi_dcmpge(x, y) != (a >= b))
    fail("Arm's comparison", x, y);
}

static void check_integers(uint64_t x) {
  uint64_t wide = any();
  uint32_t word = (uint32_t)any();
  same("from u32", word, 0, (double)word, my___floatunsidf(word));
  same("from i32", word, 0, (double)(int32_t)word, my___floatsidf((int32_t)word));
  same("from u64", wide, 0, (double)wide, my___floatundidf(wide));
  same("from i64", wide, 0, (double)(int64_t)wide, my___floatdidf((int64_t)wide));
  double d = number(x);
  if (d > -1 && d < 0x1p32 && my___fixunsdfsi(x) != (d < 0 ? 0 : (uint32_t)d))
    fail("to u32", x, 0);
  if (d > -0x1p31 - 1 && d < 0x1p31 && my___fixdfsi(x) != (int32_t)d)
    fail("to i32", x, 0);
  if (d > -1 && d < 0x1p64 && my___fixunsdfdi(x) != (d < 0 ? 0 : (uint64_t)d))
    fail("to u64", x, 0);
  if (d >= -0x1p63 && d < 0x1p63 && my___fixdfdi(x) != (int64_t)d)
    fail("to i64", x, 0);
}

static void check_floats(uint64_t x) {
  volatile float narrow = (float)number(x);
  uint32_t word;
  memcpy(&word, (const void *)&narrow, sizeof word);
  uint32_t result = my___truncdfsf2(x);
  if (isnan(narrow) ? (result & 0x7FFFFFFFu) <= 0x7F800000u : result != word)
    fail("to f32", x, result);
  word = (uint32_t)(next() % 2 ? x : x >> 32);
  float from;
  memcpy(&from, &word, sizeof from);
  same("from f32", word, 0, from, my___extendsfdf2(word));
}

static void check(uint64_t x, uint64_t y) {
  check_arithmetic(x, y);
  check_order(x, y);
  check_integers(x);
  check_floats(x);
}

int main(int argc, char **argv) {
  long count = argc > 1 ? atol(argv[1]) : 2000000;
  for (int i = 0; i < EDGES; ++i)
    for (int j = 0; j < EDGES; ++j)
      for (uint64_t signs = 0; signs < 4; ++signs)
        check(edges[i] | (signs & 1) << 63, edges[j] | (signs & 2) << 62);
  for (long i = 0; i < count; ++i)
    check(draw(), draw());
  for (long i = 0; i < count / 100; ++i) {
    uint64_t x = draw(), y = draw();
    same("fmod", x, y, fmod(number(x), number(y)), bits(my_fmod(number(x), number(y))));
  }
  puts("all right");
  return 0;
}
