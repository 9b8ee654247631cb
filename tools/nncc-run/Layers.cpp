//===- Layers.cpp - which node of a network goes wrong --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layers.h"
#include "SupportFiles.h"
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Process.h>
#include <llvm/Support/Program.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace nncc::run;

static std::string interpreter() {
  if (auto chosen = sys::Process::GetEnv("NNCC_PYTHON"))
    return *chosen;
  SmallString<128> path;
  if (sys::path::cache_directory(path)) {
    sys::path::append(path, "nncc", "venv", "bin", "python");
    if (sys::fs::can_execute(path))
      return path.str().str();
  }
  return sys::findProgramByName("python3").get();
}

static std::string scriptText() {
  for (const SupportFile &file : supportFiles())
    if (file.name == "expose_layers.py")
      return file.content.str();
  llvm_unreachable("the script is embedded");
}

static Error runScript(const CaseFiles &files, StringRef model,
                       StringRef folder, ArrayRef<std::string> dims) {
  std::string python = interpreter(), script = scriptText();
  std::vector<std::string> command = {python, "-c", script, model.str(),
                                      folder.str()};
  if (!files.archive.empty())
    command.insert(command.end(), {"--case", files.archive});
  for (const std::string &input : files.inputs)
    command.insert(command.end(), {"--input", input});
  for (const std::string &dim : dims)
    command.insert(command.end(), {"--dim", dim});
  std::string message;
  SmallVector<StringRef> arguments(command.begin(), command.end());
  int status =
      sys::ExecuteAndWait(python, arguments, std::nullopt, {}, 0, 0, &message);
  if (status == 0)
    return Error::success();
  return createStringError("the layers of '" + model.str() +
                           "' could not be exposed" +
                           (message.empty() ? "" : ": " + message));
}

Expected<ExposedLayers> nncc::run::exposeLayers(StringRef model,
                                                StringRef folder,
                                                const CaseFiles &files,
                                                ArrayRef<std::string> dims) {
  if (Error error = runScript(files, model, folder, dims))
    return error;
  ExposedLayers exposed;
  exposed.model = (folder + "/layers.onnx").str();
  exposed.files.archive = (folder + "/layers.npz").str();
  auto table = MemoryBuffer::getFile(folder + "/layers.txt");
  if (!table)
    return createStringError("the script wrote no layers.txt");
  SmallVector<StringRef> lines;
  (*table)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef line : lines) {
    auto [output, rest] = line.split('\t');
    auto [node, op] = rest.split('\t');
    exposed.layers.push_back({output.str(), node.str(), op.str()});
  }
  return exposed;
}
