"""Proves that every link of a folder of HTML leads to a file and an anchor in it, and that no Markdown is left in it.

Reads the pages, and the scripts with the addresses of the menu and of the search. Usage: site_links.py FOLDER
"""
import html.parser
import os
import re
import sys
import urllib.parse

SCRIPT = re.compile(r"""["']((?:\.\./)?[\w.-]+\.html(?:#[\w-]*)?)["']""")


MARKDOWN = re.compile(r"\]\([\w./#-]+\)|\*\*\w|`")


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.anchors, self.markdown, self.code = [], set(), [], []

    def handle_starttag(self, tag, attributes):
        if tag in ("code", "pre", "script", "style") or (tag == "div" and ("class", "line") in attributes):
            self.code.append(tag)
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            if name in ("href", "src") and value is not None:
                self.links.append((self.getpos()[0], value))

    def handle_endtag(self, tag):
        if tag in self.code:
            self.code.remove(tag)

    def handle_data(self, text):
        if not self.code and MARKDOWN.search(text):
            self.markdown.append((self.getpos()[0], " ".join(text.split())[:80]))


def main(folder):
    pages, links = {}, []
    for at, _, files in os.walk(folder):
        for file in files:
            path = os.path.relpath(os.path.join(at, file), folder)
            with open(os.path.join(at, file), encoding="utf-8", errors="replace") as opened:
                if file.endswith(".html"):
                    pages[path] = page = Page()
                    page.feed(opened.read())
                    links += [(path, line, link) for line, link in page.links]
                elif re.fullmatch(r"menudata\.js|\w+_\w+\.js", file):
                    links += [(path, 1, link) for link in SCRIPT.findall(opened.read())]
    outside = 0
    broken = ["%s:%d: Markdown: %s" % (path, *at) for path, page in pages.items() for at in page.markdown]
    for path, line, link in links:
        url = urllib.parse.urlsplit(link)
        if url.scheme or url.netloc:
            outside += url.scheme != "javascript"
            continue
        name = urllib.parse.unquote(url.path)
        to = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
        if not os.path.isfile(os.path.join(folder, to)):
            broken.append("%s:%d: there is no %s" % (path, line, to))
        elif url.fragment and to in pages and url.fragment not in pages[to].anchors:
            broken.append("%s:%d: %s has no anchor %s" % (path, line, to, url.fragment))
    print("\n".join(broken + ["%d pages, %d links inside, %d outside, %d broken" % (
        len(pages), len(links) - outside, outside, len(broken))]))
    return 1 if broken else 0


sys.exit(main(sys.argv[1]))
