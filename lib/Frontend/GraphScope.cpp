//===- GraphScope.cpp - the nodes and names of one graph ------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/GraphScope.h"
#include "lib/Frontend/ConstantNode.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxReader.h"
#include "lib/Frontend/RuntimePart.h"
#include "lib/Frontend/Sequences.h"

using namespace mlir;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Names and opsets
//===----------------------------------------------------------------------===//

StringRef nncc::frontend::normalizedDomain(StringRef domain) {
  return domain == "ai.onnx" ? StringRef() : domain;
}

Opsets nncc::frontend::readOpsets(
    const google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto> &imports,
    Opsets base, Problems *problems, StringRef who) {
  for (const onnx::OperatorSetIdProto &import : imports) {
    StringRef domain = normalizedDomain(import.domain());
    int64_t newest = domain.empty() ? newestOpset(domain) : INT_MAX;
    int64_t oldest = domain.empty() ? oldestOpset : 0;
    base[domain] = std::clamp(import.version(), oldest, newest);
    if (problems && import.version() > newest)
      problems->error() << who << "opset " << import.version()
                        << " is newer than the newest one supported, "
                        << newest;
    if (problems && import.version() < oldest)
      problems->error() << who << "opset " << import.version()
                        << " is older than the oldest one supported, "
                        << oldest;
  }
  return base;
}

int GraphScope::opsetOf(const onnx::NodeProto &node) const {
  auto opset = opsets.find(normalizedDomain(node.domain()));
  return opset == opsets.end() ? 0 : opset->second;
}

LogicalResult GraphScope::define(StringRef name, Symbol symbol) {
  if (symbol.name.empty())
    symbol.name = name.str();
  return success(!absent.contains(name) &&
                 symbols.try_emplace(name, std::move(symbol)).second);
}

Symbol *GraphScope::lookup(StringRef name) {
  auto symbol = symbols.find(name);
  if (symbol != symbols.end())
    return &symbol->second;
  return outer ? outer->lookup(name) : nullptr;
}

std::string GraphScope::labelOf(const onnx::NodeProto &node,
                                unsigned index) const {
  std::string label;
  llvm::raw_string_ostream os(label);
  if (node.name().empty() && prefix.empty())
    os << "node #" << index;
  else if (node.name().empty())
    os << "node '" << prefix << '#' << index << "'";
  else
    os << "node '" << prefix << node.name() << "'";
  os << " (" << node.op_type() << ")";
  return label;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

void GraphScope::importNodes(const NodeList &nodes) {
  for (const onnx::NodeProto &node : nodes)
    for (llvm::StringRef name : namesReadBy(node))
      used.insert(name);
  NodeOrder sorted(nodes);
  llvm::SmallDenseSet<unsigned> cyclic;
  for (CyclicUse use : sorted.cycles) {
    const onnx::NodeProto &node = nodes[use.node];
    state.problems.error() << labelOf(node, use.node)
                           << ": lies on a cycle: its input '"
                           << use.name
                           << "' depends on its own result";
    cyclic.insert(use.node);
  }
  for (unsigned index : sorted.order)
    importNode(nodes[index], index, cyclic.contains(index));
}

/// Binds the inputs; false if one of them is undefined or poisoned.
bool GraphScope::bindInputs(NodeImport &n) {
  bool good = true;
  for (auto [i, name] : llvm::enumerate(n.proto().input())) {
    bool leftOut = name.empty() || absent.contains(name);
    Symbol *symbol = leftOut ? nullptr : lookup(name);
    if (!leftOut && !symbol) {
      n.error() << "input #" << i << " '" << name
                << "' is not defined by any node, input or initializer";
      // Further users of the name stay silent.
      symbol = &symbols[name];
      symbol->poisoned = true;
    }
    good &= !symbol || !symbol->poisoned;
    n.addInput(symbol);
  }
  return good;
}

void GraphScope::importNode(const onnx::NodeProto &node, unsigned index,
                            bool onCycle) {
  std::string label = labelOf(node, index);
  std::string name = prefix + (node.name().empty() ? "#" + std::to_string(index)
                                                   : node.name());
  MLIRContext *context = state.builder.getContext();
  NodeImport n(node, opsetOf(node), label,
               NameLoc::get(StringAttr::get(context, name)), state.builder,
               state.tensors, state.problems, state.checks, owner);
  SmallVector<Symbol> results;
  bool good = !onCycle && bindInputs(n);
  if (good)
    good = succeeded(importOperation(n, label, results)) && !n.failed();
  else if (!isKnown(node))
    state.addUnsupported(node, label, "");
  for (auto [i, output] : llvm::enumerate(node.output())) {
    if (output.empty())
      continue;
    Symbol symbol;
    symbol.poisoned = !good;
    if (good && i < results.size() && (results[i].value || results[i].constant || results[i].sequence)) {
      symbol = results[i];
    } else if (good) {
      symbol.poisoned = true;
      if (used.contains(output))
        n.error() << "output #" << i << " '" << output << "' is not supported";
    }
    symbol.name = output;
    if (failed(define(output, symbol)))
      n.error() << "defines '" << output << "', which is already defined";
  }
}

/// True if a row or a function body may import the node.
bool GraphScope::isKnown(const onnx::NodeProto &node) const {
  int opset = opsetOf(node);
  return state.localFunction(node) || controlFlow(node) || findSequenceOp(node) ||
         hasSchemaFunction(node, opset) ||
         findOnnxOp(normalizedDomain(node.domain()), node.op_type(), opset);
}

/// Imports the node by its row in the table or by a function body.
LogicalResult GraphScope::importOperation(NodeImport &n,
                                          const std::string &label,
                                          SmallVectorImpl<Symbol> &results) {
  const onnx::NodeProto &node = n.proto();
  if (const onnx::FunctionProto *function = state.localFunction(node))
    return call(n, *function, owner, results);
  if (ControlFlow import = controlFlow(node)) {
    if (failed((this->*import)(n, results)))
      return failure();
    for (unsigned i = 0; i < n.inputCount(); ++i)
      n.constant(i); // their graphs have looked at them
    n.checkLeftovers();
    return success();
  }
  if (SequenceImport import = findSequenceOp(node)) {
    if (failed(import(n, results)))
      return failure();
    n.checkLeftovers();
    return success();
  }
  for (const Symbol *input : n.boundInputs()) {
    if (!input || !input->sequence)
      continue;
    if (node.op_type() != "Identity")
      return n.error() << "'" << input->name << "' is a sequence of tensors, not a tensor";
    results.push_back(*input);
    return success();
  }
  const OnnxOpRow *row =
      findOnnxOp(normalizedDomain(node.domain()), node.op_type(), n.opset());
  if (!row) {
    auto body = schemaBody(n, label);
    return body ? call(n, *body, body, results) : failure();
  }
  if (isRuntimeSlice(n))
    return importRuntimeSlice(n, results);
  if (takesPart(n))
    return importOfPart(n, row->import, results);
  std::optional<ConstantNode> known;
  if (ConstantNode::applies(n))
    known.emplace(state.builder);
  if (failed(row->import(n))) {
    if (!n.failed())
      n.error() << "cannot be imported";
    return failure();
  }
  n.checkLeftovers();
  if (known)
    known->evaluate(n);
  for (OpFoldResult result : n.results()) {
    Symbol symbol;
    if (auto value = dyn_cast_if_present<Value>(result))
      symbol.value = value;
    else if (result)
      symbol.constant = cast<ElementsAttr>(cast<Attribute>(result));
    results.push_back(symbol);
  }
  return success();
}
