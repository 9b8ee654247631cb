//===- Sequences.cpp - operators on sequences of tensors -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sequence exists only while importing: it is the list of its tensors, whose
// number is known once loops are unrolled. Exporters use sequences to collect what
// a loop computes and to cut a tensor into pieces.

#include "lib/Frontend/Sequences.h"
#include "dialects/Nnc/IR/Evaluation.h"
#include "lib/Frontend/GraphScope.h"
#include "lib/Frontend/OnnxOps/Moves.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

using Symbols = SmallVectorImpl<Symbol>;

static Symbol sequenceSymbol(std::vector<Symbol> elements) {
  Symbol symbol;
  symbol.sequence = std::make_shared<const std::vector<Symbol>>(std::move(elements));
  return symbol;
}

/// `tensor` as a constant, if it is an operation on constants: exporters compute
/// shapes with sequences, too.
static Value folded(NodeImport &n, Value tensor) {
  Operation *op = tensor ? tensor.getDefiningOp() : nullptr;
  ElementsAttr known = op ? nnc::evaluate(op) : ElementsAttr();
  return known ? n.constant(known) : tensor;
}

static Symbol tensorSymbol(Value value) {
  Symbol symbol;
  if (auto constant = value ? value.getDefiningOp<nnc::ConstantOp>() : nullptr)
    symbol.constant = constant.getValue();
  symbol.value = value;
  return symbol;
}

/// The tensors of the first input, nothing after reporting that it is no sequence.
static std::optional<std::vector<Symbol>> readSequence(NodeImport &n) {
  n.constant(0); // which it is not
  if (n.has(0) && n.boundInputs()[0]->sequence)
    return *n.boundInputs()[0]->sequence;
  n.error() << "input #0 must be a sequence of tensors";
  return std::nullopt;
}

/// The position that input `i` gives, counted from the front, or `otherwise`; it
/// is less than `count`.
static FailureOr<int64_t> readPosition(NodeImport &n, unsigned i, int64_t length,
                                       int64_t otherwise, int64_t count) {
  int64_t position = otherwise;
  if (n.has(i)) {
    FailureOr<SmallVector<int64_t>> given = n.integers(i, "the position");
    if (failed(given))
      return failure();
    if (given->size() != 1)
      return n.error() << "takes one position, not " << given->size();
    position = given->front() < 0 ? given->front() + length : given->front();
  }
  if (position < 0 || position >= count)
    return n.error() << "position " << position << " is outside a sequence of "
                     << length << " tensors";
  return position;
}

//===----------------------------------------------------------------------===//
// Sequences of given tensors
//===----------------------------------------------------------------------===//

static LogicalResult importEmpty(NodeImport &n, Symbols &results) {
  n.ignore("dtype");
  results.push_back(sequenceSymbol({}));
  return success();
}

static LogicalResult importConstruct(NodeImport &n, Symbols &results) {
  std::vector<Symbol> elements;
  for (unsigned i = 0; i < n.inputCount(); ++i) {
    if (!n.operand(i))
      return failure();
    elements.push_back(*n.boundInputs()[i]);
  }
  results.push_back(sequenceSymbol(std::move(elements)));
  return success();
}

static LogicalResult importInsert(NodeImport &n, Symbols &results) {
  auto elements = readSequence(n);
  if (!elements || !n.operand(1))
    return failure();
  int64_t length = elements->size();
  FailureOr<int64_t> position = readPosition(n, 2, length, length, length + 1);
  if (failed(position))
    return failure();
  elements->insert(elements->begin() + *position, *n.boundInputs()[1]);
  results.push_back(sequenceSymbol(std::move(*elements)));
  return success();
}

static LogicalResult importErase(NodeImport &n, Symbols &results) {
  auto elements = readSequence(n);
  if (!elements)
    return failure();
  int64_t length = elements->size();
  FailureOr<int64_t> position = readPosition(n, 1, length, length - 1, length);
  if (failed(position))
    return failure();
  elements->erase(elements->begin() + *position);
  results.push_back(sequenceSymbol(std::move(*elements)));
  return success();
}

//===----------------------------------------------------------------------===//
// Back to tensors
//===----------------------------------------------------------------------===//

static LogicalResult importAt(NodeImport &n, Symbols &results) {
  auto elements = readSequence(n);
  if (!elements)
    return failure();
  if (!n.has(1))
    return n.error() << "the position (input #1) is missing";
  int64_t length = elements->size();
  FailureOr<int64_t> position = readPosition(n, 1, length, 0, length);
  if (failed(position))
    return failure();
  results.push_back((*elements)[*position]);
  return success();
}

