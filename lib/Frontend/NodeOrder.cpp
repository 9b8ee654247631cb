//===- NodeOrder.cpp - producers before users
//-------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/NodeOrder.h"
#include <llvm/ADT/StringMap.h>

using namespace nncc::frontend;

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
    int next = 0;
  };
  llvm::SmallVector<Frame> stack;
  for (int root = 0; root < nodes.size(); ++root) {
    if (states[root] != Unseen)
      continue;
    states[root] = Open;
    stack.push_back({unsigned(root)});
    while (!stack.empty()) {
      Frame &frame = stack.back();
      const onnx::NodeProto &node = nodes[frame.node];
      if (frame.next == node.input_size()) {
        states[frame.node] = Done;
        order.push_back(frame.node);
        stack.pop_back();
        continue;
      }
      int input = frame.next++;
      auto producer = producers.find(node.input(input));
      if (node.input(input).empty() || producer == producers.end())
        continue;
      State &state = states[producer->second];
      if (state == Open)
        cycles.push_back({frame.node, input});
      if (state != Unseen)
        continue;
      state = Open;
      stack.push_back({producer->second});
    }
  }
}
