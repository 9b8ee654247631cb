//===- BuildEntry.cpp - the C entry of an object --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "lib/Emit/EntryBuilder.h"
#include "lib/Emit/LaunchOrder.h"
#include "lib/Emit/Passes.h"
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/ControlFlow/IR/ControlFlowOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/Utils/StaticValueUtils.h>
#include <mlir/IR/IRMapping.h>

namespace nncc::emit {
#define GEN_PASS_DEF_BUILDENTRY
#include "lib/Emit/Passes.h.inc"
} // namespace nncc::emit

using namespace mlir;
using namespace nncc;
using namespace nncc::emit;

/// Launches in one function. In a single function of thousands, values would live
/// from the first call to the last, and LLVM's time would grow with the square.
static constexpr unsigned launchesPerPart = 64;

namespace {
/// Turns the launches of @main into calls that do one thread's share.
class BodyBuilder {
public:
  BodyBuilder(func::FuncOp main, EntryBuilder &entry,
              const ModelInterface &interface, const TargetInfo &target)
      : main(main), entry(entry), interface(interface), target(target),
        b(entry.b), waits(launchesThatWait(main)) {
    unsigned tensor = 0;
    for (BlockArgument arg : main.getArguments()) {
      bool isArena = static_cast<bool>(main.getArgAttr(arg.getArgNumber(), "nnc.arena"));
      bool isWeights = static_cast<bool>(main.getArgAttr(arg.getArgNumber(), "nnc.weights"));
      members.push_back(isArena     ? entry.arenaMember()
                        : isWeights ? std::optional<unsigned>()
                                    : tensor++);
    }
  }

  /// A function of all launches, or of calls to such functions of some each.
  func::FuncOp build() {
    if (target.hosted && !waits.empty())
      barrier = entry.buildBarrier();
    OpBuilder::InsertionGuard guard(b);
    std::string name = interface.model + "_body";
    SmallVector<nnc::LaunchOp> launches(main.getOps<nnc::LaunchOp>());
    if (launches.size() <= launchesPerPart)
      return buildPart(name, launches);
    SmallVector<func::FuncOp> parts;
    for (size_t at = 0; at < launches.size(); at += launchesPerPart)
      parts.push_back(buildPart((name + "_" + Twine(parts.size())).str(),
                                ArrayRef(launches).slice(at).take_front(launchesPerPart)));
    func::FuncOp body = beginBody(name);
    for (func::FuncOp part : parts)
      b.create<func::CallOp>(part, body.getArguments());
    b.create<func::ReturnOp>();
    return body;
  }

private:
  /// An empty function (frame) or (frame, tid, n).
  func::FuncOp beginBody(StringRef name) {
    SmallVector<Type> types = {entry.ptr};
    if (target.hosted)
      types.append(2, b.getI32Type());
    b.setInsertionPointToEnd(main->getBlock());
    auto body = b.create<func::FuncOp>(name, b.getFunctionType(types, {}));
    body.setPrivate();
    b.setInsertionPointToStart(body.addEntryBlock());
    return body;
  }

  func::FuncOp buildPart(StringRef name, ArrayRef<nnc::LaunchOp> launches) {
    func::FuncOp body = beginBody(name);
    mapping.clear();
    slices.clear();
    threads = {};
    for (nnc::LaunchOp launch : launches)
      call(launch, &body.front());
    b.setLoc(main.getLoc());
    b.create<func::ReturnOp>();
    return body;
  }

  /// What `value` of @main is in the function at hand: made at its first use, so
  /// that nothing lives longer than it has to.
  Value mapped(Value value, Block *block) {
    if (Value known = mapping.lookupOrNull(value))
      return known;
    if (auto arg = dyn_cast<BlockArgument>(value)) {
      mapping.map(arg, loadArgument(arg, block));
    } else {
      for (Value operand : value.getDefiningOp()->getOperands())
        mapped(operand, block);
      b.clone(*value.getDefiningOp(), mapping);
    }
    return mapping.lookup(value);
  }

