/*===- axpy.c - y = a * x + 1, z = -n, as a compiled network would be ---------===
 *
 * Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/

/* Lets nncc-run be tested on its own; axpy.json becomes the section .nncc.info.
 * -DBROKEN=1 writes past an output, =2 returns an error code, =3 needs a symbol of
 * the program around it. */

#include "axpy.h"

#ifndef BROKEN
#define BROKEN 0
#endif

#ifndef __arm__
struct slice {
  const axpy_io *io;
};

static void body(void *arg, uint32_t tid, uint32_t n) {
  const axpy_io *io = ((struct slice *)arg)->io;
  for (uint32_t i = tid; i < 6; i += n)
    io->y[i] = io->a[0] * io->x_0[i] + 1;
  if (io->parallel)
    io->parallel->barrier(io->parallel->ctx, tid);
}
#endif

int32_t axpy_run(const axpy_io *io) {
#if BROKEN == 2
  return -1;
#elif BROKEN == 3
  extern int missing(void);
  if (missing())
    return 0;
#endif
#ifndef __arm__
  struct slice slice = {io};
  if (io->parallel)
    io->parallel->run(io->parallel->ctx, body, &slice);
  else
    body(&slice, 0, 1);
#else
  for (uint32_t i = 0; i < 6; ++i)
    io->y[i] = io->a[0] * io->x_0[i] + 1;
#endif
  for (int i = 0; i < 2 + (BROKEN == 1); ++i)
    io->z[i] = (int8_t)-io->n[i];
  return 0;
}
