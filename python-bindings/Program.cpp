//===- Program.cpp - a compiled model that Python calls -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "runtime/nncc_rt.h"
#include <llvm/Support/Alignment.h>
#include <llvm/Support/MemAlloc.h>

using namespace nncc;

/// What one call needs for itself and the next one can use again.
struct Program::Call {
  explicit Call(const run::ModelInfo &info)
      : bytes(std::max<uint64_t>(info.arenaBytes, 1)), align(info.arenaAlign),
        arena(llvm::allocate_buffer(bytes, align)), pool(nullptr, nncc_pool_destroy) {}
  ~Call() { llvm::deallocate_buffer(arena, bytes, align); }

  /// The threads to hand to the network, null for one.
  const nncc_parallel *parallel(unsigned threads) {
    if (threads <= 1)
      return nullptr;
    if (threads != poolThreads)
      pool.reset(nncc_pool_create(threads));
    poolThreads = threads;
    return pool ? nncc_pool_parallel(pool.get()) : nullptr;
  }

  uint64_t bytes, align;
  void *arena;
  unsigned poolThreads = 0;
  std::unique_ptr<nncc_pool, void (*)(nncc_pool *)> pool;
};

Program::Program(std::shared_ptr<CompiledModel> model, run::ModelInfo info)
    : model(std::move(model)), info(std::move(info)) {}
Program::~Program() = default;

static llvm::MemoryBufferRef objectOf(const CompiledModel &model) {
  return {llvm::StringRef(model.object.data(), model.object.size()), model.name};
}

llvm::Expected<std::unique_ptr<Program>>
Program::create(std::shared_ptr<CompiledModel> model) {
  auto info = run::readModelInfo(objectOf(*model));
  if (!info)
    return info.takeError();
  return std::unique_ptr<Program>(new Program(std::move(model), std::move(*info)));
}

llvm::Error Program::load() {
  std::lock_guard<std::mutex> lock(mutex);
  if (object)
    return llvm::Error::success();
  if (llvm::Error error = checkRunsHere(info))
    return error;
  auto loaded = run::LoadedObject::load(
      llvm::MemoryBuffer::getMemBuffer(objectOf(*model), /*RequiresNullTerminator=*/false),
      info);
  if (!loaded)
    return loaded.takeError();
  object = std::make_unique<run::LoadedObject>(std::move(*loaded));
  return llvm::Error::success();
}

std::unique_ptr<Program::Call> Program::takeCall() {
  std::lock_guard<std::mutex> lock(mutex);
  if (idle.empty())
    return std::make_unique<Call>(info);
  std::unique_ptr<Call> call = std::move(idle.back());
  idle.pop_back();
  return call;
}

int32_t Program::run(const std::vector<uint64_t> &pointers, unsigned threads) {
  std::unique_ptr<Call> call = takeCall();
  // The struct of the object's header: see run::LoadedObject.
  std::vector<uint64_t> io = pointers;
  io.push_back(reinterpret_cast<uint64_t>(call->arena));
  io.push_back(0); // state
  io.push_back(reinterpret_cast<uint64_t>(call->parallel(threads)));
  io.push_back(nncc_cpu_features());
  int32_t code = (*object)(io.data());
  std::lock_guard<std::mutex> lock(mutex);
  idle.push_back(std::move(call));
  return code;
}
