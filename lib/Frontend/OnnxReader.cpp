//===- OnnxReader.cpp - the door to ONNX's own library --------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// ONNX reports many problems by throwing, the rest of the compiler is built
// without exceptions: everything that may throw is called here, behind a guard.

#include "lib/Frontend/OnnxReader.h"
#include <climits>
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/MemoryBuffer.h>
#include <onnx/defs/parser.h>
#include <onnx/defs/schema.h>
#include <stdexcept>

using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace {
Error problem(const llvm::Twine &text) {
  return createStringError(llvm::inconvertibleErrorCode(), text);
}

/// Runs `body`, which returns an Error, and turns exceptions into one.
template <typename Body> Error guarded(Body &&body) noexcept {
  try {
    return body();
  } catch (const std::out_of_range &) { // its text names a C function
    return problem("a number is out of range");
  } catch (const std::exception &e) {
    return problem(e.what());
  } catch (...) {
    return problem("unknown exception");
  }
}

/// The text parser recurses per bracket and would overflow the stack.
constexpr unsigned maxTextDepth = 64;

Error checkTextDepth(StringRef text) {
  unsigned depth = 0, line = 1;
  for (size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
    case '\n':
      ++line;
      break;
    case '#':
      i = std::min(text.find('\n', i), text.size()) - 1;
      break;
    case '"':
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        line += text[i] == '\n';
        i += text[i] == '\\';
      }
      break;
    case '(':
    case '[':
    case '{':
      if (++depth > maxTextDepth)
        return problem("line " + llvm::Twine(line) +
                       ": brackets nest deeper than " +
                       llvm::Twine(maxTextDepth));
      break;
    case ')':
    case ']':
    case '}':
      depth -= depth > 0;
      break;
    }
  }
  return Error::success();
}

/// "[ParseError at position (line: 6 column: 23)]\nError context: ...\nExpected
/// character ( not found." -> "line 6, column 23: expected character ( not
/// found"
std::string parserMessage(StringRef text) {
  auto number = [&](StringRef key) {
    StringRef tail = text.split(key).second.ltrim();
    return tail.take_while([](char c) { return c >= '0' && c <= '9'; });
  };
  std::string where;
  if (text.contains("(line:"))
    where = ("line " + number("line:") + ", column " + number("column:") + ": ")
                .str();
  StringRef reason = text.rtrim().rsplit('\n').second;
  std::string message =
      (reason.empty() ? text : reason).trim().rtrim('.').str();
  if (message.size() > 1 && isupper(message[0]) && !isupper(message[1]))
    message[0] = tolower(message[0]);
  return where + message;
}

Error parseText(StringRef text, onnx::ModelProto &model) {
  Error error = guarded([&]() -> Error {
    if (Error deep = checkTextDepth(text))
      return deep;
    std::string copy = text.str();
    onnx::OnnxParser parser(copy.c_str());
    auto status = parser.Parse(model);
    if (!status.IsOK())
      return problem(status.ErrorMessage());
    return Error::success();
  });
  if (!error)
    return Error::success();
  return problem("malformed ONNX text: " +
                 parserMessage(llvm::toString(std::move(error))));
}

Error parseProtobuf(StringRef bytes, onnx::ModelProto &model) {
  if (bytes.size() > INT_MAX)
    return problem("file of " + llvm::Twine(bytes.size()) +
                   " bytes exceeds protobuf's limit of 2 GiB: store the "
                   "weights as external data");
  return guarded([&]() -> Error {
    if (!model.ParseFromArray(bytes.data(), bytes.size()))
      return problem("not an ONNX model: the protobuf is damaged or truncated");
    return Error::success();
  });
}
} // namespace

/// Reads `bytes` by `parse`, one of the functions above.
static Expected<std::shared_ptr<onnx::ModelProto>>
readModel(StringRef bytes, Error (*parse)(StringRef, onnx::ModelProto &)) {
  auto model = std::make_shared<onnx::ModelProto>();
  if (Error error = parse(bytes, *model))
    return std::move(error);
  if (!model->has_graph())
    return problem("not an ONNX model: it has no graph");
  return model;
}

