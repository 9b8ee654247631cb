//===- NncNest.cpp - loop nests with register tiles ---------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ElementTypes.h"
#include "dialects/Nnc/IR/NncDialect.h"

using namespace mlir;
using namespace nncc::nnc;

/// Checks that `region` is one block whose arguments are loaded from elements
/// of `types` and that it yields one value that can be stored as `result`.
static LogicalResult verifyScalarRegion(NestOp op, StringRef name,
                                        Region &region, TypeRange types,
                                        Type result) {
  if (region.empty())
    return op.emitOpError() << name << " region is missing";
  Block &block = region.front();
  bool fit = block.getNumArguments() == types.size();
  for (auto [storage, argument] : llvm::zip(types, block.getArgumentTypes()))
    fit &= canConvert(storage, argument);
  if (!fit)
    return op.emitOpError() << name << " region takes "
                            << block.getNumArguments() << " scalars, needs "
                            << types.size() << " of the operands' types";
  auto yield = dyn_cast<YieldOp>(block.getTerminator());
  if (!yield || yield.getValues().size() != 1 ||
      !canConvert(result, yield.getValues().front().getType()))
    return op.emitOpError() << name << " region must yield one " << result;
  return success();
}

static SmallVector<Type> elementTypes(ValueRange buffers) {
  return llvm::map_to_vector(buffers, [](Value buffer) {
    return cast<MemRefType>(buffer.getType()).getElementType();
  });
}

static LogicalResult verifyChains(NestOp op) {
  int64_t chains = op.getChains(), lanes = op.getLanes();
  if (chains == 1)
    return success();
  if (!llvm::isPowerOf2_64(chains) || (op.hasReductionLanes() && chains % lanes != 0))
    return op.emitOpError("has ") << chains << " chains, no power of two that "
                                  << lanes << " lanes divide";
  if (!op.hasReduction() || op.getInputs().size() != 1 || !op.getInitInputs().empty())
    return op.emitOpError("with chains reduces one input from a constant, it has ")
           << op.getInputs().size() << " inputs and " << op.getInitInputs().size()
           << " initInputs";
  return success();
}

static LogicalResult verifyShape(NestOp op) {
  size_t loops = op.getExtents().size();
  if (op.getTile().size() != loops || op.getParallel() > loops ||
      op.getParallel() < 1)
    return op.emitOpError("has ") << loops << " extents, " << op.getTile().size()
                                  << " tile sizes and " << op.getParallel()
                                  << " parallel loops";
  if (op.hasReductionLanes() &&
      (op.getChains() == 1 || op.getLaneDim() + 1 != loops))
    return op.emitOpError("lanes run along loop ")
           << op.getLaneDim() << ", which is not parallel";
  if (!llvm::isPowerOf2_64(op.getLanes()))
    return op.emitOpError("lanes must be a power of two, got ") << op.getLanes();
  for (auto [dim, extent, tile] : llvm::enumerate(op.getExtents(), op.getTile())) {
    if (extent < 1 || tile < 1)
      return op.emitOpError("loop ") << dim << " has extent " << extent
                                     << " and tile " << tile;
    bool mayBePartial = dim < op.getParallel() ||
                        (op.getChains() > 1 && dim + 1 == loops);
    if (!mayBePartial && extent % tile != 0)
      return op.emitOpError("reduction loop ")
             << dim << " of extent " << extent << " is not divisible by tile "
             << tile;
  }
  return success();
}

/// Indices are integers, and their own places come from loops only.
static LogicalResult verifyIndices(NestOp op) {
  size_t count = op.getIndices().size();
  if (op.getIndexExtents().size() != count)
    return op.emitOpError("has ") << count << " index buffers and "
                                  << op.getIndexExtents().size() << " extents";
  size_t first = op.getMaps().size() - 1 - count;
  for (size_t k = 0; k < count; ++k) {
    Type element = cast<MemRefType>(op.getIndices()[k].getType()).getElementType();
    if (!element.isSignlessInteger(32) && !element.isSignlessInteger(64))
      return op.emitOpError("indices must have 32 or 64 bits, got ") << element;
    if (op.getMap(first + k).getNumSymbols() != 0 || op.getIndexExtents()[k] < 0)
      return op.emitOpError("index buffer ") << k << " has a map with symbols or a negative extent";
  }
  return success();
}

LogicalResult NestOp::verify() {
  if (failed(verifyShape(*this)) || failed(verifyChains(*this)))
    return failure();
  SmallVector<Value> buffers(getInitInputs());
  llvm::append_range(buffers, getInputs());
  llvm::append_range(buffers, getFinishInputs());
  llvm::append_range(buffers, getIndices());
  buffers.push_back(getOutput());
  if (buffers.size() != getMaps().size())
    return emitOpError("has ") << buffers.size() << " buffers and "
                               << getMaps().size() << " maps";
  for (auto [i, buffer] : llvm::enumerate(buffers)) {
    auto type = cast<MemRefType>(buffer.getType());
    AffineMap map = getMap(i);
    if (!type.hasStaticShape() || !type.getLayout().isIdentity())
      return emitOpError("buffer ") << type << " is not static and row-major";
    if (map.getNumDims() != getExtents().size() ||
        map.getNumResults() != static_cast<unsigned>(type.getRank()) ||
        map.getNumSymbols() > getIndices().size())
      return emitOpError("map ") << AffineMapAttr::get(map) << " does not take "
                                 << getExtents().size() << " loops to " << type;
  }
  if (failed(verifyIndices(*this)))
    return failure();
  Type out = cast<MemRefType>(getOutput().getType()).getElementType();
  SmallVector<Type> finish = elementTypes(getFinishInputs());
  if (hasReduction()) {
    if (getCombine().empty())
      return emitOpError("combine region is missing");
    Type acc = getCombine().front().getArguments().back().getType();
    finish.insert(finish.begin(), acc);
    SmallVector<Type> combine = elementTypes(getInputs());
    combine.push_back(acc);
    if (failed(verifyScalarRegion(*this, "init", getInit(),
                                  elementTypes(getInitInputs()), acc)) ||
        failed(verifyScalarRegion(*this, "combine", getCombine(), combine, acc)))
      return failure();
  }
  return verifyScalarRegion(*this, "finish", getFinish(), finish, out);
}

void NestOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  for (OpOperand &input : getInitInputsMutable())
    effects.emplace_back(MemoryEffects::Read::get(), &input);
  for (OpOperand &input : getInputsMutable())
    effects.emplace_back(MemoryEffects::Read::get(), &input);
  for (OpOperand &input : getFinishInputsMutable())
    effects.emplace_back(MemoryEffects::Read::get(), &input);
  for (OpOperand &input : getIndicesMutable())
    effects.emplace_back(MemoryEffects::Read::get(), &input);
  effects.emplace_back(MemoryEffects::Write::get(), &getOutputMutable());
}
