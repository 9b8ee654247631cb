//===- SupportVectors.cpp - support vector machines ----------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Frontend/OnnxOps/SupportVectors.h"
#include "dialects/Nnc/IR/ConstantData.h"
#include "lib/Frontend/OnnxOps/ClassScores.h"

using namespace mlir;
using namespace nncc;
using namespace nncc::frontend;

namespace {
/// How alike two vectors are, with the parameters gamma, coef0 and degree.
struct Kernel {
  std::string type;
  float gamma = 0, offset = 0, degree = 0;
};
} // namespace

static FailureOr<Kernel> readKernel(NodeImport &n) {
  Kernel kernel{n.text("kernel_type", "LINEAR")};
  auto parameters = n.reals("kernel_params").value_or(SmallVector<float>());
  if (!llvm::is_contained({"LINEAR", "POLY", "RBF", "SIGMOID"}, kernel.type))
    return n.error() << "attribute 'kernel_type' has the unknown value '" << kernel.type << "'";
  if (parameters.empty())
    return kernel;
  if (parameters.size() != 3)
    return n.error() << "attribute 'kernel_params' has " << parameters.size()
                     << " entries instead of 3";
  kernel.gamma = parameters[0];
  kernel.offset = parameters[1];
  kernel.degree = parameters[2];
  return kernel;
}

/// The kernel of each row of `x` (rows x features) and each row of `vectors`
/// (count x features): rows x count.
static Value kernelMatrix(NodeImport &n, const Kernel &kernel, Value x, Value vectors) {
  if (kernel.type == "RBF") {
    int64_t rows = shapeOf(x)[0], features = shapeOf(x)[1];
    Value apart = n.create<nnc::SubOp>(n.reshape(x, {rows, 1, features}), vectors);
    Value distance = n.create<nnc::ReduceOp>(n.create<nnc::MulOp>(apart, apart),
                                             nnc::ReduceKind::Sum, ArrayRef<int64_t>{2});
    distance = n.reshape(distance, {rows, shapeOf(vectors)[0]});
    return n.create<nnc::ExpOp>(n.create<nnc::MulOp>(distance, n.scalar(-kernel.gamma, x)));
  }
  Value product = n.create<nnc::MatmulOp>(
      x, n.create<nnc::TransposeOp>(vectors, ArrayRef<int64_t>{1, 0}));
  if (kernel.type == "LINEAR")
    return product;
  Value scaled = n.create<nnc::MulOp>(product, n.scalar(kernel.gamma, x));
  Value shifted = n.create<nnc::AddOp>(scaled, n.scalar(kernel.offset, x));
  if (kernel.type == "SIGMOID")
    return n.create<nnc::TanhOp>(shifted);
  return n.create<nnc::PowOp>(shifted, n.scalar(kernel.degree, x));
}

/// The sum of a row's kernels with all support vectors, each times its coefficient,
/// plus rho. Without support vectors the coefficients are the only one.
LogicalResult nncc::frontend::importSVMRegressor(NodeImport &n) {
  Value x = n.convert(n.input(0), Float32Type::get(n.context()));
  FailureOr<Kernel> kernel = readKernel(n);
  auto vectors = n.reals("support_vectors").value_or(SmallVector<float>());
  auto coefficients = n.reals("coefficients").value_or(SmallVector<float>());
  auto rho = n.reals("rho").value_or(SmallVector<float>());
  int64_t count = n.integer("n_supports", 0);
  bool oneClass = n.integer("one_class", 0) != 0;
  if (!x || failed(kernel))
    return failure();
  if (shapeOf(x).size() == 1)
    x = n.reshape(x, {1, shapeOf(x)[0]});
  if (shapeOf(x).size() != 2)
    return n.error() << "input " << nnc::shapeText(shapeOf(x)) << " must be a matrix";
  int64_t features = shapeOf(x)[1];
  if (count == 0) {
    vectors = coefficients;
    coefficients.assign(1, 1.0f);
    count = 1;
  }
  if (count < 0 || count > int64_t(coefficients.size()) || rho.size() != 1 ||
      count * features != int64_t(vectors.size()) || count != int64_t(coefficients.size()))
    return n.error() << "has " << vectors.size() << " numbers in vectors, " << coefficients.size()
                     << " coefficients and " << rho.size() << " offsets for " << count
                     << " vectors of " << features << " features";
  auto constant = [&](ArrayRef<int64_t> shape, ArrayRef<float> values) {
    auto type = RankedTensorType::get(shape, Float32Type::get(n.context()));
    return n.constant(nnc::makeConstant(type, values));
  };
  Value likeness = kernelMatrix(n, *kernel, x, constant({count, features}, vectors));
  Value score = n.create<nnc::MatmulOp>(likeness, constant({count, 1}, coefficients));
  score = n.create<nnc::AddOp>(score, n.scalar(rho[0], x));
  if (oneClass) {
    Value inside = n.create<nnc::LessOp>(n.scalar(0, x), score);
    score = n.create<nnc::SelectOp>(inside, n.scalar(1, x), n.scalar(-1, x));
  }
  return n.yield(postTransform(n, score, n.text("post_transform", "NONE")));
}
