//===- Features.cpp - what pipelines compute before a model ---------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/Moves.h"
#include "lib/Frontend/OnnxOps/OnnxOps.h"
#include "lib/Frontend/OnnxOps/Positions.h"
#include <cmath>

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

/// Columns of the last dimension; a vector is a matrix of one row.
static LogicalResult importArrayFeatureExtractor(NodeImport &n) {
  Value x = n.input(0), indices = n.input(1);
  if (!x || !indices)
    return failure();
  SmallVector<int64_t> shape(shapeOf(x));
  if (shape.empty())
    return n.error() << "input is a scalar";
  if (shape.size() == 1)
    shape.insert(shape.begin(), 1);
  x = n.reshape(x, shape);
  int64_t count = nnc::typeOf(indices).getNumElements();
  shape.back() = count;
  unsigned rank = shape.size();
  SmallVector<AffineExpr> exprs;
  for (unsigned d = 0; d + 1 < rank; ++d)
    exprs.push_back(getAffineDimExpr(d, n.context()));
  exprs.push_back(getAffineSymbolExpr(0, n.context()));
  AffineMap column =
      AffineMap::get(rank, 0, getAffineDimExpr(rank - 1, n.context()));
  return n.yield(gather(n, x, shape,
                        AffineMap::get(rank, 1, exprs, n.context()),
                        {{n.reshape(indices, {count}), column}}));
}

/// x > threshold ? 1 : 0
static LogicalResult importBinarizer(NodeImport &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  Value isAbove = n.create<nnc::LessOp>(n.scalar(n.real("threshold", 0), x), x);
  return n.yield(n.convert(isAbove, nnc::typeOf(x).getElementType()));
}

//===----------------------------------------------------------------------===//
// TfIdfVectorizer
//===----------------------------------------------------------------------===//

namespace {
/// The n-grams of one length, and the columns of the result that count them.
struct Grams {
  int64_t length;
  SmallVector<int64_t> items; ///< one gram after the other
  SmallVector<int64_t> columns;
};

struct Vocabulary {
  SmallVector<Grams> grams;
  int64_t columns = 0; ///< of the result
  int64_t mostSkipped = 0;
};
} // namespace

/// The grams of `length`, which begin at `begin` in the pool; their columns are
/// the next ones of `columns`.
static FailureOr<Grams> readGrams(NodeImport &n, int64_t length,
                                  ArrayRef<int64_t> items,
                                  ArrayRef<int64_t> &columns) {
  Grams grams{length, llvm::to_vector(items), {}};
  size_t count = items.size() / length;
  if (items.size() % length != 0 || count > columns.size())
    return n.error()
           << "attribute 'ngram_indexes' or 'ngram_counts' does not fit "
           << items.size() << " items of " << length << "-grams";
  grams.columns.assign(columns.begin(), columns.begin() + count);
  columns = columns.drop_front(count);
  return grams;
}

static FailureOr<Vocabulary> readVocabulary(NodeImport &n) {
  if (n.hasAttribute("pool_strings"))
    return n.error() << "strings are not supported";
  auto pool = n.integers("pool_int64s"), starts = n.integers("ngram_counts");
  auto columns = n.integers("ngram_indexes");
  if (!pool || !starts || !columns || columns->empty())
    return n.error() << "attributes 'pool_int64s', 'ngram_counts' and "
                        "'ngram_indexes' must be given";
  int64_t shortest = n.integer("min_gram_length", 1),
          longest = n.integer("max_gram_length", 1);
  Vocabulary result;
  result.mostSkipped = n.integer("max_skip_count", 0);
  const int64_t mostColumns = 1 << 20;
  const int64_t most = 16; // of skipped items and of items of a gram: each is a comparison
  if (result.mostSkipped < 0 || result.mostSkipped > most || shortest < 1 ||
      longest > most)
    return n.error() << "grams of " << shortest << " to " << longest
                     << " items that skip up to " << result.mostSkipped
                     << " are not supported, the limit is " << most;
  for (int64_t column : *columns) {
    if (column < 0 || column > mostColumns)
      return n.error() << "attribute 'ngram_indexes' has the entry " << column;
    result.columns = std::max(result.columns, column + 1);
  }
  ArrayRef<int64_t> left(*columns);
  for (size_t i = 0; i < starts->size(); ++i) {
    int64_t begin = (*starts)[i],
            end = i + 1 < starts->size() ? (*starts)[i + 1] : pool->size();
    if (begin < 0 || end < begin || end > int64_t(pool->size()))
      return n.error() << "attribute 'ngram_counts' has the entry " << begin
                       << ", the pool has " << pool->size() << " items";
    auto grams =
        readGrams(n, i + 1, ArrayRef(*pool).slice(begin, end - begin), left);
    if (failed(grams))
      return failure();
    if (grams->length >= shortest && grams->length <= longest &&
        !grams->columns.empty())
      result.grams.push_back(*grams);
  }
  return result;
}

