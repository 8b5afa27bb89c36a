"""The text of a source file, and what kind of text each character of it is."""
import bisect
import re

CODE, COMMENT, LITERAL, DIRECTIVE = "c", "m", "s", "p"

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>R"(?P<fence>[^(\s]*)\(.*?\)(?P=fence)")
      | (?P<text>"(?:\\.|[^"\\\n])*")
      | (?P<char>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')
      | (?P<directive>^[ \t]*\#[ \t]*(?:include|error|pragma|if|ifdef|ifndef|elif|else|endif|undef|define)\b)
    """, re.VERBOSE | re.DOTALL | re.MULTILINE)


class Source:
    """One file. `kind_at` says of each character whether it is code, comment, literal or directive."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.starts = [0] + [at.end() for at in re.finditer("\n", text)]
        self.kinds = bytearray(CODE.encode() * len(text))
        if path.endswith(".sql"):
            self._fill(0, len(text), LITERAL)
            for comment in re.finditer(r"--[^\n]*", text):
                self._fill(*comment.span(), COMMENT)
        else:
            self._scan()

    def _fill(self, begin, end, kind):
        self.kinds[begin:end] = kind.encode() * (end - begin)

    def _scan(self):
        at = 0
        while True:
            token = TOKEN.search(self.text, at)
            if token is None:
                return
            begin, at = token.span()
            if token["comment"]:
                self._fill(begin, at, COMMENT)
            elif token["directive"]:
                end = re.compile(r"(?:[^\\\n]|\\.)*", re.DOTALL).match(self.text, begin).end()
                self._fill(begin, end, DIRECTIVE)
                if "define" not in token["directive"]:
                    at = end  # in a macro there may be literals; in the name of a header there are none
            else:
                # The quotes themselves belong to neither.
                inner = 1 if not token["raw"] else len(token["fence"]) + 3
                self._fill(begin, at, COMMENT)
                self._fill(begin + inner, at - (inner - 1 if token["raw"] else 1), LITERAL)
                if token["char"]:
                    self._fill(begin, at, COMMENT)

    def is_all(self, begin, end, kind):
        return self.kinds[begin:end] == kind.encode() * (end - begin)

    def line_of(self, at):
        return bisect.bisect_right(self.starts, at)

    def lines(self, begin, end):
        """The whole lines that a stretch covers: where the first begins, where the last ends."""
        last = self.text.find("\n", end)
        return self.starts[self.line_of(begin) - 1], last if last >= 0 else len(self.text)
