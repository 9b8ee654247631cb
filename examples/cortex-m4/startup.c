/*===- startup.c - from reset to main on a Cortex-M4F ------------------------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#include "semihosting.h"
#include <stddef.h>
#include <stdint.h>

extern uint32_t data_begin[], data_end[], data_image[]; /* mps2-an386.ld */
extern uint32_t bss_begin[], bss_end[], stack_top[];

int main(void);

/* Coprocessor access control: the FPU is off after reset. */
#define CPACR (*(volatile uint32_t *)0xE000ED88)
/* Configurable fault status: why the last fault happened. */
#define CFSR (*(volatile uint32_t *)0xE000ED28)

void reset_handler(void) {
  CPACR |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
  for (uint32_t *to = data_begin, *from = data_image; to != data_end;)
    *to++ = *from++;
  for (uint32_t *to = bss_begin; to != bss_end;)
    *to++ = 0;
  host_exit(main());
}

static void fault_handler(void) {
  host_print("fault, CFSR = ");
  host_print_int((int32_t)CFSR);
  host_print("\n");
  host_exit(255);
}

/* The processor reads the initial stack pointer and the handlers from here. */
__attribute__((section(".vectors"), used)) static const struct {
  uint32_t *stack;
  void (*handlers[15])(void);
} vectors = {stack_top,
             {reset_handler, fault_handler, fault_handler, fault_handler,
              fault_handler, fault_handler, fault_handler, fault_handler,
              fault_handler, fault_handler, fault_handler, fault_handler,
              fault_handler, fault_handler, fault_handler}};

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
