# REQUIRES: ninja
# RUN: %python %s %source %build %t
"""Adds a target by the steps of docs/how-to/add-a-target.md, taken from the page itself.

The files it says to change are compiled by the commands of the build and linked with
the rest of it; the page's commands then run with the new programs.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import textwrap

source, build, scratch = map(pathlib.Path, sys.argv[1:])
PAGE = source / "docs/how-to/add-a-target.md"
PLACE = re.compile(r"In (\S+\.cpp), above the row of `([\w-]+)`:$")


def blocks():
    """The indented blocks of the page, each with the paragraph before it."""
    before = ""
    for paragraph in PAGE.read_text().split("\n\n"):
        if paragraph.startswith(" " * 7):
            yield before, textwrap.dedent(paragraph).rstrip() + "\n"
        before = " ".join(paragraph.split())


def change(path, row, lines):
    """A copy of a source file with lines above the first one that names `row`."""
    text = (source / path).read_text()
    at = text.rindex("\n", 0, text.index(f'"{row}"')) + 1
    copy = scratch / pathlib.Path(path).name
    copy.write_text(text[:at] + lines + text[at:])
    return copy


def compile(path, copy):
    """Compiles the copy as the build compiles the file."""
    database = json.loads((build / "compile_commands.json").read_text())
    entry = next(e for e in database if os.path.samefile(e["file"], source / path))
    words = shlex.split(entry["command"])
    old = words[words.index("-o") + 1]
    words[words.index("-o") + 1] = str(copy.with_suffix(".o"))
    words[words.index(entry["file"])] = str(copy)
    words.append(f"-I{(source / path).parent}")
    subprocess.run(words, cwd=build, check=True)
    return old, str(copy.with_suffix(".o"))


def link(program, objects):
    """Links a program of the build with the new objects before all others."""
    listing = subprocess.run(["ninja", "-t", "commands", f"bin/{program}"], cwd=build, text=True,
                             capture_output=True, check=True).stdout
    command = next(line for line in listing.splitlines() if f"-o bin/{program} " in line)
    output = scratch / "bin" / program
    for old, _ in objects:
        command = command.replace(f" {old} ", " ")
    command = command.replace(f"-o bin/{program} ",
                              f"-o {output} {' '.join(new for _, new in objects)} ")
    subprocess.run(["sh", "-ec", command], cwd=build, check=True)


shutil.rmtree(scratch, ignore_errors=True)
(scratch / "bin").mkdir(parents=True)
objects, commands = {}, []
for sentence, lines in blocks():
    place = PLACE.search(sentence)
    if place:
        objects[place[1]] = compile(place[1], change(place[1], place[2], lines))
    else:
        commands += lines.splitlines()
assert len(objects) == 2 and len(commands) == 5, f"the page has {objects} and {commands}"

link("nncc", [objects["lib/Target/Arm/ArmTargets.cpp"]])
link("nncc-run", list(objects.values()))
(scratch / "examples").symlink_to(source / "examples")
environment = os.environ | {"PATH": f"{scratch / 'bin'}:{os.environ['PATH']}"}
outputs = []
for command in commands:
    result = subprocess.run(["sh", "-ec", command], cwd=scratch, env=environment, text=True,
                            stdout=subprocess.PIPE)
    print(f"$ {command}\n{result.stdout}", flush=True)
    if result.returncode:
        sys.exit(f"'{command}' failed")
    outputs.append(result.stdout)
targets, _, undefined, places, _ = outputs
assert "cortex-m35p " in targets and not undefined, "the new target is not there"
assert "cortex-m35p: qemu-system-arm" in places, "the new target has no machine"