  Value loadArgument(BlockArgument arg, Block *block) {
    std::optional<unsigned> member = members[arg.getArgNumber()];
    if (!member)
      return b.create<memref::GetGlobalOp>(cast<MemRefType>(arg.getType()),
                                           interface.weightsSymbol());
    return loadMember(*member, 0, arg.getType(), block);
  }

  /// What lies `bytes` behind the pointer in a member of the frame, as a buffer.
  Value loadMember(unsigned member, int64_t bytes, Type type, Block *block) {
    Value pointer = entry.loadFrame(block->getArgument(0), member);
    if (bytes != 0)
      pointer = b.create<LLVM::GEPOp>(entry.ptr, b.getI8Type(), pointer,
                                      b.create<LLVM::ConstantOp>(b.getI64Type(), bytes).getResult());
    return b.create<UnrealizedConversionCastOp>(type, pointer).getResult(0);
  }

  /// A buffer of the same type that begins `bytes` behind the beginning of `buffer`.
  Value mappedBehind(Value buffer, int64_t bytes, Block *block) {
    if (bytes == 0)
      return mapped(buffer, block);
    if (auto view = buffer.getDefiningOp<memref::ViewOp>()) {
      int64_t shift = *getConstantIntValue(view.getByteShift()) + bytes;
      return b.create<memref::ViewOp>(view.getType(), mapped(view.getSource(), block),
                                      b.create<arith::ConstantIndexOp>(shift), ValueRange{});
    }
    Type type = buffer.getType();
    if (auto cast = buffer.getDefiningOp<memref::ReinterpretCastOp>())
      buffer = cast.getSource(); // a network input or output under another shape
    return loadMember(*members[cast<BlockArgument>(buffer).getArgNumber()], bytes, type, block);
  }

  /// Thread `tid` of `n` does the units work * tid / n up to (but without)
  /// work * (tid + 1) / n. To multiply without overflow, work is split into
  /// quotient * n + rest:
  ///
  ///   bound(t) = quotient * t + rest * t / n
  ///
  /// `rest` and `t` are at most `n`, a small number. Threads beyond the bound
  /// of the object get empty slices.
  std::pair<Value, Value> slice(int64_t work, Block *block) {
    auto known = slices.find(work);
    if (known != slices.end())
      return known->second;
    Value zero = b.create<arith::ConstantIndexOp>(0);
    Value total = b.create<arith::ConstantIndexOp>(work);
    if (!target.hosted)
      return slices[work] = {zero, total};
    if (!threads) {
      Type i32 = b.getI32Type();
      Value one = b.create<arith::ConstantIntOp>(1, i32);
      Value most = b.create<arith::ConstantIntOp>(interface.threads, i32);
      auto toIndex = [&](Value value) -> Value {
        return b.create<arith::IndexCastUIOp>(b.getIndexType(), value);
      };
      Value tid = block->getArgument(1);
      Value n = b.create<arith::MinUIOp>(block->getArgument(2), most);
      Value next = b.create<arith::AddIOp>(tid, one);
      first = toIndex(b.create<arith::MinUIOp>(tid, n));
      last = toIndex(b.create<arith::MinUIOp>(next, n));
      threads = toIndex(n);
    }
    Value quotient = b.create<arith::DivUIOp>(total, threads);
    Value rest = b.create<arith::RemUIOp>(total, threads);
    auto bound = [&](Value t) -> Value {
      Value share = b.create<arith::MulIOp>(quotient, t);
      Value scaled = b.create<arith::MulIOp>(rest, t);
      Value extra = b.create<arith::DivUIOp>(scaled, threads);
      return b.create<arith::AddIOp>(share, extra);
    };
    return slices[work] = {bound(first), bound(last)};
  }

