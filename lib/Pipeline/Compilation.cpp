//===- Compilation.cpp - one model on its way through the stages --------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Pipeline/Compilation.h"
#include "lib/Pipeline/ReplacedBlobs.h"
#include "nncc/Frontend.h"
#include "nncc/RegisterAll.h"
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <mlir/Bytecode/BytecodeWriter.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/DialectRegistry.h>
#include <mlir/Parser/Parser.h>
#include <mlir/Pass/PassManager.h>

using namespace mlir;
using namespace nncc;

static DialectRegistry makeRegistry() {
  DialectRegistry registry;
  registerAllDialects(registry);
  return registry;
}

Compilation::Compilation(const ModelSource &source, const CompileOptions &options,
                         MessageHandler handler)
    : source(source), options(options), handler(std::move(handler)),
      context(makeRegistry(), MLIRContext::Threading::DISABLED),
      diagnostics(&context,
                  [this](Diagnostic &diagnostic) { handleDiagnostic(diagnostic); }) {
  context.loadAllAvailableDialects();
}

llvm::StringRef Compilation::path() const {
  return source.memory ? source.memory->getBufferIdentifier() : source.path;
}

llvm::Error Compilation::failure(const llvm::Twine &where) {
  return llvm::createStringError("cannot compile '" + path().str() + "'" + where.str());
}

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

/// The importer starts a message with "node 'conv1' (Conv): " or, for a node
/// without a name, "node #3 (Conv): ". Later stages know the node by the
/// location of its operations.
std::string Compilation::nodeOf(Diagnostic &diagnostic, llvm::StringRef text) {
  if (text.consume_front("node '"))
    return text.take_front(text.find("' (")).str();
  if (text.consume_front("node #"))
    return "#" + text.take_until([](char c) { return c == ' '; }).str();
  auto named = dyn_cast<NameLoc>(diagnostic.getLocation());
  bool isGraph = module && named == (*module)->getLoc();
  return named && !isGraph ? named.getName().str() : "";
}

/// `text` without control characters: names come from the model, and to a terminal
/// they would be commands (ESC, DEL, or U+0080 to U+009F in UTF-8).
static std::string printable(llvm::StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char before = i ? text[i - 1] : 0, byte = text[i];
    unsigned char after = i + 1 < text.size() ? text[i + 1] : 0;
    auto isC1 = [](unsigned char lead, unsigned char byte) {
      return lead == 0xc2 && byte >= 0x80 && byte < 0xa0;
    };
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f || isC1(byte, after) || isC1(before, byte))
      os << "\\x" << llvm::format_hex_no_prefix(byte, 2, /*Upper=*/true);
    else
      os << text[i];
  }
  return os.str();
}

void Compilation::handleDiagnostic(Diagnostic &diagnostic) {
  CompileMessage message;
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    message.severity = CompileMessage::Error;
    break;
  case DiagnosticSeverity::Warning:
    message.severity = CompileMessage::Warning;
    break;
  default:
    message.severity = CompileMessage::Note;
  }
  message.text = diagnostic.str();
  message.node = nodeOf(diagnostic, message.text);
  if (!message.node.empty() && !llvm::StringRef(message.text).starts_with("node "))
    message.text = "node '" + message.node + "': " + message.text;
  message.text = printable(message.text);
  handler(message);
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

void Compilation::announce(Stage stage) {
  if (options.progress)
    options.progress(allStages()[static_cast<size_t>(stage)].name, 0, 0);
}

/// The first stage: the network and what the user chose for all of them.
llvm::Error Compilation::importModel(OutputFiles &files) {
  announce(Stage::Import);
  ImportOptions import{options.dims, options.values};
  module = source.memory ? importOnnx(*source.memory, import, &context)
                         : importOnnx(source.path, import, &context);
  if (!module)
    return failure();
  setTarget(*module, target);
  Builder b(&context);
  std::string name = options.name.empty()
                         ? cIdentifier(llvm::sys::path::stem(path()))
                         : options.name;
  (*module)->setAttr("nnc.model", b.getStringAttr(name));
  (*module)->setAttr("nnc.threads", b.getI64IntegerAttr(options.threads));
  if (options.strict)
    (*module)->setAttr("nnc.strict", b.getUnitAttr());
  return saveStage(Stage::Import, files);
}

/// -start-at: IR that an earlier compilation wrote, choices included.
llvm::Error Compilation::readModule() {
  const StageInfo &first = allStages()[static_cast<size_t>(*options.startAt)];
  if (options.report && *options.startAt > Stage::Lower)
    return llvm::createStringError(
        "a report needs the kernels' loops, which are gone before stage '" +
        first.name.str() + "': start at '" +
        allStages()[static_cast<size_t>(Stage::Lower)].name.str() + "' or before");
  module = parseSourceFile<ModuleOp>(source.path, ParserConfig(&context));
  auto written = module ? (*module)->getAttrOfType<StringAttr>("nnc.stage") : nullptr;
  if (!written)
    return llvm::createStringError("'" + source.path +
                                   "' is no IR that -stop-after or -save-stages wrote");
  const StageInfo &before = (&first)[-1];
  if (written.getValue() != before.name)
    return llvm::createStringError("stage '" + first.name.str() + "' starts from IR after '" +
                                   before.name.str() + "', '" + source.path +
                                   "' is from after '" + written.str() + "'");
  (*module)->removeAttr("nnc.stage");
  return llvm::Error::success();
}

