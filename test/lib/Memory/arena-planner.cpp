//===- arena-planner.cpp - known plans, random plans, broken plans --------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints one line per group of cases and `FAILED` lines with what went wrong.
//
//===----------------------------------------------------------------------===//

#include "nncc/Memory.h"
#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

using namespace nncc;

namespace {
using Kind = ArenaOverlap::Kind;

struct Case {
  std::vector<ArenaBuffer> buffers;
  std::vector<ArenaOverlap> overlaps;

  unsigned add(uint64_t size, int64_t begin, int64_t end,
               uint64_t alignment = 1) {
    std::string name = "b" + std::to_string(buffers.size());
    buffers.push_back({size, alignment, begin, end, name});
    return buffers.size() - 1;
  }
  void inPlace(unsigned input, unsigned output) {
    overlaps.push_back({input, output, Kind::InPlace, 0});
  }
  void distance(unsigned input, unsigned output, uint64_t bytes) {
    overlaps.push_back({input, output, Kind::Distance, bytes});
  }
};

unsigned failures = 0;

void fail(const std::string &what, const std::string &why) {
  std::printf("FAILED %s: %s\n", what.c_str(), why.c_str());
  ++failures;
}

void expectEqual(const std::string &what, uint64_t got, uint64_t want) {
  if (got != want)
    fail(what, std::to_string(got) + " instead of " + std::to_string(want));
}

/// Distributions of the standard library differ between implementations.
class Random {
public:
  explicit Random(uint32_t seed) : engine(seed) {}
  uint64_t upTo(uint64_t most) { return engine() % (most + 1); }
  bool oneIn(unsigned n) { return engine() % n == 0; }

private:
  std::mt19937 engine;
};

//===----------------------------------------------------------------------===//
// The definition, as naive as possible
//===----------------------------------------------------------------------===//

bool pairIsSound(const Case &c, unsigned i, unsigned j,
                 llvm::ArrayRef<uint64_t> offsets) {
  const ArenaBuffer &a = c.buffers[i], &b = c.buffers[j];
  if (!a.size || !b.size || a.end < b.begin || b.end < a.begin)
    return true;
  if (offsets[i] + a.size <= offsets[j] || offsets[j] + b.size <= offsets[i])
    return true;
  for (const ArenaOverlap &o : c.overlaps) {
    bool named =
        (o.input == i && o.output == j) || (o.input == j && o.output == i);
    if (!named || c.buffers[o.input].end != c.buffers[o.output].begin)
      continue;
    uint64_t in = offsets[o.input], out = offsets[o.output];
    if (o.kind == Kind::InPlace ? in == out : out + o.distance <= in)
      return true;
  }
  return false;
}

bool planIsSound(const Case &c, const ArenaPlan &plan) {
  for (unsigned i = 0; i < c.buffers.size(); ++i) {
    if (plan.offsets[i] % c.buffers[i].alignment ||
        plan.offsets[i] + c.buffers[i].size > plan.size)
      return false;
    for (unsigned j = 0; j < i; ++j)
      if (!pairIsSound(c, i, j, plan.offsets))
        return false;
  }
  return true;
}

/// The smallest arena below `limit`, by trying every offset.
uint64_t bruteForce(const Case &c, uint64_t limit) {
  std::vector<uint64_t> offsets(c.buffers.size(), 0);
  uint64_t best = limit;
  std::function<void(unsigned, uint64_t)> place = [&](unsigned i,
                                                      uint64_t top) {
    if (i == c.buffers.size()) {
      best = top;
      return;
    }
    const ArenaBuffer &buffer = c.buffers[i];
    for (uint64_t at = 0; at + buffer.size < best; at += buffer.alignment) {
      offsets[i] = at;
      bool sound = true;
      for (unsigned j = 0; j < i && sound; ++j)
        sound = pairIsSound(c, i, j, offsets);
      if (sound)
        place(i + 1, std::max(top, at + buffer.size));
    }
  };
  place(0, 0);
  return best;
}

//===----------------------------------------------------------------------===//
// Groups of cases
//===----------------------------------------------------------------------===//

/// Plans `c` and checks everything that holds for any plan.
ArenaPlan planAndCheck(const std::string &what, const Case &c,
                       uint64_t nodeBudget = 200000) {
  ArenaPlan plan = planArena(c.buffers, c.overlaps, nodeBudget);
  std::string problem = checkArena(c.buffers, c.overlaps, plan);
  if (!problem.empty())
    fail(what, problem);
  if (plan.size < plan.lowerBound)
    fail(what, "arena below its lower bound");
  if (plan.size == plan.lowerBound && !plan.provenOptimal)
    fail(what, "meets the bound but is not called optimal");
  return plan;
}

void knownCase(const std::string &what, const Case &c, uint64_t size) {
  ArenaPlan plan = planAndCheck(what, c);
  expectEqual(what, plan.size, size);
  if (!plan.provenOptimal)
    fail(what, "not proven optimal");
}

void knownCases() {
  knownCase("nothing", {}, 0);
  {
    Case c;
    c.add(0, 0, 5, 64);
    c.add(0, 3, 3, 64);
    knownCase("empty buffers", c, 0);
  }
  {
    Case c;
    c.add(10, 0, 0, 64);
    knownCase("rounded to the alignment", c, 64);
  }
  {
    Case c; // A chain of layers holds two neighbours at a time.
    uint64_t sizes[] = {10, 40, 30, 20, 50};
    for (int i = 0; i < 5; ++i)
      c.add(sizes[i], i, i + 1);
    knownCase("chain", c, 70);
    for (int i = 0; i < 4; ++i)
      c.inPlace(i, i + 1);
    knownCase("chain in place", c, 50);
  }
  {
    Case c; // The first two of x -> y -> z share; z is live together with x.
    unsigned x = c.add(8, 0, 1), y = c.add(8, 1, 1), z = c.add(8, 1, 2);
    c.inPlace(x, y);
    c.inPlace(y, z);
    knownCase("chain that cannot share throughout", c, 16);
  }
  {
    Case c; // Both inputs of an addition die: only one gives its place.
    unsigned x = c.add(8, 0, 1), y = c.add(8, 0, 1), z = c.add(8, 1, 2);
    c.inPlace(x, z);
    c.inPlace(y, z);
    knownCase("two inputs in place", c, 16);
  }
  {
    Case c; // In place forbids z its best spot below the larger output.
    unsigned x = c.add(4, 0, 1), y = c.add(12, 1, 2);
    c.add(4, 2, 3);
    c.inPlace(x, y);
    knownCase("grows in place", c, 16);
  }
  {
    Case c; // Sharing needs x to end exactly where y begins.
    unsigned x = c.add(8, 0, 2), y = c.add(8, 1, 3);
    c.inPlace(x, y);
    c.distance(x, y, 2);
    knownCase("input outlives the step", c, 16);
  }
  {
    Case c; // The output runs three bytes ahead of the input.
    unsigned x = c.add(20, 0, 1), y = c.add(16, 1, 2);
    c.distance(x, y, 3);
    knownCase("distance", c, 23);
  }
  {
    Case c; // Wide tops leave no gap for first fit by size; 12 is possible.
    c.add(4, 0, 2);
    c.add(4, 0, 0);
    c.add(4, 2, 4);
    c.add(8, 4, 6);
    c.add(8, 3, 3);
    c.add(4, 6, 8);
    knownCase("staircase", c, 12);
  }
  std::printf("known cases done\n");
}

Case randomCase(Random &random, unsigned count, unsigned steps, uint64_t size) {
  Case c;
  static const uint64_t alignments[] = {1, 2, 4};
  bool mixed = random.oneIn(2);
  for (unsigned i = 0; i < count; ++i) {
    int64_t begin = random.upTo(steps);
    int64_t end = begin + random.upTo(random.oneIn(4) ? steps : 2);
    c.add(random.upTo(size), begin, end,
          mixed ? alignments[random.upTo(2)] : 2);
  }
  for (unsigned i = 0; i < count; ++i)
    for (unsigned j = 0; j < count; ++j)
      if (i != j && c.buffers[i].end == c.buffers[j].begin) {
        if (random.oneIn(3))
          c.inPlace(i, j);
        if (random.oneIn(4))
          c.distance(i, j, random.upTo(4));
      }
  return c;
}

/// Random small problems against exhaustive search.
void exhaustiveCases() {
  Random random(1);
  unsigned proven = 0, atBound = 0, total = 1500;
  for (unsigned i = 0; i < total; ++i) {
    std::string what = "exhaustive " + std::to_string(i);
    Case c = randomCase(random, 2 + random.upTo(4), 3, 7);
    ArenaPlan plan = planAndCheck(what, c);
    uint64_t grain = 4;
    for (const ArenaBuffer &buffer : c.buffers)
      grain = std::min(grain, buffer.alignment);
    uint64_t exact = bruteForce(c, plan.size + 1);
    exact = (exact + grain - 1) / grain * grain;
    if (plan.provenOptimal)
      expectEqual(what, plan.size, exact);
    if (plan.lowerBound > exact)
      fail(what, "lower bound above the optimum");
    proven += plan.provenOptimal;
    atBound += plan.size == plan.lowerBound;
  }
  std::printf("exhaustive cases %u: proven %u, at the lower bound %u\n", total,
              proven, atBound);
}

/// Damages plans; the checker must agree with the definition each time.
void brokenPlans() {
  Random random(2);
  unsigned rejected = 0, total = 2000;
  for (unsigned i = 0; i < total; ++i) {
    Case c = randomCase(random, 2 + random.upTo(20), 12, 40);
    ArenaPlan plan = planAndCheck("broken " + std::to_string(i), c, 200);
    uint64_t &offset = plan.offsets[random.upTo(c.buffers.size() - 1)];
    if (random.oneIn(5))
      plan.size -= std::min<uint64_t>(plan.size, 1 + random.upTo(3));
    else
      offset = random.upTo(plan.size);
    bool accepted = checkArena(c.buffers, c.overlaps, plan).empty();
    if (accepted != planIsSound(c, plan))
      fail("broken " + std::to_string(i),
           accepted ? "accepted a broken plan" : "rejected a sound plan");
    rejected += !accepted;
  }
  std::printf("broken plans: %s of %u rejected\n",
              rejected > total / 2 && rejected < total ? "most" : "not most",
              total);
}

/// Larger random problems, also in another order of the buffers.
void randomCases() {
  Random random(3);
  double ratio = 0, worst = 0;
  unsigned proven = 0, total = 60;
  for (unsigned i = 0; i < total; ++i) {
    std::string what = "random " + std::to_string(i);
    Case c = randomCase(random, 20 + random.upTo(60), 40, 1000);
    ArenaPlan plan = planAndCheck(what, c, 2000);
    double r = double(plan.size) / std::max<uint64_t>(1, plan.lowerBound);
    ratio += r;
    worst = std::max(worst, r);
    proven += plan.provenOptimal;

    Case reversed = c;
    std::reverse(reversed.buffers.begin(), reversed.buffers.end());
    for (ArenaOverlap &overlap : reversed.overlaps) {
      overlap.input = c.buffers.size() - 1 - overlap.input;
      overlap.output = c.buffers.size() - 1 - overlap.output;
    }
    expectEqual(what + " reversed", planAndCheck(what, reversed, 2000).size,
                plan.size);
  }
  std::printf("random cases %u: proven %u, size / bound mean %.3f worst %.3f\n",
              total, proven, ratio / total, worst);
}

/// conv, relu in place, conv, add in place with the skip, relu in place.
Case residualNetwork(unsigned blocks, uint64_t size) {
  Case c;
  int64_t step = 0;
  unsigned x = c.add(size, 0, 0, 64);
  auto use = [&](unsigned buffer) { c.buffers[buffer].end = step; };
  auto unary = [&](unsigned input, uint64_t bytes, bool inPlace) {
    ++step;
    use(input);
    unsigned result = c.add(bytes, step, step, 64);
    if (inPlace)
      c.inPlace(input, result);
    return result;
  };
  for (unsigned i = 0; i < blocks; ++i) {
    // Every third block halves the extent and doubles the channels.
    if (i % 3 == 2)
      size /= 2;
    unsigned skip = x;
    unsigned y = unary(unary(x, size, false), size, true);
    y = unary(y, size, false);
    if (i % 3 == 2)
      skip = unary(skip, size, false);
    ++step;
    use(skip);
    use(y);
    unsigned sum = c.add(size, step, step, 64);
    c.inPlace(skip, sum);
    c.inPlace(y, sum);
    x = unary(sum, size, true);
  }
  return c;
}

/// Outputs live to the end, so all of them at once: too many pairs to look at. The buffers
/// in between find places that others have left.
void manyOutputs() {
  Case c;
  constexpr int count = 4000;
  for (int i = 0; i < count; ++i) {
    c.add(64 + i % 7 * 64, i, i + 1, 64);
    c.add(64 + i % 5 * 64, i + 1, count + 1, 64);
  }
  ArenaPlan plan = planAndCheck("many outputs", c);
  std::printf("%d outputs: %s 1 %% above the bound\n", count,
              plan.size <= plan.lowerBound / 100 * 101 ? "at most" : "more than");
}

void networks() {
  for (unsigned blocks : {1u, 4u, 16u, 1000u}) {
    std::string what = "residual network of " + std::to_string(blocks);
    Case c = residualNetwork(blocks, 1 << 20);
    ArenaPlan plan = planAndCheck(what, c);
    std::printf("%s: %zu buffers, %llu bytes, bound %llu%s\n", what.c_str(),
                c.buffers.size(), (unsigned long long)plan.size,
                (unsigned long long)plan.lowerBound,
                plan.provenOptimal ? ", optimal" : "");
  }
  // Long-lived buffers among short ones, too many to search.
  Random random(4);
  Case c;
  for (unsigned i = 0; i < 5000; ++i) {
    int64_t begin = random.upTo(5000);
    int64_t length = random.oneIn(50) ? random.upTo(1000) : random.upTo(3);
    c.add(random.upTo(1000000), begin, begin + length, 64);
  }
  ArenaPlan plan = planAndCheck("crowded", c);
  std::printf("crowded network of 5000 buffers: %s 5 %% above the bound\n",
              plan.size <= plan.lowerBound / 20 * 21 ? "at most" : "more than");
}
} // namespace

int main() {
  knownCases();
  exhaustiveCases();
  brokenPlans();
  randomCases();
  networks();
  manyOutputs();
  std::printf("%u failures\n", failures);
  return failures != 0;
}
