"""Writes what the fuzz targets start from: small networks of the repository as protobuf
and as text, and the words of both.

    fuzz_seeds.py REPOSITORY FOLDER

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import subprocess
import sys

import onnx
import onnx.defs
import onnx.parser

LARGEST = 20000  # bytes; the digits' network is larger and has nothing else


def parsed(text):
    """The protobuf of a file that is one network; None if it is several, or broken."""
    try:
        return onnx.parser.parse_model(text).SerializeToString()
    except (onnx.parser.ParseError, UnicodeDecodeError):
        return None


def words():
    """Names that the importer looks for, which no mutation would ever spell."""
    found = {"ai.onnx", "opset_import", "ir_version"}
    for schema in onnx.defs.get_all_schemas():
        found |= {schema.name, *schema.attributes}
    return sorted(found)


root, folder = map(pathlib.Path, sys.argv[1:])
for name in ("importer", "text"):
    (folder / name).mkdir(parents=True, exist_ok=True)
for path in sorted([*root.glob("test/run/*.onnxtxt"), *root.glob("test/lib/Frontend/**/*.onnxtxt")]):
    text = path.read_text()
    if len(text) > LARGEST:
        continue
    (folder / "text" / path.name).write_text(text)
    model = parsed(text)
    if model:
        (folder / "importer" / f"{path.stem}.onnx").write_bytes(model)
subprocess.run([sys.executable, root / "test/lib/Frontend/Inputs/write_models.py", folder / "importer"],
               check=True)
for path in (folder / "importer").iterdir():
    if path.suffix != ".onnx" or path.stat().st_size > LARGEST:
        path.unlink()
(folder / "words.txt").write_text("".join(f'"{word}"\n' for word in words()))
