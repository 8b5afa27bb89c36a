"""The changes that change nothing which anybody could notice, each with the reason.

In equivalent.txt an entry is a path, the two lines above the change, the lines before and after it, each as one line, and
the reason. run.py prints all but that of what survives:

    src/core/some.cpp
    @ if (c == d) return; }
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
            if len(entry) < 5 or [line[0] for line in entry[1:4]] != ["@", "-", "+"]:
                raise SystemExit(f"{path}: not a path, lines with @, - and +, and a reason: {entry}")
            known[(entry[0], *(line[2:] for line in entry[1:4]))] = " ".join(entry[4:])
        entry = []
    return known
