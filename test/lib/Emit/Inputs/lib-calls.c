/*===- lib-calls.c - the library functions of objects ---------------------===*/
/*
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

/* The functions of LibCalls.mlir against those of this machine. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct division {
  uint64_t quotient, rest;
};
struct division my___aeabi_uldivmod(uint64_t a, uint64_t b);
struct division my___aeabi_ldivmod(int64_t a, int64_t b);
uint32_t my___floatundisf(uint64_t value);
uint32_t my___floatdisf(int64_t value);
uint64_t my___fixunssfdi(uint32_t bits);
int64_t my___fixsfdi(uint32_t bits);
float my_fmodf(float x, float y);
void *my_memcpy(void *to, const void *from, size_t size);
void *my_memmove(void *to, const void *from, size_t size);
void *my_memset(void *to, int value, size_t size);
void my___aeabi_memset(void *to, size_t size, int value);
void my___aeabi_memclr(void *to, size_t size);

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

static void check_division(void) {
  uint64_t a = any(), b = any();
  if (b == 0)
    return;
  struct division u = my___aeabi_uldivmod(a, b);
  if (u.quotient != a / b || u.rest != a % b)
    fail("uldivmod", a, b);
  if ((int64_t)b == -1)
    return;
  struct division s = my___aeabi_ldivmod((int64_t)a, (int64_t)b);
  if ((int64_t)s.quotient != (int64_t)a / (int64_t)b ||
      (int64_t)s.rest != (int64_t)a % (int64_t)b)
    fail("ldivmod", a, b);
}

static void check_conversions(void) {
  uint64_t a = any();
  if (my___floatundisf(a) != bits((float)a))
    fail("ul2f", a, 0);
  if (my___floatdisf((int64_t)a) != bits((float)(int64_t)a))
    fail("l2f", a, 0);
  float f = number((uint32_t)next());
  if (f >= 0 && f < 0x1p64f && my___fixunssfdi(bits(f)) != (uint64_t)f)
    fail("f2ulz", bits(f), 0);
  if (f > -0x1p63f && f < 0x1p63f && my___fixsfdi(bits(f)) != (int64_t)f)
    fail("f2lz", bits(f), 0);
}

static void check_fmod(void) {
  uint32_t x = (uint32_t)next(), y = (uint32_t)next();
  if (next() % 4 == 0) /* subnormals, zeros, infinities, NaN */
    y = next() % 2 ? y & 0x807fffffu : y | 0x7f800000u;
  if (next() % 4 == 0)
    x = next() % 2 ? x & 0x80000001u : x | 0x7f800000u;
  float expected = fmodf(number(x), number(y));
  float result = my_fmodf(number(x), number(y));
  if (isnan(expected) ? !isnan(result) : bits(result) != bits(expected))
    fail("fmodf", x, y);
}

static void check_memory(void) {
  static unsigned char a[256], b[256];
  for (int i = 0; i < 256; ++i)
    a[i] = b[i] = (unsigned char)next();
  size_t to = next() % 128, from = next() % 128, size = next() % 128;
  int value = (int)next();
  memmove(a + to, a + from, size);
  if (my_memmove(b + to, b + from, size) != b + to || memcmp(a, b, 256))
    fail("memmove", to, from);
  memset(a + to, value, size);
  if (my_memset(b + to, value, size) != b + to || memcmp(a, b, 256))
    fail("memset", to, size);
  my___aeabi_memset(b + from, size, 7);
  memset(a + from, 7, size);
  my___aeabi_memclr(b + to, size / 2);
  memset(a + to, 0, size / 2);
  if (memcmp(a, b, 256))
    fail("__aeabi_memset", to, size);
  if (my_memcpy(b, a + 128, 128) != b || memcmp(b, a + 128, 128))
    fail("memcpy", 0, 0);
}

int main(void) {
  for (int i = 0; i < 300000; ++i) {
    check_division();
    check_conversions();
    check_fmod();
  }
  for (int i = 0; i < 10000; ++i)
    check_memory();
  if (my___floatundisf(0) != 0 || my___floatdisf(INT64_MIN) != bits(-0x1p63f))
    fail("conversion of an extreme", 0, 0);
  puts("all right");
  return 0;
}
