//===- Compiler.cpp - a network in, files out ---------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nncc/Compiler.h"
#include "lib/Pipeline/Compilation.h"
#include "lib/Pipeline/OutputFiles.h"
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

using namespace nncc;

//===----------------------------------------------------------------------===//
// Formats
//===----------------------------------------------------------------------===//

namespace {
/// What a file's extension asks for.
struct OutputFormat {
  OutputKind kind = OutputKind::Object;
  Stage last = Stage::Emit;
  std::optional<WrapperKind> wrapper = std::nullopt;
};
} // namespace

static std::optional<OutputFormat> formatOf(llvm::StringRef output) {
  using Format = std::optional<OutputFormat>;
  OutputFormat object, archive, library, assembly, text, module;
  archive.wrapper = WrapperKind::Archive;
  library.wrapper = WrapperKind::SharedLibrary;
  assembly.kind = OutputKind::Assembly;
  text.kind = OutputKind::LLVMText;
  module.last = Stage::LLVM;
  return llvm::StringSwitch<Format>(llvm::sys::path::extension(output))
      .Case(".o", object)
      .Case(".a", archive)
      .Case(".so", library)
      .Case(".s", assembly)
      .Case(".ll", text)
      .Cases(".mlir", ".mlirbc", module)
      .Default(std::nullopt);
}

static llvm::Error unknownFormat(llvm::StringRef output, llvm::StringRef known) {
  return llvm::createStringError("cannot tell from '" + output.str() +
                                 "' what to write: use " + known.str());
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static std::string withExtension(llvm::StringRef output, llvm::StringRef extension) {
  llvm::SmallString<128> path(output);
  llvm::sys::path::replace_extension(path, extension);
  return path.str().str();
}

static llvm::Error writeText(OutputFiles &files, llvm::StringRef path,
                             llvm::StringRef text) {
  return files.write(path, llvm::ArrayRef(text.data(), text.size()));
}

/// The object as it is or inside what `wrapper` says, and its header.
static llvm::Error writeModel(const CompiledModel &model, llvm::StringRef output,
                              std::optional<WrapperKind> wrapper,
                              OutputFiles &files) {
  llvm::ArrayRef<char> bytes = model.object;
  llvm::SmallVector<char, 0> wrapped;
  if (wrapper) {
    auto file = wrapObject(model.object, *wrapper, model.name, model.target);
    if (!file)
      return file.takeError();
    wrapped = std::move(*file);
    bytes = wrapped;
  }
  if (llvm::Error error = files.write(output, bytes))
    return error;
  return writeText(files, withExtension(output, ".h"), model.header);
}

static llvm::Error writeOutputs(Compilation &compilation, llvm::StringRef output,
                                const OutputFormat &format,
                                const CompileOptions &options,
                                llvm::raw_ostream &messages, OutputFiles &files) {
  if (format.last != Stage::Emit)
    return writeText(files, output, compilation.moduleFile(format.last, output));
  auto model = compilation.emit(format.kind);
  if (!model)
    return model.takeError();
  if (options.report) {
    messages << model->report.summary;
    if (llvm::Error error = writeText(files, withExtension(output, ".report.html"),
                                      model->report.html))
      return error;
    if (llvm::Error error = writeText(files, withExtension(output, ".report.json"),
                                      model->report.json))
      return error;
  }
  if (format.kind == OutputKind::LLVMText)
    return files.write(output, model->object);
  return writeModel(*model, output, format.wrapper, files);
}

llvm::Error nncc::compileFile(llvm::StringRef input, llvm::StringRef output,
                              const CompileOptions &options,
                              llvm::raw_ostream &errors,
                              llvm::raw_ostream &messages) {
  std::optional<OutputFormat> format = formatOf(output);
  if (options.stopAfter && *options.stopAfter != Stage::Emit) {
    format = OutputFormat();
    format->last = *options.stopAfter;
  }
  if (!format)
    return unknownFormat(output, ".o, .a, .so, .s, .ll or .mlir");
  ModelSource source{input.str(), std::nullopt};
  Compilation compilation(source, options, [&](const CompileMessage &message) {
    const char *kinds[] = {"error: ", "warning: ", "note: "};
    errors << kinds[message.severity] << message.text << "\n";
  });
  OutputFiles files;
  if (llvm::Error error = compilation.run(format->last, files))
    return error;
  if (llvm::Error error =
          writeOutputs(compilation, output, *format, options, messages, files))
    return error;
  return files.commit();
}

//===----------------------------------------------------------------------===//
// In memory
//===----------------------------------------------------------------------===//

llvm::Expected<CompiledModel> nncc::compileModel(const ModelSource &source,
                                                 const CompileOptions &options,
                                                 MessageHandler handler) {
  Compilation compilation(source, options, std::move(handler));
  OutputFiles files;
  if (llvm::Error error = compilation.run(Stage::Emit, files))
    return error;
  auto model = compilation.emit(OutputKind::Object);
  if (!model)
    return model.takeError();
  if (llvm::Error error = files.commit())
    return error;
  return std::move(*model);
}

llvm::Error nncc::saveModel(const CompiledModel &model, llvm::StringRef output) {
  std::optional<OutputFormat> format = formatOf(output);
  if (!format || format->kind != OutputKind::Object || format->last != Stage::Emit)
    return unknownFormat(output, ".o, .a or .so");
  OutputFiles files;
  if (llvm::Error error = writeModel(model, output, format->wrapper, files))
    return error;
  return files.commit();
}
