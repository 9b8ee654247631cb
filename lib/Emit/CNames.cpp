//===- CNames.cpp - C identifiers for ONNX names --------------------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/CNames.h"
#include "nncc/Emit.h"
#include <llvm/ADT/StringExtras.h>

using namespace llvm;
using namespace nncc::emit;

/// Words that C, C++ or a usual compiler gives another meaning, and the members
/// that every I/O struct has.
static bool isReserved(StringRef name) {
  static const StringSet<> words = [] {
    constexpr StringLiteral list =
        "alignas alignof and and_eq asm auto bitand bitor bool break case "
        "catch char char16_t char32_t char8_t class co_await co_return "
        "co_yield compl concept const const_cast consteval constexpr "
        "constinit continue decltype default delete do double dynamic_cast "
        "else enum explicit export extern false float for friend goto if "
        "inline int long mutable namespace new noexcept not not_eq nullptr "
        "operator or or_eq private protected public register "
        "reinterpret_cast requires restrict return short signed sizeof "
        "static static_assert static_cast struct switch template this "
        "thread_local throw true try typedef typeid typename typeof "
        "typeof_unqual union unsigned using virtual void volatile wchar_t "
        "while xor xor_eq linux unix i386 arena state parallel cpu";
    StringSet<> set;
    for (StringRef word : split(list, ' '))
      set.insert(word);
    return set;
  }();
  return words.contains(name);
}

std::string nncc::cIdentifier(StringRef text) {
  std::string name;
  for (char c : text) {
    bool keep = isAlnum(c);
    if (keep || (!name.empty() && name.back() != '_'))
      name += keep ? c : '_';
  }
  while (!name.empty() && name.back() == '_')
    name.pop_back();
  if (name.empty() || isDigit(name.front()))
    name.insert(0, name.empty() ? "t" : "t_");
  if (isReserved(name))
    name += '_';
  return name;
}

std::string CNames::add(StringRef onnxName) {
  std::string base = nncc::cIdentifier(onnxName), name = base;
  unsigned &last = numbered.try_emplace(StringRef(base).upper(), 1).first->second;
  while (!taken.insert(StringRef(name).upper()).second)
    name = base + "_" + utostr(++last);
  return name;
}
