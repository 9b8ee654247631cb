//===- Einsum.cpp - sums of products by subscripts ------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operands are multiplied from left to right. What two of them share and nobody
// else needs is summed by a matrix product, all other dimensions are rows,
// columns or batches of it.
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringExtras.h>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// A dimension's name: a letter, or below zero for those of an ellipsis, the
/// last one -1.
using Label = int;
using Labels = SmallVector<Label>;

/// A tensor whose dimensions have names.
struct Term {
  Value value;
  Labels labels;
};

/// What an equation says about one tensor.
struct Subscripts {
  std::string before, after; ///< letters around the ellipsis
  bool hasEllipsis = false;

  /// The names of its dimensions if the ellipsis stands for `hidden` of them.
  Labels labels(int64_t hidden) const {
    Labels result(before.begin(), before.end());
    for (int64_t i = hidden; i > 0; --i)
      result.push_back(-i);
    result.append(after.begin(), after.end());
    return result;
  }
  size_t letters() const { return before.size() + after.size(); }
};

struct Equation {
  SmallVector<Subscripts> inputs;
  Subscripts output;
};
} // namespace

//===----------------------------------------------------------------------===//
// The equation
//===----------------------------------------------------------------------===//

static std::optional<Subscripts> parseTerm(StringRef text) {
  Subscripts result;
  result.hasEllipsis = text.contains("...");
  auto [before, after] = text.split("...");
  result.before = before;
  result.after = after;
  if (!llvm::all_of(result.before + result.after, llvm::isAlpha))
    return std::nullopt;
  return result;
}

/// Without an arrow the result has, in order, the letters that occur once.
static Subscripts impliedOutput(ArrayRef<Subscripts> inputs) {
  std::string all;
  Subscripts output;
  for (const Subscripts &input : inputs) {
    all += input.before + input.after;
    output.hasEllipsis |= input.hasEllipsis;
  }
  llvm::sort(all);
  for (char letter : all)
    if (llvm::count(all, letter) == 1)
      output.after += letter;
  return output;
}

static FailureOr<Equation> readEquation(NodeImport &n) {
  std::string text = n.text("equation", "");
  llvm::erase(text, ' ');
  auto malformed = [&] {
    return n.error() << "attribute 'equation' is malformed: '" << text << "'";
  };
  auto [left, right] = StringRef(text).split("->");
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  Equation equation;
  for (StringRef term : terms) {
    std::optional<Subscripts> input = parseTerm(term);
    if (!input)
      return malformed();
    equation.inputs.push_back(*input);
  }
  if (equation.inputs.size() != n.inputCount())
    return n.error() << "attribute 'equation' has " << equation.inputs.size()
                     << " terms, the node has " << n.inputCount() << " inputs";
  equation.output = impliedOutput(equation.inputs);
  if (text.find("->") == std::string::npos)
    return equation;
  std::optional<Subscripts> output = parseTerm(right);
  if (!output)
    return malformed();
  equation.output = *output;
  for (char letter : output->before + output->after)
    if (llvm::count(output->before + output->after, letter) != 1 ||
        llvm::none_of(equation.inputs, [&](const Subscripts &input) {
          return llvm::is_contained(input.before + input.after, letter);
        }))
      return n.error()
             << "attribute 'equation': the result cannot have the dimension '"
             << std::string(1, letter) << "'";
  return equation;
}

//===----------------------------------------------------------------------===//
// One term
//===----------------------------------------------------------------------===//

namespace {
class EinsumImport {
public:
  explicit EinsumImport(NodeImport &n) : n(n) {}
  LogicalResult run();

private:
  LogicalResult bind(const Equation &equation);
  LogicalResult setExtents();
  void takeDiagonal(Term &term);
  void dropUnit(Term &term);
  void sumAlone(Term &term, ArrayRef<Label> needed);
  Term multiply(const Term &lhs, const Term &rhs, ArrayRef<Label> needed);
  Value arrange(const Term &term, ArrayRef<Label> order);
  SmallVector<int64_t> extentsOf(ArrayRef<Label> labels) {
    return llvm::map_to_vector(labels,
                               [&](Label label) { return extents.at(label); });
  }
  int64_t countOf(ArrayRef<Label> labels) {
    return ShapedType::getNumElements(extentsOf(labels));
  }

  NodeImport &n;
  SmallVector<Term> terms;
  Labels output;
  llvm::DenseMap<Label, int64_t> extents;
};
} // namespace

/// Names the dimensions of all inputs and of the result.
LogicalResult EinsumImport::bind(const Equation &equation) {
  int64_t hiddenOutput = 0;
  for (auto [i, subscripts] : llvm::enumerate(equation.inputs)) {
    Value value = n.input(i);
    if (!value)
      return failure();
    int64_t hidden =
        int64_t(shapeOf(value).size()) - int64_t(subscripts.letters());
    if (hidden < 0 || (hidden > 0 && !subscripts.hasEllipsis))
      return n.error() << "input #" << i << " has the shape "
                       << nnc::shapeText(shapeOf(value))
                       << ", the equation names " << subscripts.letters()
                       << " dimensions";
    terms.push_back({value, subscripts.labels(hidden)});
    hiddenOutput = std::max(hiddenOutput, hidden);
  }
  output =
      equation.output.labels(equation.output.hasEllipsis ? hiddenOutput : 0);
  return setExtents();
}

