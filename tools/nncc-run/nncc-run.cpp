//===- nncc-run.cpp - compiles, runs and checks a network -----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Comparison.h"
#include "EmulatedProgram.h"
#include "HostProgram.h"
#include "Layers.h"
#include "Machine.h"
#include "TestCase.h"
#include "nncc/Compiler.h"
#include "nncc/Target.h"
#include <llvm/ADT/ScopeExit.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/InitLLVM.h>
#include <llvm/Support/WithColor.h>
#include <llvm/TargetParser/Host.h>

using namespace llvm;
using namespace nncc::run;

namespace {

cl::OptionCategory category("nncc-run options");

// The shared libLLVM brings options of other tools along, one of them under a
// name that is used here; two of a name would end the program before main.
[[maybe_unused]] const bool nameIsFree = [] {
  if (cl::Option *other = cl::getRegisteredOptions().lookup("threads"))
    other->removeArgument();
  return true;
}();

cl::opt<std::string> model(cl::Positional, cl::desc("model.onnx"),
                           cl::cat(category));
cl::list<std::string>
    objectFiles("object",
                cl::desc("Run an object instead of compiling a network"),
                cl::value_desc("model.o"), cl::cat(category));
cl::opt<std::string>
    program("program",
            cl::desc("C program to run with one or several objects under an "
                     "emulator; prints what it prints"),
            cl::value_desc("file.c"), cl::cat(category));
cl::list<std::string>
    inputFiles("input", cl::desc("Value of an input; others are made up"),
               cl::value_desc("name=file.npy"), cl::cat(category));
cl::list<std::string> expectFiles("expect", cl::desc("What an output must be"),
                                  cl::value_desc("name=file.npy"),
                                  cl::cat(category));
cl::opt<std::string>
    caseFile("case", cl::desc("Archive of in/<input> and out/<output>"),
             cl::value_desc("file.npz"), cl::cat(category));
cl::opt<double> tolerance(
    "tolerance", cl::cat(category),
    cl::desc(
        "Largest error allowed, relative to the largest value (default: by "
        "type, 1e-4 for f32, one unit in the last place for f16)"),
    cl::value_desc("ratio"));
cl::opt<std::string> target("target", cl::init("host"),
                            cl::desc("As nncc's; others run under QEMU"),
                            cl::value_desc("name"), cl::cat(category));
cl::opt<std::string> cpu("mcpu", cl::desc("As nncc's"), cl::value_desc("name"),
                         cl::cat(category));
cl::opt<std::string> attributes("mattr", cl::desc("As nncc's"),
                                cl::value_desc("+a,-b"), cl::cat(category));
cl::list<std::string> dims("dim", cl::desc("As nncc's"),
                           cl::value_desc("name=n"), cl::cat(category));
cl::list<std::string> values("value", cl::desc("As nncc's; files need not give the input"),
                             cl::value_desc("input=numbers"), cl::cat(category));
cl::opt<bool> strict("strict", cl::desc("As nncc's"), cl::cat(category));
cl::opt<unsigned> threads("threads", cl::init(1),
                          cl::desc("Threads that run the network (default: 1)"),
                          cl::value_desc("n"), cl::cat(category));
cl::opt<bool> bench("bench", cl::desc("Measure the time of a run (host only)"),
                    cl::cat(category));
cl::opt<bool> profile("profile",
                      cl::desc("Print where the time goes (host only)"),
                      cl::cat(category));
cl::opt<bool> compareLayers(
    "compare-layers",
    cl::desc("Name the first node that differs from ONNX Runtime"),
    cl::cat(category));
cl::opt<bool> listTargets("list-targets",
                          cl::desc("Say where each target runs"),
                          cl::cat(category));
cl::opt<std::string>
    keep("keep", cl::desc("Folder for the object and other files written"),
         cl::value_desc("folder"), cl::cat(category));

} // namespace

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

