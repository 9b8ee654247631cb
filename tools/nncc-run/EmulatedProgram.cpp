//===- EmulatedProgram.cpp - objects for other machines, emulated ---------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatedProgram.h"
#include "Machine.h"
#include "SupportFiles.h"
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Program.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace nncc::run;

static std::string inFolder(StringRef folder, const Twine &name) {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

static Error writeFile(StringRef path, StringRef content) {
  std::error_code code;
  raw_fd_ostream os(path, code);
  if (!code) {
    os << content;
    os.close();
    code = os.error();
    os.clear_error();
  }
  if (code)
    return createStringError("cannot write '" + path.str() +
                             "': " + code.message());
  return Error::success();
}

/// Runs a command and returns its output; if it fails, the error ends with
/// that.
static Expected<std::string>
execute(StringRef folder, ArrayRef<std::string> command, StringRef purpose) {
  ErrorOr<std::string> program = sys::findProgramByName(command[0]);
  if (!program)
    return createStringError("'" + command[0] + "' is needed to " +
                             purpose.str() + " and is not installed");
  std::string log = inFolder(folder, "log.txt"), message;
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(log),
                                          StringRef(log)};
  SmallVector<StringRef> arguments(command.begin(), command.end());
  int status = sys::ExecuteAndWait(*program, arguments, std::nullopt, redirects,
                                   /*SecondsToWait=*/1800, 0, &message);
  auto buffer = MemoryBuffer::getFile(log);
  std::string output = buffer ? (*buffer)->getBuffer().str() : "";
  if (status == 0)
    return output;
  std::string text = "'" + command[0] + "' failed with status " +
                     std::to_string(status) + (message.empty() ? "" : ": ") +
                     message;
  return createStringError(text + "\n" + StringRef(output).rtrim().str());
}

//===----------------------------------------------------------------------===//
// The program around the network
//===----------------------------------------------------------------------===//

/// A C string literal.
static std::string quoted(StringRef text) {
  std::string result = "\"";
  for (char c : text)
    result += (c == '"' || c == '\\') ? std::string{'\\', c} : std::string{c};
  return result + "\"";
}

static const char *const kHostedFiles = R"(
#include <stdio.h>
static int host_read_file(const char *path, void *data, uint32_t size) {
  FILE *file = fopen(path, "rb");
  return !file || fread(data, 1, size, file) != size || fclose(file);
}
static int host_write_file(const char *path, const void *data, uint32_t size) {
  FILE *file = fopen(path, "wb");
  return !file || fwrite(data, 1, size, file) != size || fclose(file);
}
)";

static std::string dataFile(StringRef folder, StringRef kind, size_t i) {
  return inFolder(folder, kind + Twine(i) + ".bin");
}

/// Declares `static unsigned char <kind><i>[]` for each tensor.
static void declareBuffers(raw_ostream &os, StringRef kind,
                           ArrayRef<TensorFacts> tensors) {
  for (auto [i, tensor] : enumerate(tensors))
    os << "static _Alignas(64) unsigned char " << kind << i << "["
       << std::max<size_t>(tensor.make(0).bytes.size(), 1) << "];\n";
}

/// Prints a program that reads every input, runs the network once and writes
/// every output, what the network returned, and whether it wrote past the
/// arena.
static void printMain(raw_ostream &os, StringRef header, StringRef folder,
                      const ModelInfo &info, const Machine &machine,
                      unsigned threads) {
  std::string macro = StringRef(info.model).upper();
  os << "#include " << quoted(header) << "\n"
     << (info.hosted ? kHostedFiles : "#include \"semihosting.h\"\n");
  for (StringRef source :
       machine.sources) // one compilation is faster than many
    os << "#include " << quoted(source) << "\n";
  if (threads > 1)
    os << "#include \"nncc_rt.h\"\n";
  declareBuffers(os, "in", info.inputs);
  declareBuffers(os, "out", info.outputs);
  os << "static _Alignas(64) unsigned char state["
     << std::max<uint64_t>(info.stateBytes, 1) << "];\n"
     << (info.hosted ? "" : "__attribute__((section(\".psram\")))\n")
     << "static _Alignas(" << macro << "_ARENA_ALIGN) unsigned char arena["
     << macro << "_ARENA_BYTES + 1];\n"
     << "int main(void) {\n"
     << "  " << info.model << "_io io = {0};\n"
     << "  for (uint32_t i = 0; i < sizeof arena; ++i)\n"
     << "    arena[i] = 0xFF; /* not a number: shows reads of nothing */\n";
  for (auto [i, tensor] : enumerate(info.inputs))
    os << "  if (host_read_file(" << quoted(dataFile(folder, "in", i)) << ", in"
       << i << ", " << tensor.make(0).bytes.size() << "))\n    return 1;\n"
       << "  io." << tensor.cName << " = (const void *)in" << i << ";\n";
  for (auto [i, tensor] : enumerate(info.outputs))
    os << "  io." << tensor.cName << " = (void *)out" << i << ";\n";
  os << "  io.arena = arena;\n  io.state = state;\n";
  if (threads > 1)
    os << "  io.parallel = nncc_pool_parallel(nncc_pool_create(" << threads
       << "));\n";
  os << "  int32_t code = " << info.model << "_run(&io);\n"
     << "  int32_t result[2] = {code, arena[" << macro
     << "_ARENA_BYTES] != 0xFF};\n"
     << "  if (host_write_file(" << quoted(inFolder(folder, "result.bin"))
     << ", result, sizeof result))\n    return 1;\n";
  for (auto [i, tensor] : enumerate(info.outputs))
    os << "  if (host_write_file(" << quoted(dataFile(folder, "out", i))
       << ", out" << i << ", " << tensor.make(0).bytes.size()
       << "))\n    return 1;\n";
  os << "  return 0;\n}\n";
}

