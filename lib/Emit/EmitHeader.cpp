//===- EmitHeader.cpp - the C header of an object -------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/Interface.h"
#include "nncc/Emit.h"
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace nncc;
using namespace nncc::emit;

namespace {
class HeaderWriter {
public:
  HeaderWriter(const ModelInterface &interface, const TargetInfo &target,
               raw_ostream &os)
      : interface(interface), target(target), os(os),
        macro(StringRef(interface.model).upper()) {}

  void write() {
    writeOpening();
    writeShared();
    writeStruct();
    writeEntry();
    writeFacts();
    for (const TensorInfo &tensor : interface.inputs)
      writeTensor(tensor);
    for (const TensorInfo &tensor : interface.outputs)
      writeTensor(tensor);
    os << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* NNCC_MODEL_" << macro
       << "_H */\n";
  }

private:
  void writeOpening();
  void writeShared();
  void writeStruct();
  void writeEntry();
  void writeFacts();
  void writeTensor(const TensorInfo &tensor);

  const ModelInterface &interface;
  const TargetInfo &target;
  raw_ostream &os;
  std::string macro; ///< prefix of the model's macros
};
} // namespace

/// Text for a comment: nothing in a name can end it.
static std::string commentText(StringRef name) {
  std::string result;
  for (char c : name)
    result += isPrint(c) && c != '*' && c != '\\' && c != '?' ? c : '_';
  return result;
}

/// The inside of a string literal, without trigraphs.
static std::string literalText(StringRef name) {
  std::string result;
  raw_string_ostream os(result);
  for (char c : name) {
    if (c == '"' || c == '\\' || c == '?')
      os << '\\' << c;
    else if (isPrint(c))
      os << c;
    else
      os << '\\' << char('0' + (c >> 6 & 3)) << char('0' + (c >> 3 & 7))
         << char('0' + (c & 7));
  }
  return result;
}

void HeaderWriter::writeOpening() {
  os << formatv(
      R"(/* {0}: the interface of a neural network compiled by nncc for {1}.
 *
 * Members and macros are named after the network's inputs and outputs: letters
 * and digits stay, anything else becomes one '_' (none at either end), a leading
 * digit gets the prefix "t_", a C or C++ keyword a trailing '_', and a name that
 * is taken (in any case) a number.
 */
#ifndef NNCC_MODEL_{2}_H
#define NNCC_MODEL_{2}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif
)",
      interface.model, commentText(target.name), macro);
}

void HeaderWriter::writeShared() {
  os << formatv(R"(
/* What an entry returns. */
#ifndef NNCC_OK
#define NNCC_OK {0}
#define NNCC_E_ARGUMENT ({1}) /* a pointer is NULL that must not be */
#define NNCC_E_ALIGN ({2})    /* a pointer is not aligned */
#define NNCC_E_INDEX ({3})    /* an index in the data is out of range */
#endif
)",
                int(Ok), int(ArgumentError), int(AlignError), int(IndexError));
  if (!target.hosted)
    return;
  os << R"(
/* Threads of the caller. run executes body(arg, 0, n) .. body(arg, n - 1, n) at
 * the same time and returns when all have; barrier returns once every one of
 * them has called it. */
#ifndef NNCC_PARALLEL_DEFINED
#define NNCC_PARALLEL_DEFINED
struct nncc_parallel {
  void *ctx;
  uint32_t n;
  void (*run)(void *ctx, void (*body)(void *arg, uint32_t tid, uint32_t n),
              void *arg);
  void (*barrier)(void *ctx, uint32_t tid);
};
#endif
)";
}

void HeaderWriter::writeStruct() {
  os << "\ntypedef struct {\n";
  for (const TensorInfo &tensor : interface.inputs)
    os << "  const " << tensor.cType() << " *" << tensor.cName << "; /* input '"
       << commentText(tensor.name) << "' */\n";
  for (const TensorInfo &tensor : interface.outputs)
    os << "  " << tensor.cType() << " *" << tensor.cName << "; /* output '"
       << commentText(tensor.name) << "' */\n";
  os << formatv("  void *arena; /* {0}_ARENA_BYTES, aligned to "
                "{0}_ARENA_ALIGN; any content */\n",
                macro);
  os << (interface.stateBytes
             ? formatv("  void *state; /* {0}_STATE_BYTES, kept between runs "
                       "*/\n",
                       macro)
                   .str()
             : std::string("  void *state; /* not used */\n"));
  if (target.hosted)
    os << formatv(
        "  const struct nncc_parallel *parallel; /* NULL: one thread */\n"
        "  uint64_t cpu; /* nncc_cpu_features(), or 0 */\n");
  os << "} " << interface.model << "_io;\n";
}

void HeaderWriter::writeEntry() {
  os << formatv(R"(
/* Runs the network and returns NNCC_OK or NNCC_E_*. Buffers must not overlap. An
 * input that is NULL is read from, an output that is NULL written to its slot in
 * the arena (*_SLOT below). Arenas are the only memory written: runs with
 * different arenas may overlap in time.
 *
 * The entry's real name holds the hash of the model, so that a header of another
 * object does not link. */
#define {0}_run {1}
int32_t {0}_run(const {0}_io *io);
)",
                interface.model, interface.entrySymbol());
}

void HeaderWriter::writeFacts() {
  os << formatv(R"(
#define {0}_MODEL_HASH "{1}"
#define {0}_ARENA_BYTES {2}
#define {0}_ARENA_ALIGN {3}
#define {0}_STATE_BYTES {4}
)",
                macro, interface.hash, interface.arenaBytes,
                interface.arenaAlign, interface.stateBytes);
  if (target.hosted)
    os << formatv("#define {0}_THREADS {1} /* more do not help */\n", macro,
                  interface.threads);
}

/// A scalar has rank 0 and a shape of one 1: C has no empty initializers.
void HeaderWriter::writeTensor(const TensorInfo &tensor) {
  std::string prefix = macro + "_" + StringRef(tensor.cName).upper();
  ArrayRef<int64_t> shape = tensor.type.getShape();
  std::string extents = shape.empty() ? "1" : "";
  for (auto [i, extent] : llvm::enumerate(shape))
    extents += (i ? ", " : "") + std::to_string(extent);
  os << formatv(R"(
#define {0}_NAME "{1}"
#define {0}_TYPE {2}
#define {0}_RANK {3}
#define {0}_SHAPE {{{4}}
#define {0}_SIZE {5} /* elements */
)",
                prefix, literalText(tensor.name), tensor.cType(), shape.size(),
                extents, tensor.type.getNumElements());
  if (tensor.slot)
    os << formatv("#define {0}_SLOT {1} /* bytes into the arena */\n", prefix,
                  *tensor.slot);
}

Expected<std::string> nncc::emitHeader(mlir::ModuleOp module,
                                       const TargetInfo &target) {
  Expected<ModelInterface> interface = readInterface(module);
  if (!interface)
    return interface.takeError();
  interface->hash = modelHash(module);
  std::string text;
  raw_string_ostream os(text);
  HeaderWriter(*interface, target, os).write();
  return text;
}
