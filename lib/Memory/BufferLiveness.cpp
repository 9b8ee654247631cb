//===- BufferLiveness.cpp - buffers of a launch program -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Memory/BufferLiveness.h"
#include <mlir/IR/BuiltinOps.h>

using namespace mlir;
using namespace nncc;

uint64_t nncc::byteSize(ShapedType type) {
  return type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

static std::string nameOf(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName().str();
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (std::string name = nameOf(part); !name.empty())
        return name;
  return "";
}

unsigned BufferLiveness::add(Value value, Kind kind) {
  Buffer buffer;
  buffer.kind = kind;
  buffer.type = cast<RankedTensorType>(value.getType());
  buffer.logicalBytes = byteSize(buffer.type);
  buffer.name = nameOf(value.getLoc());
  buffers.push_back(buffer);
  bufferOf[value] = buffers.size() - 1;
  return buffers.size() - 1;
}

void BufferLiveness::visit(nnc::LaunchOp launch, const SymbolTable &kernels) {
  auto kernel = kernels.lookup<func::FuncOp>(launch.getKernel());
  bool isBorderFill = launch.getInputs().empty();
  // A buffer lives from the first launch that writes a part of it.
  for (auto [output, result] : llvm::zip(launch.getOutputs(), launch.getResults())) {
    unsigned buffer = bufferOf.lookup(output);
    bufferOf[result] = buffer;
    Buffer &written = buffers[buffer];
    if (written.begin < 0)
      written.begin = step;
    written.end = step;
    if (auto bytes = launch->getAttrOfType<IntegerAttr>("nnc.logical_bytes"))
      written.logicalBytes =
          bytes.getInt() + (written.writers++ ? written.logicalBytes : 0);
  }
  for (Value input : launch.getInputs())
    buffers[bufferOf.lookup(input)].end = step;
  if (auto inPlace = kernel ? kernel->getAttrOfType<DenseI64ArrayAttr>("nnc.in_place")
                            : nullptr)
    for (int64_t argument : inPlace.asArrayRef())
      inPlacePairs.push_back({bufferOf.lookup(launch.getInputs()[argument]),
                              bufferOf.lookup(launch.getOutputs().front())});
  if (!isBorderFill)
    ++step;
}

BufferLiveness::BufferLiveness(func::FuncOp main) {
  SymbolTable kernels(main->getParentOfType<ModuleOp>());
  Block &block = main.getBody().front();
  for (BlockArgument argument : block.getArguments()) {
    unsigned buffer = add(argument, Kind::Input);
    buffers[buffer].number = argument.getArgNumber();
    buffers[buffer].begin = 0;
    buffers[buffer].end = 0;
    if (auto name = main.getArgAttrOfType<StringAttr>(argument.getArgNumber(), nnc::kNameAttr))
      buffers[buffer].name = name.str();
  }
  for (Operation &op : block) {
    if (isa<nnc::BufferOp>(op)) {
      add(op.getResult(0), Kind::Arena);
    } else if (auto constant = dyn_cast<nnc::ConstantOp>(op)) {
      buffers[add(constant.getResult(), Kind::Constant)].constant = constant;
    } else if (auto view = dyn_cast<nnc::ViewOp>(op)) {
      bufferOf[view.getResult()] = bufferOf.lookup(view.getInput());
    } else if (auto launch = dyn_cast<nnc::LaunchOp>(op)) {
      visit(launch, kernels);
    }
  }
  int64_t last = std::max<int64_t>(step, 1) - 1;
  for (const Buffer &buffer : buffers)
    last = std::max(last, buffer.end);
  unsigned outputs = 0;
  for (OpOperand &operand : block.getTerminator()->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    Buffer &output = buffers[bufferOf.lookup(operand.get())];
    output.end = last;
    if (main.getResultAttr(number, nnc::kStatusAttr)) {
      statuses.push_back(bufferOf.lookup(operand.get()));
      continue;
    }
    output.kind = Kind::Output;
    output.number = outputs++;
    if (auto name = main.getResultAttrOfType<StringAttr>(number, nnc::kNameAttr))
      output.name = name.str();
  }
  // Only an input that dies in the very step that writes the output qualifies;
  // a network output never dies.
  llvm::erase_if(inPlacePairs, [&](auto pair) {
    const Buffer &input = buffers[pair.first];
    return !isPlanned(pair.first) || input.kind == Kind::Output ||
           llvm::is_contained(statuses, pair.first) ||
           input.end != buffers[pair.second].begin;
  });
}
