//===- GraphScope.h - the nodes and names of one graph -------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_GRAPHSCOPE_H
#define LIB_FRONTEND_GRAPHSCOPE_H

#include "lib/Frontend/NodeImport.h"
#include "lib/Frontend/NodeOrder.h"

namespace nncc::frontend {

/// Opset of each imported domain; "ai.onnx" is "".
using Opsets = llvm::StringMap<int>;

/// What all graphs of one model share.
struct ImportState {
  /// `folder` is where external data lies, if the model lies in one.
  ImportState(const onnx::ModelProto &model, std::optional<std::string> folder,
              mlir::OpBuilder &builder, mlir::Location file);

  /// The model-local function that `node` calls, or null.
  const onnx::FunctionProto *localFunction(const onnx::NodeProto &node) const;
  /// Records that no rule imports the operator of the node called `label`;
  /// `reason` may add why. Operators are reported once, by reportUnsupported.
  void addUnsupported(const onnx::NodeProto &node, const std::string &label,
                      const std::string &reason);
  void reportUnsupported();

  mlir::OpBuilder &builder;
  TensorReader tensors;
  Problems problems;
  /// Values that are not zero if the data of a run has indices out of range.
  llvm::SmallVector<mlir::Value> checks;
  unsigned functionCalls = 0, expandedNodes = 0;

private:
  struct Unsupported {
    std::string name, label, reason;
    unsigned others = 0;
  };
  llvm::StringMap<const onnx::FunctionProto *> functions;
  std::vector<Unsupported> unsupported;
};

/// Imports the nodes of a graph, or of a function body at one of its calls.
class GraphScope {
public:
  /// `prefix` leads the names of the nodes, `owner` keeps the graph alive.
  GraphScope(ImportState &state, Opsets opsets, std::string prefix,
             unsigned depth, std::shared_ptr<const void> owner)
      : state(state), opsets(std::move(opsets)), prefix(std::move(prefix)),
        depth(depth), owner(std::move(owner)) {}

  /// Gives `name` a meaning; fails if it has one.
  mlir::LogicalResult define(llvm::StringRef name, Symbol symbol);
  /// Says that an optional input of a function was left out at this call.
  void defineAbsent(llvm::StringRef name) { absent.insert(name); }
  Symbol *lookup(llvm::StringRef name);
  /// Says that `name` is needed beyond the nodes, as an output.
  void markUsed(llvm::StringRef name) { used.insert(name); }
  void importInitializers(const onnx::GraphProto &graph);
  void importNodes(const NodeList &nodes);

  // Nodes with graphs as attributes (ControlFlow.cpp).
  using ControlFlow =
      mlir::LogicalResult (GraphScope::*)(NodeImport &,
                                          llvm::SmallVectorImpl<Symbol> &);
  /// As OnnxOpRow; all are of ONNX's own domain.
  struct ControlFlowRow {
    llvm::StringLiteral name;
    int minOpset;
    ControlFlow import;
    llvm::StringLiteral limits;
  };
  static llvm::ArrayRef<ControlFlowRow> controlFlowRows();

private:
  void importNode(const onnx::NodeProto &node, unsigned index, bool onCycle);
  std::string labelOf(const onnx::NodeProto &node, unsigned index) const;
  bool bindInputs(NodeImport &n);
  bool isKnown(const onnx::NodeProto &node) const;
  mlir::LogicalResult importOperation(NodeImport &n, const std::string &label,
                                      llvm::SmallVectorImpl<Symbol> &results);
  mlir::LogicalResult call(NodeImport &n, const onnx::FunctionProto &function,
                           std::shared_ptr<const void> functionOwner,
                           llvm::SmallVectorImpl<Symbol> &results);
  std::shared_ptr<const onnx::FunctionProto>
  schemaBody(NodeImport &n, const std::string &label);
  /// Bounds how often graphs and functions are expanded, and how deep.
  mlir::LogicalResult countExpansion(NodeImport &n, unsigned nodes);
  /// How to import such a node, null for all others.
  static ControlFlow controlFlow(const onnx::NodeProto &node);
  mlir::LogicalResult importIf(NodeImport &n,
                               llvm::SmallVectorImpl<Symbol> &results);
  mlir::LogicalResult importBranches(NodeImport &n,
                                     const onnx::GraphProto &then,
                                     const onnx::GraphProto &otherwise,
                                     llvm::SmallVectorImpl<Symbol> &results);
  mlir::LogicalResult importLoop(NodeImport &n,
                                 llvm::SmallVectorImpl<Symbol> &results);
  mlir::LogicalResult importScan(NodeImport &n,
                                 llvm::SmallVectorImpl<Symbol> &results);
  mlir::LogicalResult importBody(NodeImport &n, const onnx::GraphProto &graph,
                                 const llvm::Twine &label,
                                 llvm::ArrayRef<Symbol> inputs,
                                 llvm::SmallVectorImpl<Symbol> &outputs);
  Symbol stack(NodeImport &n, llvm::MutableArrayRef<Symbol> steps, int64_t axis);
  std::string missingOperator(const onnx::FunctionProto &body,
                              unsigned level) const;
  int opsetOf(const onnx::NodeProto &node) const;

  ImportState &state;
  Opsets opsets;
  std::string prefix;
  unsigned depth;
  std::shared_ptr<const void> owner;
  GraphScope *outer = nullptr; ///< whose names a graph inside a node sees
  llvm::StringMap<Symbol> symbols;
  llvm::StringSet<> absent, used;
};

/// "" for the default domain under either of its names.
llvm::StringRef normalizedDomain(llvm::StringRef domain);

/// Reads opset imports on top of `base`, reporting to `problems` (may be null)
/// versions that the importer does not know; `who` starts the message.
Opsets readOpsets(
    const google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto> &imports,
    Opsets base, Problems *problems, llvm::StringRef who = "");

} // namespace nncc::frontend

#endif // LIB_FRONTEND_GRAPHSCOPE_H
