//===- OnnxImporter.cpp - an ONNX model to a module -----------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/ConstantText.h"
#include "lib/Frontend/GraphScope.h"
#include "lib/Frontend/OnnxReader.h"
#include "nncc/Frontend.h"
#include <llvm/Support/Path.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Verifier.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// Imports the main graph of one model.
class ModelImporter {
public:
  ModelImporter(std::shared_ptr<onnx::ModelProto> model,
                std::optional<std::string> folder,
                const ImportOptions &options, OpBuilder &builder, Location file)
      : model(*model), graph(model->graph()), options(options),
        builder(builder), state(*model, std::move(folder), builder, file),
        owner(model) {
    for (onnx::TensorProto &tensor : *model->mutable_graph()->mutable_initializer())
      state.tensors.takeRawData(tensor);
  }

  OwningOpRef<ModuleOp> run();

private:
  LogicalResult readModelOpsets(Opsets &opsets);
  FailureOr<RankedTensorType> inputType(const onnx::ValueInfoProto &input);
  void importInput(const onnx::ValueInfoProto &input, GraphScope &scope,
                   func::FuncOp main);
  ElementsAttr fixedValue(StringRef input, RankedTensorType type);
  std::optional<int64_t> extentOf(const onnx::TensorShapeProto::Dimension &dim,
                                  unsigned index, StringRef input);
  std::optional<int64_t> pinned(const std::string &key);
  void importOutputs(GraphScope &scope, func::FuncOp main);
  void checkDeclared(const onnx::ValueInfoProto &output, RankedTensorType type);
  void checkOptions();

  const onnx::ModelProto &model;
  const onnx::GraphProto &graph;
  const ImportOptions &options;
  OpBuilder &builder;
  ImportState state;
  std::shared_ptr<const void> owner;
  llvm::StringSet<> initializers, usedDims, usedValues;
};
} // namespace