llvm::Error Compilation::run(Stage last, OutputFiles &files) {
  auto info = lookupTarget(options.target, options.cpu, options.features);
  if (!info)
    return info.takeError();
  target = *info;
  // Refuse a CPU before the long work, not after it.
  if (auto machine = createTargetMachine(target, options.optLevel); !machine)
    return machine.takeError();
  if (llvm::Error error = options.startAt ? readModule() : importModel(files))
    return error;
  auto chosen = targetOf(*module);
  if (!chosen)
    return chosen.takeError();
  target = *chosen;
  Stage first = options.startAt.value_or(Stage::Import);
  for (const StageInfo &row : allStages()) {
    if (!row.build || row.stage < first || row.stage > last)
      continue;
    if (llvm::Error error = runStage(row))
      return error;
    if (llvm::Error error = saveStage(row.stage, files))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error Compilation::runStage(const StageInfo &row) {
  announce(row.stage);
  PassManager passes(&context);
  passes.enableVerifier(true);
  row.build(passes, options);
  ReplacedBlobs blobs(*module);
  if (failed(passes.run(*module)))
    return failure(" (stage " + row.name + ")");
  blobs.release(*module);
  if (row.stage == Stage::Lower && options.report)
    launches = describeLaunches(*module);
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// IR as files
//===----------------------------------------------------------------------===//

/// The module with a note which stage it comes from. Bytecode keeps what text
/// drops: the names of nodes, and constants that are elided.
std::string Compilation::printStage(Stage stage, bool asBytecode, bool elide) {
  (*module)->setAttr("nnc.stage",
                     StringAttr::get(&context, allStages()[size_t(stage)].name));
  std::string content;
  llvm::raw_string_ostream os(content);
  if (asBytecode) {
    // Fails only for old versions of the format.
    (void)writeBytecodeToFile(*module, os);
  } else {
    OpPrintingFlags flags;
    if (elide) {
      flags.elideLargeElementsAttrs(16);
      flags.elideLargeResourceString(16);
    }
    module->print(os, flags);
    os << "\n";
  }
  (*module)->removeAttr("nnc.stage");
  return content;
}

std::string Compilation::moduleFile(Stage last, llvm::StringRef output) {
  return printStage(last, llvm::sys::path::extension(output) == ".mlirbc",
                    /*elide=*/false);
}

/// -save-stages: the IR after `stage`, numbered in order, as text without large
/// constants and as bytecode with them, from which -start-at goes on.
llvm::Error Compilation::saveStage(Stage stage, OutputFiles &files) {
  if (options.saveStages.empty())
    return llvm::Error::success();
  if (std::error_code code = llvm::sys::fs::create_directories(options.saveStages))
    return llvm::createStringError("cannot create folder '" + options.saveStages +
                                   "': " + code.message());
  llvm::SmallString<128> path(options.saveStages);
  unsigned number = static_cast<unsigned>(stage);
  llvm::sys::path::append(path, llvm::Twine(number) + "-" +
                                    allStages()[number].name + ".mlir");
  std::string text = printStage(stage, /*asBytecode=*/false, /*elide=*/true);
  if (llvm::Error error = files.write(path, llvm::ArrayRef(text.data(), text.size())))
    return error;
  path += "bc";
  std::string bytes = printStage(stage, /*asBytecode=*/true, /*elide=*/false);
  return files.write(path, llvm::ArrayRef(bytes.data(), bytes.size()));
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

llvm::Expected<CompiledModel> Compilation::emit(OutputKind kind) {
  announce(Stage::Emit);
  EmitOptions emit;
  emit.optLevel = options.optLevel;
  emit.optimizeSize = options.optimizeSize;
  if (options.progress)
    emit.progress = [&](unsigned k, unsigned n) { options.progress("emit", k, n); };
  CompiledModel result;
  result.name = (*module)->getAttrOfType<StringAttr>("nnc.model").str();
  result.target = target;
  auto header = emitHeader(*module, target);
  if (!header)
    return header.takeError();
  result.header = std::move(*header);
  auto bytes = emitModule(*module, target, kind, emit);
  if (!bytes)
    return bytes.takeError();
  result.object = std::move(*bytes);
  if (!options.report)
    return result;
  auto report = makeReport(*module, target, std::move(launches), result.object);
  if (!report)
    return report.takeError();
  result.report = std::move(*report);
  return result;
}
