/*===- main.c - handwritten digits on a microcontroller ----------------------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#include "digits.h" /* written by nncc beside digits.o */
#include "digits_test.h"
#include "semihosting.h"

static _Alignas(DIGITS_ARENA_ALIGN) unsigned char arena[DIGITS_ARENA_BYTES];
static float image[64], scores[10];

int main(void) {
  const digits_io io = {.image = image, .scores = scores, .arena = arena};
  int right = 0;
  host_print("first digits: ");
  for (int i = 0; i < DIGITS_TEST_COUNT; ++i) {
    for (int p = 0; p < 64; ++p)
      image[p] = digits_test_images[i][p] / 16.0f;
    if (digits_run(&io) != 0)
      return 1;
    int best = 0;
    for (int d = 1; d < 10; ++d)
      best = scores[d] > scores[best] ? d : best;
    right += best == digits_test_labels[i];
    if (i < 20) {
      host_print_int(best);
      host_print(best == digits_test_labels[i] ? " " : "(!) ");
    }
  }
  const int permille = (right * 1000 + DIGITS_TEST_COUNT / 2) / DIGITS_TEST_COUNT;
  host_print("\naccuracy: ");
  host_print_int(right);
  host_print(" of ");
  host_print_int(DIGITS_TEST_COUNT);
  host_print(" (");
  host_print_int(permille / 10);
  host_print(".");
  host_print_int(permille % 10);
  host_print(" %)\n");
  return 0;
}
