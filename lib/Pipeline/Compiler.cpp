//===- Compiler.cpp - a network in, files out ---------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Compiler.h"
#include "lib/Pipeline/OutputFiles.h"
#include "nncc/Emit.h"
#include "nncc/Frontend.h"
#include "nncc/RegisterAll.h"
#include "nncc/Target.h"
#include <llvm/Support/FileSystem.h>
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

namespace {

/// Prints each diagnostic as "error: message", once.
class DiagnosticPrinter {
public:
  DiagnosticPrinter(MLIRContext *context, llvm::raw_ostream &os)
      : handler(context, [&os](Diagnostic &diagnostic) {
          const char *kind =
              diagnostic.getSeverity() == DiagnosticSeverity::Error ? "error: "
              : diagnostic.getSeverity() == DiagnosticSeverity::Warning
                  ? "warning: "
                  : "note: ";
          os << kind << diagnostic.str() << "\n";
        }) {}

private:
  ScopedDiagnosticHandler handler;
};

/// What `output`'s extension asks for.
struct OutputFormat {
  OutputKind kind = OutputKind::Object;
  Stage last = Stage::Emit;
  std::optional<WrapperKind> wrapper = std::nullopt;
};

llvm::Expected<OutputFormat> formatOf(llvm::StringRef output,
                                      const CompileOptions &options) {
  llvm::StringRef extension = llvm::sys::path::extension(output);
  if (options.stopAfter && *options.stopAfter != Stage::Emit)
    return OutputFormat{OutputKind::Object, *options.stopAfter};
  if (extension == ".o")
    return OutputFormat{};
  if (extension == ".a")
    return OutputFormat{OutputKind::Object, Stage::Emit, WrapperKind::Archive};
  if (extension == ".so")
    return OutputFormat{OutputKind::Object, Stage::Emit, WrapperKind::SharedLibrary};
  if (extension == ".s")
    return OutputFormat{OutputKind::Assembly, Stage::Emit};
  if (extension == ".ll")
    return OutputFormat{OutputKind::LLVMText, Stage::Emit};
  if (extension == ".mlir" || extension == ".mlirbc")
    return OutputFormat{OutputKind::Object, Stage::LLVM};
  return llvm::createStringError("cannot tell from '" + output.str() +
                                 "' what to write: use .o, .a, .so, .s, .ll or .mlir");
}

std::string printModule(ModuleOp module, bool elide) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  if (elide) {
    flags.elideLargeElementsAttrs(16);
    flags.elideLargeResourceString(16);
  }
  module.print(os, flags);
  os << "\n";
  return text;
}

/// Bytecode keeps what text drops: the names of nodes.
std::string bytecodeOf(ModuleOp module) {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  // Fails only for old versions of the format.
  (void)writeBytecodeToFile(module, os);
  return bytes;
}

class Compilation {
public:
  Compilation(llvm::StringRef input, llvm::StringRef output,
              const CompileOptions &options, llvm::raw_ostream &errors,
              llvm::raw_ostream &messages)
      : input(input), output(output), options(options), messages(messages),
        context(makeRegistry(), MLIRContext::Threading::DISABLED),
        printer(&context, errors) {
    context.loadAllAvailableDialects();
  }

