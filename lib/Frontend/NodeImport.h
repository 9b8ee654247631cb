//===- NodeImport.h - one ONNX node on its way into the module - -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_NODEIMPORT_H
#define LIB_FRONTEND_NODEIMPORT_H

#include "dialects/Nnc/IR/NncDialect.h"
#include "lib/Frontend/IntTensor.h"
#include "lib/Frontend/Problems.h"
#include "lib/Frontend/TensorData.h"
#include <llvm/ADT/StringSet.h>
#include <memory>
#include <mlir/IR/Location.h>

namespace nncc::frontend {

/// Which positions along one axis of a tensor exist (RuntimePart.h).
struct RuntimePart {
  mlir::OpFoldResult start, end; ///< as the network computes them
  int64_t axis;
  mlir::Value present; ///< bool, one per position
};

/// What a name of an ONNX graph stands for.
struct Symbol {
  mlir::ElementsAttr constant; ///< if known while importing
  mlir::Value value;           ///< a constant has one once an operation uses it
  /// The tensors, if it is a sequence; then it has neither value nor constant.
  std::shared_ptr<const std::vector<Symbol>> sequence;
  std::optional<RuntimePart> part; ///< what exists of `value`, if not all of it
  std::string name;            ///< the location of a constant
  bool poisoned = false;       ///< its producer failed, which has been reported
};

/// Gives an import function the inputs and attributes of its node and builds
/// operations that are checked before they exist. Problems are reported with
/// the node's name; accessors that report one return a harmless value, and the
/// node fails even if its import function goes on.
class NodeImport {
public:
  NodeImport(const onnx::NodeProto &node, int opset, std::string label,
             mlir::NameLoc loc, mlir::OpBuilder &builder, TensorReader &tensors,
             Problems &problems, llvm::SmallVectorImpl<mlir::Value> &checks,
             std::shared_ptr<const void> owner);

  //===--- The node
  //--------------------------------------------------------===//

  const onnx::NodeProto &proto() const { return node; }
  /// The opset of the node's domain.
  int opset() const { return version; }
  /// The name by which diagnostics and locations know the node.
  llvm::StringRef name() const {
    return llvm::cast<mlir::NameLoc>(loc).getName();
  }
  mlir::MLIRContext *context() const { return builder.getContext(); }
  mlir::InFlightDiagnostic error();
  mlir::InFlightDiagnostic warning();
  bool failed() const { return hasFailed; }
  /// Says that a failure has been reported elsewhere.
  void markFailed() { hasFailed = true; }

  //===--- Inputs
  //----------------------------------------------------------===//

  /// Binds the next input; null stands for one that was left out.
  void addInput(Symbol *symbol) { inputs.push_back(symbol); }
  llvm::ArrayRef<Symbol *> boundInputs() const { return inputs; }
  void rebind(unsigned i, Symbol *symbol) { inputs[i] = symbol; }
  unsigned inputCount() const { return inputs.size(); }
  bool has(unsigned i) const { return i < inputs.size() && inputs[i]; }
  /// Input `i` as an operand; reports its absence.
  mlir::Value input(unsigned i);
  /// Input `i` as an operand, null if it was left out.
  mlir::Value optionalInput(unsigned i);
  /// `symbol` as an operand; reports a sequence, and a part of a tensor.
  mlir::Value value(Symbol &symbol);
  /// Input `i` as it is, a constant or a value; reports its absence.
  mlir::OpFoldResult operand(unsigned i);
  /// Input `i` if it is a constant, else null.
  mlir::ElementsAttr constant(unsigned i);
  /// The integers of input `i`, called `what` in the error if they are no
  /// small constant of rank 0 or 1.
  mlir::FailureOr<llvm::SmallVector<int64_t>> integers(unsigned i,
                                                       llvm::StringRef what);

  //===--- Attributes
  //------------------------------------------------------===//

  bool hasAttribute(llvm::StringRef name) const;
  int64_t integer(llvm::StringRef name, int64_t otherwise);
  /// A graph attribute; reports its absence.
  const onnx::GraphProto *graph(llvm::StringRef name);
  float real(llvm::StringRef name, float otherwise);
  std::string text(llvm::StringRef name, llvm::StringRef otherwise);
  /// A list of strings, empty if there is none.
  llvm::SmallVector<std::string> texts(llvm::StringRef name);
  std::optional<llvm::SmallVector<int64_t>> integers(llvm::StringRef name);
  std::optional<llvm::SmallVector<float>> reals(llvm::StringRef name);
  /// A tensor attribute, null if there is none or it is malformed (reported).
  mlir::ElementsAttr tensor(llvm::StringRef name);
  /// Says that the attribute has no meaning when a network only runs.
  void ignore(llvm::StringRef name) { known.insert(name); }
  /// `axis` counted from the front, where `rank` axes exist.
  mlir::FailureOr<int64_t> normalizeAxis(int64_t axis, int64_t rank);
  /// As above for each; the result ascends, repetitions are reported.
  mlir::FailureOr<llvm::SmallVector<int64_t>>
  normalizeAxes(llvm::ArrayRef<int64_t> axes, int64_t rank);

