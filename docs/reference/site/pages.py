"""Prepares the pages and the public headers for Doxygen, and checks its two outputs.

pages.py headers ROOT OUT          the headers, each with its first comment as the text of its file
pages.py undocumented XML          exits 1 at an enumerator without a comment; Doxygen checks the other names
pages.py pages ROOT XML OUT        every page: links between pages, and from names in code to their reference
"""
import html
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
SOURCE = {".cpp": "cpp", ".hpp": "cpp", ".sh": "sh", ".py": "py", ".json": "json"}
CODE = re.compile(r"(`+)(.+?)\1")
LINK = re.compile(r"\[((?:[^\]`]|`[^`]*`)*)\]\(([^)\s]+)\)")


def page_id(path):
    """The name of the page of a file: docs/reference/http.md is reference-http, and README.md is index."""
    if path == "README.md":
        return "index"
    if path == "docs/README.md":
        return "pages"
    name = path[:-3] if path.endswith(".md") else path
    name = name[5:] if name.startswith("docs/") else name
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def anchor(heading):
    """As in the pages on a forge: lower case, a blank becomes `-`, other characters are left out."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Names:
    """The public names in Doxygen's XML, each with the address of its reference."""

    def __init__(self, folder):
        self.address = {}
        for compound in ElementTree.parse(os.path.join(folder, "index.xml")).getroot():
            if compound.get("kind") not in ("class", "struct", "namespace"):
                continue
            scope = compound.findtext("name")
            enumeration = ""
            if compound.get("kind") != "namespace":  # `roster::http` is a target of CMake too
                self.add(scope, compound.get("refid") + ".html")
            for member in compound.findall("member"):
                kind, name = member.get("kind"), member.findtext("name")
                file, at = member.get("refid").rsplit("_1", 1)
                if kind == "enum":
                    enumeration = "::" + name
                inside = scope + (enumeration if kind == "enumvalue" else "") + "::" + name
                self.add(inside + ("()" if kind == "function" else ""), file + ".html#" + at)

    def add(self, name, address):
        self.address.setdefault(re.sub(r"^roster::(?=.)", "", name), address)

    def of(self, code):
        """The address for the text of a code span: `Report`, `Operation::need()`, `Outcome::added`, `explain()`."""
        name = re.sub(r"^roster::(?=.)", "", code)
        if not re.fullmatch(r"[A-Za-z]\w*(::\w+)*(\(\))?", name):
            return None
        if name.islower() and "::" not in name and not name.endswith("()"):
            return None
        return self.address.get(name) or ("::" in name and self.address.get(name + "()")) or None


class Site:
    """All pages: those of the tree, and those for the files and folders to which they refer."""

    def __init__(self, root, names, out):
        self.root, self.names, self.out = root, names, out
        self.todo, self.done = [], set()

    def build(self):
        for path in PAGES:
            self.want(path)
        for folder, _, files in os.walk(os.path.join(self.root, "docs")):
            for file in files:
                if file.endswith(".md"):
                    self.want(os.path.relpath(os.path.join(folder, file), self.root))
        self.want("docs/examples")
        while self.todo:
            path = self.todo.pop()
            whole = os.path.join(self.root, path)
            if os.path.isdir(whole):
                text = self.of_folder(path)
            elif path.endswith(".md"):
                text = self.of_page(path, read(whole))
            else:
                text = self.of_source(path, read(whole))
            write(os.path.join(self.out, page_id(path) + ".md"), text)

    def want(self, path):
        if path not in self.done:
            self.done.add(path)
            self.todo.append(path)
        return page_id(path) + ".html"

    def title(self, path):
        if not path.endswith(".md"):
            return os.path.basename(path)
        return re.search(r"^# (.*)", read(os.path.join(self.root, path)), re.M)[1].replace("`", "")

    def of_folder(self, path):
        lines = ["# %s {#%s}" % (path, page_id(path)), ""]
        for folder, folders, files in os.walk(os.path.join(self.root, path)):
            folders.sort()
            for file in sorted(files):
                at = os.path.relpath(os.path.join(folder, file), self.root)
                title = self.title(at) if at.endswith(".md") else os.path.relpath(at, path)
                lines.append("- [%s](%s)" % (title, self.want(at)))
        return "\n".join(lines) + "\n"

    def of_source(self, path, text):
        language = SOURCE.get(os.path.splitext(path)[1], "txt")
        return "# %s {#%s}\n\n~~~~{.%s}\n%s\n~~~~\n" % (path, page_id(path), language, text.rstrip("\n"))

    def of_page(self, path, text):
        lines, fence, anchors = [], False, {}
        for line in text.split("\n"):
            source = re.fullmatch(r"<!-- (\S+/\S+) -->", line.strip())
            heading = re.match(r"(#+) (.*)", line)
            if line.strip().startswith("```"):
                fence = not fence
                lines.append(line)
            elif fence:
                lines.append(line)
            elif source and os.path.exists(os.path.join(self.root, source[1])):
                lines += ["From [%s](%s):" % (source[1], os.path.relpath(source[1], os.path.dirname(path))), ""]
            elif heading:
                name = anchor(heading[2])
                repeated = anchors[name] = anchors.get(name, -1) + 1
                name += "-%d" % repeated if repeated else ""
                label = page_id(path) if len(heading[1]) == 1 else page_id(path) + "-" + name
                label = "" if label == "index" else " {#%s}" % label
                lines.append("%s %s%s" % (heading[1], heading[2], label))
            else:
                lines.append(line)
        return self.of_paragraphs(path, "\n".join(lines))

    def of_paragraphs(self, path, text):
        """Links may extend over lines, so they are replaced in everything between two blocks of code at once."""
        parts = re.split(r"(^ *```.*?^ *```$)", text, flags=re.M | re.S)
        self.number_steps(parts)
        return "".join(part if i % 2 else self.of_text(path, part) for i, part in enumerate(parts))

    @staticmethod
    def number_steps(parts):
        """Doxygen ends a list at a block of code, and the next one begins at 1. Steps become paragraphs with a number."""
        item = re.compile(r"^(\d+)\. ", re.M)
        numbers = [[int(number) for number in item.findall(part)] for part in parts[::2]]
        for i, found in enumerate(numbers):
            goes_on = any(later[:1] > [1] for later in numbers[i + 1:i + 2])
            if found and (found[0] > 1 or goes_on):
                parts[2 * i] = item.sub("\n**\\1.** ", parts[2 * i])

    def of_text(self, path, text):
        kept = []

        def keep(replaced):
            kept.append(replaced)
            return "\x00%d\x00" % (len(kept) - 1)

        def link(match):
            return keep("[%s](%s)" % (match[1], self.resolve(path, match[2])))

        def code(match):
            address = self.names.of(match[2])
            if match[2].startswith("docs/") and os.path.isfile(os.path.join(self.root, match[2])):
                address = self.want(match[2])
            if address:
                return keep("[%s](%s)" % (match[0], address))
            if re.search(r"#\w", match[2]):  # Doxygen reads a link in it, even in code
                return keep("<code>%s</code>" % re.sub(r"([#@\\])", r"\\\1", html.escape(match[2], False)))
            return keep("``%s``" % match[2] if "'" in match[2] else match[0])

        text = re.sub(r"^(#+ .*)$", lambda match: keep(match[0]), text, flags=re.M)
        text = LINK.sub(link, text)
        text = CODE.sub(code, text)
        text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
        text = re.sub(r"\*\*(?=\S)([^*]+)(?<=\S)\*\*", lambda match: keep("<b>") + match[1] + keep("</b>"), text)
        text = re.sub(r"([@\\])(?=\w)", r"\\\1", text).replace("<", "\\<")
        return re.sub("\x00(\\d+)\x00", lambda match: kept[int(match[1])], text)

    def resolve(self, path, target):
        if "://" in target or target.startswith("mailto:"):
            return target
        file, _, name = target.partition("#")
        to = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
        if not os.path.exists(os.path.join(self.root, to)):
            sys.exit("%s: there is no %s" % (path, target))
        address = self.want(to)
        return address + ("#" + page_id(to) + "-" + name if name else "")


