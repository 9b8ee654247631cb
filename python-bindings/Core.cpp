//===- Core.cpp - the compiler as a Python module ------------------*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What Python cannot do itself, in its plainest form: checks, names and types
// that users see are in the package's Python files.

#include "Program.h"
#include "nncc/Compiler.h"
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace nb::literals;
using namespace nncc;

namespace {

/// What Python's compile() gets: a model, or null and why.
struct Outcome {
  std::shared_ptr<CompiledModel> model;
  std::vector<CompileMessage> messages;
  std::string problem;
};

/// Calls a Python function from the compiler, which knows no exceptions: the
/// first one is kept for later.
class Progress {
public:
  explicit Progress(nb::object function) : function(std::move(function)) {}

  void operator()(llvm::StringRef stage, unsigned k, unsigned n) {
    nb::gil_scoped_acquire held;
    if (raised)
      return;
    try {
      function(stage.str(), k, n);
    } catch (nb::python_error &error) {
      raised.emplace(std::move(error));
    }
  }

  void rethrow() {
    if (raised)
      throw std::move(*raised);
  }

private:
  nb::object function;
  std::optional<nb::python_error> raised;
};

Outcome compile(const std::string &path, std::optional<nb::bytes> data,
                const std::string &target, const std::string &cpu,
                const std::string &features, const std::string &name,
                const std::map<std::string, int64_t> &dims,
                const std::map<std::string, std::string> &values, unsigned optLevel,
                bool optimizeSize, bool strict, unsigned threads,
                const std::string &saveStages, nb::object function) {
  CompileOptions options;
  options.target = target;
  options.cpu = cpu;
  options.features = features;
  options.name = name;
  options.dims = dims;
  options.values = values;
  options.optLevel = optLevel;
  options.optimizeSize = optimizeSize;
  options.strict = strict;
  options.threads = threads;
  options.saveStages = saveStages;
  options.report = true;
  bool hasProgress = !function.is_none();
  Progress progress(std::move(function));
  if (hasProgress)
    options.progress = std::ref(progress);
  ModelSource source{path, std::nullopt};
  if (data)
    source.memory =
        llvm::MemoryBufferRef(llvm::StringRef(data->c_str(), data->size()), path);
  Outcome outcome;
  auto note = [&](const CompileMessage &message) {
    outcome.messages.push_back(message);
  };
  {
    nb::gil_scoped_release released;
    if (auto model = compileModel(source, options, note))
      outcome.model = std::make_shared<CompiledModel>(std::move(*model));
    else
      outcome.problem = llvm::toString(model.takeError());
  }
  progress.rethrow();
  return outcome;
}

/// The text of an error, empty for success.
std::string textOf(llvm::Error error) {
  return error ? llvm::toString(std::move(error)) : std::string();
}

std::string save(const CompiledModel &model, const std::string &path) {
  nb::gil_scoped_release released;
  return textOf(saveModel(model, path));
}

/// ONNX names may hold any byte; Python's text keeps them as surrogates.
nb::object pythonText(llvm::StringRef text) {
  return nb::steal(PyUnicode_DecodeUTF8(text.data(), text.size(), "surrogateescape"));
}

/// (severity, text, node) of each message.
nb::list pythonMessages(const Outcome &outcome) {
  const char *kinds[] = {"error", "warning", "note"};
  nb::list list;
  for (const CompileMessage &message : outcome.messages)
    list.append(nb::make_tuple(kinds[message.severity], pythonText(message.text),
                               pythonText(message.node)));
  return list;
}

nb::list pythonTensors(const std::vector<run::TensorFacts> &tensors) {
  nb::list list;
  for (const run::TensorFacts &tensor : tensors)
    list.append(nb::make_tuple(pythonText(tensor.name), tensor.dtype, tensor.shape));
  return list;
}

} // namespace

NB_MODULE(_core, m) {
  m.doc() = "The compiler behind the package nncc.";
  m.attr("version") = NNCC_VERSION;

  nb::class_<CompiledModel>(m, "CompiledModel")
      .def_ro("name", &CompiledModel::name)
      .def_ro("header", &CompiledModel::header)
      .def_prop_ro("target", [](const CompiledModel &model) { return model.target.name; })
      .def_prop_ro("report", [](const CompiledModel &model) { return model.report.json; })
      .def_prop_ro("summary", [](const CompiledModel &model) { return model.report.summary; })
      .def_prop_ro("object",
                   [](const CompiledModel &model) {
                     return nb::bytes(model.object.data(), model.object.size());
                   })
      .def("save", save, "path"_a);

  nb::class_<Outcome>(m, "Outcome")
      .def_ro("model", &Outcome::model)
      .def_prop_ro("messages", pythonMessages)
      .def_prop_ro("problem", [](const Outcome &outcome) { return pythonText(outcome.problem); });

  nb::class_<Program>(m, "Program")
      .def_prop_ro("inputs", [](const Program &p) { return pythonTensors(p.facts().inputs); })
      .def_prop_ro("outputs", [](const Program &p) { return pythonTensors(p.facts().outputs); })
      .def("load", [](Program &p) { return textOf(p.load()); },
           nb::call_guard<nb::gil_scoped_release>())
      .def("run", &Program::run, "pointers"_a, "threads"_a,
           nb::call_guard<nb::gil_scoped_release>());

  m.def("compile", compile, "path"_a, "data"_a.none(), "target"_a, "cpu"_a, "features"_a,
        "name"_a, "dims"_a, "values"_a, "opt_level"_a, "optimize_size"_a, "strict"_a, "threads"_a,
        "save_stages"_a, "progress"_a.none());
  m.def("program", [](std::shared_ptr<CompiledModel> model) -> std::pair<std::unique_ptr<Program>, std::string> {
    llvm::Expected<std::unique_ptr<Program>> program = Program::create(std::move(model));
    if (!program)
      return {nullptr, llvm::toString(program.takeError())};
    return {std::move(*program), ""};
  });
  m.def("targets", [] {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const TargetInfo &target : allTargets())
      rows.emplace_back(target.name, target.description);
    return rows;
  });
}
