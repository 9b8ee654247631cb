//===- ConstantNode.cpp - nodes whose inputs are constants ----------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/ConstantNode.h"
#include "dialects/Nnc/IR/Evaluation.h"

using namespace mlir;
using namespace nncc::frontend;
namespace nnc = nncc::nnc;

/// Elements of all inputs together.
static constexpr int64_t kMaxElements = 1 << 16;

bool ConstantNode::applies(const NodeImport &n) {
  int64_t elements = 0;
  for (const Symbol *symbol : n.boundInputs()) {
    if (!symbol)
      continue;
    auto data = nnc::ConstantData::get(symbol->constant);
    if (!data)
      return false;
    elements += data->isSplat() ? 1 : data->size();
  }
  return elements > 0 && elements <= kMaxElements;
}

ConstantNode::ConstantNode(OpBuilder &builder)
    : block(builder.getInsertionBlock()),
      last(block->empty() ? nullptr : &block->back()) {}

SmallVector<Operation *> ConstantNode::made() {
  auto begin = last ? std::next(last->getIterator()) : block->begin();
  SmallVector<Operation *> ops;
  for (Operation &op : llvm::make_range(begin, block->end()))
    ops.push_back(&op);
  return ops;
}

void ConstantNode::evaluate(NodeImport &n) {
  for (Operation *op : made()) {
    ElementsAttr value = nnc::evaluate(op);
    if (!value)
      continue;
    auto constant =
        OpBuilder(op).create<nnc::ConstantOp>(op->getLoc(), value);
    for (OpFoldResult &result : n.results())
      if (result == OpFoldResult(op->getResult(0)))
        result = constant.getResult();
    op->replaceAllUsesWith(constant);
  }
  for (OpFoldResult &result : n.results())
    if (auto value = dyn_cast_if_present<Value>(result))
      if (auto constant = value.getDefiningOp<nnc::ConstantOp>())
        result = constant.getValue();
  eraseUnused(n);
}

/// Inputs that became operations only for this node are constants again.
void ConstantNode::eraseUnused(NodeImport &n) {
  auto isResult = [&](Operation *op) {
    return llvm::any_of(n.results(), [&](OpFoldResult result) {
      auto value = dyn_cast_if_present<Value>(result);
      return value && value.getDefiningOp() == op;
    });
  };
  SmallVector<Operation *> ops = made();
  for (Operation *op : llvm::reverse(ops)) {
    if (!op->use_empty() || isResult(op))
      continue;
    for (Symbol *symbol : n.boundInputs())
      if (symbol && symbol->value && symbol->value.getDefiningOp() == op)
        symbol->value = {};
    op->erase();
  }
}