  ///   nnc.launch @k ins(%x) outs(%y) work 7
  /// ->
  ///   call @m_barrier(%frame, %tid, %n)      // only if it must wait
  ///   call @k(%x, %y, %lo, %hi)
  void call(nnc::LaunchOp launch, Block *block) {
    b.setLoc(launch.getLoc());
    if (barrier && waits.contains(launch))
      b.create<func::CallOp>(barrier, block->getArguments());
    SmallVector<Value> operands;
    for (auto [i, operand] : llvm::enumerate(launch.getOperands())) {
      int64_t start = launch.getStarts().empty() ? 0 : launch.getStarts()[i];
      int64_t width = cast<MemRefType>(operand.getType()).getElementTypeBitWidth();
      operands.push_back(mappedBehind(operand, start * llvm::divideCeil(width, 8), block));
    }
    auto [lo, hi] = slice(launch.getWork(), block);
    operands.append({lo, hi});
    b.create<func::CallOp>(launch.getKernel(), TypeRange{}, operands);
  }

  func::FuncOp main;
  EntryBuilder &entry;
  const ModelInterface &interface;
  const TargetInfo &target;
  ImplicitLocOpBuilder &b;
  llvm::DenseSet<Operation *> waits;
  SmallVector<std::optional<unsigned>> members; ///< of the frame; weights have none
  func::FuncOp barrier;
  IRMapping mapping;
  llvm::DenseMap<int64_t, std::pair<Value, Value>> slices;
  Value threads, first, last;
};

struct BuildEntry : emit::impl::BuildEntryBase<BuildEntry> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(run(module)))
      signalPassFailure();
  }

  LogicalResult run(ModuleOp module) {
    llvm::Expected<TargetInfo> target = targetOf(module);
    if (!target)
      return module.emitError(llvm::toString(target.takeError()));
    llvm::Expected<ModelInterface> interface = readInterface(module);
    if (!interface)
      return module.emitError(llvm::toString(interface.takeError()));
    auto main = module.lookupSymbol<func::FuncOp>("main");
    if (!main || failed(checkMain(main)))
      return failure();
    interface->hash = modelHash(module);
    recordInterface(module, *interface);
    declareWeights(module, main, *interface);
    EntryBuilder entry(module, *interface, *target);
    func::FuncOp body = BodyBuilder(main, entry, *interface, *target).build();
    entry.buildRun(body);
    main.erase();
    return success();
  }

  /// The launches must call kernels with exactly the types they take: nothing
  /// after this pass could still convert between them.
  LogicalResult checkMain(func::FuncOp main) {
    if (!llvm::hasSingleElement(main.getBody()))
      return main.emitError(
          "@main must be a list of launches without branches");
    SymbolTable kernels(main->getParentOfType<ModuleOp>());
    WalkResult result = main.walk([&](nnc::LaunchOp launch) -> WalkResult {
      auto kernel = kernels.lookup<func::FuncOp>(launch.getKernel());
      if (!kernel)
        return launch.emitOpError("calls a kernel that is not a function");
      for (auto [operand, type] :
           llvm::zip(launch.getOperands(), kernel.getArgumentTypes()))
        if (operand.getType() != type)
          return launch.emitOpError("passes ")
                 << operand.getType() << " where kernel @" << kernel.getName()
                 << " takes " << type;
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  /// The section is declared as external memory: LLVM must not see its bytes.
  void declareWeights(ModuleOp module, func::FuncOp main,
                      const ModelInterface &interface) {
    for (BlockArgument arg : main.getArguments()) {
      if (!main.getArgAttr(arg.getArgNumber(), "nnc.weights"))
        continue;
      OpBuilder b(module.getBodyRegion());
      int64_t alignment = 1;
      for (auto weights : module.getOps<nnc::WeightsOp>())
        alignment = weights.getAlignment();
      b.create<memref::GlobalOp>(
          module.getLoc(), interface.weightsSymbol(),
          /*sym_visibility=*/StringAttr(), cast<MemRefType>(arg.getType()),
          /*initial_value=*/Attribute(), /*constant=*/true,
          b.getI64IntegerAttr(alignment));
    }
  }
};
} // namespace
