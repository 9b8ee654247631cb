//===- RuntimePart.cpp - tensors whose extent only a run knows ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/RuntimePart.h"
#include "lib/Frontend/GraphScope.h"
#include "lib/Frontend/OnnxOps/Positions.h"
#include <llvm/ADT/StringSwitch.h>
#include <limits>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

bool nncc::frontend::isRuntimeSlice(NodeImport &n) {
  return n.proto().op_type() == "Slice" && normalizedDomain(n.proto().domain()).empty() &&
         n.opset() >= 10 && n.has(1) && n.has(2) && (!n.constant(1) || !n.constant(2));
}

/// The only entry of an optional list, input `i`.
static FailureOr<int64_t> onlyEntry(NodeImport &n, unsigned i, StringRef what,
                                    int64_t otherwise) {
  if (!n.has(i))
    return otherwise;
  FailureOr<SmallVector<int64_t>> list = n.integers(i, what);
  if (failed(list))
    return failure();
  if (list->size() != 1)
    return n.error() << "has " << list->size() << " entries in " << what
                     << ", bounds that only a run knows need one";
  return list->front();
}

LogicalResult nncc::frontend::importRuntimeSlice(NodeImport &n,
                                                 SmallVectorImpl<Symbol> &results) {
  Value input = n.input(0);
  OpFoldResult start = n.operand(1), end = n.operand(2);
  FailureOr<int64_t> axis = onlyEntry(n, 3, "the list of axes", 0);
  FailureOr<int64_t> step = onlyEntry(n, 4, "the list of steps", 1);
  if (!input || !start || !end || failed(axis) || failed(step))
    return failure();
  for (OpFoldResult bound : {start, end})
    if (typeOf(bound).getNumElements() != 1)
      return n.error() << "has bounds " << nnc::shapeText(typeOf(bound).getShape())
                       << " that only a run knows, they must be of one axis";
  if (*step != 1)
    return n.error() << "has a step of " << *step << ", bounds that only a run knows need 1";
  axis = n.normalizeAxis(*axis, shapeOf(input).size());
  if (failed(axis))
    return failure();
  int64_t extent = shapeOf(input)[*axis];
  Type i64 = IntegerType::get(n.context(), 64);
  auto bound = [&](unsigned i) { // negative ones count from the end
    Value at = n.convert(n.input(i), i64);
    at = at ? n.reshape(at, ArrayRef<int64_t>()) : at;
    Value fromEnd = n.create<nnc::AddOp>(at, n.scalar(extent, at));
    return n.create<nnc::SelectOp>(n.create<nnc::LessOp>(at, n.scalar(0, at)), fromEnd, at);
  };
  Value positions = positionsAlong(n, extent, i64, 0, 1);
  Symbol part;
  part.value = input;
  part.part = RuntimePart{
      start, end, *axis,
      n.create<nnc::AndOp>(n.create<nnc::LessEqualOp>(bound(1), positions),
                           n.create<nnc::LessOp>(positions, bound(2)))};
  results.push_back(part);
  n.checkLeftovers();
  return success(part.part->present != nullptr);
}

//===----------------------------------------------------------------------===//
// What takes parts
//===----------------------------------------------------------------------===//

bool nncc::frontend::takesPart(const NodeImport &n) {
  return llvm::any_of(n.boundInputs(), [](Symbol *input) { return input && input->part; });
}

namespace {
enum class Kind { Elementwise, Gather, Unsqueeze, Reduce, Other };

/// An input that is a part.
struct Operand {
  unsigned number;
  RuntimePart part;
  RankedTensorType type;
};

class PartImport {
public:
  using Import = LogicalResult (*)(NodeImport &);
  PartImport(NodeImport &n, Import import) : n(n), import(import), wholes(n.inputCount()) {
    for (unsigned i = 0; i < n.inputCount(); ++i) {
      if (!n.has(i))
        continue;
      wholes[i] = *n.boundInputs()[i];
      if (wholes[i].part)
        parts.push_back({i, *wholes[i].part, nnc::typeOf(wholes[i].value)});
      wholes[i].part.reset();
      n.rebind(i, &wholes[i]);
    }
  }

  LogicalResult run(SmallVectorImpl<Symbol> &results) {
    axis = parts.front().part.axis;
    if (failed(prepare()) || failed(import(n)))
      return failure();
    for (OpFoldResult &result : n.results()) {
      if (isReduced && n.proto().op_type() == "ReduceMean")
        result = correctedMean(cast<Value>(result));
      Symbol symbol;
      symbol.value = dyn_cast_if_present<Value>(result);
      if (!symbol.value || (kind() == Kind::Elementwise && failed(checkBroadcast(symbol.value))))
        return failure();
      if (!isReduced) {
        symbol.part = parts.front().part;
        symbol.part->axis = axis;
      }
      results.push_back(symbol);
    }
    n.checkLeftovers();
    return success();
  }

private:
  Kind kind() const {
    return llvm::StringSwitch<Kind>(n.proto().op_type())
        .Cases("Abs", "Add", "Cast", "CastLike", "Clip", "Div", "Exp", "Identity", Kind::Elementwise)
        .Cases("LeakyRelu", "Log", "Max", "Min", "Mul", "Neg", "Pow", Kind::Elementwise)
        .Cases("Reciprocal", "Relu", "Sigmoid", "Sqrt", "Sub", "Tanh", Kind::Elementwise)
        .Case("Gather", Kind::Gather)
        .Case("Unsqueeze", Kind::Unsqueeze)
        .Cases("ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", Kind::Reduce)
        .Cases("ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", Kind::Reduce)
        .Default(Kind::Other);
  }

