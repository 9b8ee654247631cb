/*===- header.c - a user of nothing but the header ------------------------===*/
/*
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

/* A header must compile alone, in C99 and in C++17. */
#include "two.h"
#include "three.h"
#include "two.h"

int32_t use(const two_io *io, const three_io *other);
int32_t use(const two_io *io, const three_io *other) {
  int32_t (*entry)(const three_io *) = three_run;
  return two_run(io) == NNCC_OK ? entry(other) : NNCC_E_ARGUMENT;
}
