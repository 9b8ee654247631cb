//===- NncGroup.cpp - groups and their layouts ------------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/NncDialect.h"

using namespace mlir;
using namespace nncc::nnc;

LogicalResult GroupOp::verify() {
  Block &body = getBody().front();
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield)
    return emitOpError("must end with nnc.yield");
  if (getInLayouts().size() != getInputs().size() ||
      body.getNumArguments() != getInputs().size())
    return emitOpError("has ")
           << getInputs().size() << " inputs, " << getInLayouts().size()
           << " input layouts and " << body.getNumArguments()
           << " block arguments";
  if (getOutLayouts().size() != getNumResults() ||
      yield.getValues().size() != getNumResults())
    return emitOpError("has ")
           << getNumResults() << " results, " << getOutLayouts().size()
           << " result layouts and " << yield.getValues().size()
           << " yielded values";
  if (getInto() && (getNumResults() != 1 ||
                    getInto().getType() != getResult(0).getType()))
    return emitOpError("writes into ") << getInto().getType() << ", not the type of its result";
  auto check = [&](LayoutAttr layout, Value logical, Value physical) {
    return layout.verifyFits([&] { return emitOpError(); },
                             cast<RankedTensorType>(logical.getType()),
                             cast<RankedTensorType>(physical.getType()));
  };
  for (unsigned i = 0; i < getInputs().size(); ++i)
    if (failed(check(getInLayout(i), body.getArgument(i), getInputs()[i])))
      return failure();
  for (unsigned i = 0; i < getNumResults(); ++i)
    if (failed(check(getOutLayout(i), yield.getValues()[i], getResult(i))))
      return failure();
  return success();
}

LogicalResult BufferOp::verify() {
  if (!getLayout())
    return success();
  auto logical = getLogical() ? dyn_cast<RankedTensorType>(*getLogical()) : nullptr;
  if (!logical)
    return emitOpError("has a layout of no tensor type");
  return getLayout()->verifyFits([&] { return emitOpError(); }, logical,
                                 typeOf(getResult()));
}
