//===- NodeImport.cpp - one ONNX node on its way into the module ----------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/NodeImport.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinAttributes.h>
#include <mlir/IR/DialectResourceBlobManager.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;
using onnx::AttributeProto;

NodeImport::NodeImport(const onnx::NodeProto &node, int opset,
                       std::string label, NameLoc loc, OpBuilder &builder,
                       TensorReader &tensors, Problems &problems,
                       SmallVectorImpl<Value> &checks,
                       std::shared_ptr<const void> owner)
    : node(node), version(opset), label(std::move(label)), loc(loc),
      builder(builder), tensors(tensors), problems(problems), checks(checks),
      owner(std::move(owner)) {}

InFlightDiagnostic NodeImport::error() {
  hasFailed = true;
  return problems.error() << label << ": ";
}

InFlightDiagnostic NodeImport::warning() {
  return problems.warning() << label << ": ";
}

RankedTensorType frontend::typeOf(OpFoldResult tensor) {
  if (auto value = dyn_cast<Value>(tensor))
    return cast<RankedTensorType>(value.getType());
  return cast<RankedTensorType>(
      cast<ElementsAttr>(cast<Attribute>(tensor)).getType());
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

Value NodeImport::optionalInput(unsigned i) {
  asked.resize(std::max<size_t>(asked.size(), i + 1));
  asked[i] = true;
  return has(i) ? value(*inputs[i]) : Value();
}

Value NodeImport::value(Symbol &symbol) {
  if (symbol.sequence) {
    error() << "'" << symbol.name << "' is a sequence of tensors, not a tensor";
    return {};
  }
  if (symbol.part) {
    error() << "'" << symbol.name << "' has an extent along axis " << symbol.part->axis
            << " that only a run knows; -value fixes an input";
    return {};
  }
  if (!symbol.value)
    symbol.value = builder.create<nnc::ConstantOp>(
        NameLoc::get(builder.getStringAttr(symbol.name)), symbol.constant);
  return symbol.value;
}

Value NodeImport::input(unsigned i) {
  if (!has(i))
    error() << "input #" << i << " is missing";
  return optionalInput(i);
}

ElementsAttr NodeImport::constant(unsigned i) {
  asked.resize(std::max<size_t>(asked.size(), i + 1));
  asked[i] = true;
  return has(i) ? inputs[i]->constant : ElementsAttr();
}

OpFoldResult NodeImport::operand(unsigned i) {
  if (ElementsAttr known = constant(i))
    return OpFoldResult(known);
  if (Value value = input(i))
    return OpFoldResult(value);
  return {};
}

FailureOr<SmallVector<int64_t>> NodeImport::integers(unsigned i,
                                                     StringRef what) {
  if (!has(i))
    return error() << what << " (input #" << i << ") is missing";
  std::optional<IntTensor> tensor = IntTensor::get(constant(i));
  if (!tensor || tensor->rank() > 1)
    return error() << what << " (input #" << i << " '" << node.input(i)
                   << "') must be a constant vector of integers";
  return tensor->values;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

static const AttributeProto *find(const onnx::NodeProto &node, StringRef name) {
  for (const AttributeProto &attribute : node.attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

bool NodeImport::hasAttribute(StringRef name) const { return find(node, name); }

const AttributeProto *NodeImport::attribute(StringRef name,
                                            AttributeProto::AttributeType type,
                                            StringRef typeName) {
  known.insert(name);
  const AttributeProto *found = find(node, name);
  if (found && found->type() == type)
    return found;
  if (found)
    error() << "attribute '" << name << "' must be " << typeName;
  return nullptr;
}

const onnx::GraphProto *NodeImport::graph(StringRef name) {
  const AttributeProto *found =
      attribute(name, AttributeProto::GRAPH, "a graph");
  if (!found && !hasFailed)
    error() << "attribute '" << name << "' is missing";
  return found ? &found->g() : nullptr;
}

int64_t NodeImport::integer(StringRef name, int64_t otherwise) {
  const AttributeProto *found =
      attribute(name, AttributeProto::INT, "an integer");
  return found ? found->i() : otherwise;
}

float NodeImport::real(StringRef name, float otherwise) {
  const AttributeProto *found =
      attribute(name, AttributeProto::FLOAT, "a float");
  return found ? found->f() : otherwise;
}

std::string NodeImport::text(StringRef name, StringRef otherwise) {
  const AttributeProto *found =
      attribute(name, AttributeProto::STRING, "a string");
  return found ? found->s() : otherwise.str();
}

SmallVector<std::string> NodeImport::texts(StringRef name) {
  const AttributeProto *found =
      attribute(name, AttributeProto::STRINGS, "a list of strings");
  return found ? SmallVector<std::string>(found->strings().begin(),
                                          found->strings().end())
               : SmallVector<std::string>();
}

std::optional<SmallVector<int64_t>> NodeImport::integers(StringRef name) {
  const AttributeProto *found =
      attribute(name, AttributeProto::INTS, "a list of integers");
  if (!found)
    return std::nullopt;
  return SmallVector<int64_t>(found->ints().begin(), found->ints().end());
}

std::optional<SmallVector<float>> NodeImport::reals(StringRef name) {
  const AttributeProto *found =
      attribute(name, AttributeProto::FLOATS, "a list of floats");
  if (!found)
    return std::nullopt;
  return SmallVector<float>(found->floats().begin(), found->floats().end());
}

ElementsAttr NodeImport::tensor(StringRef name) {
  const AttributeProto *found =
      attribute(name, AttributeProto::TENSOR, "a tensor");
  if (!found)
    return {};
  llvm::Expected<ElementsAttr> value = tensors.read(found->t(), owner);
  if (value)
    return *value;
  error() << "attribute '" << name
          << "': " << llvm::toString(value.takeError());
  return {};
}

FailureOr<int64_t> NodeImport::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return error() << "axis " << axis << " is outside rank " << rank;
  return axis < 0 ? axis + rank : axis;
}

FailureOr<SmallVector<int64_t>>
NodeImport::normalizeAxes(ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    FailureOr<int64_t> normalized = normalizeAxis(axis, rank);
    if (mlir::failed(normalized))
      return failure();
    if (llvm::is_contained(result, *normalized))
      return error() << "axis " << *normalized << " is given twice";
    result.push_back(*normalized);
  }
  llvm::sort(result);
  return result;
}

void NodeImport::checkLeftovers() {
  for (unsigned i = 0; i < inputs.size(); ++i)
    if (inputs[i] && (i >= asked.size() || !asked[i]))
      error() << "takes no input #" << i << " ('" << node.input(i) << "')";
  for (const AttributeProto &attribute : node.attribute())
    if (!known.contains(attribute.name()))
      warning() << "attribute '" << attribute.name() << "' is ignored";
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

LogicalResult NodeImport::checkResult(RankedTensorType type) {
  if (llvm::Error problem = checkShape(type.getShape()))
    return error() << "result: " << llvm::toString(std::move(problem));
  return success();
}

Value NodeImport::finish(OperationState &state, Infer infer) {
  if (!llvm::all_of(state.operands,
                    [](Value operand) { return bool(operand); }))
    return {};
  std::string reason;
  SmallVector<Type> types;
  LogicalResult inferred = failure();
  {
    ScopedDiagnosticHandler capture(context(), [&](Diagnostic &diagnostic) {
      reason = diagnostic.str();
      return success();
    });
    inferred = infer(context(), state.location, state.operands,
                     state.attributes.getDictionary(context()),
                     state.getRawProperties(), RegionRange(), types);
  }
  if (mlir::failed(inferred)) {
    error() << reason;
    return {};
  }
  if (mlir::failed(checkResult(cast<RankedTensorType>(types.front()))))
    return {};
  state.types.assign(types.begin(), types.end());
  return builder.create(state)->getResult(0);
}

/// Nothing has to be computed for a tensor without elements.
Value NodeImport::empty(RankedTensorType type) {
  return constant(cast<ElementsAttr>(DenseElementsAttr::get(type, ArrayRef<Attribute>())));
}

Value NodeImport::constant(ElementsAttr value) {
  return builder.create<nnc::ConstantOp>(loc, value);
}

Value NodeImport::reshape(Value tensor, ArrayRef<int64_t> shape) {
  OpFoldResult result = reshape(OpFoldResult(tensor), shape);
  return result ? cast<Value>(result) : Value();
}

OpFoldResult NodeImport::reshape(OpFoldResult tensor, ArrayRef<int64_t> shape) {
  if (!tensor)
    return {};
  RankedTensorType from = typeOf(tensor);
  auto to = RankedTensorType::get(shape, from.getElementType());
  if (mlir::failed(checkResult(to)))
    return {};
  if (from.getNumElements() != to.getNumElements()) {
    error() << "cannot reshape " << nnc::shapeText(from.getShape()) << " to "
            << nnc::shapeText(shape);
    return {};
  }
  if (from == to)
    return tensor;
  if (auto value = dyn_cast<Value>(tensor))
    return OpFoldResult(
        builder.create<nnc::ReshapeOp>(loc, to, value).getResult());
  auto constant = cast<Attribute>(tensor);
  if (auto dense = dyn_cast<DenseElementsAttr>(constant))
    return OpFoldResult(dense.reshape(to));
  return OpFoldResult(DenseResourceElementsAttr::get(
      to, cast<DenseResourceElementsAttr>(constant).getRawHandle()));
}

Value NodeImport::broadcast(Value tensor, ArrayRef<int64_t> shape) {
  if (!tensor)
    return {};
  auto from = cast<RankedTensorType>(tensor.getType());
  auto to = RankedTensorType::get(shape, from.getElementType());
  if (mlir::failed(checkResult(to)))
    return {};
  FailureOr<SmallVector<int64_t>> merged =
      nnc::broadcastShapes({from.getShape(), shape});
  if (mlir::failed(merged) || ArrayRef<int64_t>(*merged) != shape) {
    error() << "cannot broadcast " << nnc::shapeText(from.getShape()) << " to "
            << nnc::shapeText(shape);
    return {};
  }
  if (from == to)
    return tensor;
  return builder.create<nnc::BroadcastOp>(loc, to, tensor);
}

Value NodeImport::scalar(double value, Value like) {
  if (!like)
    return {};
  auto type = RankedTensorType::get(
      {}, cast<RankedTensorType>(like.getType()).getElementType());
  return builder.create<nnc::ConstantOp>(loc, nnc::makeSplat(type, value));
}

Value NodeImport::convert(Value tensor, Type to) {
  if (!tensor || nnc::typeOf(tensor).getElementType() == to)
    return tensor;
  return create<nnc::CastOp>(tensor, to);
}

void NodeImport::checkIndices(Value indices, int64_t extent) {
  auto status = RankedTensorType::get({1}, builder.getI32Type());
  if (Value check = createAs<nnc::CheckIndicesOp>(status, indices, extent))
    checks.push_back(check);
}

LogicalResult NodeImport::yield(OpFoldResult result) {
  if (!result)
    return failure();
  yielded.push_back(result);
  return success();
}
