//===- Sampler.cpp - where a thread spends its time -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sampler.h"
#include <algorithm>
#include <atomic>
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>

using namespace nncc::run;

// A signal handler can reach global data only.
static constexpr size_t kCapacity = 1 << 16;
static uint64_t samples[kCapacity];
static std::atomic<size_t> count;

static uint64_t programCounter(const ucontext_t &context) {
#if defined(__x86_64__)
  return context.uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  return context.uc_mcontext.pc;
#else
#error "add the program counter of this machine"
#endif
}

static void sample(int, siginfo_t *, void *context) {
  size_t i = count.fetch_add(1, std::memory_order_relaxed);
  if (i < kCapacity)
    samples[i] = programCounter(*static_cast<ucontext_t *>(context));
}

static void setTimer(int microseconds) {
  itimerval interval = {{0, microseconds}, {0, microseconds}};
  setitimer(ITIMER_PROF, &interval, nullptr);
}

Sampler::Sampler() {
  count = 0;
  struct sigaction action = {};
  action.sa_sigaction = sample;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGPROF, &action, nullptr);
  setTimer(1000);
}

std::vector<uint64_t> Sampler::stop() {
  setTimer(0);
  return {samples, samples + std::min<size_t>(count, kCapacity)};
}
