//===- ScalarProgram.cpp - elementwise operations at compile time ---------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Nnc/IR/ScalarProgram.h"
#include "dialects/Nnc/IR/ElementTypes.h"
#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace nncc::nnc;

//===----------------------------------------------------------------------===//
// Translation
//===----------------------------------------------------------------------===//

unsigned ScalarProgram::newRegister() {
  registers.resize(registers.size() + chunk);
  return registers.size() / chunk - 1;
}

/// A constant is a register that no step writes.
bool ScalarProgram::addConstant(arith::ConstantOp constant) {
  Lane lane;
  if (auto number = dyn_cast<FloatAttr>(constant.getValue()))
    lane.number = number.getValueAsDouble();
  else if (auto integer = dyn_cast<IntegerAttr>(constant.getValue()))
    lane.integer = integer.getValue().getSExtValue();
  else
    return false;
  unsigned number = numbers[constant] = newRegister();
  std::fill_n(registers.begin() + number * chunk, chunk, lane);
  return true;
}

bool ScalarProgram::add(Operation &op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return addConstant(constant);
  auto [kernel, width] = kernelOf(op);
  if (!kernel || op.getNumOperands() > 3)
    return false;
  Step step{kernel, 0, {0, 0, 0}, width};
  for (auto [i, operand] : llvm::enumerate(op.getOperands()))
    step.in[i] = numbers.lookup(operand);
  step.out = numbers[op.getResult(0)] = newRegister();
  steps.push_back(step);
  return true;
}

std::optional<ScalarProgram> ScalarProgram::compile(ScalarSemantics op) {
  ScalarProgram program;
  Block block;
  for (Value operand : op->getOperands()) {
    Value argument = block.addArgument(
        computeTypeOf(typeOf(operand).getElementType()), op.getLoc());
    program.numbers[argument] = program.newRegister();
  }
  OpBuilder b(op.getContext());
  b.setInsertionPointToEnd(&block);
  Value result = op.emitScalar(b, op.getLoc(), block.getArguments());
  for (Operation &step : block)
    if (!program.add(step))
      return std::nullopt;
  program.result = program.numbers.lookup(result);
  return program;
}

const Lane *ScalarProgram::run(int64_t count) {
  auto at = [&](unsigned number) { return &registers[number * chunk]; };
  for (const Step &step : steps)
    step.kernel(at(step.out), at(step.in[0]), at(step.in[1]), at(step.in[2]),
                count, step.width);
  return at(result);
}

//===----------------------------------------------------------------------===//
// Elements in memory
//===----------------------------------------------------------------------===//

template <typename T, typename Convert>
static void read(const ConstantData &data, ArrayRef<int64_t> positions,
                 Lane *out, Convert convert) {
  const char *bytes = data.bytes().data();
  bool splat = data.isSplat();
  for (auto [i, position] : llvm::enumerate(positions)) {
    T value;
    std::memcpy(&value, bytes + (splat ? 0 : position * sizeof(T)), sizeof(T));
    convert(value, out[i]);
  }
}

void nncc::nnc::readLanes(const ConstantData &data,
                          ArrayRef<int64_t> positions, Lane *out) {
  Type element = data.getType().getElementType();
  auto number = [](auto value, Lane &lane) { lane.number = value; };
  auto integer = [](auto value, Lane &lane) { lane.integer = value; };
  if (element.isF32())
    return read<float>(data, positions, out, number);
  if (element.isF64())
    return read<double>(data, positions, out, number);
  if (auto type = dyn_cast<FloatType>(element))
    return read<uint16_t>(data, positions, out, [&](uint16_t bits, Lane &lane) {
      lane.number = floatOfBits(type.getFloatSemantics(), bits);
    });
  switch (element.getIntOrFloatBitWidth()) {
  case 1:
    return read<int8_t>(data, positions, out, [](int8_t byte, Lane &lane) {
      lane.integer = byte ? -1 : 0;
    });
  case 8:
    return read<int8_t>(data, positions, out, integer);
  case 16:
    return read<int16_t>(data, positions, out, integer);
  case 32:
    return read<int32_t>(data, positions, out, integer);
  default:
    return read<int64_t>(data, positions, out, integer);
  }
}

template <typename T, typename Convert>
static void write(const Lane *lanes, int64_t count, char *out,
                  Convert convert) {
  for (int64_t i = 0; i < count; ++i) {
    T value = convert(lanes[i]);
    std::memcpy(out + i * sizeof(T), &value, sizeof(T));
  }
}

void nncc::nnc::writeLanes(Type element, const Lane *lanes, int64_t count,
                           char *out) {
  auto number = [](Lane lane) { return lane.number; };
  auto integer = [](Lane lane) { return lane.integer; };
  if (element.isF32())
    return write<float>(lanes, count, out, number);
  if (element.isF64())
    return write<double>(lanes, count, out, number);
  if (auto type = dyn_cast<FloatType>(element))
    return write<uint16_t>(lanes, count, out, [&](Lane lane) {
      return bitsOfFloat(type.getFloatSemantics(), lane.number);
    });
  switch (element.getIntOrFloatBitWidth()) {
  case 1:
    return write<int8_t>(lanes, count, out,
                         [](Lane lane) { return lane.integer != 0; });
  case 8:
    return write<int8_t>(lanes, count, out, integer);
  case 16:
    return write<int16_t>(lanes, count, out, integer);
  case 32:
    return write<int32_t>(lanes, count, out, integer);
  default:
    return write<int64_t>(lanes, count, out, integer);
  }
}
