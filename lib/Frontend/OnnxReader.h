//===- OnnxReader.h - the door to ONNX's own library ---------- -*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_FRONTEND_ONNXREADER_H
#define LIB_FRONTEND_ONNXREADER_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <memory>
#include <onnx/onnx_pb.h>

namespace nncc::frontend {

/// Reads `path`: ONNX's text syntax if it ends in .onnxtxt, else protobuf.
/// Errors do not repeat the path.
llvm::Expected<std::shared_ptr<onnx::ModelProto>>
readOnnxModel(llvm::StringRef path);

/// Reads the protobuf `bytes`.
llvm::Expected<std::shared_ptr<onnx::ModelProto>>
parseOnnxModel(llvm::StringRef bytes);

/// Reads `text` in ONNX's text syntax.
llvm::Expected<std::shared_ptr<onnx::ModelProto>>
parseOnnxText(llvm::StringRef text);

/// The newest opset of `domain` that the linked ONNX library describes, 0 for
/// domains that are not ONNX's.
int newestOpset(llvm::StringRef domain);

/// True if ONNX defines the operator of `node` by a function body.
bool hasSchemaFunction(const onnx::NodeProto &node, int opset);

/// The function body by which ONNX itself defines the operator of `node`, or
/// null if it has none. `inputTypes` holds one entry per input of the node.
llvm::Expected<std::shared_ptr<const onnx::FunctionProto>>
schemaFunction(const onnx::NodeProto &node, int opset,
               llvm::ArrayRef<onnx::TypeProto> inputTypes);

} // namespace nncc::frontend

#endif // LIB_FRONTEND_ONNXREADER_H
