/*===- contract.c - the contract of objects, tried out --------------------===*/
/*
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

/* What is promised of an object, tried on two of them in one program. Their headers
 * know threads if the machine has an operating system. */
#include "three.h"
#include "two.h"

#ifdef NNCC_PARALLEL_DEFINED
#include "nncc_rt.h"
#include <pthread.h>
#include <stdio.h>
#define print(text) fputs(text, stdout)
#else
#include "semihosting.h"
#define print host_print
#endif

static int failures;

static void expect(int condition, const char *what) {
  if (condition)
    return;
  print("wrong: ");
  print(what);
  print("\n");
  failures++;
}

enum { ARENA = TWO_ARENA_BYTES / 4, GUARD = 16, IN = TWO_X_0_SIZE, OUT = TWO_ACT_Y_SIZE };

/* An arena between words that nobody may touch. */
struct guarded {
  _Alignas(64) uint32_t before[GUARD];
  uint32_t arena[ARENA];
  uint32_t after[GUARD];
};

static void fill(uint32_t *words, int n, uint32_t value) {
  for (int i = 0; i < n; ++i)
    words[i] = value;
}

static int all(const uint32_t *words, int n, uint32_t value) {
  for (int i = 0; i < n; ++i)
    if (words[i] != value)
      return 0;
  return 1;
}

static int same_bits(const float *a, const float *b, int n) {
  const uint32_t *x = (const uint32_t *)(const void *)a;
  const uint32_t *y = (const uint32_t *)(const void *)b;
  for (int i = 0; i < n; ++i)
    if (x[i] != y[i])
      return 0;
  return 1;
}

/* Whether a value lies between two positive ones: their bits are in the order of
 * the numbers. A processor without floats can do that, too. */
static int between(float value, float low, float high) {
  const union { float number; int32_t bits; } v = {value}, l = {low}, h = {high};
  return l.bits < v.bits && v.bits < h.bits;
}

static const float input[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
_Static_assert(sizeof input / sizeof *input == IN, "size of the input");
static float reference[OUT];

static void check_values(void) {
  static struct guarded g;
  static float y[OUT];
  fill(g.before, GUARD, 0xA5A5A5A5u);
  fill(g.after, GUARD, 0x5A5A5A5Au);
  fill(g.arena, ARENA, 0xFFFFFFFFu); /* NaN: any content must do */
  two_io io = {.x_0 = input, .act_y = reference, .arena = g.arena};
  expect(two_run(&io) == NNCC_OK, "two returns an error");
  /* Sums of 0..15 times 0.125 plus 0.5 are 15.5, where gelu is x. */
  for (int i = 0; i < OUT; ++i)
    expect(between(reference[i], 15.4999f, 15.5001f), "value of two");
  three_io other = {.x_0 = input, .act_y = y, .arena = g.arena};
  expect(three_run(&other) == NNCC_OK, "three returns an error");
  for (int i = 0; i < OUT; ++i)
    expect(between(y[i], 30.4999f, 30.5001f), "value of three");

  /* Slots instead of pointers; any alignment of elements outside. */
  io.x_0 = 0;
  io.act_y = 0;
  for (int i = 0; i < IN; ++i)
    ((float *)(void *)g.arena)[TWO_X_0_SLOT / 4 + i] = input[i];
  expect(two_run(&io) == NNCC_OK, "two returns an error with slots");
  expect(same_bits((float *)(void *)g.arena + TWO_ACT_Y_SLOT / 4, reference, OUT),
         "value in the slot");
  static float shifted[OUT + 1];
  io.x_0 = input;
  io.act_y = shifted + 1;
  expect(two_run(&io) == NNCC_OK && same_bits(shifted + 1, reference, OUT),
         "output aligned to its elements only");
  expect(all(g.before, GUARD, 0xA5A5A5A5u) && all(g.after, GUARD, 0x5A5A5A5Au),
         "memory around the arena");
}

static void check_errors(void) {
  static struct guarded g;
  static float y[OUT];
  two_io io = {.x_0 = input, .act_y = y};
  int32_t (*run)(const two_io *) = two_run; /* is a function like any other */
  expect(run(0) == NNCC_E_ARGUMENT, "no struct");
  expect(run(&io) == NNCC_E_ARGUMENT, "no arena");
  io.arena = g.arena + 1;
  expect(run(&io) == NNCC_E_ALIGN, "misaligned arena");
  io.arena = g.arena;
  io.x_0 = (const float *)(const void *)((const char *)input + 1);
  expect(run(&io) == NNCC_E_ALIGN, "misaligned input");
  io.x_0 = input;
  io.act_y = (float *)(void *)((char *)y + 2);
  expect(run(&io) == NNCC_E_ALIGN, "misaligned output");
  expect(all((uint32_t *)(void *)y, OUT, 0), "an output after an error");
#ifdef NNCC_PARALLEL_DEFINED
  struct nncc_parallel broken = {.n = 4};
  io.act_y = y;
  io.parallel = &broken;
  expect(run(&io) == NNCC_E_ARGUMENT, "threads without functions");
  broken.n = 1;
  expect(run(&io) == NNCC_OK, "one thread needs no functions");
#endif
}

#ifdef NNCC_PARALLEL_DEFINED
static void check_threads(void) {
  static struct guarded g;
  for (uint32_t n = 1; n <= 16; n += n < 10 ? 1 : 6) {
    static float y[OUT];
    struct nncc_pool *pool = nncc_pool_create(n);
    two_io io = {.x_0 = input, .act_y = y, .arena = g.arena,
                 .parallel = nncc_pool_parallel(pool),
                 .cpu = nncc_cpu_features()};
    for (int round = 0; round < 20; ++round) {
      fill((uint32_t *)(void *)y, OUT, 0);
      fill(g.arena, ARENA, 0xFFFFFFFFu);
      expect(two_run(&io) == NNCC_OK && same_bits(y, reference, OUT),
             "value with threads");
    }
    nncc_pool_destroy(pool);
  }
}

static void *run_alone(void *arg) {
  struct guarded *g = arg;
  for (int round = 0; round < 1000; ++round) {
    float y[OUT];
    two_io io = {.x_0 = input, .act_y = y, .arena = g->arena};
    if (two_run(&io) != NNCC_OK || !same_bits(y, reference, OUT))
      return g;
  }
  return 0;
}

static void check_reentrance(void) {
  static struct guarded g[4];
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], NULL, run_alone, &g[i]);
  for (int i = 0; i < 4; ++i) {
    void *wrong = NULL;
    pthread_join(threads[i], &wrong);
    expect(!wrong, "runs at the same time");
  }
}
#endif

int main(void) {
  static const int shape[] = TWO_X_0_SHAPE;
  expect(TWO_X_0_RANK == 2 && shape[0] * shape[1] == TWO_X_0_SIZE, "shape");
#ifdef __x86_64__
  if ((nncc_cpu_features() & NEEDED) != NEEDED) {
    print("contract holds (this machine cannot run it)\n");
    return 0;
  }
#endif
  check_values();
  check_errors();
#ifdef NNCC_PARALLEL_DEFINED
  check_threads();
  check_reentrance();
#endif
  if (!failures)
    print("contract holds\n");
  return failures;
}
