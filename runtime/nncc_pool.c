/*===- nncc_pool.c - threads that spin, then sleep -------------------------===*
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#define _POSIX_C_SOURCE 200809L
#include "nncc_rt.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Members that different threads write lie on different cache lines. */
#define OWN_LINE __attribute__((aligned(64)))

struct worker {
  struct nncc_pool *pool;
  uint32_t tid;
  pthread_t thread;
};

struct nncc_pool {
  struct nncc_parallel parallel;
  pthread_mutex_t turn;  /* held by the run under way */
  pthread_mutex_t mutex; /* guards going to sleep */
  pthread_cond_t wake;

  /* The job, published by a new value of `epoch`. */
  void (*body)(void *arg, uint32_t tid, uint32_t n);
  void *arg;
  int stop;
  OWN_LINE uint32_t epoch;
  uint32_t sleepers;

  OWN_LINE uint32_t running; /* workers that have not finished the job */

  OWN_LINE uint32_t arrived; /* at the current barrier */
  OWN_LINE uint32_t phase;   /* barriers passed */

  uint32_t num_workers; /* started */
  struct worker workers[];
};

/* How long an idle thread looks for work before it sleeps, and how many looks
 * (some ten nanoseconds each) a waiting thread takes before it lets others use
 * its processor. */
enum { IDLE_NANOSECONDS = 1000000, SPINS = 256 };

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield" ::: "memory");
#endif
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint32_t load(const uint32_t *value) {
  return __atomic_load_n(value, __ATOMIC_ACQUIRE);
}

/* Waits, within a job, until *value is not `old`. With more threads than
 * processors the awaited one may not be running: let it. */
static void await_change(const uint32_t *value, uint32_t old) {
  for (uint32_t spins = 0; load(value) == old; ++spins) {
    if (spins < SPINS)
      relax();
    else
      sched_yield();
  }
}

static void await_zero(const uint32_t *value) {
  uint32_t current;
  while ((current = load(value)) != 0)
    await_change(value, current);
}

static void barrier(void *ctx, uint32_t tid) {
  struct nncc_pool *pool = ctx;
  uint32_t phase = load(&pool->phase);
  (void)tid;
  if (__atomic_add_fetch(&pool->arrived, 1, __ATOMIC_ACQ_REL) ==
      pool->parallel.n) {
    /* Nobody arrives at the next barrier before the phase changes. */
    __atomic_store_n(&pool->arrived, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&pool->phase, phase + 1, __ATOMIC_RELEASE);
  } else {
    await_change(&pool->phase, phase);
  }
}

/* Publishes a job (or the end) and wakes who sleeps. A thread that goes to
 * sleep first counts itself, then looks at the epoch; here it is the other way
 * round, so at least one of the two sees the other. */
static void publish(struct nncc_pool *pool) {
  __atomic_add_fetch(&pool->epoch, 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&pool->sleepers, __ATOMIC_SEQ_CST) == 0)
    return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static void run(void *ctx, void (*body)(void *arg, uint32_t tid, uint32_t n),
                void *arg) {
  struct nncc_pool *pool = ctx;
  pthread_mutex_lock(&pool->turn);
  pool->body = body;
  pool->arg = arg;
  __atomic_store_n(&pool->running, pool->num_workers, __ATOMIC_RELAXED);
  publish(pool);
  body(arg, 0, pool->parallel.n);
  await_zero(&pool->running);
  pthread_mutex_unlock(&pool->turn);
}

/* Waits for the next job: spins for a while, then sleeps. */
static void await_job(struct nncc_pool *pool, uint32_t seen) {
  int64_t start = now();
  do {
    for (int spins = 0; spins < SPINS; ++spins) {
      if (load(&pool->epoch) != seen)
        return;
      relax();
    }
    sched_yield();
  } while (now() - start < IDLE_NANOSECONDS);

  pthread_mutex_lock(&pool->mutex);
  __atomic_add_fetch(&pool->sleepers, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&pool->epoch, __ATOMIC_SEQ_CST) == seen)
    pthread_cond_wait(&pool->wake, &pool->mutex);
  __atomic_sub_fetch(&pool->sleepers, 1, __ATOMIC_SEQ_CST);
  pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *arg) {
  struct worker *self = arg;
  struct nncc_pool *pool = self->pool;
  for (uint32_t seen = 0;; ++seen) {
    await_job(pool, seen);
    if (pool->stop)
      return NULL;
    pool->body(pool->arg, self->tid, pool->parallel.n);
    __atomic_sub_fetch(&pool->running, 1, __ATOMIC_RELEASE);
  }
}

static uint32_t count_processors(void) {
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? 1 : n > 1024 ? 1024 : (uint32_t)n;
}

struct nncc_pool *nncc_pool_create(uint32_t n) {
  struct nncc_pool *pool;
  void *memory;
  if (n == 0)
    n = count_processors();
  if (n > 65536 ||
      posix_memalign(&memory, 64, sizeof(*pool) + n * sizeof(struct worker)))
    return NULL;
  pool = memory;
  *pool = (struct nncc_pool){
      .parallel = {.ctx = pool, .n = n, .run = run, .barrier = barrier}};
  pthread_mutex_init(&pool->turn, NULL);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  while (pool->num_workers + 1 < n) {
    struct worker *worker = &pool->workers[pool->num_workers];
    worker->pool = pool;
    worker->tid = pool->num_workers + 1;
    if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
      nncc_pool_destroy(pool);
      return NULL;
    }
    ++pool->num_workers;
  }
  return pool;
}

const struct nncc_parallel *nncc_pool_parallel(struct nncc_pool *pool) {
  return &pool->parallel;
}

void nncc_pool_destroy(struct nncc_pool *pool) {
  if (!pool)
    return;
  pool->stop = 1;
  publish(pool);
  for (uint32_t i = 0; i < pool->num_workers; ++i)
    pthread_join(pool->workers[i].thread, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  pthread_mutex_destroy(&pool->turn);
  free(pool);
}
