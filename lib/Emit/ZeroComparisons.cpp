//===- ZeroComparisons.cpp - comparisons that LLVM gets wrong -------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM 19 turns 0 > x into the instruction for x < 0. MVE defines that one as the
// inverse of x >= 0, which is true for NaN (Armv8-M Architecture Reference Manual,
// VCMP: only EQ, GE and GT are false for unordered operands). It also checks for
// NaN by comparing with zero. The pattern wants the bits of +0: -0 compares alike.
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/ZeroComparisons.h"
#include <llvm/IR/Constants.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/MC/MCSubtargetInfo.h>

using namespace llvm;

///   fcmp uno <4 x float> %x, 0   ->   fcmp uno <4 x float> %x, %x
///   fcmp olt <4 x float> %x, 0   ->   fcmp olt <4 x float> %x, -0
static void mend(FCmpInst &compare) {
  for (unsigned i : {0, 1}) {
    auto *constant = dyn_cast<Constant>(compare.getOperand(i));
    if (!constant || !constant->isNullValue())
      continue;
    bool asksForNan =
        compare.getPredicate() == CmpInst::FCMP_UNO || compare.getPredicate() == CmpInst::FCMP_ORD;
    compare.setOperand(i, asksForNan ? compare.getOperand(1 - i)
                                     : ConstantFP::getNegativeZero(constant->getType()));
  }
}

void nncc::emit::mendZeroComparisons(Module &module, const TargetMachine &machine) {
  const Triple &triple = machine.getTargetTriple();
  bool isArm = triple.isARM() || triple.isThumb(); // others do not know the feature's name
  if (!isArm || !machine.getMCSubtargetInfo()->checkFeatures("+mve.fp"))
    return;
  for (Function &function : module)
    for (Instruction &instruction : instructions(function))
      if (auto *compare = dyn_cast<FCmpInst>(&instruction);
          compare && compare->getType()->isVectorTy())
        mend(*compare);
}
