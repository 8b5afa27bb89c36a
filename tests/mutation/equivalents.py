"""The changes that change nothing which anybody could notice, each with the reason.

In equivalent.txt an entry is a path, the lines before and after the change as one line each, and the reason:

    src/core/some.cpp
    - if (a < b) return;
    + if (a <= b) return;
    They are never equal here: the caller has compared them.
"""


def read(path):
    known, entry = {}, []
    for line in [*path.read_text().splitlines(), ""]:
        if line.startswith("#"):
            continue
        if line.strip():
            entry.append(line.strip())
            continue
        if entry:
            if len(entry) < 4 or entry[1][:2] != "- " or entry[2][:2] != "+ ":
                raise SystemExit(f"{path}: not a path, a line with -, a line with + and a reason: {entry}")
            known[entry[0], entry[1][2:], entry[2][2:].strip()] = " ".join(entry[3:])
        entry = []
    return known


def is_known(known, change):
    return (change.path, change.before, change.after.strip()) in known
