/*===- startup.c - from reset to main, without a C library --------------------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#include "semihosting.h"
#include <stddef.h>
#include <stdint.h>

extern uint32_t data_begin[], data_end[], data_image[]; /* firmware.ld */
extern uint32_t bss_begin[], bss_end[], stack_top[];

int main(void);

__attribute__((noreturn, used)) static void start_program(void) {
  for (uint32_t *to = data_begin, *from = data_image; to != data_end;)
    *to++ = *from++;
  for (uint32_t *to = bss_begin; to != bss_end;)
    *to++ = 0;
  host_exit(main());
}

__attribute__((noreturn)) static void fault(const char *reason, uint32_t value) {
  host_print(reason);
  host_print_uint(value);
  host_print("\n");
  host_exit(255);
}

#ifdef __arm__

/* Coprocessor access control: the FPU is off after reset. */
#define CPACR (*(volatile uint32_t *)0xE000ED88)
/* Configurable fault status: why the last fault happened. */
#define CFSR (*(volatile uint32_t *)0xE000ED28)

void reset_handler(void) {
#ifdef __ARM_FP
  CPACR |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
  start_program();
}

static void fault_handler(void) { fault("fault, CFSR = ", CFSR); }

/* The processor reads the initial stack pointer and the handlers from here. */
__attribute__((section(".vectors"), used)) static const struct {
  uint32_t *stack;
  void (*handlers[15])(void);
} vectors = {stack_top,
             {reset_handler, fault_handler, fault_handler, fault_handler,
              fault_handler, fault_handler, fault_handler, fault_handler,
              fault_handler, fault_handler, fault_handler, fault_handler,
              fault_handler, fault_handler, fault_handler}};

#else /* RISC-V */

/* Traps go to an address that is a multiple of four. */
__attribute__((aligned(4), used)) static void trap_handler(void) {
  uint32_t cause;
  __asm__ volatile("csrr %0, mcause" : "=r"(cause));
  fault("trap, mcause = ", cause);
}

__attribute__((section(".vectors"), naked, used)) void reset_handler(void) {
  __asm__ volatile("la sp, stack_top\n\t"
                   "la t0, trap_handler\n\t"
                   "csrw mtvec, t0\n\t"
                   "j start_program");
}

#endif

/* A C compiler may turn loops and assignments of firmware code into calls of
 * these two, also without a C library. The network's object calls neither.
 * `volatile` keeps the compiler from turning these loops into such calls. */

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  volatile char *d = to;
  const char *s = from;
  while (size--)
    *d++ = *s++;
  return to;
}

void *memset(void *to, int value, size_t size) {
  volatile char *d = to;
  while (size--)
    *d++ = (char)value;
  return to;
}

void __aeabi_memcpy(void *to, const void *from, size_t size) {
  memcpy(to, from, size);
}
void __aeabi_memcpy4(void *to, const void *from, size_t size) {
  memcpy(to, from, size);
}
void __aeabi_memcpy8(void *to, const void *from, size_t size) {
  memcpy(to, from, size);
}
void __aeabi_memclr(void *to, size_t size) { memset(to, 0, size); }
void __aeabi_memclr4(void *to, size_t size) { memset(to, 0, size); }
void __aeabi_memclr8(void *to, size_t size) { memset(to, 0, size); }