Expected<std::shared_ptr<onnx::ModelProto>>
nncc::frontend::parseOnnxModel(StringRef bytes) {
  return readModel(bytes, parseProtobuf);
}

Expected<std::shared_ptr<onnx::ModelProto>>
nncc::frontend::parseOnnxText(StringRef text) {
  return readModel(text, parseText);
}

Expected<std::shared_ptr<onnx::ModelProto>>
nncc::frontend::readOnnxModel(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return problem("cannot read the file: " + buffer.getError().message());
  StringRef bytes = (*buffer)->getBuffer();
  if (bytes.empty())
    return problem("the file is empty");
  return path.ends_with(".onnxtxt") ? parseOnnxText(bytes) : parseOnnxModel(bytes);
}

int nncc::frontend::newestOpset(StringRef domain) {
  int newest = 0;
  llvm::consumeError(guarded([&]() -> Error {
    auto &ranges =
        onnx::OpSchemaRegistry::DomainToVersionRange::Instance().Map();
    auto range = ranges.find(domain.str());
    if (range != ranges.end())
      newest = range->second.second;
    return Error::success();
  }));
  return newest;
}

/// May throw.
static const onnx::OpSchema *schemaOf(const onnx::NodeProto &node, int opset) {
  return onnx::OpSchemaRegistry::Schema(
      node.op_type(), opset, node.domain() == "ai.onnx" ? "" : node.domain());
}

/// The opset whose body of the operator is to be used, 0 if it has none. ONNX gave
/// operators bodies later than they exist: what an unchanged operator means in a
/// later opset, it means in the node's, too.
static int bodyOpset(const onnx::OpSchema &schema, int opset) {
  std::vector<int> versions = schema.function_opset_versions();
  llvm::append_range(versions, schema.context_dependent_function_opset_versions());
  llvm::sort(versions);
  if (versions.empty())
    return 0;
  return std::max(opset, versions.front());
}

bool nncc::frontend::hasSchemaFunction(const onnx::NodeProto &node, int opset) {
  bool found = false;
  llvm::consumeError(guarded([&]() -> Error {
    const onnx::OpSchema *schema = schemaOf(node, opset);
    found = schema && bodyOpset(*schema, opset);
    return Error::success();
  }));
  return found;
}

/// Bodies refer to the operator's attributes; those that the node leaves out
/// have their defaults in the schema only.
static void addDefaults(const onnx::OpSchema &schema,
                        onnx::FunctionProto &body) {
  for (const auto &[name, attribute] : schema.attributes())
    if (attribute.default_value.has_type())
      *body.add_attribute_proto() = attribute.default_value;
}

Expected<std::shared_ptr<const onnx::FunctionProto>>
nncc::frontend::schemaFunction(const onnx::NodeProto &node, int opset,
                               llvm::ArrayRef<onnx::TypeProto> inputTypes) {
  auto body = std::make_shared<onnx::FunctionProto>();
  bool found = false;
  Error error = guarded([&]() -> Error {
    const onnx::OpSchema *schema = schemaOf(node, opset);
    if (!schema || !bodyOpset(*schema, opset))
      return Error::success();
    int bodyVersion = bodyOpset(*schema, opset);
    if (const onnx::FunctionProto *plain = schema->GetFunction(bodyVersion)) {
      *body = *plain;
      found = true;
    } else if (schema->HasContextDependentFunction()) {
      std::vector<onnx::TypeProto> types(inputTypes.begin(), inputTypes.end());
      onnx::FunctionBodyBuildContextImpl context(node, types);
      found = schema->BuildContextDependentFunction(context, *body, bodyVersion);
    }
    if (found)
      addDefaults(*schema, *body);
    return Error::success();
  });
  if (error)
    return std::move(error);
  if (!found)
    body.reset();
  return std::shared_ptr<const onnx::FunctionProto>(std::move(body));
}
