//===- PlaceBuffers.cpp - arena and weight offsets for the program ------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "dialects/Nnc/IR/ElementTypes.h"
#include "lib/Memory/BufferLiveness.h"
#include "lib/Memory/Passes.h"
#include "nncc/Target.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/IR/BuiltinOps.h>

namespace nncc {
#define GEN_PASS_DEF_MEMORYPLACEBUFFERS
#include "lib/Memory/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

namespace {

/// Byte offsets of the constants, each aligned to a cache line.
struct WeightSection {
  static constexpr uint64_t alignment = 64;
  SmallVector<Attribute> blobs;
  SmallVector<int64_t> offsets;
  DenseMap<Attribute, int64_t> offsetOf;
  uint64_t size = 0;

  int64_t add(nnc::ConstantOp constant) {
    auto [entry, isNew] = offsetOf.try_emplace(constant.getValue(), size);
    if (isNew) {
      blobs.push_back(constant.getValue());
      offsets.push_back(size);
      size = llvm::alignTo(size + byteSize(constant.getType()), alignment);
    }
    return entry->second;
  }
};

/// The memory of a tensor.
MemRefType bufferType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(),
                         nnc::storageTypeOf(tensor.getElementType()));
}

class BufferPlacer {
public:
  BufferPlacer(ModuleOp module, func::FuncOp main, const TargetInfo &target)
      : module(module), main(main), target(target), liveness(main) {}

  LogicalResult run() {
    if (failed(planOffsets()))
      return failure();
    placeWeights();
    rewriteMain();
    record();
    return success();
  }

private:
  LogicalResult planOffsets() {
    std::vector<ArenaBuffer> physical, logical;
    for (unsigned i = 0; i < liveness.buffers.size(); ++i) {
      if (!liveness.isPlanned(i))
        continue;
      const BufferLiveness::Buffer &buffer = liveness.buffers[i];
      planned[i] = physical.size();
      ArenaBuffer entry{byteSize(buffer.type), target.arenaAlign, buffer.begin,
                        buffer.end, buffer.name};
      physical.push_back(entry);
      entry.size = buffer.logicalBytes;
      entry.alignment = 1;
      logical.push_back(entry);
    }
    SmallVector<ArenaOverlap> overlaps;
    for (auto [input, output] : liveness.inPlacePairs)
      overlaps.push_back({planned[input], planned[output], ArenaOverlap::InPlace, 0});
    plan = planArena(physical, overlaps);
    logicalBound = arenaLowerBound(logical, overlaps);
    if (target.indexBits < 64 && plan.size >> (target.indexBits - 1))
      return main.emitError("the network needs an arena of ")
             << plan.size << " bytes, addresses of " << target.indexBits
             << " bits hold less than " << (uint64_t(1) << (target.indexBits - 1));
    if (std::string problem = checkArena(physical, overlaps, plan); !problem.empty())
      return main.emitError("internal error: arena plan is wrong: ") << problem;
    return success();
  }

  void placeWeights() {
    // In order of first use, which is the order of execution.
    main.walk([&](nnc::LaunchOp launch) {
      for (Value input : launch.getInputs())
        if (auto constant = liveness.buffers[liveness.bufferOf.lookup(input)].constant)
          weights.add(constant);
    });
    OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
    b.create<nnc::WeightsOp>(main.getLoc(), b.getStringAttr("weights"),
                             b.getArrayAttr(weights.blobs), weights.offsets,
                             weights.size, WeightSection::alignment);
  }

  uint64_t slotOf(unsigned buffer) { return plan.offsets[planned[buffer]]; }

