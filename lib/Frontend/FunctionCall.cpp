//===- FunctionCall.cpp - operators defined by other operators ------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/GraphScope.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxReader.h"
#include "lib/Frontend/Sequences.h"

using namespace mlir;
using namespace nncc::frontend;

/// Bounds against functions that call themselves, or each other so often that
/// a small file would expand without end.
static constexpr unsigned maxDepth = 32, maxCalls = 1 << 16, maxNodes = 1 << 19;

static std::string functionKey(StringRef domain, StringRef name,
                               StringRef overload) {
  return (normalizedDomain(domain) + ":" + name + ":" + overload).str();
}

ImportState::ImportState(const onnx::ModelProto &model,
                         std::optional<std::string> folder,
                         OpBuilder &builder, Location file)
    : builder(builder), tensors(builder.getContext(), std::move(folder)),
      problems(file) {
  for (const onnx::FunctionProto &function : model.functions())
    functions[functionKey(function.domain(), function.name(),
                          function.overload())] = &function;
}

const onnx::FunctionProto *
ImportState::localFunction(const onnx::NodeProto &node) const {
  return functions.lookup(
      functionKey(node.domain(), node.op_type(), node.overload()));
}

//===----------------------------------------------------------------------===//
// Operators without a rule
//===----------------------------------------------------------------------===//

static std::string operatorName(const onnx::NodeProto &node) {
  StringRef domain = normalizedDomain(node.domain());
  return domain.empty() ? node.op_type()
                        : (domain + "." + node.op_type()).str();
}

void ImportState::addUnsupported(const onnx::NodeProto &node,
                                 const std::string &label,
                                 const std::string &reason) {
  std::string name = operatorName(node);
  auto known = llvm::find_if(unsupported,
                             [&](auto &entry) { return entry.name == name; });
  if (known == unsupported.end())
    unsupported.push_back({name, label, reason});
  else
    ++known->others;
}

void ImportState::reportUnsupported() {
  for (const Unsupported &entry : unsupported) {
    InFlightDiagnostic diagnostic = problems.error();
    diagnostic << entry.label << ": operator '" << entry.name
               << "' is not supported" << entry.reason;
    if (entry.others)
      diagnostic << " (and " << entry.others << " more of its nodes)";
  }
}

/// The first operator that `body` needs and nothing imports, or "".
std::string GraphScope::missingOperator(const onnx::FunctionProto &body,
                                        unsigned level) const {
  for (const onnx::NodeProto &node : body.node()) {
    int opset = opsetOf(node);
    for (const onnx::OperatorSetIdProto &import : body.opset_import())
      if (normalizedDomain(import.domain()) == normalizedDomain(node.domain()))
        opset = import.version();
    if (controlFlow(node) || findSequenceOp(node) ||
        findOnnxOp(normalizedDomain(node.domain()), node.op_type(), opset))
      continue;
    if (!hasSchemaFunction(node, opset) || level == maxDepth)
      return operatorName(node);
    // Bodies that depend on types are not known before the call: hope.
    auto inner = schemaFunction(node, opset, {});
    if (!inner)
      llvm::consumeError(inner.takeError());
    else if (*inner && !missingOperator(**inner, level + 1).empty())
      return operatorName(node);
  }
  return "";
}

/// ONNX's description of the type of an input, empty if it was left out.
static onnx::TypeProto typeProto(const Symbol *symbol) {
  onnx::TypeProto type;
  if (!symbol || symbol->sequence)
    return type;
  auto tensor = symbol->value
                    ? cast<RankedTensorType>(symbol->value.getType())
                    : cast<RankedTensorType>(symbol->constant.getType());
  type.mutable_tensor_type()->set_elem_type(
      onnxTypeFor(tensor.getElementType()));
  onnx::TensorShapeProto *shape = type.mutable_tensor_type()->mutable_shape();
  for (int64_t extent : tensor.getShape())
    shape->add_dim()->set_dim_value(extent);
  return type;
}

