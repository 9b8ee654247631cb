/*===- main.c - a program with two networks and the thread pool ---------------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#include "digits.h"
#include "nncc_rt.h"
#include "second.h"
#include <stdio.h>

static _Alignas(DIGITS_ARENA_ALIGN) unsigned char arena[DIGITS_ARENA_BYTES];
static _Alignas(SECOND_ARENA_ALIGN) unsigned char second_arena[SECOND_ARENA_BYTES];

int main(void) {
  float image[64], scores[10], second_scores[10];
  for (int i = 0; i < 64; ++i)
    image[i] = (float)(i % 8) / 8;
  struct nncc_pool *pool = nncc_pool_create(2);
  digits_io io = {.image = image, .scores = scores, .arena = arena};
  io.parallel = nncc_pool_parallel(pool);
  second_io second = {.image = image, .scores = second_scores, .arena = second_arena};
  if (digits_run(&io) != 0 || second_run(&second) != 0)
    return 1;
  nncc_pool_destroy(pool);
  for (int i = 0; i < 10; ++i) {
    float difference = scores[i] - second_scores[i];
    if (!(difference > -1e-4f && difference < 1e-4f))
      return 2;
  }
  puts("both networks agree");
  return 0;
}