//===----------------------------------------------------------------------===//
// Building and running
//===----------------------------------------------------------------------===//

/// Replaces the @ of support files by the folder they are in.
static std::vector<std::string> inPlace(std::vector<std::string> command,
                                        StringRef folder) {
  for (std::string &word : command)
    if (size_t at = word.find('@'); at != std::string::npos)
      word = word.substr(0, at) + inFolder(folder, word.substr(at + 1));
  return command;
}

/// Reads `size` bytes that the program wrote as `what`.
static Error readResult(StringRef path, StringRef what,
                        MutableArrayRef<char> data) {
  auto buffer = MemoryBuffer::getFile(path, false, false);
  if (!buffer || (*buffer)->getBufferSize() != data.size())
    return createStringError("the program wrote no " + what.str());
  copy((*buffer)->getBuffer(), data.begin());
  return Error::success();
}

static Error readResults(StringRef folder, const ModelInfo &info,
                         std::vector<Array> &outputs) {
  int32_t result[2];
  MutableArrayRef<char> bytes(reinterpret_cast<char *>(result), sizeof result);
  if (Error error = readResult(inFolder(folder, "result.bin"), "result", bytes))
    return error;
  if (result[0] != 0)
    return createStringError(info.entry + " returned " +
                             std::to_string(result[0]));
  if (result[1])
    return createStringError("the network wrote outside of the arena");
  outputs.clear();
  for (auto [i, facts] : enumerate(info.outputs)) {
    outputs.push_back(facts.make(0));
    if (Error error =
            readResult(dataFile(folder, "out", i),
                       "output '" + facts.name + "'", outputs.back().bytes))
      return error;
  }
  return Error::success();
}

/// Links C sources and objects, and runs the program.
static Expected<std::string> linkAndRun(const Machine &machine,
                                        StringRef folder,
                                        ArrayRef<std::string> files) {
  std::string program = inFolder(folder, "program");
  std::vector<std::string> link = inPlace(machine.link, folder);
  link.insert(link.end(), {"-I" + folder.str(), "-o", program});
  link.insert(link.end(), files.begin(), files.end());
  auto linked = execute(folder, link, "link the program");
  if (!linked)
    return linked;
  std::vector<std::string> run = inPlace(machine.run, folder);
  run.push_back(program);
  return execute(folder, run, "run the program");
}

static Error writeSupportFiles(StringRef folder) {
  for (const SupportFile &file : supportFiles())
    if (Error error = writeFile(inFolder(folder, file.name), file.content))
      return error;
  return Error::success();
}

Error nncc::run::runEmulated(StringRef object, StringRef folder,
                             const ModelInfo &info,
                             const std::vector<Array> &inputs,
                             std::vector<Array> &outputs, unsigned threads) {
  Expected<Machine> machine = machineFor(info.target);
  if (!machine)
    return machine.takeError();
  if (Error error = writeSupportFiles(folder))
    return error;
  for (auto [i, array] : enumerate(inputs))
    if (Error error =
            writeFile(dataFile(folder, "in", i),
                      StringRef(array.bytes.data(), array.bytes.size())))
      return error;
  SmallString<128> header(object);
  sys::fs::make_absolute(header);
  sys::path::replace_extension(header, ".h");
  std::string text, source = inFolder(folder, "main.c");
  raw_string_ostream os(text);
  printMain(os, header, folder, info, *machine, threads);
  if (Error error = writeFile(source, os.str()))
    return error;
  std::vector<std::string> files = {source, object.str()};
  if (threads > 1)
    files.push_back(inFolder(folder, "nncc_pool.c"));
  auto output = linkAndRun(*machine, folder, files);
  if (!output)
    return output.takeError();
  return readResults(folder, info, outputs);
}

Expected<std::string> nncc::run::runProgram(StringRef source,
                                            ArrayRef<std::string> objects,
                                            StringRef folder,
                                            const ModelInfo &info) {
  Expected<Machine> machine = machineFor(info.target);
  if (!machine)
    return machine.takeError();
  if (Error error = writeSupportFiles(folder))
    return error;
  std::vector<std::string> files = {source.str()};
  for (const std::string &file : machine->sources)
    files.push_back(inFolder(folder, file));
  for (const std::string &object : objects) {
    StringRef beside = sys::path::parent_path(object);
    files.push_back(beside.empty() ? "-I." : "-I" + beside.str());
    files.push_back(object);
  }
  if (info.hosted)
    files.insert(files.end(), {inFolder(folder, "nncc_pool.c"),
                               inFolder(folder, "nncc_cpu.c")});
  return linkAndRun(*machine, folder, files);
}