/// The body by which ONNX defines the node's operator, or null after recording
/// that the operator is not supported.
std::shared_ptr<const onnx::FunctionProto>
GraphScope::schemaBody(NodeImport &n, const std::string &label) {
  SmallVector<onnx::TypeProto> types;
  for (const Symbol *symbol : n.boundInputs())
    types.push_back(typeProto(symbol));
  auto body = schemaFunction(n.proto(), n.opset(), types);
  if (!body) {
    n.error() << "ONNX cannot define it: " << llvm::toString(body.takeError());
    return nullptr;
  }
  std::string missing = *body ? missingOperator(**body, 0) : "";
  if (*body && missing.empty())
    return *body;
  n.markFailed();
  state.addUnsupported(
      n.proto(), label,
      missing.empty() ? "" : ", its definition needs '" + missing + "'");
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// Finds the attribute `name` of the call, or the function's default for it.
static const onnx::AttributeProto *
actualAttribute(const onnx::NodeProto &call,
                const onnx::FunctionProto &function, const std::string &name) {
  for (const onnx::AttributeProto &attribute : call.attribute())
    if (attribute.name() == name)
      return &attribute;
  for (const onnx::AttributeProto &attribute : function.attribute_proto())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

/// The function's nodes with the call's attributes in place of references to
/// them. A reference without a value leaves the attribute out.
static std::shared_ptr<const NodeList>
instantiate(const onnx::NodeProto &call, const onnx::FunctionProto &function,
            std::shared_ptr<const void> owner) {
  auto hasReference = [](const onnx::NodeProto &node) {
    return llvm::any_of(node.attribute(),
                        [](const onnx::AttributeProto &attribute) {
                          return !attribute.ref_attr_name().empty();
                        });
  };
  // Without references there is nothing to replace: share the nodes' memory.
  if (llvm::none_of(function.node(), hasReference))
    return std::shared_ptr<const NodeList>(std::move(owner), &function.node());
  auto nodes = std::make_shared<NodeList>(function.node());
  for (onnx::NodeProto &node : *nodes) {
    onnx::NodeProto bound = node;
    bound.clear_attribute();
    for (const onnx::AttributeProto &attribute : node.attribute()) {
      if (attribute.ref_attr_name().empty()) {
        *bound.add_attribute() = attribute;
      } else if (auto *actual = actualAttribute(call, function,
                                                attribute.ref_attr_name())) {
        onnx::AttributeProto *copy = bound.add_attribute();
        *copy = *actual;
        copy->set_name(attribute.name());
      }
    }
    node.Swap(&bound);
  }
  return nodes;
}

LogicalResult GraphScope::countExpansion(NodeImport &n, unsigned nodes) {
  if (depth >= maxDepth)
    return n.error() << "functions call each other deeper than " << maxDepth;
  if (++state.functionCalls > maxCalls)
    return n.error() << "functions and loops expand to more than " << maxCalls
                     << " calls";
  if ((state.expandedNodes += nodes) > maxNodes)
    return n.error() << "functions and loops expand to more than " << maxNodes
                     << " nodes";
  return success();
}

LogicalResult GraphScope::call(NodeImport &n,
                               const onnx::FunctionProto &function,
                               std::shared_ptr<const void> functionOwner,
                               SmallVectorImpl<Symbol> &results) {
  if (failed(countExpansion(n, function.node_size())))
    return failure();
  if (n.inputCount() > unsigned(function.input_size()))
    return n.error() << "passes " << n.inputCount()
                     << " inputs, the function takes " << function.input_size();
  std::shared_ptr<const NodeList> nodes =
      instantiate(n.proto(), function, std::move(functionOwner));
  GraphScope body(state, readOpsets(function.opset_import(), opsets, nullptr),
                  (n.name() + "/").str(), depth + 1, nodes);
  for (auto [i, name] : llvm::enumerate(function.input())) {
    if (!n.has(i))
      body.defineAbsent(name);
    else if (failed(body.define(name, *n.boundInputs()[i])))
      return n.error() << "the function has two inputs '" << name << "'";
  }
  for (const std::string &name : function.output())
    body.markUsed(name);
  body.importNodes(*nodes);
  for (auto [i, name] : llvm::enumerate(function.output())) {
    Symbol *symbol = body.lookup(name);
    // Bodies leave out what the call does not ask for.
    if (!symbol && (int(i) >= n.proto().output_size() ||
                    n.proto().output(i).empty())) {
      results.emplace_back().poisoned = true;
      continue;
    }
    if (!symbol)
      return n.error() << "the function does not define its output '" << name
                       << "'";
    if (symbol->poisoned) {
      n.markFailed();
      return failure();
    }
    results.push_back(*symbol);
  }
  return success();
}