/// A folder that goes away again, unless the user wants to keep it.
static Expected<SmallString<128>> workFolder() {
  SmallString<128> folder(keep);
  std::error_code code =
      keep.empty() ? sys::fs::createUniqueDirectory("nncc-run", folder)
                   : sys::fs::create_directories(folder);
  if (!code)
    code = sys::fs::make_absolute(folder);
  if (code)
    return createStringError("cannot create the folder '" + folder.str().str() +
                             "': " + code.message());
  return folder;
}

/// Compiles `path` to an object in `folder` and returns the object's path.
static Expected<std::string> compile(StringRef path, StringRef folder) {
  nncc::CompileOptions options;
  options.target = target;
  options.cpu = cpu;
  options.features = attributes;
  options.strict = strict;
  options.threads = std::max<unsigned>(options.threads, threads);
  options.name = "network";
  for (const std::string &text : dims) {
    auto [name, value] = StringRef(text).rsplit('=');
    if (name.empty() || value.getAsInteger(10, options.dims[name.str()]))
      return createStringError("-dim '" + text +
                               "' is not of the form name=value");
  }
  for (StringRef text : values) {
    auto [input, numbers] = text.rsplit('=');
    options.values[input.str()] = numbers.str();
  }
  std::string object = (folder + "/network.o").str();
  if (Error error = nncc::compileFile(path, object, options, errs(), outs()))
    return error;
  return object;
}

//===----------------------------------------------------------------------===//
// Reporting
//===----------------------------------------------------------------------===//

static void printValues(const TensorFacts &facts, const Array &array) {
  outs() << facts.name << ": " << array.describe();
  int64_t shown = std::min<int64_t>(array.elements(), 8);
  for (int64_t i = 0; i < shown; ++i)
    outs() << format(" %g", array.value(i));
  outs() << (shown < array.elements() ? " ...\n" : "\n");
}

static double toleranceFor(const Array &array) {
  return tolerance.getNumOccurrences() ? tolerance : defaultTolerance(array.dtype);
}

static bool printComparison(StringRef name, const Array &got,
                            const Array &expected) {
  Comparison result = compare(got, expected);
  bool good = result.within(toleranceFor(expected));
  outs() << name
         << format(": max |error| %.3g, max |reference| %.3g, ratio %.3g, %s\n",
                   result.maxError, result.maxReference, result.ratio(),
                   good ? "within tolerance" : "TOO LARGE");
  if (!good)
    outs() << format("  element %lld: %.9g, expected %.9g\n",
                     static_cast<long long>(result.worst),
                     got.value(result.worst), expected.value(result.worst));
  return good;
}

/// Prints every output; false if one that is known is wrong.
static bool report(const ModelInfo &info, const std::vector<Array> &outputs,
                   const TestCase &test) {
  bool good = true;
  for (auto [facts, array] : zip_equal(info.outputs, outputs)) {
    auto expected = test.expected.find(facts.name);
    if (expected == test.expected.end())
      printValues(facts, array);
    else
      good &= printComparison(facts.name, array, expected->second);
  }
  return good;
}