  /// What to do before the whole tensors are imported. Finds the axis of the result.
  LogicalResult prepare() {
    const Operand &first = parts.front();
    switch (kind()) {
    case Kind::Elementwise:
      return success(); // checked when the shape of the result is known
    case Kind::Unsqueeze:
      return unsqueeze();
    case Kind::Reduce:
      return reduce();
    case Kind::Gather: {
      FailureOr<int64_t> along =
          n.normalizeAxis(n.integer("axis", 0), nnc::typeOf(n.input(0)).getRank());
      if (failed(along) || parts.size() > 1 || first.number != 1)
        break;
      axis += *along;
      return success();
    }
    case Kind::Other:
      break;
    }
    if (n.failed())
      return failure();
    return n.error() << "input '" << n.proto().input(first.number) << "' has at most "
                     << first.type.getDimSize(first.part.axis) << " elements along axis "
                     << first.part.axis << ", only a run knows how many; -value fixes an input";
  }

  /// What an attribute or, in newer opsets, input 1 lists.
  FailureOr<SmallVector<int64_t>> listedAxes() {
    if (auto axes = n.integers("axes"))
      return *axes;
    return n.has(1) ? n.integers(1, "the list of axes") : SmallVector<int64_t>();
  }

  LogicalResult unsqueeze() {
    FailureOr<SmallVector<int64_t>> listed = listedAxes();
    if (failed(listed))
      return failure();
    int64_t rank = parts.front().type.getRank() + listed->size();
    FailureOr<SmallVector<int64_t>> inserted = n.normalizeAxes(*listed, rank);
    if (failed(inserted))
      return failure();
    for (int64_t at : *inserted) // ascending
      axis += at <= axis;
    return success();
  }

  /// Has a reduction along the axis leave out what does not exist.
  LogicalResult reduce() {
    const Operand &operand = parts.front();
    FailureOr<SmallVector<int64_t>> listed = listedAxes();
    if (failed(listed))
      return failure();
    FailureOr<SmallVector<int64_t>> axes = n.normalizeAxes(*listed, operand.type.getRank());
    if (failed(axes) || (axes->empty() && n.integer("noop_with_empty_axes", 0)))
      return failed(axes) ? failure() : success();
    isReduced = axes->empty() || llvm::is_contained(*axes, axis);
    if (!isReduced) {
      if (!n.integer("keepdims", 1))
        axis -= llvm::count_if(*axes, [&](int64_t at) { return at < operand.part.axis; });
      return success();
    }
    if (n.proto().op_type() == "ReduceMean" && !isa<FloatType>(operand.type.getElementType()))
      return n.error() << "means of integers of which only a run knows how many are not supported";
    SmallVector<int64_t> column(operand.type.getRank(), 1);
    column[axis] = operand.type.getDimSize(axis);
    Value present = n.reshape(operand.part.present, column), whole = wholes[0].value;
    wholes[0].value = n.create<nnc::SelectOp>(present, whole, n.scalar(neutral(), whole));
    return success(wholes[0].value != nullptr);
  }

  /// What does not change the result of a reduction.
  double neutral() const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return llvm::StringSwitch<double>(n.proto().op_type())
        .Cases("ReduceMax", "ReduceLogSumExp", -infinity)
        .Case("ReduceMin", infinity)
        .Case("ReduceProd", 1)
        .Default(0);
  }

  /// The mean of all with zeros for some is too small. That of none, which ONNX leaves
  /// undefined, is zero as in PyTorch.
  Value correctedMean(Value mean) {
    const Operand &operand = parts.front();
    Value ones = n.convert(operand.part.present, operand.type.getElementType());
    Value count = n.create<nnc::ReduceOp>(ones, nnc::ReduceKind::Sum, ArrayRef<int64_t>{0});
    Value divisor = n.create<nnc::MaxOp>(count, n.scalar(1, mean));
    Value factor = n.create<nnc::DivOp>(n.scalar(operand.type.getDimSize(axis), mean), divisor);
    return factor ? n.create<nnc::MulOp>(mean, n.reshape(factor, ArrayRef<int64_t>())) : Value();
  }

  /// Elementwise: parts must have the same bounds, all else is repeated along the axis.
  LogicalResult checkBroadcast(Value result) {
    int64_t rank = shapeOf(result).size();
    const RuntimePart &first = parts.front().part;
    axis = first.axis + rank - parts.front().type.getRank();
    int64_t extent = parts.front().type.getDimSize(first.axis);
    for (unsigned i = 0; i < n.inputCount(); ++i) {
      if (!n.has(i))
        continue;
      ArrayRef<int64_t> shape = typeOfInput(i).getShape();
      int64_t at = axis - rank + shape.size();
      auto part = llvm::find_if(parts, [&](const Operand &operand) { return operand.number == i; });
      bool fits = at < 0 || shape[at] == 1;
      if (part != parts.end())
        fits = part->part.axis == at && shape[at] == extent && part->part.start == first.start &&
               part->part.end == first.end;
      if (!fits)
        return n.error() << "input '" << n.proto().input(i) << "' and '"
                         << n.proto().input(parts.front().number)
                         << "', of which only a run knows the extent, may not fit";
    }
    return success();
  }

  RankedTensorType typeOfInput(unsigned i) {
    const Symbol &whole = wholes[i];
    return whole.value ? nnc::typeOf(whole.value) : cast<RankedTensorType>(whole.constant.getType());
  }

  NodeImport &n;
  Import import;
  std::vector<Symbol> wholes;
  SmallVector<Operand, 2> parts;
  int64_t axis = 0;
  bool isReduced = false;
};
} // namespace

LogicalResult nncc::frontend::importOfPart(NodeImport &n, PartImport::Import import,
                                           SmallVectorImpl<Symbol> &results) {
  return PartImport(n, import).run(results);
}