/// Dimensions of an ellipsis broadcast, others are equal.
LogicalResult EinsumImport::setExtents() {
  for (const Term &term : terms)
    for (auto [label, extent] : llvm::zip(term.labels, shapeOf(term.value))) {
      int64_t &known = extents.try_emplace(label, extent).first->second;
      if (known == 1 && label < 0)
        known = extent;
      if (known != extent && (label >= 0 || extent != 1))
        return n.error() << "dimension "
                         << (label < 0 ? "..." : std::string(1, char(label)))
                         << " has the extents " << known << " and " << extent;
    }
  return success();
}

/// Repeated labels: result[i, ...] = x[i, i, ...]
void EinsumImport::takeDiagonal(Term &term) {
  Labels once;
  SmallVector<AffineExpr> exprs;
  for (Label label : term.labels) {
    if (!llvm::is_contained(once, label))
      once.push_back(label);
    unsigned position = llvm::find(once, label) - once.begin();
    exprs.push_back(getAffineDimExpr(position, n.context()));
  }
  if (once.size() == term.labels.size())
    return;
  term.value = remap(n, term.value, extentsOf(once), exprs);
  term.labels = once;
}

/// A dimension of extent 1 that is longer elsewhere is left to broadcasting.
void EinsumImport::dropUnit(Term &term) {
  Labels kept;
  if (!term.value)
    return;
  for (auto [label, extent] : llvm::zip(term.labels, shapeOf(term.value)))
    if (extent == extents[label])
      kept.push_back(label);
  term.value = n.reshape(term.value, extentsOf(kept));
  term.labels = kept;
}

/// Sums the dimensions that nobody else needs.
void EinsumImport::sumAlone(Term &term, ArrayRef<Label> needed) {
  Labels kept;
  SmallVector<int64_t> axes;
  for (auto [i, label] : llvm::enumerate(term.labels))
    if (llvm::is_contained(needed, label))
      kept.push_back(label);
    else
      axes.push_back(i);
  if (axes.empty() || !term.value)
    return;
  term.value =
      n.reshape(n.create<nnc::ReduceOp>(term.value, nnc::ReduceKind::Sum, axes),
                extentsOf(kept));
  term.labels = kept;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The term with its dimensions in another order.
Value EinsumImport::arrange(const Term &term, ArrayRef<Label> order) {
  SmallVector<int64_t> permutation;
  for (Label label : order)
    permutation.push_back(llvm::find(term.labels, label) - term.labels.begin());
  if (!term.value || llvm::is_sorted(permutation))
    return term.value;
  return n.create<nnc::TransposeOp>(term.value, permutation);
}

/// One matrix product: shared dimensions are batches if they are `needed`, else
/// they are summed. Without any to sum it is an outer product.
Term EinsumImport::multiply(const Term &lhs, const Term &rhs,
                            ArrayRef<Label> needed) {
  Labels batch, sum, rows, columns;
  for (Label label : lhs.labels) {
    if (!llvm::is_contained(rhs.labels, label))
      rows.push_back(label);
    else
      (llvm::is_contained(needed, label) ? batch : sum).push_back(label);
  }
  for (Label label : rhs.labels)
    if (!llvm::is_contained(lhs.labels, label))
      columns.push_back(label);
  auto joined = [](std::initializer_list<ArrayRef<Label>> lists) {
    Labels all;
    for (ArrayRef<Label> list : lists)
      all.append(list.begin(), list.end());
    return all;
  };
  Labels result = joined({batch, rows, columns});
  int64_t batches = countOf(batch), inner = countOf(sum);
  Value x = n.reshape(arrange(lhs, joined({batch, rows, sum})),
                      {batches, countOf(rows), inner});
  Value y = n.reshape(arrange(rhs, joined({batch, sum, columns})),
                      {batches, inner, countOf(columns)});
  Value product =
      sum.empty() ? n.create<nnc::MulOp>(x, y) : n.create<nnc::MatmulOp>(x, y);
  return {n.reshape(product, extentsOf(result)), result};
}

LogicalResult EinsumImport::run() {
  FailureOr<Equation> equation = readEquation(n);
  if (failed(equation) || failed(bind(*equation)))
    return failure();
  auto neededFrom =
      [&](size_t first) { // by the result and the terms from `first` on
        Labels labels = output;
        for (const Term &term : ArrayRef(terms).drop_front(first))
          labels.append(term.labels);
        return labels;
      };
  for (Term &term : terms) {
    takeDiagonal(term);
    dropUnit(term);
  }
  for (auto [i, term] : llvm::enumerate(terms)) {
    Labels others = output;
    for (auto [k, other] : llvm::enumerate(terms))
      if (k != i)
        others.append(other.labels);
    sumAlone(term, others);
  }
  Term product = terms.front();
  for (size_t i = 1; i < terms.size(); ++i)
    product = multiply(product, terms[i], neededFrom(i + 1));
  return n.yield(arrange(product, output));
}

static LogicalResult importEinsum(NodeImport &n) {
  return EinsumImport(n).run();
}

ArrayRef<OnnxOpRow> nncc::frontend::einsumRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "Einsum", 12, anyNewer, importEinsum},
  };
  return rows;
}
