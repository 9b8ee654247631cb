//===- LaunchOrder.cpp - which launches must wait -------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/LaunchOrder.h"
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/Utils/StaticValueUtils.h>
#include <mlir/Interfaces/ViewLikeInterface.h>

using namespace mlir;
using namespace nncc;

namespace {
/// Bytes that a launch touches.
struct Access {
  Value base; ///< an argument of @main
  int64_t begin = 0, end = 0;
  bool writes = false;

  bool conflicts(const Access &other) const {
    return (writes || other.writes) && base == other.base &&
           begin < other.end && other.begin < end;
  }
};

/// Finds the memory behind the operands of launches.
class AccessReader {
public:
  explicit AccessReader(func::FuncOp main) : main(main) {
    for (BlockArgument arg : main.getArguments())
      if (main.getArgAttr(arg.getArgNumber(), "nnc.arena"))
        arena = arg;
  }

  SmallVector<Access> read(nnc::LaunchOp launch) {
    SmallVector<Access> accesses;
    for (Value input : launch.getInputs())
      add(input, /*writes=*/false, accesses);
    for (Value output : launch.getOutputs())
      add(output, /*writes=*/true, accesses);
    return accesses;
  }

private:
  static int64_t byteSize(Value value) {
    auto type = cast<MemRefType>(value.getType());
    return type.getNumElements() *
           llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  }

  /// Views with a constant offset are exact; behind any other view the launch
  /// is taken to touch all of the base.
  void add(Value operand, bool writes, SmallVectorImpl<Access> &accesses) {
    Access access{operand, 0, byteSize(operand), writes};
    while (Operation *op = access.base.getDefiningOp()) {
      auto view = dyn_cast<memref::ViewOp>(op);
      auto offset =
          view ? getConstantIntValue(view.getByteShift()) : std::nullopt;
      if (offset) {
        access.base = view.getSource();
        access.begin += *offset;
        access.end += *offset;
      } else if (auto other = dyn_cast<ViewLikeOpInterface>(op)) {
        access.base = other.getViewSource();
        access.begin = 0;
        access.end = byteSize(access.base);
      } else {
        break;
      }
    }
    addNamed(access, accesses);
  }

  /// A network input or output lies in its slot of the arena when the caller
  /// passes null, elsewhere when not.
  void addNamed(const Access &access, SmallVectorImpl<Access> &accesses) {
    accesses.push_back(access);
    auto arg = dyn_cast<BlockArgument>(access.base);
    if (!arg || !arena)
      return;
    auto slot =
        main.getArgAttrOfType<IntegerAttr>(arg.getArgNumber(), "nnc.slot");
    if (slot)
      accesses.push_back({arena, slot.getInt() + access.begin,
                          slot.getInt() + access.end, access.writes});
  }

  func::FuncOp main;
  Value arena;
};
} // namespace

/// Accesses that a launch is compared with; behind more of them it waits anyway, so that
/// thousands of independent launches are not compared with each other.
static constexpr size_t mostAccesses = 512;

llvm::DenseSet<Operation *> emit::launchesThatWait(func::FuncOp main) {
  llvm::DenseSet<Operation *> result;
  AccessReader reader(main);
  SmallVector<Access> sinceBarrier;
  main.walk([&](nnc::LaunchOp launch) {
    SmallVector<Access> accesses = reader.read(launch);
    bool waits = sinceBarrier.size() > mostAccesses || llvm::any_of(accesses, [&](const Access &mine) {
      return llvm::any_of(sinceBarrier, [&](const Access &earlier) {
        return mine.conflicts(earlier);
      });
    });
    if (waits) {
      result.insert(launch);
      sinceBarrier.clear();
    }
    llvm::append_range(sinceBarrier, accesses);
  });
  return result;
}
