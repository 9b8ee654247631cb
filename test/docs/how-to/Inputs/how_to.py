"""Does what a page of docs/how-to says, in copies of the files it names.

A block of the page (indented by seven blanks) belongs to the sentence before it:
"In FILE, above the row of `NAME`:" and "In FILE, above `TEXT`:" are lines to insert,
"As FILE:" is a new file, and all others are commands. What changed is compiled by the
commands of the build and linked with the rest of it.

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

INSERT = re.compile(r"In (\S+), above (the row of )?`([^`]+)`:$")
CREATE = re.compile(r"As (\S+):$")


class HowTo:
    """A page carried out below the folder `scratch`."""

    def __init__(self, page, source, build, scratch):
        self.source, self.build, self.scratch = map(pathlib.Path, (source, build, scratch))
        self.commands, self.objects = [], {}
        self.files = []  # paths of changed and new files, as in the source tree
        shutil.rmtree(self.scratch, ignore_errors=True)
        (self.scratch / "bin").mkdir(parents=True)
        for sentence, lines in self.blocks(self.source / "docs/how-to" / page):
            insert, create = INSERT.search(sentence), CREATE.search(sentence)
            if insert:
                self.insert(insert[1], f'"{insert[3]}"' if insert[2] else insert[3], lines)
            elif create:
                self.write(create[1], lines)
            else:
                self.commands += lines.splitlines()

    @staticmethod
    def blocks(page):
        """The indented blocks of the page, each with the paragraph before it."""
        before, block = "", []
        for paragraph in [*page.read_text().split("\n\n"), ""]:
            if paragraph.startswith(" " * 7):
                block.append(paragraph)
                continue
            if block:
                yield before, textwrap.dedent("\n\n".join(block)).rstrip() + "\n"
            before, block = " ".join(paragraph.split()), []

    def write(self, path, text):
        copy = self.scratch / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
        if path not in self.files:
            self.files.append(path)

    def insert(self, path, mark, lines):
        """Puts lines above the first one with `mark` in it."""
        copy = self.scratch / path
        text = (copy if copy.exists() else self.source / path).read_text()
        at = text.rindex("\n", 0, text.index(mark)) + 1
        indent = re.match(" *", text[at:])[0]
        self.write(path, text[:at] + textwrap.indent(lines, indent) + text[at:])

    def generate(self, folder):
        """What TableGen makes of the folder's declarations."""
        (self.scratch / folder).mkdir(parents=True, exist_ok=True)
        outputs = sorted(path.name for path in (self.build / folder).glob("*.inc"))
        for name in outputs:
            listing = self.ninja_commands(f"{folder}/{name}")
            command = next(c for c in listing if "mlir-tblgen" in c and f"{folder}/{name}" in c)
            words = shlex.split(next(part for part in command.split("&&") if "mlir-tblgen" in part))
            words = [str(self.scratch / folder / name) if word.endswith(f"{folder}/{name}") else word
                     for word in words if not word.endswith(".d") and word != "-d"]
            main = next(i for i, word in enumerate(words) if word.endswith(".td"))
            copy = self.scratch / folder / pathlib.Path(words[main]).name
            if copy.exists():
                words[main] = str(copy)
            subprocess.run([words[0], f"-I{self.scratch}", *words[1:]], cwd=self.build, check=True)

    def ninja_commands(self, target):
        return subprocess.run(["ninja", "-t", "commands", target], cwd=self.build, text=True,
                              capture_output=True, check=True).stdout.splitlines()

    def compile(self, *others):
        """The changed C++ files, and others that see what was generated."""
        database = json.loads((self.build / "compile_commands.json").read_text())
        entries = {os.path.relpath(os.path.realpath(entry["file"]), os.path.realpath(self.source)):
                   entry for entry in database}
        for path in [*(path for path in self.files if path.endswith(".cpp")), *others]:
            # A new file is compiled as its neighbours are.
            known = path in entries
            entry = entries[path] if known else next(
                entry for name, entry in sorted(entries.items())
                if pathlib.Path(name).parent == pathlib.Path(path).parent)
            words = shlex.split(entry["command"])
            old = words[words.index("-o") + 1]
            copy = self.scratch / path
            new = copy.with_suffix(".o")
            new.parent.mkdir(parents=True, exist_ok=True)
            words[words.index("-o") + 1] = str(new)
            words[words.index(entry["file"])] = str(copy if copy.exists() else self.source / path)
            compiler = next(i for i, word in enumerate(words) if not word.endswith("ccache"))
            words[compiler + 1:compiler + 1] = [f"-I{self.scratch}",
                                                f"-I{(self.source / path).parent}"]
            subprocess.run(words, cwd=self.build, check=True)
            self.objects[path] = (old if known else None, str(new))

    def link(self, program, *paths):
        """Links a program of the build with the new objects of `paths` before all others."""
        command = next(line for line in self.ninja_commands(f"bin/{program}")
                       if f"-o bin/{program} " in line)
        for path in paths:
            if self.objects[path][0]:
                command = command.replace(f" {self.objects[path][0]} ", " ")
        new = " ".join(self.objects[path][1] for path in paths)
        command = command.replace(f"-o bin/{program} ",
                                  f"-o {self.scratch / 'bin' / program} {new} ")
        subprocess.run(["sh", "-ec", command], cwd=self.build, check=True)

    def run(self):
        """Runs the commands with the new programs; what each printed."""
        (self.scratch / "examples").symlink_to(self.source / "examples")
        # The interpreter with NumPy; a link to it would not find its packages.
        python = self.scratch / "bin" / "python3"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        environment = os.environ | {"PATH": f"{self.scratch / 'bin'}:{os.environ['PATH']}"}
        outputs = []
        for command in self.commands:
            result = subprocess.run(["sh", "-ec", command], cwd=self.scratch, env=environment,
                                    text=True, stdout=subprocess.PIPE)
            print(f"$ {command}\n{result.stdout}", flush=True)
            if result.returncode:
                sys.exit(f"'{command}' failed")
            outputs.append(result.stdout)
        return outputs
