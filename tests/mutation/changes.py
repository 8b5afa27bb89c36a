"""Every single change of C++ and of SQL that can be drawn."""
import re
from dataclasses import dataclass

from source import CODE, LITERAL, Source


@dataclass(frozen=True)
class Change:
    """`begin` to `end` of a file replaced by `new`. A change is known by the lines it makes of which lines, and by the two
    lines above them, so that it stays the same when lines move."""
    path: str
    line: int
    kind: str
    begin: int
    end: int
    new: str
    above: str
    before: str
    after: str

    def apply(self, text):
        return text[:self.begin] + self.new + text[self.end:]

    def key(self):
        return self.path, self.above, self.before, self.after.strip()


def make(source, kind, begin, end, new):
    first, last = source.lines(begin, end)
    squeeze = lambda text: " ".join(text.split())
    before = squeeze(source.text[first:last])
    after = squeeze(source.text[first:begin] + new + source.text[end:last])
    above = squeeze(" ".join([line for line in source.text[:first].splitlines()[-12:] if line.strip()][-2:]))
    return Change(source.path, source.line_of(begin), kind, begin, end, new, above, before, after)


OPERATORS = {
    "&&": ["||"], "||": ["&&"], "==": ["!="], "!=": ["=="], "<": ["<=", ">"], ">": [">=", "<"], "<=": ["<", "=="],
    ">=": [">", "=="], "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "&": ["|"], "|": ["&"], "^": ["|"],
    "<<": [">>"], ">>": ["<<"], "+=": ["-="], "-=": ["+="], "|=": ["&=", "="], "&=": ["|=", "="], "^=": ["|="],
    "*=": ["/="], "/=": ["*="], "<<=": [">>="], ">>=": ["<<="],
}
# clang-format puts blanks round every operator with two sides, and round no bracket of a template.
OPERATOR = re.compile(r"(?<= )(" + "|".join(re.escape(o) for o in sorted(OPERATORS, key=len, reverse=True)) + r")(?=[ \n])")
STEP = re.compile(r"\+\+|--")
NUMBER = re.compile(r"(?<![\w.'])(0x[0-9A-Fa-f']+|\d[\d']*)([uUlLzZ]*)(?![\w.'])")
# How many entries a vector holds before it asks for memory: nobody but a count of allocations could notice.
INLINE = re.compile(r"\bSmallVector<[\w:<>*& ]+, $")
TRUTH = re.compile(r"\b(true|false)\b")
NOT = re.compile(r"(?<![\w)\]])!(?=[\w(:])")
CONDITION = re.compile(r"\b(?:if|while) \(")
CALL = re.compile(r"(?<=[\w>])\(")
NAMED = re.compile(r"\b([A-Z]\w*)::([a-z]\w*)\b")
STATEMENT = re.compile(r"(?:(?<=\n)[ ]+|(?<=\) )|(?<=else ))(?!return\b [^;]|using\b|typedef\b|static_assert\b|else\b|if\b|for\b|while\b|do\b"
                       r"|switch\b|case\b|public\b|private\b|template\b|struct\b|class\b|enum\b|namespace\b|constexpr\b|inline\b"
                       r"|const\b|auto\b|friend\b|extern\b|#|\}|\)|:|\?|[|&+<=,])[^;{}\n]*(?:\n[^;{}\n]*){0,4};(?=\n| //)")
LIKE = [("row", "column"), ("rows", "columns"), ("first", "last"), ("begin", "end"), ("min", "max"), ("from", "to"),
        ("front", "back"), ("lower", "upper"), ("account", "organization"), ("accounts", "organizations")]
ALIKE = {a: b for pair in LIKE for a, b in (pair, pair[::-1])}
ALIKE_NAME = re.compile(r"\b(" + "|".join(ALIKE) + r")\b")


def closing(text, at):
    """Where the bracket that opens at `at` is closed, and where commas stand directly inside it."""
    depth, commas = 0, []
    for i in range(at, min(len(text), at + 1500)):
        c = text[i]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return i, commas
        elif c == "," and depth == 1:
            commas.append(i)
    return None, []


def numbers(token):
    value = int(token.replace("'", ""), 0)
    return {0: ["1"], 1: ["0", "2"]}.get(value, [str(value - 1), str(value + 1)])


