//===- EntryFunction.cpp - the C function of an object --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/EntryBuilder.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/ControlFlow/IR/ControlFlowOps.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::emit;

/// Members of `struct nncc_parallel`.
enum ParallelMember { Context, Threads, Run, Barrier };

EntryBuilder::EntryBuilder(ModuleOp module, const ModelInterface &interface,
                           const TargetInfo &target)
    : b(module.getLoc(), module.getContext()),
      ptr(LLVM::LLVMPointerType::get(module.getContext())), module(module),
      interface(interface), target(target) {
  MLIRContext *context = module.getContext();
  auto structOf = [&](ArrayRef<Type> members) {
    return LLVM::LLVMStructType::getLiteral(context, members);
  };
  SmallVector<Type> io(numTensors() + 2, ptr); // then arena and state
  if (target.hosted)
    io.append({ptr, b.getI64Type()}); // parallel, cpu
  ioStruct = structOf(io);
  frameStruct = structOf(SmallVector<Type>(numTensors() + 2, ptr));
  parallelStruct = structOf({ptr, b.getI32Type(), ptr, ptr});
  b.setInsertionPointToEnd(module.getBody());
}

const TensorInfo &EntryBuilder::tensor(unsigned i) const {
  size_t inputs = interface.inputs.size();
  return i < inputs ? interface.inputs[i] : interface.outputs[i - inputs];
}

Value EntryBuilder::loadMember(Value base, Type structType, unsigned i) {
  Value address = b.create<LLVM::GEPOp>(ptr, structType, base,
                                        ArrayRef<LLVM::GEPArg>{0, int32_t(i)});
  auto type = cast<LLVM::LLVMStructType>(structType).getBody()[i];
  return b.create<LLVM::LoadOp>(type, address);
}

Value EntryBuilder::loadFrame(Value frame, unsigned i) {
  return loadMember(frame, frameStruct, i);
}

Value EntryBuilder::isNull(Value pointer) {
  return b.create<LLVM::ICmpOp>(LLVM::ICmpPredicate::eq, pointer,
                                b.create<LLVM::ZeroOp>(ptr));
}

/// The bits of an address that are zero if it is aligned.
Value EntryBuilder::addressBits(Value pointer, uint64_t alignment) {
  Type word = b.getIntegerType(target.indexBits);
  Value address = b.create<LLVM::PtrToIntOp>(word, pointer);
  Value mask = b.create<arith::ConstantIntOp>(alignment - 1, word);
  return b.create<arith::AndIOp>(address, mask);
}

void EntryBuilder::rejectIf(Value condition, ReturnCode code) {
  Value value = b.create<arith::ConstantIntOp>(code, 32);
  Block *next = b.createBlock(exit);
  b.setInsertionPointToEnd(condition.getParentBlock());
  b.create<cf::CondBranchOp>(condition, exit, ValueRange{value}, next,
                             ValueRange{});
  b.setInsertionPointToStart(next);
}

/// The caller's pointer, or the tensor's slot in the arena if that is null.
Value EntryBuilder::resolveTensor(Value io, Value arena, unsigned i) {
  Value given = loadMember(io, ioStruct, i);
  Value null = isNull(given);
  if (std::optional<uint64_t> slot = tensor(i).slot) {
    Value offset = b.create<arith::ConstantIntOp>(
        *slot, b.getIntegerType(target.indexBits));
    Value place = b.create<LLVM::GEPOp>(ptr, b.getI8Type(), arena, offset);
    return b.create<arith::SelectOp>(null, place, given);
  }
  rejectIf(null, ArgumentError);
  return given;
}

/// Tensors between two branches: LLVM compares all accesses of a block.
static constexpr unsigned tensorsPerBlock = 32;

/// Fills the struct that the body reads, and leaves where a pointer is not good. The
/// stack slot is made in the entry block.
Value EntryBuilder::buildFrame(Value io, Value arena) {
  Value frame;
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&exit->getParent()->front());
    Value one = b.create<arith::ConstantIntOp>(1, 32);
    frame = b.create<LLVM::AllocaOp>(ptr, frameStruct, one);
  }
  unsigned member = 0;
  auto store = [&](Value value) {
    Value address = b.create<LLVM::GEPOp>(ptr, frameStruct, frame,
                                          ArrayRef<LLVM::GEPArg>{0, int32_t(member++)});
    b.create<LLVM::StoreOp>(value, address);
  };
  Value zero =
      b.create<arith::ConstantIntOp>(0, b.getIntegerType(target.indexBits));
  Value bits = addressBits(arena, interface.arenaAlign);
  for (unsigned i = 0; i < numTensors(); ++i) {
    if (i > 0 && i % tensorsPerBlock == 0) {
      rejectIf(b.create<arith::CmpIOp>(arith::CmpIPredicate::ne, bits, zero), AlignError);
      bits = zero;
    }
    Value tensorPointer = resolveTensor(io, arena, i);
    Value mine = addressBits(tensorPointer, tensor(i).elementBytes());
    bits = b.create<arith::OrIOp>(bits, mine);
    store(tensorPointer);
  }
  rejectIf(b.create<arith::CmpIOp>(arith::CmpIPredicate::ne, bits, zero), AlignError);
  store(arena);
  if (target.hosted)
    store(loadMember(io, ioStruct, numTensors() + 2));
  return frame;
}

