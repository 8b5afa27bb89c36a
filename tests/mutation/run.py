#!/usr/bin/env python3
"""Changes one place of a source at random, runs the tests, and says which changes none of them noticed.

    python3 tests/mutation/run.py core                       100 changes of src/core
    python3 tests/mutation/run.py memory http --count 40     40 changes of each
    python3 tests/mutation/run.py sqlite --seed 7            others: a seed always draws the same
    python3 tests/mutation/run.py core --files 'src/core/rules/*' src/core/single.hpp       only of these files
    python3 tests/mutation/run.py core --again FILE          the survivors of a report, once more

Each change is compiled and met by the quick programs of its area (areas.py); what survives them meets the full ones. It
is killed by the first program that fails, or takes five times as long as usual. What does not compile, or compiles to
the same objects, is not counted, nor is what equivalent.txt names. Needs CMake, ninja and what the tests need; builds
in build/mutation, and changes no file of the source.
"""
import argparse
import fnmatch
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.dont_write_bytecode = True
import areas
import build as builds
import changes
import equivalents
import programs

ROOT = Path(__file__).resolve().parents[2]


def prepare(folder, wanted, relinked=()):
    """Configures the build if need be, and brings these programs up to date."""
    if not (folder / "build.ninja").exists():
        subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-GNinja", "-DCMAKE_BUILD_TYPE=None", "-DBUILD_SHARED_LIBS=ON",
                        "-DCMAKE_CXX_FLAGS=-O1 -DNDEBUG -fno-semantic-interposition", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                        "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--enable-new-dtags", "-DROSTER_BUILD_TESTS=ON",
                        "-DROSTER_BUILD_EXAMPLES=OFF", "-DROSTER_INSTALL=OFF"], check=True, stdout=subprocess.DEVNULL)
    relinked = {r.file.rsplit("/", 1)[-1] for r in relinked}
    targets = sorted(relinked | {p.name.rsplit("/", 1)[-1] for p in wanted})
    done = subprocess.run(["ninja", "-C", folder, *targets], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stdout[-4000:])


def drawn(area, seed, files=()):
    """Every change of the area, in the order in which they are drawn: first one for each line. With `files`, only those
    of the files that match one of these patterns."""
    matches = lambda path: not files or any(fnmatch.fnmatch(path, pattern) for pattern in files)
    chance, lines = random.Random(seed), {}
    for patterns, sql in ((area.code, False), (area.texts, True)):
        for pattern in patterns:
            for path in sorted(ROOT.glob(pattern)):
                if path.suffix in (".cpp", ".hpp", ".sql") and matches(str(path.relative_to(ROOT))):
                    for change in changes.changes_of(ROOT, str(path.relative_to(ROOT)), sql):
                        lines.setdefault((change.path, change.line), []).append(change)
    while lines:
        order = sorted(lines)
        chance.shuffle(order)
        for line in order:
            yield lines[line].pop(chance.randrange(len(lines[line])))
            if not lines[line]:
                del lines[line]


class Trial:
    def __init__(self, area, folder, scratch, quick_only=False, jobs=1):
        self.area, self.quick_only, self.folder = area, quick_only, folder
        self.build = builds.Build(ROOT, folder, scratch, jobs)
        self.programs = programs.Programs(ROOT, folder, scratch)
        self.known = equivalents.read(Path(__file__).with_name("equivalent.txt"))

    def of(self, change):
        """What became of the change: the word for it, and by which program."""
        if change.key() in self.known:
            return "equivalent", ""
        try:
            made = self.build.compile(change, self.area.library)
        except (builds.DoesNotCompile, subprocess.TimeoutExpired):
            return "not compiled", ""
        if made is None:
            return "same object", ""
        libraries = self.build.link(made, self.area.library)
        by = self.programs.killer(self.area.quick, libraries)
        if by is None and not self.quick_only:
            slower = [p for p in self.area.full if p not in self.area.quick]
            by = self.programs.killer(slower, libraries) or self.last(change)
        return ("survived", "") if by is None else ("killed", by)

    def last(self, change):
        """By which program that has the source within itself the change is killed."""
        for relinked, program in self.area.last:
            self.programs.measure([program])
            made = self.build.compile(change, relinked)
            if made is not None:
                changed = replace(program, name=str(self.build.link_program(made, relinked)))
                self.programs.usual[changed] = self.programs.usual[program]
                if self.programs.killer([changed], None):
                    return str(program)
        return None


def show(change, became, by=""):
    print(f"{became:13} {change.path}:{change.line}  {change.kind}{'  by ' + by if by else ''}", flush=True)
    if became == "survived":
        print(f"{change.path}\n@ {change.above}\n- {change.before}\n+ {change.after}\n", flush=True)


def run(name, folder, count, seed, again=None, quick_only=False, files=(), jobs=1):
    """The results for one area, changes with what became of them; and whether it was ended before all was run."""
    area = areas.AREAS[name]
    prepare(folder, area.quick if quick_only else area.quick + area.full, [] if quick_only else [r for r, _ in area.last])
    scratch, results = Path(tempfile.mkdtemp(prefix="scratch-", dir=folder)), []
    try:
        trial = Trial(area, folder, scratch, quick_only, jobs)
        print(f"{name}, seed {seed}", flush=True)
        wanted = None if again is None else {tuple(k) for k in again}
        counted = 0
        for change in drawn(area, seed, files):
            if wanted is not None and change.key() not in wanted:
                continue
            became, by = trial.of(change)
            results.append((change, became, by))
            counted += became in ("killed", "survived")
            show(change, became, by)
            if wanted is None and counted >= count:
                break
    except KeyboardInterrupt:
        print("interrupted: the report has what was run until here")
        return results, True
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return results, False


def score(results):
    of = lambda became: sum(1 for r in results if r[1] == became)
    killed, survived = of("killed"), of("survived")
    share = 100 * killed / max(killed + survived, 1)
    rest = ", ".join(f"{of(w)} {w}" for w in ("equivalent", "same object", "not compiled"))
    return share, f"{killed} killed, {survived} survived, {share:.1f} %; not counted: {rest}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="+", choices=sorted(areas.AREAS))
    parser.add_argument("--count", type=int, default=100, help="changes that are counted, for each area")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "mutation")
    parser.add_argument("--again", type=Path, metavar="FILE", help="only the survivors of this report")
    parser.add_argument("--quick", action="store_true", help="only the quick programs")
    parser.add_argument("--files", nargs="+", default=[], metavar="PATTERN", help="only files of the area that match, from the root")
    parser.add_argument("--jobs", type=int, default=1, help="how many objects are compiled at once")
    given = parser.parse_args()
    if any(areas.AREAS[a].server for a in given.areas) and "ROSTER_POSTGRES" not in os.environ:
        server = ["sh", str(ROOT / "tests/postgres/server.sh"), str(given.build / "servers")]
        os.execvp("sh", [*server, sys.executable, *sys.argv])
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    enough = True
    for name in given.areas:
        again = None
        if given.again:
            again = [r["key"] for r in json.loads(given.again.read_text()) if r["became"] == "survived"]
        results, ended = run(name, given.build, given.count, given.seed, again, given.quick, given.files, given.jobs)
        share, line = score(results)
        report = given.build / f"{name}-{given.seed}{'-again' if again is not None else ''}.json"
        report.write_text(json.dumps([{"key": c.key(), "line": c.line, "kind": c.kind, "became": w, "by": by}
                                      for c, w, by in results], indent=1))
        print(f"{name}: {line}\n  report: {report}", flush=True)
        if ended:
            return 130
        enough = enough and (again is not None or share >= areas.AREAS[name].at_least)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
