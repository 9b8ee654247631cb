//===- OutlineKernels.cpp - groups into kernels and launches ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ElementTypes.h"
#include "lib/Codegen/BorderFill.h"
#include "lib/Codegen/BufferStarts.h"
#include "lib/Codegen/GroupNest.h"
#include "lib/Codegen/Passes.h"
#include "lib/Codegen/WholeTensorKernel.h"
#include <llvm/ADT/StringMap.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

namespace nncc {
#define GEN_PASS_DEF_CODEGENOUTLINEKERNELS
#include "lib/Codegen/Passes.h.inc"
} // namespace nncc

using namespace mlir;
using namespace nncc;

namespace {

MemRefType bufferType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(),
                         nnc::storageTypeOf(tensor.getElementType()));
}

class KernelOutliner {
public:
  explicit KernelOutliner(ModuleOp module) : module(module), symbols(module) {}

  LogicalResult run() {
    SmallVector<nnc::GroupOp> groups;
    module.walk([&](nnc::GroupOp group) { groups.push_back(group); });
    for (nnc::GroupOp group : groups)
      if (!group.getSchedule())
        return group.emitError("group has no schedule");
    module.walk([&](nnc::BufferOp buffer) { fillBorder(buffer); });
    for (nnc::GroupOp group : groups) {
      if (Operation *op = wholeTensorOp(group))
        outlineWhole(group, op);
      else if (failed(outline(group)))
        return failure();
    }
    return success();
  }

private:
  /// A group that writes part of a buffer finds the border filled:
  ///   %e = nnc.buffer padded ...   ->   %e = nnc.buffer
  ///                                     %h = nnc.launch @fill outs(%e)
  void fillBorder(nnc::BufferOp buffer) {
    if (!buffer.getLayout())
      return;
    OpBuilder b(buffer.getContext());
    b.setInsertionPointAfter(buffer);
    nnc::GroupOp writer;
    for (Operation *user : buffer->getUsers())
      writer = dyn_cast<nnc::GroupOp>(user);
    int64_t lanes = writer ? writer.getSchedule()->getLanes() : 1;
    Value filled = launchBorderFill(
        b, buffer.getLoc(), *buffer.getLayout(),
        cast<RankedTensorType>(*buffer.getLogical()), lanes, buffer);
    buffer.getResult().replaceAllUsesExcept(filled, filled.getDefiningOp());
    buffer.removeLayoutAttr();
    buffer.removeLogicalAttr();
  }

  /// %y = nnc.group ins(%x)   ->   %e = nnc.buffer
  ///                               %h = nnc.launch @fill outs(%e)  // if padded
  ///                               %y = nnc.launch @conv ins(%x) outs(%h)
  LogicalResult outline(nnc::GroupOp group) {
    OpBuilder b(group);
    Location loc = group.getLoc();
    RankedTensorType physical = nnc::typeOf(group.getResult(0));
    auto yield = cast<nnc::YieldOp>(group.getBody().front().getTerminator());
    RankedTensorType logical = nnc::typeOf(yield.getValues().front());
    Value destination = group.getInto();
    if (!destination) {
      destination = b.create<nnc::BufferOp>(loc, physical, nullptr, nullptr);
      if (group.getOutLayout(0).hasPadding(logical, physical))
        destination = launchBorderFill(b, loc, group.getOutLayout(0), logical,
                                       group.getSchedule()->getLanes(), destination);
    }
    if (logical.getNumElements() == 0) { // nothing to compute
      group.getResult(0).replaceAllUsesWith(destination);
      group.erase();
      return success();
    }

    func::FuncOp kernel = beginKernel(loc, group.getInputs().getTypes(), TypeRange{physical});
    OpBuilder body = OpBuilder::atBlockBegin(&kernel.getBody().front());
    GroupNest builder(group);
    FailureOr<nnc::NestOp> nest = builder.emit(body, kernel.getArguments());
    if (failed(nest)) {
      kernel.erase();
      return failure();
    }
    body.create<func::ReturnOp>(loc);
    int64_t work = nest->getWork();
    declareAliasing(kernel, builder.inPlaceArguments(*nest));
    SmallVector<int64_t> starts;
    for (Value buffer : kernel.getArguments().drop_back(2))
      starts.push_back(takeStart(*nest, buffer));
    if (llvm::all_of(starts, [](int64_t start) { return start == 0; }))
      starts.clear();
    kernel = share(kernel, kernelName(group));
    auto launch = b.create<nnc::LaunchOp>(
        loc, TypeRange{physical}, kernel.getName(), group.getInputs(),
        ValueRange{destination}, work, starts);
    launch->setAttr("nnc.logical_bytes",
                    b.getI64IntegerAttr(logical.getNumElements() *
                                        llvm::divideCeil(logical.getElementTypeBitWidth(), 8)));
    group.getResult(0).replaceAllUsesWith(launch.getResult(0));
    group.erase();
    return success();
  }

