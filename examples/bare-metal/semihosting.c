/*===- semihosting.c - files and text of the host, for firmware --------------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

#include "semihosting.h"

enum request {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_FLEN = 0x0C,
  SYS_EXIT_EXTENDED = 0x20
};
enum open_mode { READ_BINARY = 1, WRITE_BINARY = 5 };
#define ADP_STOPPED_APPLICATION_EXIT 0x20026u

#ifdef __arm__
static int32_t request(enum request number, const void *arguments) {
  register uint32_t r0 __asm__("r0") = number;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return (int32_t)r0;
}
#else /* RISC-V: these three instructions, none of them compressed, in one page */
__attribute__((naked, noinline, aligned(16))) static int32_t
request(__attribute__((unused)) enum request number,
        __attribute__((unused)) const void *arguments) {
  __asm__ volatile(".option norvc\n\t"
                   "slli zero, zero, 0x1f\n\t"
                   "ebreak\n\t"
                   "srai zero, zero, 7\n\t"
                   "ret");
}
#endif

void host_print(const char *text) { request(SYS_WRITE0, text); }

/* Without division, which a Cortex-M0 would call a library for. */
void host_print_uint(uint32_t value) {
  static const uint32_t powers[] = {1000000000, 100000000, 10000000, 1000000,
                                    100000,     10000,     1000,     100,
                                    10,         1};
  char text[11];
  uint32_t length = 0;
  for (uint32_t i = 0; i < 10; ++i) {
    char digit = '0';
    for (; value >= powers[i]; value -= powers[i])
      ++digit;
    if (length || digit != '0' || i == 9)
      text[length++] = digit;
  }
  text[length] = 0;
  host_print(text);
}

void host_print_int(int32_t value) {
  if (value < 0)
    host_print("-");
  host_print_uint(value < 0 ? 0u - (uint32_t)value : (uint32_t)value);
}

void host_exit(int status) {
  const uint32_t arguments[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)status};
  request(SYS_EXIT_EXTENDED, arguments);
  for (;;)
    ;
}

static int32_t open_file(const char *path, enum open_mode mode) {
  uint32_t length = 0;
  while (path[length])
    ++length;
  const uint32_t arguments[3] = {(uint32_t)path, mode, length};
  return request(SYS_OPEN, arguments);
}

static int fail(const char *path, const char *what) {
  host_print(path);
  host_print(": ");
  host_print(what);
  host_print("\n");
  return 1;
}

int host_read_file(const char *path, void *data, uint32_t size) {
  const int32_t file = open_file(path, READ_BINARY);
  if (file < 0)
    return fail(path, "cannot open");
  /* SYS_READ and SYS_WRITE return the bytes that are left. */
  const uint32_t read[3] = {(uint32_t)file, (uint32_t)data, size};
  const uint32_t handle[1] = {(uint32_t)file};
  const int exact = request(SYS_FLEN, handle) == (int32_t)size &&
                    request(SYS_READ, read) == 0;
  request(SYS_CLOSE, handle);
  return exact ? 0 : fail(path, "has another size than expected");
}

int host_write_file(const char *path, const void *data, uint32_t size) {
  const int32_t file = open_file(path, WRITE_BINARY);
  if (file < 0)
    return fail(path, "cannot create");
  const uint32_t write[3] = {(uint32_t)file, (uint32_t)data, size};
  const uint32_t handle[1] = {(uint32_t)file};
  const int complete = request(SYS_WRITE, write) == 0;
  return request(SYS_CLOSE, handle) == 0 && complete ? 0 : fail(path, "cannot write");
}
