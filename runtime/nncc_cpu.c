/*===- nncc_cpu.c - what this processor offers -----------------------------===*
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#define _GNU_SOURCE /* syscall */
#include "nncc_rt.h"

#if defined(__x86_64__)

#include <cpuid.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

static int bit(uint32_t word, unsigned n) { return (int)(word >> n & 1); }

/* The register state that the operating system saves: XCR0. */
static uint32_t saved_state(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

/* A process must ask Linux before it uses AMX tiles. */
static int may_use_tiles(void) {
#if defined(__linux__) && defined(SYS_arch_prctl)
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
#else
  return 0;
#endif
}

uint64_t nncc_cpu_features(void) {
  uint32_t a, b, c, d, state, b7 = 0, c7 = 0, d7 = 0, a71 = 0;
  uint64_t word = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d))
    return 0;
  if (bit(c, 20) && bit(c, 23)) /* SSE4.2, POPCNT */
    word |= NNCC_X86_SSE42;
  if (!bit(c, 27)) /* no XGETBV: no wide registers */
    return word;
  state = saved_state();
  if (__get_cpuid_count(7, 0, &a, &b7, &c7, &d7) && a >= 1) {
    uint32_t unused;
    __get_cpuid_count(7, 1, &a71, &unused, &unused, &unused);
  }
  /* AVX2 level: ymm saved; FMA, F16C, AVX, AVX2. */
  if ((state & 0x6) != 0x6 || !bit(c, 12) || !bit(c, 29) || !bit(c, 28) ||
      !bit(b7, 5))
    return word;
  word |= NNCC_X86_AVX2;
  if (bit(a71, 4))
    word |= NNCC_X86_AVXVNNI;
  /* AVX-512: masks and zmm saved; F, DQ, BW, VL. */
  if ((state & 0xe6) == 0xe6 && bit(b7, 16) && bit(b7, 17) && bit(b7, 30) &&
      bit(b7, 31)) {
    word |= NNCC_X86_AVX512;
    word |= bit(c7, 11) ? NNCC_X86_AVX512VNNI : 0;
    word |= bit(a71, 5) ? NNCC_X86_AVX512BF16 : 0;
    word |= bit(d7, 23) ? NNCC_X86_AVX512FP16 : 0;
  }
  /* AMX: tile configuration and data saved. */
  if ((state & 0x60000) == 0x60000 && bit(d7, 24) && may_use_tiles()) {
    word |= bit(d7, 25) ? NNCC_X86_AMXINT8 : 0;
    word |= bit(d7, 22) ? NNCC_X86_AMXBF16 : 0;
  }
  return word;
}

#elif defined(__aarch64__) && defined(__linux__)

#include <sys/auxv.h>

uint64_t nncc_cpu_features(void) {
  /* Numbers of the kernel's interface: older headers lack the names. */
  unsigned long first = getauxval(AT_HWCAP), second = getauxval(26);
  uint64_t word = 0;
  word |= first >> 10 & 1 ? NNCC_ARM_FP16 : 0;
  word |= first >> 20 & 1 ? NNCC_ARM_DOTPROD : 0;
  word |= first >> 22 & 1 ? NNCC_ARM_SVE : 0;
  word |= second >> 1 & 1 ? NNCC_ARM_SVE2 : 0;
  word |= second >> 13 & 1 ? NNCC_ARM_I8MM : 0;
  word |= second >> 14 & 1 ? NNCC_ARM_BF16 : 0;
  return word;
}

#else

uint64_t nncc_cpu_features(void) { return 0; }

#endif