/// One thread calls the body directly; several get it from `parallel->run`.
void EntryBuilder::callBody(func::FuncOp body, Value io, Value frame) {
  Value arena = loadMember(io, ioStruct, arenaMember());
  if (!target.hosted) {
    b.create<func::CallOp>(body, frame);
    return finish(arena);
  }
  Value zero = b.create<arith::ConstantIntOp>(0, 32);
  Value one = b.create<arith::ConstantIntOp>(1, 32);
  Value parallel = loadMember(io, ioStruct, numTensors() + 2);
  Block *start = b.getInsertionBlock();
  Block *count = b.createBlock(exit), *threads = b.createBlock(exit);
  Block *serial = b.createBlock(exit), *done = b.createBlock(exit);

  b.setInsertionPointToEnd(start);
  b.create<cf::CondBranchOp>(isNull(parallel), serial, count);
  b.setInsertionPointToEnd(count);
  Value n = loadMember(parallel, parallelStruct, Threads);
  Value several = b.create<arith::CmpIOp>(arith::CmpIPredicate::ugt, n, one);
  b.create<cf::CondBranchOp>(several, threads, serial);

  b.setInsertionPointToEnd(threads);
  Value run = loadMember(parallel, parallelStruct, Run);
  Value barrier = loadMember(parallel, parallelStruct, Barrier);
  rejectIf(b.create<arith::OrIOp>(isNull(run), isNull(barrier)), ArgumentError);
  Value function = b.create<func::ConstantOp>(
      body.getFunctionType(), FlatSymbolRefAttr::get(body.getSymNameAttr()));
  Value address =
      b.create<UnrealizedConversionCastOp>(ptr, function).getResult(0);
  Value context = loadMember(parallel, parallelStruct, Context);
  auto runType = LLVM::LLVMFunctionType::get(
      LLVM::LLVMVoidType::get(b.getContext()), {ptr, ptr, ptr});
  b.create<LLVM::CallOp>(runType, ValueRange{run, context, address, frame});
  b.create<cf::BranchOp>(done);

  b.setInsertionPointToEnd(serial);
  b.create<func::CallOp>(body, ValueRange{frame, zero, one});
  b.create<cf::BranchOp>(done);
  b.setInsertionPointToEnd(done);
  finish(arena);
}

/// After a run: the kernels have left in the arena whether every index was in
/// range.
void EntryBuilder::finish(Value arena) {
  if (auto statuses = module->getAttrOfType<DenseI64ArrayAttr>("nnc.status")) {
    Value any = b.create<arith::ConstantIntOp>(0, 32), zero = any;
    for (int64_t offset : statuses.asArrayRef()) {
      Value at =
          b.create<arith::ConstantIntOp>(offset, b.getIntegerType(target.indexBits));
      Value place = b.create<LLVM::GEPOp>(ptr, b.getI8Type(), arena, at);
      Value status = b.create<LLVM::LoadOp>(b.getI32Type(), place);
      any = b.create<arith::OrIOp>(any, status);
    }
    rejectIf(b.create<arith::CmpIOp>(arith::CmpIPredicate::ne, any, zero), IndexError);
  }
  Value ok = b.create<arith::ConstantIntOp>(Ok, 32);
  b.create<cf::BranchOp>(exit, ok);
}

func::FuncOp EntryBuilder::buildRun(func::FuncOp body) {
  OpBuilder::InsertionGuard guard(b);
  auto run = b.create<func::FuncOp>(interface.entrySymbol(),
                                    b.getFunctionType(ptr, b.getI32Type()));
  Block *entry = run.addEntryBlock();
  exit = b.createBlock(&run.getBody(), run.end(), b.getI32Type(), b.getLoc());
  b.create<func::ReturnOp>(exit->getArgument(0));

  b.setInsertionPointToEnd(entry);
  Value io = entry->getArgument(0);
  rejectIf(isNull(io), ArgumentError);
  Value arena = loadMember(io, ioStruct, arenaMember());
  if (interface.arenaBytes > 0)
    rejectIf(isNull(arena), ArgumentError);
  callBody(body, io, buildFrame(io, arena));
  return run;
}

func::FuncOp EntryBuilder::buildBarrier() {
  OpBuilder::InsertionGuard guard(b);
  Type i32 = b.getI32Type();
  auto barrier = b.create<func::FuncOp>(interface.model + "_barrier",
                                        b.getFunctionType({ptr, i32, i32}, {}));
  barrier.setPrivate();
  Block *entry = barrier.addEntryBlock();
  Block *exit = b.createBlock(&barrier.getBody(), barrier.end());
  b.create<func::ReturnOp>();
  Block *wait = b.createBlock(exit);
  Value frame = entry->getArgument(0), thread = entry->getArgument(1);
  Value parallel = loadFrame(frame, parallelMember());
  Value function = loadMember(parallel, parallelStruct, Barrier);
  Value context = loadMember(parallel, parallelStruct, Context);
  auto type = LLVM::LLVMFunctionType::get(
      LLVM::LLVMVoidType::get(b.getContext()), {ptr, i32});
  b.create<LLVM::CallOp>(type, ValueRange{function, context, thread});
  b.create<cf::BranchOp>(exit);

  b.setInsertionPointToEnd(entry);
  Value one = b.create<arith::ConstantIntOp>(1, 32);
  Value several = b.create<arith::CmpIOp>(arith::CmpIPredicate::ugt,
                                          entry->getArgument(2), one);
  b.create<cf::CondBranchOp>(several, wait, exit);
  return barrier;
}
