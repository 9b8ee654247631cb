/*===- semihosting.h - files and text of the host, for firmware --------------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

/* Semihosting: the firmware stops at a breakpoint (`bkpt 0xab` on Arm) and the
 * debugger or emulator carries out the request. Without one attached, the
 * breakpoint is a fault. */

#ifndef NNCC_EXAMPLES_SEMIHOSTING_H
#define NNCC_EXAMPLES_SEMIHOSTING_H

#include <stdint.h>

void host_print(const char *text);
void host_print_int(int32_t value);
void host_print_uint(uint32_t value);

/* Ends the emulation; `status` becomes the emulator's exit code. */
__attribute__((noreturn)) void host_exit(int status);

/* Read or write a whole file of the host of exactly `size` bytes. Return 0 on
 * success; a failure is printed. */
int host_read_file(const char *path, void *data, uint32_t size);
int host_write_file(const char *path, const void *data, uint32_t size);

#endif /* NNCC_EXAMPLES_SEMIHOSTING_H */
