//===- Interface.h - what the caller of an object sees ----------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EMIT_INTERFACE_H
#define LIB_EMIT_INTERFACE_H

#include <llvm/Support/Error.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/BuiltinTypes.h>
#include <optional>
#include <string>
#include <vector>

namespace nncc::emit {

/// The codes that an entry returns; include/nncc/Emit.h's header spells them.
enum ReturnCode : int32_t {
  Ok = 0,
  ArgumentError = -1, ///< a pointer that must not be null is
  AlignError = -2,    ///< a pointer is not aligned as promised
  IndexError = -3     ///< an index in the data is out of range
};

/// One network input or output.
struct TensorInfo {
  std::string name;  ///< as ONNX spells it
  std::string cName; ///< member of the I/O struct
  mlir::MemRefType type;
  std::optional<uint64_t>
      slot; ///< arena offset used when the caller passes null

  uint64_t elementBytes() const;
  uint64_t bytes() const;
  /// The type of one element in C, e.g. "uint8_t".
  std::string cType() const;
};

/// Everything that the header, the entry and the object's info section share.
struct ModelInterface {
  std::string model; ///< prefix of every symbol
  std::string hash;  ///< 64 hexadecimal digits, empty before it is known
  std::vector<TensorInfo> inputs, outputs;
  uint64_t arenaBytes = 0, arenaAlign = 1, stateBytes = 0;
  uint32_t threads = 8;

  /// The entry's name: carries the hash, so that a header that belongs to
  /// another object does not link.
  std::string entrySymbol() const {
    return model + "_run_" + hash.substr(0, 16);
  }
  std::string weightsSymbol() const { return model + "_weights"; }
};

/// Reads the interface of a module before the llvm stage (from @main) or after
/// it (from the attribute that `recordInterface` left).
llvm::Expected<ModelInterface> readInterface(mlir::ModuleOp module);
void recordInterface(mlir::ModuleOp module, const ModelInterface &interface);

/// SHA-256 of the program and its weights, in hexadecimal: `nnc.model_hash` if
/// the module has one.
std::string modelHash(mlir::ModuleOp module);

} // namespace nncc::emit

#endif // LIB_EMIT_INTERFACE_H
