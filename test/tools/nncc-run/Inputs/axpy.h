/*===- axpy.h - y = a * x + 1, z = -n, as a compiled network would be ---------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#ifndef AXPY_H
#define AXPY_H
#include <stdint.h>

#ifndef NNCC_PARALLEL_DEFINED
#define NNCC_PARALLEL_DEFINED
struct nncc_parallel {
  void *ctx;
  uint32_t n;
  void (*run)(void *ctx, void (*body)(void *arg, uint32_t tid, uint32_t n), void *arg);
  void (*barrier)(void *ctx, uint32_t tid);
};
#endif

typedef struct {
  const float *a;
  const float *x_0;
  const int8_t *n;
  float *y;
  int8_t *z;
  void *arena;
  void *state;
#ifndef __arm__
  const struct nncc_parallel *parallel;
  uint64_t cpu;
#endif
} axpy_io;

#define AXPY_ARENA_BYTES 64
#define AXPY_ARENA_ALIGN 64

int32_t axpy_run(const axpy_io *io);

#endif