def code_changes(source):
    text = source.text
    whole = lambda begin, end: source.is_all(begin, end, CODE)

    def one(kind, match, news, group=0):
        begin, end = match.span(group)
        if whole(begin, end):
            for new in news(match) if callable(news) else news:
                yield make(source, kind, begin, end, new)

    for m in OPERATOR.finditer(text):
        yield from one("operator", m, OPERATORS[m[1]], 1)
    for m in STEP.finditer(text):
        yield from one("step", m, ["--" if m[0] == "++" else "++"])
    for m in NUMBER.finditer(text):
        if not INLINE.search(text, max(0, m.start() - 80), m.start()):
            yield from one("constant", m, lambda m: [n + m[2] for n in numbers(m[1])])
    for m in TRUTH.finditer(text):
        yield from one("constant", m, ["false" if m[1] == "true" else "true"])
    for m in NOT.finditer(text):
        yield from one("negation removed", m, [""])
    for m in ALIKE_NAME.finditer(text):
        yield from one("another name", m, [ALIKE[m[1]]])
    for m in CONDITION.finditer(text):
        end, _ = closing(text, m.end() - 1)
        if end is not None and whole(m.start(), m.end()) and ";" not in text[m.end():end]:
            inner = text[m.end():end]
            for kind, new in [("condition negated", f"!({inner})"), ("condition always", "true"), ("condition never", "false")]:
                if (kind, m[0][:2]) != ("condition always", "wh"):
                    yield make(source, kind, m.end(), end, new)
    for m in CALL.finditer(text):
        end, commas = closing(text, m.start())
        if end is None or not commas or not whole(m.start(), m.end()):
            continue
        edges = [m.start()] + commas + [end]
        parts = [text[a + 1:b].strip() for a, b in zip(edges, edges[1:])]
        for i in range(len(parts) - 1):
            if parts[i] != parts[i + 1] and parts[i + 1] and not re.match(r"(const )?\w+[&*]? [&*]?\w+$", parts[i]):
                yield make(source, "arguments swapped", edges[i] + 1, edges[i + 2],
                           (" " if i > 0 else "") + parts[i + 1] + ", " + parts[i])
    values = {}
    for m in NAMED.finditer(text):
        if whole(*m.span()) and text[m.end():m.end() + 1] not in ("(", "<", ":"):
            values.setdefault(m[1], set()).add(m[2])
    for m in NAMED.finditer(text):
        others = sorted(values.get(m[1], set()) - {m[2]})
        if m[2] in values.get(m[1], set()) and others:
            yield from one("another value", m, [others[sum(map(ord, m[2])) % len(others)]], 2)
    for m in STATEMENT.finditer(text):
        begin = m.start() + len(m[0]) - len(m[0].lstrip())
        code = all(k != ord("p") for k in source.kinds[begin:m.end()])
        # Only inside a function: a body is indented, and a member of a class is declared, not done.
        if code and source.kinds[begin] == ord(CODE) and not re.match(r"[\w:<>,&* ]+ [&*]?\w+(\{.*\}|\[.*\])?;$", m[0].strip()):
            yield make(source, "statement deleted", begin, m.end(), ";")


SQL = [
    (r"\bAND\b", ["OR"]), (r"\bOR\b(?! (?:IGNORE|REPLACE))", ["AND"]), (r"\bIS NOT NULL\b", ["IS NULL"]), (r"\bIS NULL\b", ["IS NOT NULL"]),
    (r"(?<!NOT )\bEXISTS\b", ["NOT EXISTS"]), (r"\bNOT EXISTS\b", ["EXISTS"]), (r"\bLEFT JOIN\b", ["JOIN"]),
    (r"(?<= )=(?= )", ["<>"]), (r"(?<= )<>(?= )", ["="]), (r"(?<= )<(?= )", ["<=", ">"]), (r"(?<= )>(?= )", [">=", "<"]),
    (r"(?<= )<=(?= )", ["<"]), (r"(?<= )>=(?= )", [">"]), (r"(?<= )\+(?= )", ["-"]), (r"(?<= )-(?= )", ["+"]), (r"(?<= )\*(?= )", ["+"]),
    (r"\bDESC\b", [""]), (r"\bORDER BY\b[^()\"]*", [""]), (r"\b(?:PRIMARY KEY|UNIQUE)\b(?! \()", [""]), (r"(?<!IS )\bNOT NULL\b", [""]),
    (r"\b(?i:min)(?=\()", ["max"]), (r"\b(?i:max)(?=\()", ["min"]), (r"\bDISTINCT\b", [""]), (r"\bUNION ALL\b", ["UNION"]),
    (r"\bFOR (?:NO KEY )?UPDATE\b", [""]), (r"\bFOR (?:KEY )?SHARE\b", [""]), (r"\bNOT (?=[\w(])(?!NULL|EXISTS|MATERIALIZED)", [""]),
    (r"\bON CONFLICT DO NOTHING\b", [""]), (r"\bAND [\w.?$]+ (?:=|<>|<=|>=|<|>) [\w.?$:]+", [""]),
    (r"\bAND [\w.?$]+ IS (?:NOT )?NULL\b", [""]), (r"\btrue\b", ["false"]), (r"\bfalse\b", ["true"]),
    (r"\bCREATE (?:UNIQUE )?INDEX[^;]*;", [""]),
]
SQL = [(re.compile(pattern), news) for pattern, news in SQL]
SQL_NUMBER = re.compile(r"(?<![\w.?$'{])\d+(?![\w.'}])")
SQL_PARAMETER = re.compile(r"[?$](\d+)")


def sql_changes(source):
    text = source.text
    for pattern, news in SQL:
        for m in pattern.finditer(text):
            if source.is_all(*m.span(), LITERAL):
                for new in news:
                    yield make(source, "SQL", *m.span(), new)
    for m in SQL_NUMBER.finditer(text):
        if source.is_all(*m.span(), LITERAL):
            for new in numbers(str(int(m[0]))):
                yield make(source, "SQL constant", *m.span(), new)
    for m in SQL_PARAMETER.finditer(text):
        if source.is_all(*m.span(), LITERAL):
            n = int(m[1])
            yield make(source, "SQL parameter", *m.span(), m[0][0] + str(n - 1 if n > 1 else n + 1))


def changes_of(root, path, sql):
    source = Source(path, (root / path).read_text())
    found = {}
    for change in (sql_changes if sql else code_changes)(source):
        if change.before != change.after:
            found.setdefault((change.begin, change.end, change.new), change)
    return sorted(found.values(), key=lambda c: (c.begin, c.end, c.new))