  /// The same function on buffers:
  ///   func @main(%x: tensor) -> tensor
  /// becomes
  ///   func @main(%x: memref, %y: memref, %weights: memref<i8>, %arena: memref<i8>)
  /// where `nnc.element` tells what the caller knows the elements as, if that is
  /// not how they are stored (bool, integers without sign).
  void rewriteMain() {
    OpBuilder b(main);
    Location loc = main.getLoc();
    FunctionType oldType = main.getFunctionType();
    SmallVector<Type> types;
    for (Type type : oldType.getInputs())
      types.push_back(bufferType(type));
    for (auto [i, type] : llvm::enumerate(oldType.getResults()))
      if (!main.getResultAttr(i, nnc::kStatusAttr))
        types.push_back(bufferType(type));
    auto bytes = [&](uint64_t size) {
      return MemRefType::get({static_cast<int64_t>(size)}, b.getI8Type());
    };
    types.push_back(bytes(weights.size));
    types.push_back(bytes(plan.size));
    auto placed = b.create<func::FuncOp>(loc, "placed", b.getFunctionType(types, {}));
    Block *body = placed.addEntryBlock();
    annotate(placed, oldType.getNumInputs());
    b.setInsertionPointToStart(body);
    DenseMap<Value, Value> views;
    for (Operation &op : main.getBody().front())
      if (auto launch = dyn_cast<nnc::LaunchOp>(op))
        relaunch(b, launch, body, views);
    b.create<func::ReturnOp>(loc);
    StringAttr name = main.getSymNameAttr();
    main.erase();
    placed.setSymNameAttr(name);
    main = placed;
  }

  void annotate(func::FuncOp placed, unsigned numInputs) {
    OpBuilder b(placed);
    unsigned arguments = placed.getNumArguments();
    for (unsigned i = 0; i < liveness.buffers.size(); ++i) {
      const BufferLiveness::Buffer &buffer = liveness.buffers[i];
      bool isOutput = buffer.kind == BufferLiveness::Kind::Output;
      if (!isOutput && buffer.kind != BufferLiveness::Kind::Input)
        continue;
      unsigned argument = isOutput ? numInputs + buffer.number : buffer.number;
      placed.setArgAttr(argument, nnc::kNameAttr, b.getStringAttr(buffer.name));
      placed.setArgAttr(argument, "nnc.slot", b.getI64IntegerAttr(slotOf(i)));
      Type element = buffer.type.getElementType();
      if (element != nnc::storageTypeOf(element))
        placed.setArgAttr(argument, "nnc.element", TypeAttr::get(element));
      if (isOutput)
        placed.setArgAttr(argument, "nnc.output", b.getUnitAttr());
    }
    placed.setArgAttr(arguments - 2, "nnc.weights", b.getUnitAttr());
    placed.setArgAttr(arguments - 1, "nnc.arena", b.getUnitAttr());
  }

  /// The memref of tensor `value`: an argument, or a view of arena or weights
  /// under the value's own shape.
  Value viewOf(OpBuilder &b, Value value, Block *body, DenseMap<Value, Value> &views) {
    Value &view = views[value];
    if (view)
      return view;
    unsigned number = liveness.bufferOf.lookup(value);
    const BufferLiveness::Buffer &buffer = liveness.buffers[number];
    MemRefType memref = bufferType(value.getType());
    Location loc = value.getLoc();
    unsigned arguments = body->getNumArguments();
    unsigned numInputs = main.getNumArguments();
    auto within = [&](Value bytes, uint64_t offset) {
      Value at = b.create<arith::ConstantIndexOp>(loc, offset);
      return b.create<memref::ViewOp>(loc, memref, bytes, at, ValueRange{});
    };
    switch (buffer.kind) {
    case BufferLiveness::Kind::Input:
      view = reshape(b, loc, body->getArgument(buffer.number), memref);
      break;
    case BufferLiveness::Kind::Output:
      view = reshape(b, loc, body->getArgument(numInputs + buffer.number), memref);
      break;
    case BufferLiveness::Kind::Constant:
      view = within(body->getArgument(arguments - 2), weights.add(buffer.constant));
      break;
    case BufferLiveness::Kind::Arena:
      view = within(body->getArgument(arguments - 1), slotOf(number));
      break;
    }
    return view;
  }