END = re.compile(r"^\}  // namespace roster$", re.M)


def blank(text):
    return "\n" * text.count("\n")


def of_header(root, path, text):
    """A header with as many lines. Its first comment describes the file, and names of pages become links.

    Left out: the inline namespace of the ABI, and everything behind the namespace, such as
    specializations of templates of others.
    """

    def link(match):
        name = match[0]
        found = [name] if os.path.isfile(os.path.join(root, name)) else []
        if name.startswith("docs/adr/") and not found:
            folder = os.path.join(root, "docs/adr")
            found = ["docs/adr/" + file for file in os.listdir(folder) if file.startswith(name[9:] + "-")]
        return '<a href="%s.html">%s</a>' % (page_id(found[0]), name) if found else name

    text = re.sub(r"^ +friend class \w+;.*$", "", text, flags=re.M)
    text = re.sub(r"^(inline namespace ROSTER_PUBLIC_ABI \{|\}  // namespace ROSTER_PUBLIC_ABI)$", "", text, flags=re.M)
    for last in list(END.finditer(text))[-1:]:
        text = text[:last.end()] + blank(text[last.end():text.rindex("#endif")]) + text[text.rindex("#endif"):]
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if not line.startswith("//"):
            break
        lines[i] = "/" + line
    # In the place of the include guard, so that the lines behind it keep their numbers.
    guard = next(i for i, line in enumerate(lines) if line.startswith("#ifndef "))
    lines[guard + 1] = ""
    del lines[guard]
    lines.insert(0, "/// @file %s" % path.replace("include/", "", 1))
    lines[len(lines) - 1 - lines[::-1].index("#endif")] = ""
    for i, line in enumerate(lines):
        code, comment, after = line.partition("///")
        if comment and not after.startswith("    "):
            lines[i] = code + comment + re.sub(r"\bdocs/[\w./-]*\w", link, after)
    return "\n".join(lines)


def main():
    task = sys.argv[1]
    if task == "headers":
        root, out = sys.argv[2:]
        for folder, _, files in os.walk(os.path.join(root, "include")):
            for file in files:
                path = os.path.relpath(os.path.join(folder, file), root)
                write(os.path.join(out, path), of_header(root, path, read(os.path.join(root, path))))
    elif task == "pages":
        root, xml, out = sys.argv[2:]
        Site(root, Names(xml), out).build()
    elif task == "undocumented":
        found = 0
        for file in sorted(os.listdir(sys.argv[2])):
            if not file.startswith(("class", "struct", "namespace")):
                continue
            for member in ElementTree.parse(os.path.join(sys.argv[2], file)).iter("memberdef"):
                for value in member.findall("enumvalue"):
                    texts = (value.find("briefdescription"), value.find("detaileddescription"))
                    if member.get("prot") == "public" and not any("".join(t.itertext()).strip() for t in texts):
                        at = member.find("location")
                        print("%s:%s: enumerator %s::%s is not documented" % (
                            at.get("file"), at.get("line"), member.findtext("name"), value.findtext("name")))
                        found += 1
        sys.exit(found > 0)


main()
