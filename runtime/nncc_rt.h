/*===- nncc_rt.h - helpers for programs that run networks ----------*- C -*-===*
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

/* A compiled network needs none of this: with `parallel` NULL and `cpu` 0 it
 * runs on the calling thread with the instructions it was compiled for. */

#ifndef NNCC_RT_H
#define NNCC_RT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Threads as a network wants them; every network's header says the same. */
#ifndef NNCC_PARALLEL_DEFINED
#define NNCC_PARALLEL_DEFINED
struct nncc_parallel {
  void *ctx;
  uint32_t n;
  void (*run)(void *ctx, void (*body)(void *arg, uint32_t tid, uint32_t n),
              void *arg);
  void (*barrier)(void *ctx, uint32_t tid);
};
#endif

/*===- Threads: nncc_pool.c (POSIX) ---------------------------------------===*/

struct nncc_pool;

/* Starts n - 1 threads; the one that calls run is the n-th. n == 0 means one
 * thread for each processor. Returns NULL if memory or threads are lacking.
 *
 * Idle threads spin for about a millisecond, then sleep: a program that runs
 * networks in a row finds them awake, one that waits costs nothing. */
struct nncc_pool *nncc_pool_create(uint32_t n);

/* What to store in the member `parallel` of a network's struct. Valid until the
 * pool is destroyed. Runs on one pool take turns; a body must not start another
 * run on its own pool. */
const struct nncc_parallel *nncc_pool_parallel(struct nncc_pool *pool);

/* Stops the threads. No run may be under way. NULL is allowed. */
void nncc_pool_destroy(struct nncc_pool *pool);

/*===- Processor features: nncc_cpu.c -------------------------------------===*/

/* What to store in the member `cpu` of a network's struct: the features that
 * both the processor and the operating system offer. On Linux this asks the
 * kernel for permission to use AMX. 0 where nothing is known. */
uint64_t nncc_cpu_features(void);

#define NNCC_X86_SSE42 (UINT64_C(1) << 0)
#define NNCC_X86_AVX2 (UINT64_C(1) << 1) /* with FMA and F16C */
#define NNCC_X86_AVXVNNI (UINT64_C(1) << 2)
#define NNCC_X86_AVX512 (UINT64_C(1) << 3) /* F, BW, DQ and VL */
#define NNCC_X86_AVX512VNNI (UINT64_C(1) << 4)
#define NNCC_X86_AVX512BF16 (UINT64_C(1) << 5)
#define NNCC_X86_AVX512FP16 (UINT64_C(1) << 6)
#define NNCC_X86_AMXINT8 (UINT64_C(1) << 7)
#define NNCC_X86_AMXBF16 (UINT64_C(1) << 8)

#define NNCC_ARM_FP16 (UINT64_C(1) << 0)
#define NNCC_ARM_DOTPROD (UINT64_C(1) << 1)
#define NNCC_ARM_I8MM (UINT64_C(1) << 2)
#define NNCC_ARM_BF16 (UINT64_C(1) << 3)
#define NNCC_ARM_SVE (UINT64_C(1) << 4)
#define NNCC_ARM_SVE2 (UINT64_C(1) << 5)

#ifdef __cplusplus
}
#endif

#endif /* NNCC_RT_H */
