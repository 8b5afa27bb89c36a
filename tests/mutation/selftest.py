#!/usr/bin/env python3
"""Proves that run.py tells what a test notices from what none notices: seven fixed changes of src/core/id.cpp and of what
it includes, met by the small program noticing.cpp. Usage: selftest.py <build folder of the tests>"""
import hashlib
import sys
import tempfile
from itertools import islice
from pathlib import Path

sys.dont_write_bytecode = True
import areas
import changes
import equivalents
import run
from source import Source

LIBRARY = areas.Library("tests/libmutation_sample.so", ("mutation_sample",))
AREA = areas.Area(LIBRARY, code=("src/core/id.cpp", "src/core/utf8.hpp"), quick=(areas.Program("tests/mutation_noticing"),))

# What is drawn again here is found by its lines alone, wherever they stand.
FIXED = [
    ("killed", "src/core/id.cpp", "if (text.empty()) return Errc::id_empty;", "if (!(text.empty())) return Errc::id_empty;"),
    ("killed", "src/core/id.cpp", "if (fault.code != Errc{}) return fault;", "if (fault.code == Errc{}) return fault;"),
    ("killed", "src/core/id.cpp", "read[i] = static_cast<std::uint8_t>(high << 4 | low);", ";"),
    ("killed", "src/core/id.cpp",
     "well_formed = wrong <= 0xF && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';",
     "well_formed = wrong < 0xF && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';"),
    ("killed", "src/core/utf8.hpp", "at += size;", "at -= size;"),  # goes round for ever
    ("survived", "src/core/id.cpp",
     "if (text.size() > bytes.size()) return Error(Errc::id_too_long, static_cast<std::uint32_t>(bytes.size()));",
     "if (text.size() >= bytes.size()) return Error(Errc::id_too_long, static_cast<std::uint32_t>(bytes.size()));"),
    ("same object", "src/core/id.cpp", "bool well_formed = text.size() == uuid_size;", None),
]


def expect(holds, what):
    if not holds:
        raise SystemExit(f"failed: {what}")


def found(all_changes, path, before, after):
    for change in all_changes:
        if (change.path, change.before) == (path, before) and change.after == after:
            return change
    raise SystemExit(f"failed: no change of {path} makes `{after}` of `{before}`; was it written anew? Choose another here")


def main(folder):
    every = list(run.drawn(AREA, 1))
    expect([c.key() for c in islice(run.drawn(AREA, 1), 50)] == [c.key() for c in every[:50]], "a seed draws the same again")
    expect([c.key() for c in islice(run.drawn(AREA, 2), 50)] != [c.key() for c in every[:50]], "another seed draws others")
    text = (run.ROOT / "src/core/id.cpp").read_text()
    lines = lambda of: {(c.before, c.after) for c in changes.code_changes(Source("src/core/id.cpp", of))}
    expect(lines("// a line more\n\n" + text) == lines(text), "a change is the same when lines move")
    vector_of = Source("src/core/id.cpp", "void f() {\n  SmallVector<const Id<Tag>*, 8> ids;\n  g(8, ids);\n}\n")
    expect({c.after for c in changes.code_changes(vector_of) if c.kind == "constant"} == {"g(7, ids);", "g(9, ids);"},
           "the inline capacity of a vector stays")
    sql = Source("a.sql", "SELECT a FROM b WHERE c = 1 AND d IS NULL; -- and e = 2\n")
    made = {c.after for c in changes.sql_changes(sql)}
    expect("SELECT a FROM b WHERE c = 1 OR d IS NULL; -- and e = 2" in made, "AND becomes OR")
    expect(not any("e <> 2" in a for a in made), "comments stay")
    drawable = {c.key() for area in areas.AREAS.values() for c in run.drawn(area, 1)}
    stale = [key for key in equivalents.read(run.ROOT / "tests/mutation/equivalent.txt") if key not in drawable]
    expect(not stale, f"every entry of equivalent.txt is a change that can be drawn, as the lines are now: {stale}")

    sources = sorted(p for p in (run.ROOT / "src/core").rglob("*") if p.is_file())
    digest = lambda: hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()
    before = digest()
    with tempfile.TemporaryDirectory(prefix="scratch-", dir=folder) as scratch:
        trial = run.Trial(AREA, folder, Path(scratch))
        trial.programs.measure(AREA.quick)
        results = []
        for wanted, path, was, becomes in FIXED:
            if becomes is None:  # a change that the compiler sees through: the same number in other words
                begin = text.index(was) + was.index("text.size()")
                change = changes.make(Source(path, text), "fixed", begin, begin + len("text.size()"), "(text.size() + 0)")
            else:
                change = found(every, path, was, becomes)
            became, by = trial.of(change)
            run.show(change, became, by)
            expect(became == wanted, f"expected {wanted}")
            results.append((change, became, by))
        broken = changes.make(Source("src/core/id.cpp", text), "fixed", text.index("namespace {"), text.index("namespace {") + 9, "nonsense")
        expect(trial.of(broken)[0] == "not compiled", "what does not compile is told apart")
        survivor = next(c for c, became, _ in results if became == "survived")
        trial.known[survivor.key()] = "asked for here"
        expect(trial.of(survivor)[0] == "equivalent", "a known equivalent is not run")
    expect(digest() == before, "no source is touched")
    share, line = run.score(results)
    expect(line == "5 killed, 1 survived, 83.3 %; not counted: 0 equivalent, 1 same object, 0 not compiled", f"the score, not `{line}`")
    print(line)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
