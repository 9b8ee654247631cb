//===- Run.h - objects executed on this machine --------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_RUN_H
#define NNCC_RUN_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/TargetParser/Triple.h>
#include <memory>
#include <string>
#include <vector>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace nncc::run {

//===----------------------------------------------------------------------===//
// What an object says about itself
//===----------------------------------------------------------------------===//

/// A dense tensor in C order.
struct Array {
  std::string dtype; ///< f16 bf16 f32 f64 bool, i8..i64, u8..u64
  std::vector<int64_t> shape;
  std::vector<char> bytes;

  int64_t elements() const;
  /// Element `i` as a number.
  double value(int64_t i) const;
  /// The bytes of element `i`.
  llvm::StringRef element(int64_t i) const;
  /// "f32[1,3,8,8]".
  std::string describe() const;
};

/// Bytes of one element, 0 if `dtype` is none of those above.
unsigned elementBytes(llvm::StringRef dtype);

/// One input or output of a network.
struct TensorFacts {
  std::string name;  ///< as ONNX spells it
  std::string cName; ///< member of the I/O struct
  std::string dtype;
  std::vector<int64_t> shape;

  /// A tensor of this type and shape, every byte `fill`.
  Array make(char fill) const;
};

/// What the `.nncc.info` section and the symbol table of an object say.
struct ModelInfo {
  std::string model;  ///< prefix of symbols and macros
  std::string target; ///< as -target= spells it
  std::string triple, cpu;
  std::string entry; ///< symbol of the function that runs the network
  llvm::Triple::ArchType arch = llvm::Triple::UnknownArch;
  std::vector<TensorFacts> inputs, outputs;
  uint64_t arenaBytes = 0, arenaAlign = 1, stateBytes = 0;
  bool hosted = true; ///< the struct has members for threads
};

/// Reads the facts of an object, from a file or in memory.
llvm::Expected<ModelInfo> readModelInfo(llvm::StringRef path);
llvm::Expected<ModelInfo> readModelInfo(llvm::MemoryBufferRef object);

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

/// Whether this machine can execute the object: an error that says why not.
llvm::Error checkRunsHere(const ModelInfo &info);

/// A function of a loaded object, internal ones included.
struct LoadedFunction {
  std::string name;
  uint64_t begin, end;
};

/// The very object that a user links, loaded into memory of its own by ORC's
/// object layer. It sees no symbol of this process. Calls with different arenas
/// may run at the same time.
class LoadedObject {
public:
  static llvm::Expected<LoadedObject>
  load(std::unique_ptr<llvm::MemoryBuffer> object, const ModelInfo &info);
  LoadedObject(LoadedObject &&);
  ~LoadedObject();

  /// Calls the entry. `io` is the struct of the object's header: one pointer
  /// per input and output, arena, state and, if hosted, parallel and the
  /// processor's features, each as a 64-bit word.
  int32_t operator()(const uint64_t *io) const { return entry(io); }

  llvm::ArrayRef<LoadedFunction> functions() const { return allFunctions; }

private:
  LoadedObject();

  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<LoadedFunction> allFunctions;
  int32_t (*entry)(const void *io) = nullptr;
};

} // namespace nncc::run

#endif // NNCC_RUN_H