  /// A row-major buffer under another shape.
  static Value reshape(OpBuilder &b, Location loc, Value buffer, MemRefType to) {
    auto from = cast<MemRefType>(buffer.getType());
    if (from == to)
      return buffer;
    SmallVector<OpFoldResult> sizes, strides;
    int64_t stride = 1;
    for (int64_t extent : llvm::reverse(to.getShape())) {
      sizes.insert(sizes.begin(), b.getIndexAttr(extent));
      strides.insert(strides.begin(), b.getIndexAttr(stride));
      stride *= extent;
    }
    return b.create<memref::ReinterpretCastOp>(loc, to, buffer, b.getIndexAttr(0),
                                               sizes, strides);
  }

  void relaunch(OpBuilder &b, nnc::LaunchOp launch, Block *body,
                DenseMap<Value, Value> &views) {
    auto viewsOf = [&](ValueRange values) {
      return llvm::map_to_vector(
          values, [&](Value value) { return viewOf(b, value, body, views); });
    };
    SmallVector<Value> inputs = viewsOf(launch.getInputs());
    SmallVector<Value> outputs = viewsOf(launch.getOutputs());
    b.create<nnc::LaunchOp>(launch.getLoc(), TypeRange{}, launch.getKernel(),
                            inputs, outputs, launch.getWork(), launch.getStarts());
  }

  /// What reports and the header tell about memory.
  void record() {
    OpBuilder b(module.getContext());
    module->setAttr("nnc.arena_bytes", b.getI64IntegerAttr(plan.size));
    module->setAttr("nnc.arena_align", b.getI64IntegerAttr(target.arenaAlign));
    module->setAttr("nnc.arena_bound", b.getI64IntegerAttr(plan.lowerBound));
    module->setAttr("nnc.logical_bound", b.getI64IntegerAttr(logicalBound));
    module->setAttr("nnc.arena_optimal", b.getBoolAttr(plan.provenOptimal));
    SmallVector<int64_t> statuses;
    for (unsigned buffer : liveness.statuses)
      statuses.push_back(slotOf(buffer));
    if (!statuses.empty())
      module->setAttr("nnc.status", b.getDenseI64ArrayAttr(statuses));
    SmallVector<Attribute> map;
    for (unsigned i = 0; i < liveness.buffers.size(); ++i) {
      if (!liveness.isPlanned(i))
        continue;
      const BufferLiveness::Buffer &buffer = liveness.buffers[i];
      map.push_back(b.getDictionaryAttr(
          {b.getNamedAttr("name", b.getStringAttr(buffer.name)),
           b.getNamedAttr("offset", b.getI64IntegerAttr(slotOf(i))),
           b.getNamedAttr("bytes", b.getI64IntegerAttr(byteSize(buffer.type))),
           b.getNamedAttr("begin", b.getI64IntegerAttr(buffer.begin)),
           b.getNamedAttr("end", b.getI64IntegerAttr(buffer.end))}));
    }
    module->setAttr("nnc.arena_map", b.getArrayAttr(map));
  }

  ModuleOp module;
  func::FuncOp main;
  const TargetInfo &target;
  BufferLiveness liveness;
  DenseMap<unsigned, unsigned> planned; ///< buffer -> index in the plan
  ArenaPlan plan;
  uint64_t logicalBound = 0;
  WeightSection weights;
};

struct MemoryPlaceBuffers
    : nncc::impl::MemoryPlaceBuffersBase<MemoryPlaceBuffers> {
  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main) {
      getOperation().emitError("the module has no function @main");
      return signalPassFailure();
    }
    auto target = targetOf(getOperation());
    if (!target) {
      main.emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    if (failed(BufferPlacer(getOperation(), main, *target).run()))
      signalPassFailure();
  }
};

} // namespace
