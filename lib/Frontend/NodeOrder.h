//===- NodeOrder.h - producers before users ------------------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_NODEORDER_H
#define LIB_FRONTEND_NODEORDER_H

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>
#include <onnx/onnx_pb.h>

namespace nncc::frontend {

using NodeList = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

/// A use of a value that depends on the user's own results.
struct CyclicUse {
  unsigned node;
  llvm::StringRef name;
};

/// The names that `node` needs: its inputs, and what graphs in its attributes
/// take from outside.
llvm::SmallVector<llvm::StringRef> namesReadBy(const onnx::NodeProto &node);

/// An order of the nodes in which producers come before users; a list that is
/// sorted already keeps its order. Cycles are cut at one use each.
struct NodeOrder {
  explicit NodeOrder(const NodeList &nodes);

  llvm::SmallVector<unsigned> order;
  llvm::SmallVector<CyclicUse> cycles;
};

} // namespace nncc::frontend

#endif // LIB_FRONTEND_NODEORDER_H
