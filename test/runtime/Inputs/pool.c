/*===- pool.c - the thread pool, tried out --------------------------------===*/
/*
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

/* Exercises the pool: every body runs once, barriers order what threads write,
 * sleeping threads wake up, callers take turns. */
#include "nncc_rt.h"
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { MOST = 16, ROUNDS = 60, PHASES = 8 };

struct job {
  const struct nncc_parallel *parallel;
  uint32_t cells[2][MOST]; /* plain memory: barriers are the only order */
  uint32_t calls[MOST];
  uint32_t wrong;
};

/* Thread t adds up what all threads wrote in the phase before. */
static void sum_phases(void *arg, uint32_t tid, uint32_t n) {
  struct job *job = arg;
  uint32_t wrong = 0;
  job->calls[tid]++;
  job->cells[0][tid] = 1;
  for (uint32_t phase = 0; phase < PHASES; ++phase) {
    uint32_t sum = 0;
    job->parallel->barrier(job->parallel->ctx, tid);
    for (uint32_t i = 0; i < n; ++i)
      sum += job->cells[phase % 2][i];
    wrong |= sum != n * (phase + 1);
    job->cells[(phase + 1) % 2][tid] = phase + 2;
  }
  if (wrong)
    __atomic_store_n(&job->wrong, 1, __ATOMIC_RELAXED);
}

static int run_rounds(const struct nncc_parallel *parallel, int pause) {
  struct job job = {.parallel = parallel};
  for (uint32_t round = 1; round <= ROUNDS; ++round) {
    if (pause && round % 20 == 0) { /* long enough to fall asleep */
      struct timespec time = {0, 5000000};
      nanosleep(&time, NULL);
    }
    parallel->run(parallel->ctx, sum_phases, &job);
    for (uint32_t i = 0; i < MOST; ++i)
      if (job.calls[i] != (i < parallel->n ? round : 0))
        return 1;
  }
  return (int)job.wrong;
}

static void *run_in_thread(void *arg) {
  static int failed;
  return run_rounds(arg, 0) ? &failed : NULL;
}

int main(void) {
  int failures = 0;
  nncc_pool_destroy(NULL);
  for (uint32_t n = 1; n <= MOST; n = n < 4 ? n + 1 : 2 * n) {
    struct nncc_pool *pool = nncc_pool_create(n);
    void *result = NULL;
    pthread_t other;
    if (!pool || nncc_pool_parallel(pool)->n != n)
      return 1;
    failures += run_rounds(nncc_pool_parallel(pool), 1);
    if (pthread_create(&other, NULL, run_in_thread,
                       (void *)nncc_pool_parallel(pool)))
      return 1;
    failures += run_rounds(nncc_pool_parallel(pool), 0);
    pthread_join(other, &result);
    failures += result != NULL;
    nncc_pool_destroy(pool);
    printf("%u threads: %s\n", n, failures ? "wrong" : "right");
  }
  printf("features %s\n",
         nncc_cpu_features() == nncc_cpu_features() ? "stable" : "changing");
  return failures != 0;
}
