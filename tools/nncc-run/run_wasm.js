// Runs a WebAssembly program that reads and writes files: node run_wasm.js PROGRAM
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
'use strict';
const fs = require('fs');

let memory;
const bytes = (at, size) => new Uint8Array(memory.buffer, at, size);
function text(at) {
  const end = new Uint8Array(memory.buffer).indexOf(0, at);
  return Buffer.from(bytes(at, end - at)).toString();
}

/* The functions of semihosting.h, and two that a C compiler calls on its own. */
const host = {
  memset: (to, value, size) => (bytes(to, size).fill(value), to),
  memcpy: (to, from, size) => (bytes(to, size).set(bytes(from, size)), to),
  host_print: (at) => process.stdout.write(text(at)),
  host_print_int: (value) => process.stdout.write(String(value)),
  host_read_file: (path, data, size) => {
    const content = fs.readFileSync(text(path));
    if (content.length !== size) return 1;
    bytes(data, size).set(content);
    return 0;
  },
  host_write_file: (path, data, size) => {
    fs.writeFileSync(text(path), bytes(data, size));
    return 0;
  },
};

const module_ = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const program = new WebAssembly.Instance(module_, {env: host});
memory = program.exports.memory;
process.exitCode = program.exports.main();
