//===- HostProgram.cpp - a network run in this process ---------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostProgram.h"
#include "Sampler.h"
#include "runtime/nncc_rt.h"
#include <chrono>
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Format.h>
#include <map>

using namespace llvm;
using namespace nncc::run;

Expected<HostProgram> HostProgram::load(StringRef object,
                                        const ModelInfo &info) {
  if (Error error = checkRunsHere(info))
    return error;
  auto buffer = MemoryBuffer::getFile(object);
  if (!buffer)
    return createStringError("cannot open '" + object.str() +
                             "': " + buffer.getError().message());
  Expected<LoadedObject> loaded = LoadedObject::load(std::move(*buffer), info);
  if (!loaded)
    return loaded.takeError();
  return HostProgram(info, std::move(*loaded));
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

namespace {

constexpr size_t kGuardBytes = 256;
constexpr unsigned char kGuard = 0xC3;

/// Memory of exactly the asked size between two areas nobody may write to. The
/// content starts as not-a-number in every float type, so that reading what was
/// never written shows.
class GuardedBuffer {
public:
  GuardedBuffer(std::string name, size_t size, size_t align)
      : name(std::move(name)), size(size),
        storage(size + align + 2 * kGuardBytes, kGuard) {
    auto begin = reinterpret_cast<uintptr_t>(storage.data()) + kGuardBytes;
    offset =
        alignTo(begin, align) - reinterpret_cast<uintptr_t>(storage.data());
    std::fill_n(storage.begin() + offset, size, 0xFF);
  }
  void *data() { return storage.data() + offset; }

  Error check() const {
    auto untouched = [](unsigned char byte) { return byte == kGuard; };
    if (all_of(ArrayRef(storage).take_front(offset), untouched) &&
        all_of(ArrayRef(storage).drop_front(offset + size), untouched))
      return Error::success();
    return createStringError("the network wrote outside of " + name);
  }

private:
  std::string name;
  size_t size, offset = 0;
  std::vector<unsigned char> storage;
};

} // namespace

/// Everything one call needs: buffers, the thread pool, the I/O struct.
struct HostProgram::Call {
  Call(const HostProgram &program, const std::vector<Array> &inputs,
       unsigned threads)
      : program(program), pool(nullptr, nncc_pool_destroy) {
    const ModelInfo &info = program.info;
    for (auto [facts, array] : zip_equal(info.inputs, inputs)) {
      buffers.emplace_back("input '" + facts.name + "'", array.bytes.size(),
                           64);
      std::copy(array.bytes.begin(), array.bytes.end(),
                static_cast<char *>(buffers.back().data()));
    }
    for (const TensorFacts &facts : info.outputs)
      buffers.emplace_back("output '" + facts.name + "'",
                           facts.make(0).bytes.size(), 64);
    buffers.emplace_back("the arena", info.arenaBytes, info.arenaAlign);
    buffers.emplace_back("the state", info.stateBytes, 64);
    if (threads > 1)
      pool.reset(nncc_pool_create(threads));
    // The struct is a list of pointers and then a 64-bit word, whatever the
    // tensors: see the header beside the object.
    for (GuardedBuffer &buffer : buffers)
      io.push_back(reinterpret_cast<uint64_t>(buffer.data()));
    io.push_back(reinterpret_cast<uint64_t>(
        pool ? nncc_pool_parallel(pool.get()) : nullptr));
    io.push_back(nncc_cpu_features());
  }

  int32_t operator()() { return program.object(io.data()); }

  const HostProgram &program;
  std::unique_ptr<nncc_pool, void (*)(nncc_pool *)> pool;
  std::vector<GuardedBuffer> buffers; ///< inputs, outputs, arena, state
  std::vector<uint64_t> io;
};

static Error checkCode(const ModelInfo &info, int32_t code) {
  if (code == 0)
    return Error::success();
  return createStringError(info.entry + " returned " + std::to_string(code));
}

Error HostProgram::run(const std::vector<Array> &inputs,
                       std::vector<Array> &outputs, unsigned threads) {
  Call call(*this, inputs, threads);
  if (Error error = checkCode(info, call()))
    return error;
  for (const GuardedBuffer &buffer : call.buffers)
    if (Error error = buffer.check())
      return error;
  outputs.clear();
  for (auto [i, facts] : enumerate(info.outputs)) {
    Array array = facts.make(0);
    auto *data = static_cast<char *>(call.buffers[inputs.size() + i].data());
    std::copy_n(data, array.bytes.size(), array.bytes.begin());
    outputs.push_back(std::move(array));
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Measuring
//===----------------------------------------------------------------------===//

using Clock = std::chrono::steady_clock;

static double microseconds(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

/// Warms up (the first runs touch memory, wake threads and raise the clock
/// rate) and returns how many runs take `time`, at least one.
template <typename Call>
static unsigned runsIn(Clock::duration time, Call &call) {
  unsigned runs = 0;
  auto begin = Clock::now();
  do
    call();
  while (++runs < 3 || Clock::now() - begin < std::chrono::milliseconds(100));
  double share = microseconds(time) * runs / microseconds(Clock::now() - begin);
  return std::clamp(share, 1.0, 4e9);
}

Expected<Timing> HostProgram::bench(const std::vector<Array> &inputs,
                                    unsigned threads) {
  Call call(*this, inputs, threads);
  if (Error error = checkCode(info, call()))
    return error;
  // Reading the clock takes as long as a tiny network does.
  unsigned batch = runsIn(std::chrono::microseconds(20), call);
  std::vector<double> times;
  auto begin = Clock::now();
  while (times.size() < 10 || Clock::now() - begin < std::chrono::seconds(1)) {
    auto start = Clock::now();
    for (unsigned i = 0; i < batch; ++i)
      call();
    times.push_back(microseconds(Clock::now() - start) / batch);
  }
  llvm::sort(times);
  return Timing{times[times.size() / 2], times.front(),
                static_cast<unsigned>(times.size() * batch)};
}

Error HostProgram::profile(const std::vector<Array> &inputs, unsigned threads,
                           raw_ostream &os) {
  Call call(*this, inputs, threads);
  if (Error error = checkCode(info, call()))
    return error;
  unsigned runs = runsIn(std::chrono::seconds(2), call);
  Sampler sampler;
  for (unsigned i = 0; i < runs; ++i)
    call();
  std::vector<uint64_t> samples = sampler.stop();

  std::map<std::string, unsigned> hits;
  for (uint64_t address : samples) {
    auto found = find_if(object.functions(), [&](const LoadedFunction &function) {
      return function.begin <= address && address < function.end;
    });
    ++hits[found == object.functions().end() ? "(outside of the object)" : found->name];
  }
  std::vector<std::pair<std::string, unsigned>> rows(hits.begin(), hits.end());
  llvm::sort(rows, [](auto &a, auto &b) {
    return std::tie(b.second, a.first) < std::tie(a.second, b.first);
  });
  os << "profile: " << samples.size() << " samples\n";
  for (auto &[name, count] : rows)
    os << format("  %5.1f %%  ", 100.0 * count / samples.size()) << name
       << '\n';
  return Error::success();
}
