//===- NodeOrder.cpp - producers before users -----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/NodeOrder.h"
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSet.h>

using namespace nncc::frontend;

/// Adds what `graph` reads and does not define itself: exporters use a name of
/// the outer graph again, for another value.
static void addOuterNames(const onnx::GraphProto &graph,
                          llvm::SmallVectorImpl<llvm::StringRef> &names) {
  llvm::StringSet<> own;
  for (const onnx::ValueInfoProto &input : graph.input())
    own.insert(input.name());
  for (const onnx::TensorProto &tensor : graph.initializer())
    own.insert(tensor.name());
  llvm::SmallVector<llvm::StringRef> read;
  for (const onnx::NodeProto &node : graph.node()) {
    for (const std::string &output : node.output())
      own.insert(output);
    // As deep as graphs nest, which protobuf limits to a hundred.
    llvm::append_range(read, namesReadBy(node));
  }
  for (const onnx::ValueInfoProto &output : graph.output())
    read.push_back(output.name());
  llvm::copy_if(read, std::back_inserter(names),
                [&](llvm::StringRef name) { return !own.contains(name); });
}

llvm::SmallVector<llvm::StringRef>
nncc::frontend::namesReadBy(const onnx::NodeProto &node) {
  llvm::SmallVector<llvm::StringRef> names;
  for (const std::string &name : node.input())
    if (!name.empty())
      names.push_back(name);
  for (const onnx::AttributeProto &attribute : node.attribute())
    if (attribute.has_g())
      addOuterNames(attribute.g(), names);
  return names;
}

NodeOrder::NodeOrder(const NodeList &nodes) {
  llvm::StringMap<unsigned> producers;
  for (int i = 0; i < nodes.size(); ++i)
    for (const std::string &name : nodes[i].output())
      producers.try_emplace(name, i);

  // A depth-first walk with its own stack: networks are deeper than call
  // stacks.
  enum State : char { Unseen, Open, Done };
  llvm::SmallVector<State> states(nodes.size(), Unseen);
  struct Frame {
    unsigned node;
    llvm::SmallVector<llvm::StringRef> names;
    size_t next = 0;
  };
  llvm::SmallVector<Frame> stack;
  for (int root = 0; root < nodes.size(); ++root) {
    if (states[root] != Unseen)
      continue;
    states[root] = Open;
    stack.push_back({unsigned(root), namesReadBy(nodes[root])});
    while (!stack.empty()) {
      Frame &frame = stack.back();
      if (frame.next == frame.names.size()) {
        states[frame.node] = Done;
        order.push_back(frame.node);
        stack.pop_back();
        continue;
      }
      llvm::StringRef name = frame.names[frame.next++];
      auto producer = producers.find(name);
      if (producer == producers.end())
        continue;
      State &state = states[producer->second];
      if (state == Open)
        cycles.push_back({frame.node, name});
      if (state != Unseen)
        continue;
      state = Open;
      stack.push_back({producer->second, namesReadBy(nodes[producer->second])});
    }
  }
}
