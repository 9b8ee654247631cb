//===- Flags.cpp - the command line of nncc -----------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Flags.h"
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/WithColor.h>

namespace cl = llvm::cl;
using llvm::SmallVector;

namespace {
/// The user's flags. LLVM's libraries register hundreds of their own, one of
/// them called -threads, too: those leave before ours are made.
struct Flags {
  cl::OptionCategory category{"nncc options"};

  cl::list<std::string> inputs{cl::Positional, cl::desc("<model.onnx>..."),
                                      cl::cat(category)};
  cl::opt<std::string> output{"o", cl::desc("File to write: .o, .a, .so, .s, .ll or .mlir; a folder\n"
                         "for several models. Default: <model>.o"),
             cl::value_desc("file"), cl::cat(category)};
  cl::opt<std::string> target{"target", cl::desc("Machine to compile for (default: host)"),
             cl::value_desc("name"), cl::init("host"), cl::cat(category)};
  cl::opt<std::string> cpu{"mcpu", cl::desc("LLVM's name of the exact CPU"),
                                  cl::value_desc("cpu"), cl::cat(category)};
  cl::opt<std::string> features{"mattr",
                                       cl::desc("Features to add or remove: +a,-b"),
                                       cl::value_desc("list"), cl::cat(category)};
  cl::opt<std::string> name{"name", cl::desc("Prefix of all symbols (default: the file's name)"),
           cl::value_desc("identifier"), cl::cat(category)};
  cl::list<std::string> dims{"dim",
                                    cl::desc("Value of a symbolic dimension (repeat)"),
                                    cl::value_desc("name=value"), cl::cat(category)};
  cl::opt<char> optLevel{"O", cl::Prefix,
                                cl::desc("Optimization: -O0 to -O3 (default), -Os for size"),
                                cl::init('3'), cl::cat(category)};
  cl::opt<unsigned> threads{"threads",
                                   cl::desc("Most threads a caller may use (default: 8)"),
                                   cl::value_desc("n"), cl::init(8), cl::cat(category)};
  cl::opt<std::string> stopAfter{"stop-after",
                                        cl::desc("Write the IR after a stage: import, graph, compress,\n"
                                                 "plan, lower, tile, memory, llvm"),
                                        cl::value_desc("stage"), cl::cat(category)};
  cl::opt<std::string> startAt{"start-at",
                                      cl::desc("Go on from IR that -stop-after or -save-stages wrote"),
                                      cl::value_desc("stage"), cl::cat(category)};
  cl::opt<std::string> saveStages{"save-stages",
                                         cl::desc("Save the IR after every stage in a folder"),
                                         cl::value_desc("folder"), cl::cat(category)};
  cl::opt<bool> strict{"strict",
                       cl::desc("Results do not depend on tile, layout or tuning"),
                       cl::cat(category)};
  cl::opt<bool> report{"report",
                       cl::desc("Print sizes and bounds, write <model>.report.{json,html}"),
                       cl::cat(category)};
  cl::opt<bool> listTargets{"list-targets",
                                   cl::desc("Show the targets and their facts"),
                                   cl::cat(category)};
  cl::opt<bool> listOperators{"list-operators",
                              cl::desc("Show the ONNX operators that can be compiled"),
                              cl::cat(category)};
};

/// Takes every option off the command line.
void removeRegisteredOptions() {
  SmallVector<cl::Option *> registered;
  for (auto &entry : cl::getRegisteredOptions())
    registered.push_back(entry.second);
  for (cl::Option *option : registered)
    if (option->ArgStr != "help" && option->ArgStr != "version")
      option->removeArgument();
}
} // namespace

[[noreturn]] static void usageError(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "nncc") << message << "\n";
  exit(1);
}

static void parseDims(const Flags &flags, nncc::CompileOptions &options) {
  for (llvm::StringRef dim : flags.dims) {
    auto [key, text] = dim.split('=');
    int64_t value;
    if (key.empty() || text.getAsInteger(10, value) || value < 1)
      usageError("-dim needs name=value with a positive value, got '" + dim + "'");
    options.dims[key.str()] = value;
  }
}

static void parseOptLevel(char optLevel, nncc::CompileOptions &options) {
  if (optLevel == 's') {
    options.optimizeSize = true;
    options.optLevel = 2;
    return;
  }
  if (optLevel < '0' || optLevel > '3')
    usageError("unknown optimization level '-O" + llvm::Twine(optLevel) +
               "', use -O0 to -O3 or -Os");
  options.optLevel = optLevel - '0';
}

static std::optional<nncc::Stage> parseStage(const std::string &name) {
  if (name.empty())
    return std::nullopt;
  std::optional<nncc::Stage> stage = nncc::parseStage(name);
  if (!stage)
    usageError("unknown stage '" + name + "'");
  return stage;
}

CommandLine parseCommandLine(int argc, char **argv) {
  removeRegisteredOptions();
  static Flags flags;
  cl::SetVersionPrinter([](llvm::raw_ostream &os) {
    os << "nncc " NNCC_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
  });
  cl::ParseCommandLineOptions(argc, argv,
                              "nncc: compile a neural network to one object file and a header\n\n"
                              "  nncc inspect <model.o> prints the facts in an object\n");
  CommandLine line;
  line.inputs.assign(flags.inputs.begin(), flags.inputs.end());
  line.output = flags.output;
  line.listTargets = flags.listTargets;
  line.listOperators = flags.listOperators;
  nncc::CompileOptions &options = line.options;
  options.target = flags.target;
  options.cpu = flags.cpu;
  options.features = flags.features;
  options.name = flags.name;
  options.saveStages = flags.saveStages;
  options.strict = flags.strict;
  options.report = flags.report;
  if (flags.threads < 1 || flags.threads > 1024)
    usageError("-threads must be 1 to 1024, got " + llvm::Twine(flags.threads));
  options.threads = flags.threads;
  parseDims(flags, options);
  parseOptLevel(flags.optLevel, options);
  options.stopAfter = parseStage(flags.stopAfter);
  options.startAt = parseStage(flags.startAt);
  if (options.startAt == nncc::Stage::Import)
    options.startAt.reset();
  for (const cl::Option *option : std::initializer_list<const cl::Option *>{
           &flags.target, &flags.cpu, &flags.features, &flags.name,
           std::addressof(flags.dims), &flags.threads, &flags.strict})
    if (options.startAt && option->getNumOccurrences())
      usageError("-" + option->ArgStr + " is chosen before stage '" + flags.startAt +
                 "', it cannot be given with -start-at");
  if (line.inputs.empty() && !line.listTargets && !line.listOperators)
    usageError("no model given, try 'nncc --help'");
  // The linker library registers options of the same names when it is used.
  removeRegisteredOptions();
  return line;
}