  /// A kernel that is no nest has a buffer per result and per scratch tensor:
  ///   %v, %i = nnc.group ins(%x) { nnc.top_k }   ->
  ///   %v, %i = nnc.launch @top_k ins(%x) outs(%a, %b)
  void outlineWhole(nnc::GroupOp group, Operation *op) {
    OpBuilder b(group);
    Location loc = group.getLoc();
    WholeTensorKernel whole = wholeTensorKernel(op);
    SmallVector<Type> outputs(group.getResultTypes());
    llvm::append_range(outputs, whole.scratch);
    SmallVector<Value> destinations;
    for (Type type : outputs)
      destinations.push_back(b.create<nnc::BufferOp>(loc, type, nullptr, nullptr));

    func::FuncOp kernel = beginKernel(loc, group.getInputs().getTypes(), outputs);
    auto arguments = kernel.getArguments();
    KernelBuffers buffers;
    for (Value operand : op->getOperands())
      buffers.operands.push_back(arguments[cast<BlockArgument>(operand).getArgNumber()]);
    auto outs = arguments.drop_front(group.getInputs().size());
    buffers.results.assign(outs.begin(), outs.begin() + op->getNumResults());
    buffers.scratch.assign(outs.begin() + op->getNumResults(), outs.end() - 2);
    buffers.lo = arguments[arguments.size() - 2];
    buffers.hi = arguments.back();
    OpBuilder body = OpBuilder::atBlockBegin(&kernel.getBody().front());
    whole.emit(body, loc, buffers);
    OpBuilder::atBlockEnd(&kernel.getBody().front()).create<func::ReturnOp>(loc);
    SmallVector<int64_t> inPlace;
    if (whole.inPlace)
      inPlace.push_back(
          cast<BlockArgument>(op->getOperand(*whole.inPlace)).getArgNumber());
    declareAliasing(kernel, inPlace);
    kernel = share(kernel, kernelName(group));
    auto launch = b.create<nnc::LaunchOp>(loc, outputs, kernel.getName(),
                                          group.getInputs(), destinations, whole.work);
    for (auto [result, value] : llvm::zip(group.getResults(), launch.getResults()))
      result.replaceAllUsesWith(value);
    group.erase();
  }

  Value launchBorderFill(OpBuilder &b, Location loc, nnc::LayoutAttr layout,
                         RankedTensorType logical, int64_t lanes, Value destination) {
    RankedTensorType physical = nnc::typeOf(destination);
    SmallVector<Box> boxes = borderBoxes(layout, logical, physical);
    func::FuncOp kernel = beginKernel(loc, {}, TypeRange{physical});
    OpBuilder body = OpBuilder::atBlockBegin(&kernel.getBody().front());
    Type element = physical.getElementType();
    TypedAttr fill = nnc::numberAttr(element, nnc::storageTypeOf(element),
                                     layout.getPad().getValueAsDouble());
    emitBorderFill(body, loc, kernel.getArgument(0), boxes, fill, lanes, kernel.getArgument(1),
                   kernel.getArgument(2));
    body.create<func::ReturnOp>(loc);
    kernel = share(kernel, "fill_border");
    return b
        .create<nnc::LaunchOp>(loc, TypeRange{physical}, kernel.getName(),
                               ValueRange{}, ValueRange{destination}, boxes.size())
        .getResult(0);
  }

  /// An empty private function (inputs..., outputs..., lo, hi).
  func::FuncOp beginKernel(Location loc, TypeRange inputs, TypeRange outputs) {
    SmallVector<Type> types = llvm::map_to_vector(inputs, [](Type type) -> Type {
      return bufferType(type);
    });
    OpBuilder b(module.getContext());
    for (Type output : outputs)
      types.push_back(bufferType(output));
    types.append(2, b.getIndexType());
    auto kernel = func::FuncOp::create(loc, "kernel", b.getFunctionType(types, {}));
    kernel.setPrivate();
    kernel.addEntryBlock();
    return kernel;
  }

  /// Buffers are disjoint (noalias) unless the kernel works in place on one.
  void declareAliasing(func::FuncOp kernel, ArrayRef<int64_t> inPlace) {
    OpBuilder b(kernel.getContext());
    unsigned numBuffers = kernel.getNumArguments() - 2;
    for (unsigned i = 0; i < numBuffers; ++i) {
      bool mayShare = i + 1 == numBuffers ? !inPlace.empty()
                                          : llvm::is_contained(inPlace, i);
      if (!mayShare)
        kernel.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), b.getUnitAttr());
    }
    if (!inPlace.empty())
      kernel->setAttr("nnc.in_place", b.getDenseI64ArrayAttr(inPlace));
  }

  static std::string kernelName(nnc::GroupOp group) {
    for (Operation &op : group.getBody().front().without_terminator())
      if (!isa<nnc::ConstantOp>(op))
        return op.getName().stripDialect().str();
    return "relayout";
  }

  /// Returns the kernel that equals `kernel` up to its name, which it becomes if
  /// there is none yet.
  func::FuncOp share(func::FuncOp kernel, StringRef name) {
    std::string text;
    llvm::raw_string_ostream os(text);
    kernel->print(os, OpPrintingFlags().useLocalScope());
    auto [entry, isNew] = kernels.try_emplace(os.str(), kernel);
    if (!isNew) {
      kernel.erase();
      return entry->second;
    }
    kernel.setName((name + "_" + Twine(kernels.size() - 1)).str());
    symbols.insert(kernel, module.getBody()->begin());
    return kernel;
  }

  ModuleOp module;
  SymbolTable symbols;
  llvm::StringMap<func::FuncOp> kernels;
};

struct CodegenOutlineKernels
    : nncc::impl::CodegenOutlineKernelsBase<CodegenOutlineKernels> {
  void runOnOperation() override {
    if (failed(KernelOutliner(getOperation()).run()))
      signalPassFailure();
  }
};

} // namespace
