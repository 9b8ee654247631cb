//===- nncc.cpp - the compiler's main -----------------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Flags.h"
#include "nncc/Emit.h"
#include "nncc/Frontend.h"
#include "nncc/Target.h"
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Process.h>
#include <llvm/Support/WithColor.h>

using namespace llvm;

/// One line for each target: what it is and the facts that shape its code.
static void printTargets() {
  auto row = [](auto name, auto width, auto vector, auto registers, auto fma,
                auto channels, auto text) {
    outs() << formatv("{0,-17}{1,-6}{2,-8}{3,-11}{4,-6}{5,-10}{6}\n", name,
                      width, vector, registers, fma, channels, text);
  };
  row("target", "bits", "vector", "registers", "fma", "channels",
      "description");
  for (const nncc::TargetInfo &target : nncc::allTargets())
    row(target.name, target.indexBits,
        target.vectorBits ? std::to_string(target.vectorBits)
        : target.hasFloat ? "no"
                          : "no FPU",
        target.vectorBits ? target.vectorRegisters : target.scalarRegisters,
        target.hasFma ? "yes" : "no",
        target.channelBlock ? std::to_string(target.channelBlock) : "all",
        target.description);
}

/// One line for each meaning of an operator: its name, its opsets, its limits.
static void printOperators() {
  for (const nncc::ImportedOperator &op : nncc::importedOperators()) {
    std::string name = op.domain.empty() ? op.name : op.domain + "." + op.name;
    std::string last = op.lastOpset == INT_MAX ? "" : std::to_string(op.lastOpset);
    std::string opsets = formatv("{0}-{1}", op.firstOpset, last);
    outs() << StringRef(formatv("{0,-36}{1,-8}{2}", name, opsets, op.limits).str()).rtrim() << "\n";
  }
}

/// Where the object of `input` goes: -o itself, inside -o if that is a folder,
/// or beside the caller under the model's name.
static Expected<std::string> outputFor(StringRef input, const CommandLine &line) {
  SmallString<128> path(line.output);
  bool isFolder = sys::fs::is_directory(path) || path.ends_with("/");
  if (line.inputs.size() > 1 && !line.output.empty() && !isFolder)
    return createStringError("several models need a folder for -o, got '" +
                             line.output + "'");
  if (!line.output.empty() && !isFolder)
    return line.output;
  if (isFolder)
    if (std::error_code code = sys::fs::create_directories(path))
      return createStringError("cannot create folder '" + line.output + "': " +
                               code.message());
  sys::path::append(path, sys::path::stem(input) +
                              (line.options.stopAfter ? ".mlir" : ".o"));
  return path.str().str();
}

static Error compile(StringRef input, const CommandLine &line) {
  Expected<std::string> output = outputFor(input, line);
  if (!output)
    return output.takeError();
  nncc::CompileOptions options = line.options;
  bool onTerminal = sys::Process::StandardErrIsDisplayed();
  if (onTerminal)
    options.progress = [&](StringRef stage, unsigned k, unsigned n) {
      errs() << "\r\033[K" << input << ": " << stage;
      if (n)
        errs() << " (kernel " << k << " of " << n << ")";
    };
  Error error = nncc::compileFile(input, *output, options, errs(), outs());
  if (onTerminal)
    errs() << "\r\033[K";
  return error;
}

/// nncc inspect <model.o>...
static int inspect(ArrayRef<char *> files) {
  if (files.empty()) {
    WithColor::error(errs(), "nncc") << "inspect needs an object file\n";
    return 1;
  }
  int status = 0;
  for (const char *file : files)
    if (Error error = nncc::inspectObject(file, outs())) {
      WithColor::error(errs(), "nncc") << toString(std::move(error)) << "\n";
      status = 1;
    }
  return status;
}

int main(int argc, char **argv) {
  if (argc > 1 && StringRef(argv[1]) == "inspect")
    return inspect(ArrayRef(argv, argc).drop_front(2));
  CommandLine line = parseCommandLine(argc, argv);
  if (line.listTargets) {
    printTargets();
    return 0;
  }
  if (line.listOperators) {
    printOperators();
    return 0;
  }
  bool failed = false;
  for (const std::string &input : line.inputs)
    if (Error error = compile(input, line)) {
      WithColor::error(errs(), "nncc") << toString(std::move(error)) << "\n";
      failed = true;
    }
  return failed;
}
