/*===- lib-calls-net.c - a network with library calls ---------------------===*/
/*
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

/* Runs Inputs/lib-calls.mlir. */
#include "net.h"

#ifdef NNCC_PARALLEL_DEFINED
#include <stdio.h>
#define host_print(text) fputs(text, stdout)
#else
#include "semihosting.h"
#endif

int main(void) {
  static const int64_t x[8] = {100,
                               -100,
                               1000000000000,
                               -999999999999997,
                               4611686018427400249,
                               -9223372036854775807,
                               999999937,
                               7};
  static const int64_t expected[8] = {2,
                                      -2,
                                      0,
                                      -16777216,
                                      658812111639543808,
                                      -1317624223279087616,
                                      142857120,
                                      0};
  static const uint16_t h[8] = {0,      0x3c00, 0xbc00, 0x4d00,
                                0xc900, 0x4000, 0xcc5a, 0x068e};
  static const uint16_t powers[8] = {0x3c00, 0x4170, 0x35e3, 0x7c00,
                                     0x02fa, 0x4764, 0x0000, 0x3c00};
  static int64_t y[8], z[8];
  static uint16_t g[8];
  net_io io = {.x = x, .h = h, .y = y, .z = z, .g = g};
  int wrong = net_run(&io) != NNCC_OK;
  for (int i = 0; i < 8; ++i)
    wrong |= (y[i] != expected[i]) << 1 | (z[i] != x[i]) << 2 |
             (g[i] != powers[i]) << 3;
  host_print(wrong & 1 ? "an error is returned\n" : "");
  host_print(wrong & 2 ? "remainders are wrong\n" : "");
  host_print(wrong & 4 ? "copies are wrong\n" : "");
  host_print(wrong & 8 ? "powers are wrong\n" : "");
  host_print(wrong ? "" : "values are right\n");
  return wrong;
}