/// B x grams: how often each occurs in the rows of `x` with `skip` items
/// between its own; null if rows are too short.
static Value countsOf(NodeImport &n, Value x, const Grams &grams,
                      int64_t skip) {
  int64_t batch = shapeOf(x)[0], extent = shapeOf(x)[1],
          count = grams.columns.size();
  int64_t places = extent - (grams.length - 1) * (skip + 1);
  if (places < 1)
    return {};
  Value isThere;
  for (int64_t i = 0; i < grams.length; ++i) {
    IntTensor items{IntegerType::get(n.context(), 64), {count}, {}};
    for (int64_t gram = 0; gram < count; ++gram)
      items.values.push_back(grams.items[gram * grams.length + i]);
    Value item =
        n.reshape(slice(n, x, 1, i * (skip + 1), places), {batch, places, 1});
    Value isItem = n.create<nnc::EqualOp>(item, n.constant(items.toAttr()));
    isThere = isThere ? n.create<nnc::AndOp>(isThere, isItem) : isItem;
  }
  Value found = n.convert(isThere, Float32Type::get(n.context()));
  return n.reshape(n.create<nnc::ReduceOp>(found, nnc::ReduceKind::Sum,
                                           ArrayRef<int64_t>(1)),
                   {batch, count});
}

/// B x columns: the counts of all grams where their columns are, 0 elsewhere.
static Value frequencies(NodeImport &n, Value x, const Vocabulary &vocabulary) {
  int64_t batch = shapeOf(x)[0];
  auto type = RankedTensorType::get({}, Float32Type::get(n.context()));
  Value zero = n.broadcast(n.constant(nnc::makeSplat(type, 0)),
                           {batch, vocabulary.columns});
  Value sum = zero;
  for (const Grams &grams : vocabulary.grams) {
    // Single items skip nothing.
    for (int64_t skip = 0;
         skip <= (grams.length > 1 ? vocabulary.mostSkipped : 0); ++skip) {
      Value counts = countsOf(n, x, grams, skip);
      if (!counts)
        break;
      SmallVector<double> columns(grams.columns.begin(), grams.columns.end());
      auto indices = RankedTensorType::get(int64_t(columns.size()),
                                           IntegerType::get(n.context(), 32));
      AffineExpr row, gram;
      bindDims(n.context(), row, gram);
      sum = scatter(
          n, sum, counts,
          AffineMap::get(2, 1, {row, getAffineSymbolExpr(0, n.context())},
                         n.context()),
          {{n.constant(nnc::makeConstant(indices, ArrayRef<double>(columns))),
            AffineMap::get(2, 0, gram)}},
          nnc::ReduceKindAttr::get(n.context(), nnc::ReduceKind::Sum));
    }
  }
  return sum;
}

/// How often n-grams of integers occur in a row (TF), whether they do times
/// their weights (IDF), or the product of both.
static LogicalResult importTfIdfVectorizer(NodeImport &n) {
  Value x = n.input(0);
  FailureOr<Vocabulary> vocabulary = readVocabulary(n);
  if (!x || failed(vocabulary))
    return failure();
  std::string mode = n.text("mode", "");
  if (mode != "TF" && mode != "IDF" && mode != "TFIDF")
    return n.error() << "attribute 'mode' has the unknown value '" << mode
                     << "'";
  ArrayRef<int64_t> shape = shapeOf(x);
  Type element = nnc::typeOf(x).getElementType();
  if (shape.empty() || shape.size() > 2 || shape.back() < 1 ||
      isa<FloatType>(element))
    return n.error() << "input must be one or more rows of integers";
  int64_t batch = shape.size() == 2 ? shape[0] : 1;
  Value rows = n.convert(n.reshape(x, {batch, shape.back()}),
                         IntegerType::get(n.context(), 64));
  Value result = frequencies(n, rows, *vocabulary);
  if (mode == "IDF" && result)
    result = n.create<nnc::MinOp>(result, n.scalar(1, result));
  auto weights = n.reals("weights");
  auto columns = n.integers("ngram_indexes");
  if (weights && mode != "TF") {
    if (weights->size() != columns->size())
      return n.error() << "attribute 'weights' has " << weights->size()
                       << " entries, there are " << columns->size()
                       << " n-grams";
    SmallVector<double> ofColumn(vocabulary->columns, 1);
    for (auto [column, weight] : llvm::zip(*columns, *weights))
      ofColumn[column] = weight;
    result = n.create<nnc::MulOp>(
        result, alongAxis(n, ofColumn, Float32Type::get(n.context()), 1, 2));
  }
  SmallVector<int64_t> to{batch, vocabulary->columns};
  return n.yield(n.reshape(result, shape.size() == 2
                                       ? ArrayRef<int64_t>(to)
                                       : ArrayRef(to).drop_front()));
}