  //===--- Operations
  //------------------------------------------------------===//

  /// Builds `Op` (`args` as its builder takes them after the result type).
  /// Returns null after reporting if the op refuses its operands, silently if
  /// one of them is null.
  template <typename Op, typename... Args> mlir::Value create(Args &&...args) {
    mlir::OperationState state(mlir::Location(loc), Op::getOperationName());
    mlir::Type any = builder.getF32Type(); // inferred below
    if constexpr (Op::template hasTrait<mlir::OpTrait::OneResult>())
      Op::build(builder, state, any, std::forward<Args>(args)...);
    else
      Op::build(builder, state, any, any, std::forward<Args>(args)...);
    return finish(state, Op::inferReturnTypes);
  }
  /// Builds an `Op` that does not infer its `type`. Null as for `create`.
  template <typename Op, typename... Args>
  mlir::Value createAs(mlir::RankedTensorType type, Args &&...args) {
    if (mlir::failed(checkResult(type)))
      return {};
    if (type.getNumElements() == 0)
      return empty(type);
    mlir::OperationState state(mlir::Location(loc), Op::getOperationName());
    Op::build(builder, state, type, std::forward<Args>(args)...);
    if (llvm::is_contained(state.operands, mlir::Value()))
      return {};
    return builder.create(state)->getResult(0);
  }
  /// `tensor` under another shape; constants stay constants.
  mlir::OpFoldResult reshape(mlir::OpFoldResult tensor,
                             llvm::ArrayRef<int64_t> shape);
  mlir::Value reshape(mlir::Value tensor, llvm::ArrayRef<int64_t> shape);
  /// `tensor` repeated to `shape` by NumPy's rules.
  mlir::Value broadcast(mlir::Value tensor, llvm::ArrayRef<int64_t> shape);
  /// A constant of the node.
  mlir::Value constant(mlir::ElementsAttr value);
  /// A constant of rank 0 with the element type of `like`, null if that is.
  mlir::Value scalar(double value, mlir::Value like);
  /// `tensor` with elements of type `to`.
  mlir::Value convert(mlir::Value tensor, mlir::Type to);
  /// Has a run fail if an element of `indices` does not lie in
  /// -extent..extent-1.
  void checkIndices(mlir::Value indices, int64_t extent);
  /// Takes back a check that has been decided.
  void forgetCheck(mlir::Value check) { llvm::erase(checks, check); }

  //===--- Results
  //---------------------------------------------------------===//

  /// Adds the next result; fails if it is null.
  mlir::LogicalResult yield(mlir::OpFoldResult result);
  mlir::LogicalResult yield(mlir::Value result) {
    return yield(mlir::OpFoldResult(result));
  }
  mlir::LogicalResult yield(const IntTensor &result) {
    return yield(mlir::OpFoldResult(result.toAttr()));
  }
  /// The next result does not exist; the node fails if somebody uses it.
  void leaveOut() { yielded.emplace_back(); }
  llvm::MutableArrayRef<mlir::OpFoldResult> results() { return yielded; }

  /// Complains about inputs and attributes that the import function did not ask
  /// for.
  void checkLeftovers();

private:
  using Infer = mlir::LogicalResult (*)(mlir::MLIRContext *,
                                        std::optional<mlir::Location>,
                                        mlir::ValueRange, mlir::DictionaryAttr,
                                        mlir::OpaqueProperties,
                                        mlir::RegionRange,
                                        llvm::SmallVectorImpl<mlir::Type> &);
  mlir::Value finish(mlir::OperationState &state, Infer infer);
  mlir::Value empty(mlir::RankedTensorType type);
  mlir::LogicalResult checkResult(mlir::RankedTensorType type);
  const onnx::AttributeProto *
  attribute(llvm::StringRef name, onnx::AttributeProto::AttributeType type,
            llvm::StringRef typeName);

  const onnx::NodeProto &node;
  int version;
  std::string label;
  mlir::NameLoc loc;
  mlir::OpBuilder &builder;
  TensorReader &tensors;
  Problems &problems;
  llvm::SmallVectorImpl<mlir::Value> &checks;
  std::shared_ptr<const void> owner;
  llvm::SmallVector<Symbol *> inputs;
  llvm::SmallVector<bool> asked; ///< inputs the import function looked at
  llvm::StringSet<> known;       ///< attributes it looked at
  llvm::SmallVector<mlir::OpFoldResult, 1> yielded;
  bool hasFailed = false;
};

/// The type of a tensor, constant or value.
mlir::RankedTensorType typeOf(mlir::OpFoldResult tensor);
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value tensor) {
  return llvm::cast<mlir::RankedTensorType>(tensor.getType()).getShape();
}

} // namespace nncc::frontend

#endif // LIB_FRONTEND_NODEIMPORT_H
