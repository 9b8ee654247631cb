/*===- main.c - classifies handwritten digits ---------------------------------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#include "digits.h" /* written by nncc beside digits.o */
#include "digits_test.h"
#include <stdio.h>

static _Alignas(DIGITS_ARENA_ALIGN) unsigned char arena[DIGITS_ARENA_BYTES];

int main(void) {
  float image[64], scores[10];
  digits_io io = {.image = image, .scores = scores, .arena = arena};
  int right = 0;
  printf("first digits: ");
  for (int i = 0; i < DIGITS_TEST_COUNT; ++i) {
    for (int p = 0; p < 64; ++p)
      image[p] = digits_test_images[i][p] / 16.0f;
    if (digits_run(&io) != 0)
      return 1;
    int best = 0;
    for (int d = 1; d < 10; ++d)
      best = scores[d] > scores[best] ? d : best;
    right += best == digits_test_labels[i];
    if (i < 20)
      printf(best == digits_test_labels[i] ? "%d " : "%d(!) ", best);
  }
  printf("\naccuracy: %d of %d (%.1f %%)\n", right, DIGITS_TEST_COUNT,
         100.0 * right / DIGITS_TEST_COUNT);
  return 0;
}