static LogicalResult importLength(NodeImport &n, Symbols &results) {
  auto elements = readSequence(n);
  if (!elements)
    return failure();
  IntTensor length = IntTensor::vector(n.context(), int64_t(elements->size()));
  length.shape.clear();
  results.emplace_back().constant = length.toAttr();
  return success();
}

static LogicalResult importConcat(NodeImport &n, Symbols &results) {
  auto elements = readSequence(n);
  if (!elements)
    return failure();
  if (elements->empty())
    return n.error() << "cannot join a sequence without tensors";
  bool isNew = n.integer("new_axis", 0) != 0;
  int64_t rank = shapeOf(n.value(elements->front())).size();
  FailureOr<int64_t> axis = n.normalizeAxis(n.integer("axis", 0), rank + isNew);
  if (failed(axis))
    return failure();
  SmallVector<Value> parts;
  for (Symbol &element : *elements) {
    Value part = n.value(element);
    SmallVector<int64_t> shape(shapeOf(part));
    if (isNew && int64_t(shape.size()) >= *axis) {
      shape.insert(shape.begin() + *axis, 1);
      part = folded(n, n.reshape(part, shape));
    }
    parts.push_back(part);
  }
  results.push_back(tensorSymbol(folded(n, concat(n, parts, *axis))));
  return success(results.back().value != nullptr);
}

/// The extents of the pieces that `split` cuts `extent` into: each is one number, or
/// as long as it.
static FailureOr<SmallVector<int64_t>> pieceExtents(NodeImport &n, int64_t extent) {
  if (!n.has(1))
    return SmallVector<int64_t>(extent, 1);
  FailureOr<SmallVector<int64_t>> given = n.integers(1, "the extents of the pieces");
  if (failed(given))
    return failure();
  SmallVector<int64_t> pieces = *given;
  bool isLength = IntTensor::get(n.constant(1))->rank() == 0;
  if (isLength && pieces[0] >= 1)
    for (int64_t length = pieces[0], left = (pieces.clear(), extent); left > 0; left -= length)
      pieces.push_back(std::min(left, length));
  int64_t sum = 0;
  for (int64_t piece : pieces)
    sum += piece < 0 || piece > extent ? extent + 1 : piece;
  if (sum != extent)
    return n.error() << "cannot cut extent " << extent << " into "
                     << nnc::shapeText(pieces);
  return pieces;
}

static LogicalResult importSplit(NodeImport &n, Symbols &results) {
  Value input = n.input(0);
  if (!input)
    return failure();
  FailureOr<int64_t> axis =
      n.normalizeAxis(n.integer("axis", 0), shapeOf(input).size());
  bool keep = n.integer("keepdims", 1) != 0 || n.has(1);
  if (failed(axis))
    return failure();
  FailureOr<SmallVector<int64_t>> pieces = pieceExtents(n, shapeOf(input)[*axis]);
  if (failed(pieces))
    return failure();
  std::vector<Symbol> elements;
  int64_t start = 0;
  for (int64_t piece : *pieces) {
    Value part = folded(n, slice(n, input, *axis, start, piece));
    if (!part)
      return failure();
    SmallVector<int64_t> shape(shapeOf(part));
    if (!keep)
      shape.erase(shape.begin() + *axis);
    elements.push_back(tensorSymbol(folded(n, n.reshape(part, shape))));
    start += piece;
  }
  results.push_back(sequenceSymbol(std::move(elements)));
  return success();
}

llvm::ArrayRef<SequenceRow> nncc::frontend::sequenceRows() {
  static constexpr SequenceRow rows[] = {
      {"ConcatFromSequence", 11, importConcat, ""},
      {"SequenceAt", 11, importAt, ""},
      {"SequenceConstruct", 11, importConstruct, ""},
      {"SequenceEmpty", 11, importEmpty, ""},
      {"SequenceErase", 11, importErase, ""},
      {"SequenceInsert", 11, importInsert, ""},
      {"SequenceLength", 11, importLength, ""},
      {"SplitToSequence", 11, importSplit, ""},
  };
  return rows;
}

SequenceImport nncc::frontend::findSequenceOp(const onnx::NodeProto &node) {
  if (!normalizedDomain(node.domain()).empty())
    return nullptr;
  for (const SequenceRow &row : sequenceRows())
    if (row.name == node.op_type())
      return row.import;
  return nullptr;
}
