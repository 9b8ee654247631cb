//===- LoadedObject.cpp - an object in this process's memory ---------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Run.h"
#include "nncc/Target.h"
#include <llvm/ExecutionEngine/JITLink/JITLink.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>
#include <mutex>

using namespace llvm;
using namespace nncc;
using namespace nncc::run;

namespace {

/// Notes where every function went, internal ones included.
class FunctionRecorder : public orc::ObjectLinkingLayer::Plugin {
public:
  explicit FunctionRecorder(std::vector<LoadedFunction> &functions)
      : functions(functions) {}

  void modifyPassConfig(orc::MaterializationResponsibility &,
                        jitlink::LinkGraph &,
                        jitlink::PassConfiguration &config) override {
    // Names of internal functions go with the symbols nobody refers to.
    config.PrePrunePasses.push_back([](jitlink::LinkGraph &graph) {
      for (jitlink::Symbol *symbol : graph.defined_symbols())
        if (symbol->isCallable())
          symbol->setLive(true);
      return Error::success();
    });
    config.PostFixupPasses.push_back([this](jitlink::LinkGraph &graph) {
      for (jitlink::Symbol *symbol : graph.defined_symbols())
        if (symbol->hasName() && symbol->isCallable())
          functions.push_back(
              {symbol->getName().str(), symbol->getAddress().getValue(),
               symbol->getAddress().getValue() + symbol->getSize()});
      return Error::success();
    });
  }
  Error notifyFailed(orc::MaterializationResponsibility &) override {
    return Error::success();
  }
  Error notifyRemovingResources(orc::JITDylib &, orc::ResourceKey) override {
    return Error::success();
  }
  void notifyTransferringResources(orc::JITDylib &, orc::ResourceKey,
                                   orc::ResourceKey) override {}

private:
  std::vector<LoadedFunction> &functions;
};

} // namespace

Error nncc::run::checkRunsHere(const ModelInfo &info) {
  Triple here(sys::getProcessTriple());
  std::string start = "an object for target '" + info.target + "' does not run on this machine";
  if (info.arch != here.getArch() || !info.hosted)
    return createStringError(start + " (" + here.str() + ")");
  Expected<TargetInfo> target = lookupTarget(info.target);
  if (!target)
    return target.takeError();
  std::string missing = missingOnHost(*target);
  if (!missing.empty())
    return createStringError(start + ", which lacks the feature '" + missing + "'");
  return Error::success();
}

LoadedObject::LoadedObject() = default;
LoadedObject::LoadedObject(LoadedObject &&) = default;
LoadedObject::~LoadedObject() = default;

Expected<LoadedObject> LoadedObject::load(std::unique_ptr<MemoryBuffer> object,
                                          const ModelInfo &info) {
  static std::once_flag once;
  std::call_once(once, [] { InitializeNativeTarget(); });
  LoadedObject loaded;
  std::vector<LoadedFunction> functions;
  auto layer =
      [&](orc::ExecutionSession &session,
          const Triple &) -> Expected<std::unique_ptr<orc::ObjectLayer>> {
    auto linking = std::make_unique<orc::ObjectLinkingLayer>(session);
    linking->addPlugin(std::make_shared<FunctionRecorder>(functions));
    return linking;
  };
  // Without the symbols of this process: an object that needs any must fail.
  auto jit = orc::LLJITBuilder()
                 .setObjectLinkingLayerCreator(layer)
                 .setLinkProcessSymbolsByDefault(false)
                 .setPlatformSetUp(orc::setUpInactivePlatform)
                 .create();
  if (!jit)
    return jit.takeError();
  if (Error error = (*jit)->addObjectFile(std::move(object)))
    return error;
  Expected<orc::ExecutorAddr> address = (*jit)->lookupLinkerMangled(info.entry);
  if (!address)
    return address.takeError();
  loaded.entry = address->toPtr<int32_t (*)(const void *)>();
  loaded.allFunctions = std::move(functions);
  loaded.jit = std::move(*jit);
  return loaded;
}
