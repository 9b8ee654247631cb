//===- ControlFlow.cpp - If, Loop and Scan --------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compiled network is straight code: a condition that is known while
// importing chooses a branch, and a loop with a known number of iterations is
// unrolled. The kernels of its iterations are the same code.

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/GraphScope.h"
#include "lib/Frontend/OnnxOps/Moves.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// The only element of a constant of integers or booleans.
static std::optional<int64_t> scalarOf(ElementsAttr constant) {
  if (!constant || constant.getShapedType().getNumElements() != 1 ||
      !constant.getElementType().isInteger())
    return std::nullopt;
  auto data = nnc::ConstantData::get(constant);
  return data ? std::optional<int64_t>(data->integerAt(0)) : std::nullopt;
}

static Symbol scalarSymbol(MLIRContext *context, unsigned bits, int64_t value) {
  Symbol symbol;
  symbol.constant = cast<ElementsAttr>(DenseElementsAttr::get(
      RankedTensorType::get({}, IntegerType::get(context, bits)),
      APInt(bits, value)));
  return symbol;
}

//===----------------------------------------------------------------------===//
// Graphs inside of nodes
//===----------------------------------------------------------------------===//

void GraphScope::importInitializers(const onnx::GraphProto &graph) {
  for (const onnx::TensorProto &tensor : graph.initializer()) {
    Symbol symbol;
    llvm::Expected<ElementsAttr> value = state.tensors.read(tensor, owner);
    if (value)
      symbol.constant = *value;
    else
      state.problems.error() << "initializer '" << prefix << tensor.name()
                             << "': " << llvm::toString(value.takeError());
    symbol.poisoned = !symbol.constant;
    if (failed(define(tensor.name(), symbol)))
      state.problems.error()
          << "initializer '" << prefix << tensor.name() << "' is defined twice";
  }
  for (const onnx::SparseTensorProto &tensor : graph.sparse_initializer())
    state.problems.error() << "initializer '" << prefix
                           << tensor.values().name()
                           << "': sparse tensors are not supported";
}

