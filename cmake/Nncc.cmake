# The build rules of nncc: one directory, one rule, one library.
#   nncc_dialect(Nnc)             <Name>{Attrs,Ops,Interfaces}.td -> .inc and documentation
#   nncc_passes(NncTransforms)    Passes.td -> Passes.h.inc and documentation
#   nncc_library(Name SRC... [DEPENDS target...] [LINK library...])
#   nncc_tool(name SRC... [LINK library...])

function(nncc_dialect name)
  string(TOLOWER ${name} mnemonic)
  set(LLVM_TARGET_DEFINITIONS ${name}Ops.td)
  mlir_tablegen(${name}Dialect.h.inc -gen-dialect-decls -dialect=${mnemonic})
  mlir_tablegen(${name}Dialect.cpp.inc -gen-dialect-defs -dialect=${mnemonic})
  mlir_tablegen(${name}Ops.h.inc -gen-op-decls)
  mlir_tablegen(${name}Ops.cpp.inc -gen-op-defs)
  set(LLVM_TARGET_DEFINITIONS ${name}Attrs.td)
  mlir_tablegen(${name}Enums.h.inc -gen-enum-decls)
  mlir_tablegen(${name}Enums.cpp.inc -gen-enum-defs)
  mlir_tablegen(${name}Attrs.h.inc -gen-attrdef-decls -attrdefs-dialect=${mnemonic})
  mlir_tablegen(${name}Attrs.cpp.inc -gen-attrdef-defs -attrdefs-dialect=${mnemonic})
  set(LLVM_TARGET_DEFINITIONS ${name}Interfaces.td)
  mlir_tablegen(${name}Interfaces.h.inc -gen-op-interface-decls)
  mlir_tablegen(${name}Interfaces.cpp.inc -gen-op-interface-defs)
  add_public_tablegen_target(Nncc${name}IncGen)
  add_mlir_doc(${name}Ops ${name} dialects/ -gen-dialect-doc -dialect=${mnemonic})
endfunction()

function(nncc_passes name)
  set(LLVM_TARGET_DEFINITIONS Passes.td)
  mlir_tablegen(Passes.h.inc -gen-pass-decls -name=${name})
  add_public_tablegen_target(Nncc${name}IncGen)
  add_mlir_doc(Passes ${name} passes/ -gen-pass-doc)
endfunction()

# Every library compiles against one shared precompiled header: parsing
# MLIR's headers is four fifths of the cost of a file.
add_library(nncc_pch OBJECT ${CMAKE_CURRENT_LIST_DIR}/empty.cpp)
llvm_update_compile_flags(nncc_pch)
set_target_properties(nncc_pch PROPERTIES POSITION_INDEPENDENT_CODE ON)
if(NNCC_PCH)
  target_precompile_headers(nncc_pch PRIVATE
    <mlir/Dialect/Affine/IR/AffineOps.h>
    <mlir/Dialect/Arith/IR/Arith.h>
    <mlir/Dialect/Func/IR/FuncOps.h>
    <mlir/Dialect/LLVMIR/LLVMDialect.h>
    <mlir/Dialect/Linalg/IR/Linalg.h>
    <mlir/Dialect/Math/IR/Math.h>
    <mlir/Dialect/MemRef/IR/MemRef.h>
    <mlir/Dialect/SCF/IR/SCF.h>
    <mlir/Dialect/Tensor/IR/Tensor.h>
    <mlir/Dialect/Vector/IR/VectorOps.h>
    <mlir/IR/PatternMatch.h>
    <mlir/Pass/PassManager.h>
    <mlir/Transforms/DialectConversion.h>
    <mlir/Transforms/GreedyPatternRewriteDriver.h>)
endif()

function(nncc_reuse_pch target)
  if(NNCC_PCH)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_precompile_headers(${target} REUSE_FROM nncc_pch)
  endif()
endfunction()

# nncc_library(NAME SOURCE... [LINK LIBRARY...] [DEPENDS TARGET...] [UNITY [EXCEPT SOURCE...]])
# With NNCC_UNITY the sources of a library that says UNITY are compiled some at a time,
# EXCEPT those whose names clash with others'.
function(nncc_library name)
  cmake_parse_arguments(ARG "UNITY" "" "LINK;DEPENDS;EXCEPT" ${ARGN})
  set_source_files_properties(${ARG_EXCEPT} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_mlir_library(Nncc${name} STATIC ${ARG_UNPARSED_ARGUMENTS} DISABLE_INSTALL
    EXCLUDE_FROM_LIBMLIR DEPENDS ${ARG_DEPENDS} LINK_LIBS PUBLIC ${ARG_LINK})
  foreach(target Nncc${name} obj.Nncc${name})
    if(TARGET ${target})
      if(NNCC_UNITY AND ARG_UNITY)
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON)
      endif()
      get_target_property(sources ${target} SOURCES)
      if(sources MATCHES "\\.cpp")
        nncc_reuse_pch(${target})
      endif()
    endif()
  endforeach()
endfunction()

function(nncc_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  # Mains are thin and position dependent code differs from the libraries': no PCH.
  add_llvm_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
endfunction()
