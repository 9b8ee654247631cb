//===- Target.h - facts about a machine ----------------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NNCC_TARGET_H
#define NNCC_TARGET_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <memory>
#include <string>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace nncc {

/// What a compiler needs to know about a machine. Passes ask these facts and
/// never a target's name. Sizes are bytes unless the name says otherwise.
struct TargetInfo {
  std::string name;        ///< as -target= spells it, e.g. "x86-64-v3"
  std::string description; ///< one line for --list-targets
  std::string triple;      ///< LLVM target triple
  std::string cpu;         ///< LLVM CPU name
  std::string features;    ///< LLVM feature string, "+a,-b"
  std::string required;    ///< features without which a CPU is none of these

  // What follows from the CPU's features.

  unsigned vectorBits = 0;       ///< native vector width; 0: scalar floats only
  unsigned vectorRegisters = 0;  ///< architectural vector registers
  unsigned scalarRegisters = 16; ///< registers for floats of scalar code
  bool hasFloat = true;          ///< f32 arithmetic in hardware
  bool hasDouble = true;         ///< f64 arithmetic in hardware
  bool hasFma = true;            ///< a*b+c with one rounding in hardware
  bool hasRounding = true;       ///< floor, ceil, trunc in hardware
  bool hasRoundEven = true;      ///< round half to even in hardware
  bool hasRoundAway = true;      ///< round half away from zero in hardware
  bool truncatesVectors = true;  ///< float vectors to integers in hardware
  bool hasMinMax = true;         ///< float minimum and maximum in hardware
  bool comparesNaN = true;       ///< LLVM is right about NaN in float vectors
  bool hasHalf = true;           ///< converts f16 from and to f32 in hardware
  bool comparesHalves = true;    ///< vectors of f16 in hardware, or as if they were f32
  bool scalesVectors = false;    ///< float vectors times 2^n in hardware (AVX-512)

  // What a row says.
  unsigned indexBits = 64;  ///< width of a pointer and of `index`
  unsigned fmaLatency = 4;  ///< cycles from one FMA to a dependent one
  unsigned fmaPerCycle = 1; ///< vector (or scalar) FMAs issued per cycle

  /// Channels that lie together in a blocked activation. 1 is ONNX's planar
  /// N C H W, 0 keeps all channels together (N H W C).
  unsigned channelBlock = 16;

  uint64_t l1Bytes = 0, l2Bytes = 0, l3Bytes = 0;
  unsigned arenaAlign = 64; ///< alignment of the arena and of every tensor in it
  bool hosted = true; ///< threads and CPU detection exist: the I/O struct has
                      ///< `parallel` and `cpu`
  uint64_t ramBytes = 0, flashBytes = 0; ///< 0: unlimited

  /// f32 elements of one native vector, 1 without vectors.
  unsigned lanes() const { return vectorBits ? vectorBits / 32 : 1; }
};

/// Every target in a fixed order ("host" is not among them).
llvm::ArrayRef<TargetInfo> allTargets();

/// Returns the facts of `name` ("host" detects this machine, or takes the best
/// target that `cpu` can run), with the LLVM CPU replaced by `cpu` and features
/// appended from `attrs` where not empty. Facts follow the CPU and the features:
/// x86-64-v3 for a CPU with AVX-512 has vectors of 512 bits. The error lists the
/// known names, or says what `cpu` lacks.
llvm::Expected<TargetInfo> lookupTarget(llvm::StringRef name,
                                        llvm::StringRef cpu = "",
                                        llvm::StringRef attrs = "");

/// The first feature that objects for `target` use and this machine, which is of
/// the same architecture, does not have; empty if it has all.
std::string missingOnHost(const TargetInfo &target);

/// Records `target` on `module` (attribute `nnc.target`); `targetOf` reads it
/// back, so IR saved between stages can be resumed.
void setTarget(mlir::ModuleOp module, const TargetInfo &target);
llvm::Expected<TargetInfo> targetOf(mlir::ModuleOp module);

/// Creates LLVM's code generator for `target`: position independent on hosted
/// targets, small code model, `optLevel` 0..3.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const TargetInfo &target, unsigned optLevel);

} // namespace nncc

#endif // NNCC_TARGET_H
