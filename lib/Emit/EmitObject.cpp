//===- EmitObject.cpp - a module becomes a file ---------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"
#include "lib/Emit/Info.h"
#include "lib/Emit/LLVMModule.h"
#include "lib/Emit/LibCalls.h"
#include "lib/Emit/ObjectSections.h"
#include "lib/Emit/Optimize.h"
#include "lib/Emit/WeightBytes.h"
#include "nncc/Emit.h"
#include <llvm/IR/Constants.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/Utils/Cloning.h>

using namespace llvm;
using namespace nncc;
using namespace nncc::emit;

/// Code reaches its weights by a signed 32-bit distance (the small code model);
/// some of it is left for the code itself and for the program around it.
static constexpr uint64_t mostWeights = (uint64_t(1) << 31) - (1 << 24);

namespace {
/// Makes one file from one module.
class ModuleEmitter {
public:
  ModuleEmitter(mlir::ModuleOp op, ModelInterface interface,
                const TargetInfo &target, const EmitOptions &options)
      : op(op), interface(std::move(interface)), target(target),
        options(options) {
    for (auto section : op.getOps<nnc::WeightsOp>())
      if (section.getSize() > 0)
        weights = section;
  }

  Expected<SmallVector<char, 0>> emit(OutputKind kind) {
    if (weights && weights.getSize() > mostWeights)
      return createStringError("the weights of '" + interface.model +
                               "' take " + std::to_string(weights.getSize()) +
                               " bytes, an object holds at most " +
                               std::to_string(mostWeights));
    auto created = createTargetMachine(target, options.optLevel);
    if (!created)
      return created.takeError();
    machine = std::move(*created);
    auto translated = translateModule(op, interface, target, options, context);
    if (!translated)
      return translated.takeError();
    module = std::move(*translated);
    module->setDataLayout(machine->createDataLayout());
    optimizeModule(*module, *machine, options.optimizeSize);
    return kind == OutputKind::Object ? emitObject() : emitText(kind);
  }

private:
  /// Text files hold the weights as data like any other. The object is made
  /// first to learn which functions the text must define.
  Expected<SmallVector<char, 0>> emitText(OutputKind kind) {
    Expected<SmallVector<char, 0>> object = generateClosedObject();
    if (!object)
      return object;
    std::unique_ptr<Module> copy = CloneModule(*module);
    if (weights) {
      SmallVector<char, 0> bytes(weights.getSize(), 0);
      if (Error error = writeWeights(weights, bytes))
        return error;
      StringRef text(bytes.data(), bytes.size());
      placeWeights(*copy, ConstantDataArray::getString(context, text,
                                                       /*AddNull=*/false));
    }
    SmallVector<char, 0> file;
    if (kind == OutputKind::LLVMText) {
      raw_svector_ostream os(file);
      copy->print(os, nullptr);
    } else if (Error error = generateCode(
                   *copy, *machine, CodeGenFileType::AssemblyFile, file)) {
      return error;
    }
    return file;
  }

  void placeWeights(Module &into, Constant *content) {
    placeGlobal(into, interface.weightsSymbol(), content,
                weightsSection(interface), weights.getAlignment());
  }

  /// Generates code with one byte in place of each section that is put in
  /// later. Always from a copy: the same order of uses gives the same code.
  Expected<SmallVector<char, 0>> generateObject() {
    std::unique_ptr<Module> copy = CloneModule(*module);
    Constant *byte = ConstantInt::get(Type::getInt8Ty(context), 1);
    if (weights)
      placeWeights(*copy, byte);
    if (!machine->getTargetTriple().isOSBinFormatWasm())
      placeGlobal(*copy, interface.model + "_info", byte, infoSection, 1);
    SmallVector<char, 0> object;
    if (Error error =
            generateCode(*copy, *machine, CodeGenFileType::ObjectFile, object,
                         options.progress))
      return error;
    return object;
  }

  /// Functions that LLVM calls on its own are known only once code exists: add
  /// those and generate again. An object that still needs a symbol from outside
  /// is never written.
  Expected<SmallVector<char, 0>> generateClosedObject() {
    while (true) {
      Expected<SmallVector<char, 0>> object = generateObject();
      if (!object)
        return object;
      auto missing = undefinedSymbols(*object);
      if (!missing)
        return missing.takeError();
      if (missing->empty())
        return object;
      auto added = defineLibCalls(*module, *missing, op.getContext(), interface,
                                  target, options);
      if (!added)
        return added.takeError();
      if (!*added)
        return createStringError("internal error: the object of '" +
                                 interface.model + "' would need the symbol '" +
                                 missing->front() + "' on target '" +
                                 target.name + "'");
    }
  }

  Expected<SmallVector<char, 0>> emitObject() {
    Expected<SmallVector<char, 0>> object = generateClosedObject();
    if (!object)
      return object;
    std::string info = moduleInfo(op, interface, target);
    std::string section = weightsSection(interface);
    Error error =
        replaceSection(*object, {infoSection, info.size(), 1, /*loaded=*/false,
                                 [&](MutableArrayRef<char> to) {
                                   llvm::copy(info, to.begin());
                                   return Error::success();
                                 }});
    if (!error && weights)
      error = replaceSection(
          *object, {section, weights.getSize(), weights.getAlignment(),
                    /*loaded=*/true, [&](MutableArrayRef<char> to) {
                      return writeWeights(weights, to);
                    }});
    if (error)
      return error;
    return object;
  }

  mlir::ModuleOp op;
  ModelInterface interface;
  const TargetInfo &target;
  const EmitOptions &options;
  nnc::WeightsOp weights;
  LLVMContext context;
  std::unique_ptr<TargetMachine> machine;
  std::unique_ptr<Module> module;
};
} // namespace

Expected<SmallVector<char, 0>> nncc::emitModule(mlir::ModuleOp module,
                                                const TargetInfo &target,
                                                OutputKind kind,
                                                const EmitOptions &options) {
  Expected<ModelInterface> interface = readInterface(module);
  if (!interface)
    return interface.takeError();
  if (interface->hash.empty())
    return createStringError("the module has not been through the llvm stage");
  return ModuleEmitter(module, std::move(*interface), target, options)
      .emit(kind);
}