  llvm::Error run() {
    auto target = lookupTarget(options.target, options.cpu, options.features);
    if (!target)
      return target.takeError();
    // Refuse a CPU or an output before the long work, not after it.
    if (auto machine = createTargetMachine(*target, options.optLevel); !machine)
      return machine.takeError();
    auto format = formatOf(output, options);
    if (!format)
      return format.takeError();
    if (llvm::Error error = options.startAt ? readModule() : importModel(*target))
      return error;
    auto chosen = targetOf(*module);
    if (!chosen)
      return chosen.takeError();
    if (llvm::Error error = runStages(format->last))
      return error;
    if (llvm::Error error = writeOutputs(*format, *chosen))
      return error;
    return files.commit();
  }

private:
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerAllDialects(registry);
    return registry;
  }

  void report(Stage stage) {
    if (options.progress)
      options.progress(allStages()[static_cast<size_t>(stage)].name, 0, 0);
  }

  std::string modelName() {
    return options.name.empty() ? cIdentifier(llvm::sys::path::stem(input))
                                : options.name;
  }

  /// The first stage: the network and what the user chose for all of them.
  llvm::Error importModel(const TargetInfo &target) {
    report(Stage::Import);
    module = importOnnx(input, {options.dims}, &context);
    if (!module)
      return llvm::createStringError("cannot compile '" + input.str() + "'");
    setTarget(*module, target);
    Builder b(&context);
    (*module)->setAttr("nnc.model", b.getStringAttr(modelName()));
    (*module)->setAttr("nnc.threads", b.getI64IntegerAttr(options.threads));
    if (options.strict)
      (*module)->setAttr("nnc.strict", b.getUnitAttr());
    return saveStage(Stage::Import);
  }

  /// -start-at: IR that an earlier compilation wrote, choices included.
  llvm::Error readModule() {
    const StageInfo &first = allStages()[static_cast<size_t>(*options.startAt)];
    if (options.report && *options.startAt > Stage::Lower)
      return llvm::createStringError(
          "a report needs the kernels' loops, which are gone before stage '" +
          first.name.str() + "': start at '" +
          allStages()[static_cast<size_t>(Stage::Lower)].name.str() + "' or before");
    module = parseSourceFile<ModuleOp>(input, ParserConfig(&context));
    auto written = module ? (*module)->getAttrOfType<StringAttr>("nnc.stage") : nullptr;
    if (!written)
      return llvm::createStringError("'" + input.str() +
                                     "' is no IR that -stop-after or -save-stages wrote");
    const StageInfo &before = (&first)[-1];
    if (written.getValue() != before.name)
      return llvm::createStringError("stage '" + first.name.str() + "' starts from IR after '" +
                                     before.name.str() + "', '" + input.str() +
                                     "' is from after '" + written.str() + "'");
    (*module)->removeAttr("nnc.stage");
    return llvm::Error::success();
  }

  /// Notes in the IR which stage it comes from while `write` writes it.
  template <typename Write> auto withStageName(Stage stage, Write write) {
    (*module)->setAttr("nnc.stage",
                       StringAttr::get(&context, allStages()[size_t(stage)].name));
    auto written = write();
    (*module)->removeAttr("nnc.stage");
    return written;
  }

  llvm::Error runStages(Stage last) {
    Stage first = options.startAt.value_or(Stage::Import);
    for (const StageInfo &row : allStages()) {
      if (!row.build || row.stage < first || row.stage > last)
        continue;
      report(row.stage);
      PassManager passes(&context);
      passes.enableVerifier(true);
      row.build(passes, options);
      if (failed(passes.run(*module)))
        return llvm::createStringError("cannot compile '" + input.str() +
                                       "' (stage " + row.name.str() + ")");
      if (row.stage == Stage::Lower && options.report)
        launches = describeLaunches(*module);
      if (llvm::Error error = saveStage(row.stage))
        return error;
    }
    return llvm::Error::success();
  }

  /// -save-stages: the IR after `stage`, numbered in order, as text without large
  /// constants and as bytecode with them, from which -start-at goes on.
  llvm::Error saveStage(Stage stage) {
    if (options.saveStages.empty())
      return llvm::Error::success();
    if (std::error_code code = llvm::sys::fs::create_directories(options.saveStages))
      return llvm::createStringError("cannot create folder '" + options.saveStages +
                                     "': " + code.message());
    llvm::SmallString<128> path(options.saveStages);
    unsigned number = static_cast<unsigned>(stage);
    llvm::sys::path::append(path, llvm::Twine(number) + "-" +
                                      allStages()[number].name + ".mlir");
    std::string text = withStageName(stage, [&] { return printModule(*module, /*elide=*/true); });
    if (llvm::Error error = writeText(path, text))
      return error;
    path += "bc";
    return writeText(path, withStageName(stage, [&] { return bytecodeOf(*module); }));
  }

  llvm::Error writeOutputs(const OutputFormat &format, const TargetInfo &target) {
    if (format.last != Stage::Emit) {
      bool asBytecode = llvm::sys::path::extension(output) == ".mlirbc";
      return writeText(output, withStageName(format.last, [&] {
                         return asBytecode ? bytecodeOf(*module)
                                           : printModule(*module, /*elide=*/false);
                       }));
    }
    report(Stage::Emit);
    EmitOptions emit;
    emit.optLevel = options.optLevel;
    emit.optimizeSize = options.optimizeSize;
    if (options.progress)
      emit.progress = [&](unsigned k, unsigned n) { options.progress("emit", k, n); };
    auto header = emitHeader(*module, target);
    if (!header)
      return header.takeError();
    auto bytes = emitModule(*module, target, format.kind, emit);
    if (!bytes)
      return bytes.takeError();
    if (options.report)
      if (llvm::Error error = writeReport(target, *bytes))
        return error;
    if (format.wrapper) {
      auto wrapped = wrapObject(*bytes, *format.wrapper, modelName(), target);
      if (!wrapped)
        return wrapped.takeError();
      bytes = std::move(wrapped);
    }
    if (llvm::Error error = files.write(output, *bytes))
      return error;
    if (format.kind == OutputKind::LLVMText)
      return llvm::Error::success();
    return writeText(pathWithExtension(".h"), *header);
  }

  llvm::Error writeReport(const TargetInfo &target, llvm::ArrayRef<char> object) {
    auto report = makeReport(*module, target, std::move(launches), object);
    if (!report)
      return report.takeError();
    messages << report->summary;
    if (llvm::Error error = writeText(pathWithExtension(".report.html"), report->html))
      return error;
    return writeText(pathWithExtension(".report.json"), report->json);
  }

  std::string pathWithExtension(llvm::StringRef extension) {
    llvm::SmallString<128> path(output);
    llvm::sys::path::replace_extension(path, extension);
    return path.str().str();
  }

  llvm::Error writeText(llvm::StringRef path, llvm::StringRef text) {
    return files.write(path, llvm::ArrayRef(text.data(), text.size()));
  }

  llvm::StringRef input, output;
  const CompileOptions &options;
  llvm::raw_ostream &messages;
  llvm::json::Array launches; ///< for the report
  MLIRContext context;
  DiagnosticPrinter printer;
  OwningOpRef<ModuleOp> module;
  OutputFiles files;
};

} // namespace

llvm::Error nncc::compileFile(llvm::StringRef input, llvm::StringRef output,
                              const CompileOptions &options,
                              llvm::raw_ostream &errors,
                              llvm::raw_ostream &messages) {
  return Compilation(input, output, options, errors, messages).run();
}