/// Imports `graph`, an attribute of the node, once: its nodes see the names of
/// this scope and the given `inputs`.
LogicalResult GraphScope::importBody(NodeImport &n,
                                     const onnx::GraphProto &graph,
                                     const Twine &label,
                                     ArrayRef<Symbol> inputs,
                                     SmallVectorImpl<Symbol> &outputs) {
  if (failed(countExpansion(n, graph.node_size())))
    return failure();
  if (int(inputs.size()) != graph.input_size())
    return n.error() << "passes " << inputs.size() << " values, its graph '"
                     << graph.name() << "' takes " << graph.input_size();
  GraphScope body(state, opsets, (n.name() + "/" + label + "/").str(),
                  depth + 1, owner);
  body.outer = this;
  body.importInitializers(graph);
  for (auto [input, symbol] : llvm::zip(graph.input(), inputs))
    if (failed(body.define(input.name(), symbol)))
      return n.error() << "its graph has two inputs '" << input.name() << "'";
  for (const onnx::ValueInfoProto &output : graph.output())
    body.markUsed(output.name());
  body.importNodes(graph.node());
  for (const onnx::ValueInfoProto &output : graph.output()) {
    Symbol *symbol = body.lookup(output.name());
    if (!symbol)
      return n.error() << "its graph does not define its output '"
                       << output.name() << "'";
    if (symbol->poisoned) {
      n.markFailed();
      return failure();
    }
    outputs.push_back(*symbol);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

LogicalResult GraphScope::importIf(NodeImport &n,
                                   SmallVectorImpl<Symbol> &results) {
  const onnx::GraphProto *then = n.graph("then_branch");
  const onnx::GraphProto *otherwise = n.graph("else_branch");
  if (!then || !otherwise)
    return failure();
  std::optional<int64_t> condition = scalarOf(n.constant(0));
  if (!condition)
    return importBranches(n, *then, *otherwise, results);
  return *condition ? importBody(n, *then, "then", {}, results)
                    : importBody(n, *otherwise, "else", {}, results);
}

/// "float 2x3"
static std::string typeText(Value tensor) {
  RankedTensorType type = nnc::typeOf(tensor);
  return onnxTypeName(onnxTypeFor(type.getElementType())) + " " +
         nnc::shapeText(type.getShape());
}

/// A condition that only a run knows: both branches are computed, and each result
/// is chosen. Indices out of range matter in the branch that is taken.
LogicalResult GraphScope::importBranches(NodeImport &n,
                                         const onnx::GraphProto &then,
                                         const onnx::GraphProto &otherwise,
                                         SmallVectorImpl<Symbol> &results) {
  Value condition = n.input(0);
  if (!condition)
    return failure();
  if (!nnc::typeOf(condition).getElementType().isInteger(1) ||
      nnc::typeOf(condition).getNumElements() != 1)
    return n.error() << "condition '" << n.proto().input(0) << "' is "
                     << typeText(condition) << ", not one boolean";
  if (then.output_size() != otherwise.output_size())
    return n.error() << "one branch has " << then.output_size()
                     << " outputs, the other " << otherwise.output_size();
  condition = n.reshape(condition, ArrayRef<int64_t>());
  auto unknown = [&] {
    return n.error() << "condition '" << n.proto().input(0)
                     << "' is not known at compile time, ";
  };
  auto select = [&](Value whenTrue, Value whenFalse) {
    return n.create<nnc::SelectOp>(condition, whenTrue, whenFalse);
  };
  auto guard = [&](size_t first, bool taken) {
    for (Value &check : llvm::drop_begin(state.checks, first)) {
      Value none = n.scalar(0, check);
      check = taken ? select(check, none) : select(none, check);
    }
  };
  SmallVector<Symbol> thens, elses;
  size_t first = state.checks.size();
  LogicalResult left = importBody(n, then, "then", {}, thens);
  guard(first, true);
  first = state.checks.size();
  LogicalResult right = importBody(n, otherwise, "else", {}, elses);
  guard(first, false);
  if (failed(left) || failed(right))
    return unknown() << "so both branches must fit; -value fixes an input";
  for (auto [i, a, b] : llvm::enumerate(thens, elses)) {
    Value whenTrue = n.value(a), whenFalse = n.value(b);
    if (!whenTrue || !whenFalse)
      return failure();
    if (whenTrue.getType() != whenFalse.getType())
      return unknown() << "and output #" << i << " is " << typeText(whenTrue)
                       << " in one branch, " << typeText(whenFalse)
                       << " in the other; -value fixes an input";
    Symbol chosen;
    chosen.value = whenTrue == whenFalse ? whenTrue : select(whenTrue, whenFalse);
    chosen.poisoned = !chosen.value;
    results.push_back(chosen);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Loop
//===----------------------------------------------------------------------===//

/// What the iterations of a loop leave for one output, stacked along `axis`.
Symbol GraphScope::stack(NodeImport &n, MutableArrayRef<Symbol> steps,
                         int64_t axis) {
  SmallVector<Value> parts;
  for (Symbol &step : steps) {
    Value value = n.value(step);
    if (!value) {
      parts.push_back({});
      break;
    }
    SmallVector<int64_t> shape(shapeOf(value));
    shape.insert(shape.begin() + axis, 1);
    parts.push_back(n.reshape(value, shape));
  }
  Symbol symbol;
  symbol.value =
      llvm::is_contained(parts, nullptr) ? Value() : concat(n, parts, axis);
  symbol.poisoned = !symbol.value;
  return symbol;
}

/// The stack of no iterations at all: what the graph declares says its shape.
static FailureOr<Symbol> emptyStack(NodeImport &n,
                                    const onnx::ValueInfoProto &output) {
  const onnx::TypeProto::Tensor &declared = output.type().tensor_type();
  Type element = elementTypeFor(n.context(), declared.elem_type());
  SmallVector<int64_t> shape{0};
  for (const auto &dim : declared.shape().dim())
    shape.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  if (!element || !declared.has_shape() || llvm::is_contained(shape, -1))
    return n.error()
           << "runs no iteration, and its graph does not declare the shape "
           << "of '" << output.name() << "'";
  Symbol symbol;
  symbol.constant = cast<ElementsAttr>(DenseElementsAttr::get(
      RankedTensorType::get(shape, element), ArrayRef<Attribute>()));
  return symbol;
}

LogicalResult GraphScope::importLoop(NodeImport &n,
                                     SmallVectorImpl<Symbol> &results) {
  const onnx::GraphProto *graph = n.graph("body");
  if (!graph)
    return failure();
  std::optional<int64_t> count = scalarOf(n.constant(0));
  if (n.has(0) && !count)
    return n.error() << "trip count '" << n.proto().input(0)
                     << "' is not known at compile time";
  Symbol condition =
      n.has(1) ? *n.boundInputs()[1] : scalarSymbol(n.context(), 1, 1);
  SmallVector<Symbol> carried;
  for (unsigned i = 2; i < n.inputCount(); ++i) {
    if (!n.has(i))
      return n.error() << "input #" << i << " is missing";
    carried.push_back(*n.boundInputs()[i]);
  }
  size_t kept = carried.size();
  if (graph->output_size() < int(1 + kept))
    return n.error() << "carries " << kept << " values, its graph has only "
                     << graph->output_size() << " outputs";
  SmallVector<SmallVector<Symbol>> stacks(graph->output_size() - 1 - kept);
  for (int64_t i = 0; !count || i < *count; ++i) {
    std::optional<int64_t> goesOn = scalarOf(condition.constant);
    if (!goesOn)
      return n.error() << "whether iteration " << i
                       << " runs is not known at compile time";
    if (!*goesOn)
      break;
    SmallVector<Symbol> inputs{scalarSymbol(n.context(), 64, i), condition};
    llvm::append_range(inputs, carried);
    SmallVector<Symbol> outputs;
    if (failed(importBody(n, *graph, Twine(i), inputs, outputs)))
      return failure();
    condition = outputs.front();
    carried.assign(outputs.begin() + 1, outputs.begin() + 1 + kept);
    for (size_t k = 0; k < stacks.size(); ++k)
      stacks[k].push_back(outputs[1 + kept + k]);
  }
  results.assign(carried.begin(), carried.end());
  for (size_t k = 0; k < stacks.size(); ++k) {
    FailureOr<Symbol> whole = stacks[k].empty()
                                  ? emptyStack(n, graph->output(1 + kept + k))
                                  : FailureOr<Symbol>(stack(n, stacks[k], 0));
    if (failed(whole))
      return failure();
    results.push_back(*whole);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

/// Element `name`[i] of an optional list of integers.
static int64_t entry(const std::optional<SmallVector<int64_t>> &list,
                     size_t i) {
  return list && i < list->size() ? (*list)[i] : 0;
}

LogicalResult GraphScope::importScan(NodeImport &n,
                                     SmallVectorImpl<Symbol> &results) {
  const onnx::GraphProto *graph = n.graph("body");
  if (!graph)
    return failure();
  if (n.opset() < 9)
    return n.error() << "the batched form of opset 8 is not supported";
  int64_t scanned = n.integer("num_scan_inputs", 0);
  auto directions = n.integers("scan_input_directions");
  auto axes = n.integers("scan_input_axes");
  auto outputDirections = n.integers("scan_output_directions");
  auto outputAxes = n.integers("scan_output_axes");
  int64_t kept = int64_t(n.inputCount()) - scanned;
  if (scanned < 1 || kept < 0 || graph->output_size() < kept)
    return n.error() << "attribute 'num_scan_inputs' is " << scanned
                     << ", the node has " << n.inputCount()
                     << " inputs and its graph " << graph->output_size()
                     << " outputs";
  SmallVector<Symbol> carried;
  SmallVector<Value> sources;
  SmallVector<int64_t> sourceAxes;
  for (unsigned i = 0; i < n.inputCount(); ++i) {
    Value value = n.input(i);
    if (!value)
      return failure();
    if (i < kept) {
      carried.push_back(*n.boundInputs()[i]);
      continue;
    }
    FailureOr<int64_t> axis =
        n.normalizeAxis(entry(axes, i - kept), shapeOf(value).size());
    if (failed(axis))
      return failure();
    sources.push_back(value);
    sourceAxes.push_back(*axis);
    if (shapeOf(value)[*axis] != shapeOf(sources[0])[sourceAxes[0]])
      return n.error() << "scans " << shapeOf(sources[0])[sourceAxes[0]]
                       << " and " << shapeOf(value)[*axis] << " elements";
  }
  int64_t count = shapeOf(sources[0])[sourceAxes[0]];
  SmallVector<SmallVector<Symbol>> stacks(graph->output_size() - kept);
  for (int64_t step = 0; step < count; ++step) {
    SmallVector<Symbol> inputs(carried), outputs;
    for (size_t k = 0; k < sources.size(); ++k) {
      int64_t at = entry(directions, k) ? count - 1 - step : step;
      SmallVector<int64_t> shape(shapeOf(sources[k]));
      shape.erase(shape.begin() + sourceAxes[k]);
      Symbol element;
      element.value =
          n.reshape(slice(n, sources[k], sourceAxes[k], at, 1), shape);
      inputs.push_back(element);
    }
    if (failed(importBody(n, *graph, Twine(step), inputs, outputs)))
      return failure();
    carried.assign(outputs.begin(), outputs.begin() + kept);
    for (size_t k = 0; k < stacks.size(); ++k)
      stacks[k].push_back(outputs[kept + k]);
  }
  results.assign(carried.begin(), carried.end());
  for (size_t k = 0; k < stacks.size(); ++k) {
    if (stacks[k].empty()) {
      FailureOr<Symbol> none = emptyStack(n, graph->output(kept + k));
      if (failed(none))
        return failure();
      results.push_back(*none);
      continue;
    }
    if (entry(outputDirections, k))
      std::reverse(stacks[k].begin(), stacks[k].end());
    Value first = n.value(stacks[k][0]);
    if (!first)
      return failure();
    int64_t rank = shapeOf(first).size() + 1;
    FailureOr<int64_t> axis = n.normalizeAxis(entry(outputAxes, k), rank);
    if (failed(axis))
      return failure();
    results.push_back(stack(n, stacks[k], *axis));
  }
  return success();
}

ArrayRef<GraphScope::ControlFlowRow> GraphScope::controlFlowRows() {
  static constexpr ControlFlowRow rows[] = {
      {"If", 7, &GraphScope::importIf, "both branches are computed if the condition is not known when compiling"},
      {"Loop", 7, &GraphScope::importLoop, "the number of iterations must be known when compiling"},
      {"Scan", 9, &GraphScope::importScan, ""},
  };
  return rows;
}

GraphScope::ControlFlow GraphScope::controlFlow(const onnx::NodeProto &node) {
  if (!normalizedDomain(node.domain()).empty())
    return nullptr;
  for (const ControlFlowRow &row : controlFlowRows())
    if (row.name == node.op_type())
      return row.import;
  return nullptr;
}
