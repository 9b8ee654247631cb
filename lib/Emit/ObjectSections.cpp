//===- ObjectSections.cpp - contents of sections, put in later ------------===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emit/ObjectSections.h"
#include "lib/Emit/WasmSections.h"
#include <limits>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/BinaryFormat/Magic.h>
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Object/ELFTypes.h>
#include <llvm/Support/MathExtras.h>
#include <llvm/Support/MemoryBufferRef.h>

using namespace llvm;
using namespace nncc::emit;

namespace {
/// The parts of a well-formed relocatable file that change. The file comes
/// straight from LLVM's writer, so its tables are where the header says.
template <typename ELFT> class Patcher {
public:
  using Header = typename ELFT::Ehdr;
  using Section = typename ELFT::Shdr;
  using Symbol = typename ELFT::Sym;

  explicit Patcher(SmallVectorImpl<char> &object) : object(object) {}

  Error replace(const SectionContent &content) {
    Section *section = find(content.name);
    if (!section)
      return createStringError("internal error: the object has no section '" +
                               content.name + "'");
    uint64_t offset = alignTo(object.size(), content.alignment);
    uint64_t end = offset + content.size;
    if (end > std::numeric_limits<typename ELFT::uint>::max())
      return createStringError("section '" + content.name + "' of " +
                               std::to_string(content.size) +
                               " bytes does not fit the object format");
    section->sh_offset = offset;
    section->sh_size = content.size;
    section->sh_addralign = content.alignment;
    if (!content.loaded)
      section->sh_flags = 0;
    resizeSymbols(section - sections().data(), content.size);
    object.resize(end); // invalidates `section`
    return content.write(
        MutableArrayRef<char>(object.data() + offset, content.size));
  }

private:
  Header &header() { return *reinterpret_cast<Header *>(object.data()); }

  MutableArrayRef<Section> sections() {
    return {reinterpret_cast<Section *>(object.data() + header().e_shoff),
            header().e_shnum};
  }

  Section *find(StringRef name) {
    const char *names =
        object.data() + sections()[header().e_shstrndx].sh_offset;
    for (Section &section : sections())
      if (name == names + section.sh_name)
        return &section;
    return nullptr;
  }

  /// The symbols of the section name all of it.
  void resizeSymbols(size_t index, uint64_t size) {
    for (Section &table : sections()) {
      if (table.sh_type != ELF::SHT_SYMTAB)
        continue;
      auto *first = reinterpret_cast<Symbol *>(object.data() + table.sh_offset);
      for (Symbol &symbol :
           MutableArrayRef<Symbol>(first, table.sh_size / sizeof(Symbol)))
        if (symbol.st_shndx == index && symbol.getType() == ELF::STT_OBJECT)
          symbol.st_size = size;
    }
  }

  SmallVectorImpl<char> &object;
};
} // namespace

Error nncc::emit::replaceSection(SmallVectorImpl<char> &object,
                                 const SectionContent &content) {
  if (identify_magic(StringRef(object.data(), object.size())) ==
      file_magic::wasm_object)
    return content.loaded ? replaceSegment(object, content)
                          : appendCustomSection(object, content);
  if (object.size() < ELF::EI_NIDENT ||
      object[ELF::EI_DATA] != ELF::ELFDATA2LSB)
    return createStringError("internal error: not a little-endian ELF object");
  if (object[ELF::EI_CLASS] == ELF::ELFCLASS32)
    return Patcher<object::ELF32LE>(object).replace(content);
  return Patcher<object::ELF64LE>(object).replace(content);
}

Expected<std::vector<std::string>>
nncc::emit::undefinedSymbols(ArrayRef<char> object) {
  MemoryBufferRef buffer(StringRef(object.data(), object.size()), "object");
  auto file = object::ObjectFile::createObjectFile(buffer);
  if (!file)
    return file.takeError();
  std::vector<std::string> names;
  for (const object::SymbolRef &symbol : (*file)->symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    if (!(*flags & object::SymbolRef::SF_Undefined) ||
        (*flags & object::SymbolRef::SF_FormatSpecific))
      continue;
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (!(*file)->isWasm() || *name != "__stack_pointer")
      names.push_back(name->str());
  }
  return names;
}
