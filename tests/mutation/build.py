"""Compiles a changed file and links the library that it belongs to, beside a build that stays as it is.

The build folder has shared libraries and test programs. A mutant gets a library of its own in a scratch folder, where
LD_LIBRARY_PATH makes the programs find it: nothing else is compiled or linked again, and no source file is touched. Only
a program that has the source compiled into itself is linked again as a whole."""
import json
import os
import re
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include "([^"]+)"', re.MULTILINE)


class DoesNotCompile(Exception):
    pass


class Build:
    def __init__(self, root, folder, scratch, jobs=1):
        self.root, self.folder, self.scratch, self.jobs = root, folder, scratch, jobs
        self.commands = {}
        for entry in json.loads((folder / "compile_commands.json").read_text()):
            words = shlex.split(entry["command"])
            if words[0].endswith("ccache"):
                words = words[1:]  # a mutant is compiled once, so it is nothing to keep
            output = Path(entry["directory"], words[words.index("-o") + 1])
            if output.suffix == ".gch":
                continue  # a header of the whole target, compiled before: it includes no file of src
            self.commands[output] = (words, Path(entry["directory"]), Path(entry["file"]))
        # The sources once more, as links: a change is a file in place of one, found by whoever includes it.
        self.overlay = scratch / "overlay"
        shutil.rmtree(self.overlay, ignore_errors=True)
        self.sources = sorted(p for p in (root / "src").rglob("*") if p.is_file())
        for path in self.sources:
            link = self.overlay / path.relative_to(root)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)

    def objects_of(self, library):
        return {o: c for o, c in self.commands.items() if any(f"{part}.dir" in o.parts for part in library.parts)}

    def including(self, path, others=()):
        """The files of src, and of `others`, that include this one, directly or not, and itself."""
        found, rest = set(), [self.root / path]
        while rest:
            one = rest.pop()
            if one in found:
                continue
            found.add(one)
            for other in [*self.sources, *others]:
                if other.suffix not in (".cpp", ".hpp", ".cxx") or other in found:
                    continue
                for name in INCLUDE.findall(other.read_text()):
                    if one in (other.parent / name, self.root / "src" / name):
                        rest.append(other)
        return found

    def touched(self, change, library):
        """The objects that a change makes necessary to compile again, each with the source to compile."""
        found, objects = {}, self.objects_of(library)
        if change.path.endswith(".sql"):
            text = (self.root / change.path).read_text()
            for output, (_, _, source) in objects.items():
                made = source.read_text() if self.folder in source.parents else ""
                if text in made:
                    # The build wrote the SQL into this file, so its change is written there too.
                    copy = self.overlay / "made.cpp"
                    copy.write_text(made.replace(text, change.apply(text)))
                    found[output] = copy
            if not found:
                raise DoesNotCompile(f"no file made by the build has the text of {change.path}")
            return found
        inside = self.root / "src"
        files = self.including(change.path, {c[2] for c in objects.values() if inside not in c[2].parents})
        for output, (_, _, source) in objects.items():
            if source not in files:
                continue
            if inside in source.parents:
                found[output] = self.overlay / source.relative_to(self.root)
            elif self.folder in source.parents:
                # Several sources in one, made by the build: it names each by its whole path.
                copy = self.overlay / f"{len(found)}-{source.name}"
                copy.write_text(source.read_text().replace(f"{inside}/", f"{self.overlay}/src/"))
                found[output] = copy
            else:
                found[output] = source
        return found

    def compile(self, change, library):
        """The changed objects. None: each is the same as without the change."""
        path = self.overlay / change.path
        original = self.root / change.path
        try:
            path.unlink()
            path.write_text(change.apply(original.read_text()))
            with ThreadPoolExecutor(self.jobs) as several:
                made = dict(several.map(self.compile_one, enumerate(self.touched(change, library).items())))
        finally:
            path.unlink()
            path.symlink_to(original)
        return None if all(changed.read_bytes() == output.read_bytes() for output, changed in made.items()) else made

    def compile_one(self, numbered):
        number, (output, source) = numbered
        words, directory, _ = self.commands[output]
        changed = self.scratch / f"{number}.o"
        words = [w.replace(f"{self.root}/src", f"{self.overlay}/src") for w in words if w != "-Werror"]
        words[words.index("-o") + 1] = str(changed)
        words[words.index("-c") + 1] = str(source)
        done = subprocess.run(words + ["-w"], cwd=directory, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise DoesNotCompile(done.stderr[:400])
        return output, changed

    def link_program(self, made, program):
        """The path of a program like this one, with these objects in place of its own."""
        listed = subprocess.run(["ninja", "-C", str(self.folder), "-t", "commands", "-s", program.file],
                                capture_output=True, text=True, check=True).stdout
        commands = [c for line in listed.splitlines() for c in line.split(" && ") if f" -o {program.file} " in c]
        words = shlex.split(commands[-1])
        changed = {str(output.relative_to(self.folder)): str(own) for output, own in made.items()}
        words = [changed.get(w, w) for w in words]
        words[words.index("-o") + 1] = str(self.scratch / "program")
        subprocess.run(words, cwd=self.folder, check=True, capture_output=True)
        return self.scratch / "program"

    def link(self, made, library):
        """The library with these objects in place of its own, in a folder for LD_LIBRARY_PATH."""
        folder = self.scratch / "libraries"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        original = self.folder / library.file
        name = re.search(r"SONAME.*\[(.*)\]", subprocess.run(["readelf", "-d", original], capture_output=True, text=True,
                                                             check=True).stdout)[1]
        objects = self.objects_of(library)
        compiler = next(iter(objects.values()))[0][0]
        subprocess.run([compiler, "-shared", f"-Wl,-soname,{name}", "-o", folder / name,
                        *(made.get(o, o) for o in objects),
                        *(self.folder / other for other in library.needs), *library.links], check=True, capture_output=True)
        return folder
