# RUN: %python %s %source
"""What a source file names it includes, itself or by its headers. The precompiled header,
which every file gets, would hide that it does not.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import functools
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from source_tree import files, finish, lines, problem, root

# Names, and headers that define them: those that the precompiled header brings along.
NAMES = {
    r"affine::[A-Z]": "mlir/Dialect/Affine/IR/AffineOps.h",
    r"arith::[A-Z]": "mlir/Dialect/Arith/IR/Arith.h",
    r"arith::populate(?!ArithToLLVM)": "mlir/Dialect/Arith/Transforms/Passes.h",
    r"func::[A-Z]": "mlir/Dialect/Func/IR/FuncOps.h",
    r"LLVM::[A-Z]": "mlir/Dialect/LLVMIR/LLVMDialect.h",
    r"linalg::[A-Z]": "mlir/Dialect/Linalg/IR/Linalg.h",
    r"math::[A-Z]": "mlir/Dialect/Math/IR/Math.h",
    r"memref::[A-Z]": "mlir/Dialect/MemRef/IR/MemRef.h",
    r"scf::[A-Z]": "mlir/Dialect/SCF/IR/SCF.h",
    r"tensor::[A-Z]": "mlir/Dialect/Tensor/IR/Tensor.h",
    r"vector::[A-Z]": "mlir/Dialect/Vector/IR/VectorOps.h",
    r"ModuleOp|UnrealizedConversionCastOp": "mlir/IR/BuiltinOps.h",
    r"OpBuilder|Builder b\b": "mlir/IR/Builders.h",
    r"IRMapping": "mlir/IR/IRMapping.h",
    r"m_\w+\(": "mlir/IR/Matchers.h",
    r"OpRewritePattern|PatternRewriter|RewritePatternSet": "mlir/IR/PatternMatch.h",
    r"SymbolTable": "mlir/IR/SymbolTable.h",
    r"getElementTypeOrSelf": "mlir/IR/TypeUtilities.h",
    r"PassManager": "mlir/Pass/PassManager.h",
    r"FunctionOpInterface": "mlir/Interfaces/FunctionInterfaces.h",
    r"ViewLikeOpInterface": "mlir/Interfaces/ViewLikeInterface.h",
    r"getConstantIntValue": "mlir/Dialect/Utils/StaticValueUtils.h",
    r"applyPartialConversion|ConversionTarget|OpConversionPattern|TypeConverter":
        "mlir/Transforms/DialectConversion.h",
    r"applyPatternsAndFoldGreedily": "mlir/Transforms/GreedyPatternRewriteDriver.h",
    r"TypeSwitch": "llvm/ADT/TypeSwitch.h",
    r"StringSwitch": "llvm/ADT/StringSwitch.h",
    r"llvm::SetVector": "llvm/ADT/SetVector.h",
    r"MapVector": "llvm/ADT/MapVector.h",
    r"StringMap": "llvm/ADT/StringMap.h",
    r"StringSet": "llvm/ADT/StringSet.h",
    r"std::(gcd|lcm|iota|accumulate)": "numeric",
    r"std::numeric_limits": "limits",
    r"std::(sqrt|exp|log|pow|floor|ceil|isnan|isinf|abs|round)\(": "cmath",
    r"std::map": "map",
    r"std::(unique|shared)_ptr": "memory",
    r"std::array": "array",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)
CODE = re.compile(r'//.*|"(?:[^"\\]|\\.)*"')


@functools.cache
def folders():
    """Where headers are looked for: the tree, LLVM, and the C++ library of GCC."""
    search = subprocess.run(["g++", "-E", "-v", "-x", "c++", "/dev/null"], capture_output=True,
                            text=True).stderr
    return [root, root / "include", pathlib.Path("/usr/lib/llvm-19/include"),
            *(pathlib.Path(line.strip()) for line in search.splitlines() if line.startswith(" /"))]


@functools.cache
def included(name, beside):
    """What a header includes, by the names that it writes."""
    for folder in [root / beside, *folders()]:
        if (folder / name).is_file():
            return INCLUDE.findall((folder / name).read_text(encoding="utf-8", errors="replace"))
    return []


def reachable(path):
    found, pending = set(), INCLUDE.findall((root / path).read_text(encoding="utf-8"))
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += included(name, path.parent)
    return found


for path in files(".cpp"):
    if path.parts[0] not in ("dialects", "lib", "tools", "python-bindings"):
        continue
    headers = None
    missing = dict(NAMES)
    for number, text in lines(path):
        text = CODE.sub("", text)
        for name in [name for name in missing if re.search(rf"(?<![\w:.])(?:mlir::)?(?:{name})", text)]:
            headers = headers or reachable(path)
            if missing[name] not in headers:
                problem(path, number, f"names what <{missing[name]}> defines, which no include leads to")
            del missing[name]
finish()
