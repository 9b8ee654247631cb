/*===- fma_peak.c - multiply-adds as fast as one core can ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===*/

/* Independent chains hide the latency, and few enough stay in registers. Where
 * there is no fused instruction, a multiplication and an addition count as two
 * operations just the same. */
#if defined(__AVX512F__)
#define LANES 16
#define CHAINS 24
#elif defined(__AVX__)
#define LANES 8
#define CHAINS 12
#elif defined(__aarch64__)
#define LANES 4
#define CHAINS 24
#else
#define LANES 4
#define CHAINS 12
#endif

typedef float lanes __attribute__((vector_size(4 * LANES)));

/* Floating-point operations of fma_peak(1). */
const long fma_peak_operations = 2L * LANES * CHAINS;

float fma_peak(long rounds) {
  lanes chain[CHAINS], factor = (lanes){} + 0.9999f, addend = (lanes){} + 1e-3f;
  for (int i = 0; i < CHAINS; ++i)
    chain[i] = (lanes){} + (float)i;
  for (long round = 0; round < rounds; ++round)
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; ++i)
      chain[i] = chain[i] * factor + addend;
  float sum = 0;
  for (int i = 0; i < CHAINS; ++i)
    for (int lane = 0; lane < LANES; ++lane)
      sum += chain[i][lane];
  return sum;
}