LogicalResult ModelImporter::readModelOpsets(Opsets &opsets) {
  auto isDefault = [](const auto &item) {
    return normalizedDomain(item.domain()).empty();
  };
  if (llvm::none_of(model.opset_import(), isDefault) &&
      (model.opset_import().empty() || llvm::any_of(graph.node(), isDefault)))
    state.problems.error()
        << "the model does not say which opset it uses (opset_import)";
  opsets = readOpsets(model.opset_import(), {}, &state.problems);
  for (const onnx::FunctionProto &function : model.functions())
    readOpsets(function.opset_import(), {}, &state.problems,
               "function '" + function.name() + "': ");
  return success(!state.problems.any());
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

std::optional<int64_t> ModelImporter::pinned(const std::string &key) {
  auto dim = options.dims.find(key);
  if (dim == options.dims.end())
    return std::nullopt;
  usedDims.insert(key);
  return std::max<int64_t>(dim->second, 1); // checkOptions reports the rest
}

/// The extent of an input's dimension: pinned by name or position, declared (0 means
/// no elements), or 1 for an unnamed batch dimension.
std::optional<int64_t>
ModelImporter::extentOf(const onnx::TensorShapeProto::Dimension &dim,
                        unsigned index, StringRef input) {
  std::string position = (input + ":" + llvm::Twine(index)).str();
  if (auto value = pinned(position))
    return value;
  if (!dim.dim_param().empty()) {
    if (auto value = pinned(dim.dim_param()))
      return value;
    state.problems.error() << "input '" << input << "': dimension " << index
                           << " ('" << dim.dim_param()
                           << "') is symbolic, give its extent with -dim "
                           << dim.dim_param() << "=<extent>";
    return std::nullopt;
  }
  if (dim.has_dim_value() && dim.dim_value() >= 0)
    return dim.dim_value();
  if (index == 0 && !dim.has_dim_value()) {
    state.problems.warning()
        << "input '" << input
        << "': the batch dimension has no extent and is taken as 1, -dim "
        << position << "=<extent> changes it";
    return 1;
  }
  InFlightDiagnostic diagnostic = state.problems.error();
  diagnostic << "input '" << input << "': dimension " << index << " has ";
  if (dim.has_dim_value())
    diagnostic << "the extent " << dim.dim_value();
  else
    diagnostic << "no extent";
  diagnostic << ", give it with -dim " << position << "=<extent>";
  return std::nullopt;
}

/// The static type of an input.
FailureOr<RankedTensorType>
ModelImporter::inputType(const onnx::ValueInfoProto &input) {
  auto fail = [&] {
    return state.problems.error() << "input '" << input.name() << "'";
  };
  const onnx::TypeProto::Tensor &tensor = input.type().tensor_type();
  Type element = elementTypeFor(builder.getContext(), tensor.elem_type());
  if (!input.type().has_tensor_type())
    return fail() << " is no tensor";
  if (!element)
    return fail() << ": element type " << onnxTypeName(tensor.elem_type())
                  << " is not supported";
  if (!tensor.has_shape())
    return fail() << " has no shape";
  SmallVector<int64_t> shape;
  for (auto [i, dim] : llvm::enumerate(tensor.shape().dim()))
    if (std::optional<int64_t> extent = extentOf(dim, i, input.name()))
      shape.push_back(*extent);
  if (int(shape.size()) != tensor.shape().dim_size())
    return failure();
  if (llvm::Error problem = checkShape(shape))
    return fail() << ": " << llvm::toString(std::move(problem));
  return RankedTensorType::get(shape, element);
}

/// What the user says the input always is; null if nothing, or after reporting that
/// it cannot be.
ElementsAttr ModelImporter::fixedValue(StringRef input, RankedTensorType type) {
  auto given = options.values.find(input.str());
  if (given == options.values.end())
    return {};
  usedValues.insert(input);
  llvm::Expected<ElementsAttr> value = constantOfText(type, given->second);
  if (value)
    return *value;
  state.problems.error() << "input '" << input << "': -value " << input << "="
                         << given->second << ": "
                         << llvm::toString(value.takeError());
  return {};
}

void ModelImporter::importInput(const onnx::ValueInfoProto &input,
                                GraphScope &scope, func::FuncOp main) {
  // Up to IR version 3 every initializer is also listed as an input; later it
  // is a default value. Both mean a constant to us.
  if (initializers.contains(input.name()))
    return;
  Symbol symbol;
  FailureOr<RankedTensorType> type = inputType(input);
  if (succeeded(type))
    symbol.constant = fixedValue(input.name(), *type);
  if (succeeded(type) && !usedValues.contains(input.name())) {
    unsigned index = main.getNumArguments();
    StringAttr name = builder.getStringAttr(input.name());
    main.insertArgument(index, *type, DictionaryAttr(), NameLoc::get(name));
    main.setArgAttr(index, nnc::kNameAttr, name);
    // What has no elements is known, so whatever it decides can be folded.
    if (type->getNumElements() == 0)
      symbol.constant = makeConstant(*type, {}, input.name());
    else
      symbol.value = main.getArgument(index);
  }
  symbol.poisoned = !symbol.value && !symbol.constant;
  if (failed(scope.define(input.name(), symbol)))
    state.problems.error() << "input '" << input.name() << "' is listed twice";
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

/// The declared type is only advice: exporters leave stale ones behind.
void ModelImporter::checkDeclared(const onnx::ValueInfoProto &output,
                                  RankedTensorType type) {
  const onnx::TypeProto::Tensor &declared = output.type().tensor_type();
  if (declared.elem_type() &&
      declared.elem_type() != onnxTypeFor(type.getElementType()))
    state.problems.warning()
        << "output '" << output.name() << "' is declared as "
        << onnxTypeName(declared.elem_type()) << ", its elements are "
        << onnxTypeName(onnxTypeFor(type.getElementType()));
  if (!declared.has_shape())
    return;
  SmallVector<int64_t> shape;
  bool matches = declared.shape().dim_size() == type.getRank();
  for (auto [i, dim] : llvm::enumerate(declared.shape().dim())) {
    shape.push_back(dim.dim_value());
    matches = matches &&
              (dim.dim_value() <= 0 || dim.dim_value() == type.getDimSize(i));
  }
  if (!matches)
    state.problems.warning()
        << "output '" << output.name() << "' is declared as "
        << nnc::shapeText(shape) << ", its shape is "
        << nnc::shapeText(type.getShape());
}

void ModelImporter::importOutputs(GraphScope &scope, func::FuncOp main) {
  SmallVector<Value> values;
  SmallVector<Attribute> names;
  llvm::StringSet<> seen;
  for (const onnx::ValueInfoProto &output : graph.output()) {
    Symbol *symbol = scope.lookup(output.name());
    if (!symbol)
      state.problems.error()
          << "output '" << output.name()
          << "' is not defined by any node, input or initializer";
    if (!seen.insert(output.name()).second)
      state.problems.error()
          << "output '" << output.name() << "' is listed twice";
    if (symbol && symbol->sequence)
      state.problems.error() << "output '" << output.name()
                             << "' is a sequence of tensors, which objects do not have";
    if (symbol && symbol->part)
      state.problems.error() << "output '" << output.name() << "' has an extent along axis "
                             << symbol->part->axis << " that only a run knows; -value fixes an input";
    if (!symbol || symbol->poisoned || symbol->sequence || symbol->part)
      continue;
    Value value = symbol->value;
    if (!value)
      value = builder.create<nnc::ConstantOp>(
          NameLoc::get(builder.getStringAttr(symbol->name)), symbol->constant);
    checkDeclared(output, cast<RankedTensorType>(value.getType()));
    values.push_back(value);
    names.push_back(builder.getStringAttr(output.name()));
  }
  if (graph.output().empty())
    state.problems.error() << "the graph has no outputs";
  // Behind the outputs: whether indices in the data are in range.
  llvm::append_range(values, state.checks);
  builder.create<func::ReturnOp>(main.getLoc(), values);
  main.setFunctionType(builder.getFunctionType(main.getArgumentTypes(),
                                               ValueRange(values).getTypes()));
  for (auto [i, name] : llvm::enumerate(names))
    main.setResultAttr(i, nnc::kNameAttr, name);
  for (unsigned i = names.size(); i < values.size(); ++i)
    main.setResultAttr(i, nnc::kStatusAttr, builder.getUnitAttr());
}

void ModelImporter::checkOptions() {
  for (const auto &[name, value] : options.dims) {
    if (value < 1)
      state.problems.error()
          << "-dim " << name << "=" << value << " must be positive";
    else if (!usedDims.contains(name))
      state.problems.warning() << "-dim " << name << "=" << value
                               << " names no dimension of the model's inputs";
  }
  for (const auto &[name, value] : options.values)
    if (!usedValues.contains(name))
      state.problems.warning() << "-value " << name << "=" << value
                               << " names no input of the model";
}

OwningOpRef<ModuleOp> ModelImporter::run() {
  Opsets opsets;
  if (failed(readModelOpsets(opsets)))
    return {};
  Location loc = NameLoc::get(builder.getStringAttr(graph.name()));
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToStart(module->getBody());
  auto main = builder.create<func::FuncOp>(loc, "main",
                                           builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(main.addEntryBlock());

  GraphScope scope(state, std::move(opsets), "", 0, owner);
  scope.importInitializers(graph);
  for (const onnx::TensorProto &tensor : graph.initializer())
    initializers.insert(tensor.name());
  for (const onnx::ValueInfoProto &input : graph.input())
    importInput(input, scope, main);
  checkOptions();
  for (const onnx::ValueInfoProto &output : graph.output())
    scope.markUsed(output.name());
  scope.importNodes(graph.node());
  importOutputs(scope, main);
  state.reportUnsupported();
  if (state.problems.any() || failed(verify(*module)))
    return {};
  return module;
}

//===----------------------------------------------------------------------===//
// The doors
//===----------------------------------------------------------------------===//

/// Imports what was read from `name`; external data lies in `folder`, if any.
static OwningOpRef<ModuleOp>
importModel(llvm::Expected<std::shared_ptr<onnx::ModelProto>> model,
            StringRef name, std::optional<std::string> folder,
            const ImportOptions &options, MLIRContext *context) {
  context->loadDialect<func::FuncDialect, nnc::NncDialect>();
  Location file = FileLineColLoc::get(StringAttr::get(context, name), 0, 0);
  if (!model) {
    emitError(file) << llvm::toString(model.takeError());
    return {};
  }
  OpBuilder builder(context);
  return ModelImporter(*model, std::move(folder), options, builder, file).run();
}

OwningOpRef<ModuleOp> nncc::importOnnx(StringRef path,
                                       const ImportOptions &options,
                                       MLIRContext *context) {
  return importModel(readOnnxModel(path), path,
                     llvm::sys::path::parent_path(path).str(), options, context);
}

OwningOpRef<ModuleOp> nncc::importOnnx(llvm::MemoryBufferRef model,
                                       const ImportOptions &options,
                                       MLIRContext *context) {
  return importModel(parseOnnxModel(model.getBuffer()),
                     model.getBufferIdentifier(), std::nullopt, options,
                     context);
}
