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
#include <mlir/IR/Builders.h>
#include <mlir/IR/DialectRegistry.h>
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
  if (extension == ".mlir")
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
    report(Stage::Import);
    module = importOnnx(input, {options.dims}, &context);
    if (!module)
      return llvm::createStringError("cannot compile '" + input.str() + "'");
    setTarget(*module, *target);
    Builder b(&context);
    (*module)->setAttr("nnc.model", b.getStringAttr(modelName()));
    (*module)->setAttr("nnc.threads", b.getI64IntegerAttr(options.threads));
    if (options.strict)
      (*module)->setAttr("nnc.strict", b.getUnitAttr());
    if (llvm::Error error = saveStage(Stage::Import))
      return error;
    if (llvm::Error error = runStages(format->last))
      return error;
    if (llvm::Error error = writeOutputs(*format, *target))
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

  llvm::Error runStages(Stage last) {
    for (const StageInfo &row : allStages()) {
      if (!row.build || row.stage > last)
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

  /// -save-stages: the IR after `stage`, numbered in order.
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
    return writeText(path, printModule(*module, /*elide=*/true));
  }

  llvm::Error writeOutputs(const OutputFormat &format, const TargetInfo &target) {
    if (format.last != Stage::Emit) {
      return writeText(output, printModule(*module, /*elide=*/false));
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