//===----------------------------------------------------------------------===//
// MelWeightMatrix
//===----------------------------------------------------------------------===//

/// Frequencies that rise by the same step on the mel scale, as bins of a
/// spectrum.
static SmallVector<int64_t> melBins(int64_t count, int64_t length, double rate,
                                    double low, double high) {
  auto toMel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  auto toHertz = [](double mel) {
    return 700 * (std::pow(10, mel / 2595) - 1);
  };
  double step = (toMel(high) - toMel(low)) / double(count + 2);
  SmallVector<int64_t> bins;
  for (int64_t i = 0; i < count + 2; ++i)
    bins.push_back(
        std::floor(double(length + 1) * toHertz(i * step + toMel(low)) / rate));
  return bins;
}

/// Columns of triangles between every three neighbouring frequencies.
static LogicalResult importMelWeightMatrix(NodeImport &n) {
  SmallVector<double> values;
  for (unsigned i = 0; i < 5; ++i) {
    auto data = nnc::ConstantData::get(n.constant(i));
    if (!n.has(i) || !data || data->size() != 1)
      return n.error() << "input #" << i << " must be a constant number";
    values.push_back(data->at(0));
  }
  double count = values[0], length = values[1], rate = values[2],
         low = values[3], high = values[4];
  const double mostBands = 1024, most = 1 << 16;
  int64_t type = n.integer("output_datatype", 1);
  Type element = elementTypeFor(n.context(), type);
  if (!element)
    return n.error() << "element type " << onnxTypeName(type)
                     << " is not supported";
  if (!(count >= 1 && count <= mostBands && length >= 1 && length <= most &&
        rate > 0 && low >= 0 && high >= low && high <= rate))
    return n.error() << "cannot make " << numberText(count) << " bands from "
                     << numberText(low) << " to " << numberText(high)
                     << " of a spectrum of " << numberText(length)
                     << " samples with the rate " << numberText(rate);
  int64_t bands = count, rows = int64_t(length) / 2 + 1;
  SmallVector<int64_t> bins = melBins(bands, length, rate, low, high);
  std::vector<double> matrix(rows * bands, 0.0);
  auto set = [&](int64_t row, int64_t band, double value) {
    if (row < rows)
      matrix[row * bands + band] = value;
  };
  for (int64_t band = 0; band < bands; ++band) {
    int64_t left = bins[band], center = bins[band + 1], right = bins[band + 2];
    if (left == center)
      set(center, band, 1);
    for (int64_t i = left; i <= center && left < center; ++i)
      set(i, band, double(i - left) / double(center - left));
    for (int64_t i = center; i < right; ++i)
      set(i, band, double(right - i) / double(right - center));
  }
  return n.yield(OpFoldResult(
      nnc::makeConstant(RankedTensorType::get({rows, bands}, element),
                        ArrayRef<double>(matrix))));
}

ArrayRef<OnnxOpRow> nncc::frontend::featureRows() {
  static constexpr OnnxOpRow rows[] = {
      {"", "MelWeightMatrix", 17, anyNewer, importMelWeightMatrix},
      {"", "TfIdfVectorizer", 9, anyNewer, importTfIdfVectorizer},
      {"ai.onnx.ml", "ArrayFeatureExtractor", 1, anyNewer,
       importArrayFeatureExtractor},
      {"ai.onnx.ml", "Binarizer", 1, anyNewer, importBinarizer},
  };
  return rows;
}