/// Prints the first layer in the order of execution that is wrong.
static bool reportLayers(ArrayRef<Layer> layers, const ModelInfo &info,
                         const std::vector<Array> &outputs,
                         const TestCase &test) {
  for (const Layer &layer : layers) {
    auto facts = find_if(info.outputs, [&](const TensorFacts &tensor) {
      return tensor.name == layer.output;
    });
    const Array &got = outputs[facts - info.outputs.begin()];
    const Array &expected = test.expected.at(layer.output);
    if (compare(got, expected).within(toleranceFor(expected)))
      continue;
    outs() << "node '" << layer.node << "' (" << layer.op
           << ") is the first that differs\n";
    printComparison(layer.output, got, expected);
    return false;
  }
  outs() << "all " << layers.size() << " layers are within tolerance\n";
  return true;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

static Error runOnHost(StringRef object, const ModelInfo &info,
                       const TestCase &test, std::vector<Array> &outputs) {
  Expected<HostProgram> program = HostProgram::load(object, info);
  if (!program)
    return program.takeError();
  if (Error error = program->run(test.inputs, outputs, threads))
    return error;
  if (bench) {
    Expected<Timing> timing = program->bench(test.inputs, threads);
    if (!timing)
      return timing.takeError();
    outs() << format(
        "time: median %.3f us, minimum %.3f us, %u runs, %u thread%s\n",
        timing->median, timing->minimum, timing->runs, threads.getValue(),
        threads == 1 ? "" : "s");
  }
  if (profile)
    return program->profile(test.inputs, threads, outs());
  return Error::success();
}

static Error run(StringRef object, StringRef folder, const ModelInfo &info,
                 const TestCase &test, std::vector<Array> &outputs) {
  if (threads > 1 && !info.hosted)
    return createStringError("target '" + info.target + "' has no threads");
  if (info.arch == Triple(sys::getProcessTriple()).getArch())
    return runOnHost(object, info, test, outputs);
  if (bench || profile)
    return createStringError(
        "-bench and -profile measure this machine, not target '" + info.target +
        "' under an emulator");
  return runEmulated(object, folder, info, test.inputs, outputs, threads);
}

/// Runs the user's program with the objects.
static Expected<bool> runWithProgram(StringRef folder) {
  Expected<ModelInfo> info = readModelInfo(objectFiles.front());
  if (!info)
    return info.takeError();
  auto output = runProgram(program, objectFiles, folder, *info);
  if (!output)
    return output.takeError();
  outs() << *output;
  return true;
}

/// Everything; true if all outputs that are known are right.
static Expected<bool> compileAndRun(StringRef folder) {
  CaseFiles files{caseFile, inputFiles, expectFiles, {}};
  for (StringRef text : values)
    files.fixed.insert(text.rsplit('=').first.str());
  std::string network = model,
              object = objectFiles.empty() ? "" : objectFiles.front();
  std::vector<Layer> layers;
  if (compareLayers) {
    Expected<ExposedLayers> exposed =
        exposeLayers(network, folder, files, dims);
    if (!exposed)
      return exposed.takeError();
    network = exposed->model;
    files = exposed->files;
    layers = exposed->layers;
  }
  if (object.empty()) {
    Expected<std::string> compiled = compile(network, folder);
    if (!compiled)
      return compiled.takeError();
    object = *compiled;
  }
  Expected<ModelInfo> info = readModelInfo(object);
  if (!info)
    return info.takeError();
  Expected<TestCase> test = readTestCase(files, *info);
  if (!test)
    return test.takeError();
  std::vector<Array> outputs;
  if (Error error = run(object, folder, *info, *test, outputs))
    return error;
  return compareLayers ? reportLayers(layers, *info, outputs, *test)
                       : report(*info, outputs, *test);
}

static Error checkOptions() {
  if (model.empty() == objectFiles.empty())
    return createStringError("give either a network or -object");
  if (program.empty() ? objectFiles.size() > 1 : objectFiles.empty())
    return createStringError(
        "several objects run in a -program, which runs objects");
  if (compareLayers && model.empty())
    return createStringError(
        "-compare-layers needs a network, an object has no layers");
  if (threads == 0)
    return createStringError("-threads must be at least 1");
  return Error::success();
}

static void printTargets() {
  for (const nncc::TargetInfo &known : nncc::allTargets())
    outs() << known.name << ": " << placeOf(known.name) << "\n";
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "Compiles a network, runs it and compares its outputs.\n"
      "The exit code is 0 only if every expected output is within the "
      "tolerance.\n");
  auto fail = [&](Error error) {
    WithColor::error(errs(), "nncc-run") << toString(std::move(error)) << '\n';
    return 1;
  };
  if (listTargets) {
    printTargets();
    return 0;
  }
  if (Error error = checkOptions())
    return fail(std::move(error));
  Expected<SmallString<128>> folder = workFolder();
  if (!folder)
    return fail(folder.takeError());
  auto cleanUp = make_scope_exit([&] {
    if (keep.empty())
      sys::fs::remove_directories(*folder);
  });
  Expected<bool> good =
      program.empty() ? compileAndRun(*folder) : runWithProgram(*folder);
  if (!good)
    return fail(good.takeError());
  return *good ? 0 : 1;
}
